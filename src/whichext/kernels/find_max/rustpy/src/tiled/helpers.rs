//! Threads that help with a call: started when first needed, kept, asleep between calls.
//!
//! Not rayon's, because these wake up sooner while other programs want the processor: 80 MB on two
//! threads took 0.98 to 1.06 times as long as with Cython's pool, and 0.99 to 1.26 with rayon's.

use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::{ptr, thread};

use crate::incarnation::Incarnation;

/// What helpers are called for: each runs it once.
pub type Errand = Arc<dyn Fn() + Send + Sync>;

/// A thread that sleeps, or runs an errand.
#[derive(Default)]
struct Helper {
    errand: Mutex<Option<Errand>>,
    wake: Condvar,
}

/// The helpers of one process.
struct Crew {
    process: Incarnation,
    idle: Mutex<Vec<&'static Helper>>,
}

/// The crew of the process that used it last.
///
/// A forked child has none of its parent's threads, and the lock of its parent's crew may have been
/// held when it was forked. So it neither takes that lock nor looks behind it: it has its own crew,
/// and knows it by more than the process's id, as `pool` does.
static CREW: AtomicPtr<Crew> = AtomicPtr::new(ptr::null_mut());

/// Calls so many helpers, idle ones first, and does not wait for them; fewer come if the operating
/// system refuses a thread.
pub fn call(count: usize, errand: &Errand) {
    let crew = own_crew();
    for _ in 0..count {
        let idle = unpoisoned(crew.idle.lock()).pop();
        let Some(helper) = idle.or_else(|| start(crew)) else {
            return;
        };
        *unpoisoned(helper.errand.lock()) = Some(Arc::clone(errand));
        helper.wake.notify_one();
    }
}

fn own_crew() -> &'static Crew {
    crew_of(Incarnation::current())
}

fn crew_of(process: Incarnation) -> &'static Crew {
    let known = CREW.load(Ordering::Acquire);
    // SAFETY: null, or from `Box::into_raw` below and never freed.
    if let Some(crew) = unsafe { known.as_ref() }
        && crew.process == process
    {
        return crew;
    }
    let fresh = Box::into_raw(Box::new(Crew {
        process,
        idle: Mutex::default(),
    }));
    let current = match CREW.compare_exchange(known, fresh, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => fresh,
        // Another thread of this process was first; nobody has seen ours, and it may leak.
        Err(first) => first,
    };
    // SAFETY: as above, and not null.
    unsafe { &*current }
}

fn start(crew: &'static Crew) -> Option<&'static Helper> {
    let helper: &'static Helper = Box::leak(Box::default());
    thread::Builder::new()
        .name("rustpy".to_owned())
        .spawn(move || help_for_ever(helper, crew))
        .ok()
        .map(|_| helper)
}

/// A helper's whole life. It touches no Python object, so it may outlive the interpreter.
fn help_for_ever(helper: &'static Helper, crew: &'static Crew) {
    loop {
        let asleep = unpoisoned(helper.errand.lock());
        let mut awake = unpoisoned(helper.wake.wait_while(asleep, |errand| errand.is_none()));
        let errand = awake.take();
        drop(awake);
        if let Some(errand) = errand {
            errand();
        }
        unpoisoned(crew.idle.lock()).push(helper);
    }
}

/// Nothing that can panic is done under these locks, so poisoning says nothing.
fn unpoisoned<Guard>(result: Result<Guard, PoisonError<Guard>>) -> Guard {
    result.unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
