use std::ptr;

use super::{Incarnation, POOLS, default_threads, parse_threads, with_threads};

#[test]
fn the_same_count_is_given_the_same_pool_again() {
    let (one, again) = (with_threads(3).unwrap(), with_threads(3).unwrap());
    assert!(ptr::eq(one, again));
}

#[test]
fn different_counts_are_given_different_pools() {
    assert!(!ptr::eq(with_threads(1).unwrap(), with_threads(2).unwrap()));
}

#[test]
fn the_requested_number_of_threads_is_honoured() {
    for threads in [1, 2, 5] {
        let pool = with_threads(threads).unwrap();
        assert_eq!(pool.current_num_threads(), threads);
        assert_eq!(pool.broadcast(|context| context.index()).len(), threads);
    }
}

#[test]
fn a_pool_of_another_process_is_never_handed_out_even_if_it_had_our_id() {
    let ours = with_threads(4).unwrap();
    let stranger = Incarnation::current().ancestor_of_the_same_id();
    POOLS.lock().unwrap().insert((stranger, 4), ours);
    assert!(ptr::eq(with_threads(4).unwrap(), ours));
    let table = POOLS.lock().unwrap();
    assert!(table.keys().all(|&(owner, _)| owner != stranger));
}

#[test]
fn only_a_number_of_at_least_one_counts_as_a_setting() {
    assert_eq!(parse_threads(Some("3")), Some(3));
    for nothing in [
        None,
        Some(""),
        Some("0"),
        Some("-2"),
        Some("two"),
        Some("1.5"),
    ] {
        assert_eq!(parse_threads(nothing), None, "{nothing:?}");
    }
}

#[test]
fn there_is_always_a_default_of_at_least_one_thread() {
    assert!(default_threads() >= 1);
}
