use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Job, share};

#[test]
fn every_piece_is_worked_on_exactly_once() {
    let mut counts = vec![0; 1000];

    share(3, counts.iter_mut(), |count| *count += 1);

    assert_eq!(counts, vec![1; 1000]);
}

#[test]
fn no_pieces_are_no_work() {
    share(3, [0; 0].iter(), |_| panic!("there is no piece"));
}

#[test]
fn who_comes_late_finds_nothing_to_do() {
    let calls: &AtomicUsize = Box::leak(Box::default());
    let work = Box::leak(Box::new(|| _ = calls.fetch_add(1, Ordering::Relaxed)));
    let job = Job::new(work, 5);

    job.help();
    assert!(job.wait().is_none());
    job.help();

    assert_eq!(calls.load(Ordering::Relaxed), 5);
}

#[test]
fn a_panic_on_one_piece_reaches_the_caller_when_the_others_are_through() {
    let worked = AtomicUsize::new(0);

    let result = catch_unwind(AssertUnwindSafe(|| {
        share(3, 0..100, |piece| {
            worked.fetch_add(1, Ordering::Relaxed);
            assert_ne!(piece, 40, "piece forty is bad");
        });
    }));

    let panic = result.expect_err("a piece panicked");
    let text = panic.downcast_ref::<String>().expect("a text");
    assert!(text.contains("piece forty is bad"), "{text}");
    assert_eq!(worked.into_inner(), 100);
}
