use std::sync::{Arc, Barrier, mpsc};
use std::thread;

use super::{Errand, Incarnation, call, crew_of, own_crew};

/// An errand that sends the name of the thread which runs it.
fn names() -> (Errand, mpsc::Receiver<Option<String>>) {
    let (sender, receiver) = mpsc::channel();
    let errand: Errand = Arc::new(move || {
        let name = thread::current().name().map(str::to_owned);
        sender.send(name).expect("the test waits for it");
    });
    (errand, receiver)
}

#[test]
fn as_many_help_as_are_called_and_none_of_them_is_the_caller() {
    let (errand, receiver) = names();

    call(3, &errand);

    for _ in 0..3 {
        assert_eq!(receiver.recv().unwrap().as_deref(), Some("rustpy"));
    }
}

#[test]
fn helpers_that_are_called_together_are_different_threads() {
    // Nobody gets past the barrier before three have come.
    let barrier = Arc::new(Barrier::new(3));
    let errand: Errand = {
        let barrier = Arc::clone(&barrier);
        Arc::new(move || _ = barrier.wait())
    };

    call(2, &errand);

    barrier.wait();
}

#[test]
fn a_process_has_one_crew_whoever_asks_and_none_of_an_ancestor_with_its_id() {
    let ancestor = Incarnation::current().ancestor_of_the_same_id();
    let strange = std::ptr::from_ref(crew_of(ancestor)).addr();
    let ours = std::ptr::from_ref(own_crew()).addr();
    assert_ne!(ours, strange);
    let theirs = thread::spawn(|| std::ptr::from_ref(own_crew()).addr());
    assert_eq!(theirs.join().unwrap(), ours);
}
