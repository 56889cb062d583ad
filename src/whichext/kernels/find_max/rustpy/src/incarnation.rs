//! Which process this is, for what must not be taken over by a forked child: threads and locks.
//!
//! Its id alone does not tell: ids are used again, so a descendant may have the one that an ancestor
//! had, and with it find what that one left in the memory. Forks are counted too, and no child has
//! a count that an ancestor had. The id is there for children that come without a fork that counts,
//! such as by a bare `clone`.

use std::process;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Forks from the process that loaded this library to this one.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// A process among all that may have the same memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Incarnation {
    forks: u32,
    id: u32,
}

impl Incarnation {
    /// The process that asks. Takes no lock, which a fork could catch held.
    pub fn current() -> Self {
        count_forks();
        Self {
            forks: FORKS.load(Ordering::Relaxed),
            id: process::id(),
        }
    }

    /// Another process that has the id of this one.
    #[cfg(test)]
    pub fn ancestor_of_the_same_id(self) -> Self {
        let forks = self.forks.wrapping_sub(1);
        Self { forks, ..self }
    }
}

/// From the first call on. Two threads that are first at the same time count each fork twice, which
/// does no harm.
fn count_forks() {
    static COUNTED: AtomicBool = AtomicBool::new(cfg!(not(unix)));
    if !COUNTED.load(Ordering::Acquire) {
        #[cfg(unix)] // Without the memory for it, the id has to do.
        let _ = pthread_atfork(None, None, Some(count_fork));
        COUNTED.store(true, Ordering::Release);
    }
}

/// Runs in the child before `fork` returns there.
extern "C" fn count_fork() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

#[cfg(unix)]
type Handler = Option<extern "C" fn()>;

// SAFETY: the signature is that of POSIX, and what the handlers may do is up to them: the only one
// here adds to an atomic number, which may be done after a fork.
#[cfg(unix)]
unsafe extern "C" {
    safe fn pthread_atfork(prepare: Handler, parent: Handler, child: Handler) -> std::ffi::c_int;
}

#[cfg(all(test, unix, not(miri)))]
mod tests {
    use std::ffi::c_int;

    use super::Incarnation;

    // SAFETY: the signatures are those of POSIX.
    unsafe extern "C" {
        fn fork() -> c_int;
        fn waitpid(child: c_int, status: *mut c_int, options: c_int) -> c_int;
        fn _exit(code: c_int) -> !;
    }

    #[test]
    fn a_child_has_another_count_of_forks_whatever_its_id() {
        let parent = Incarnation::current();
        // SAFETY: the child does nothing but to read two numbers and to end.
        let child = unsafe { fork() };
        if child == 0 {
            let differs = Incarnation::current().forks != parent.forks;
            // SAFETY: it may be called at any time.
            unsafe { _exit(c_int::from(!differs)) };
        }
        let mut status = -1;
        // SAFETY: a child of this process, and a place for its status.
        let ended = unsafe { waitpid(child, &raw mut status, 0) };
        assert_eq!((ended, status), (child, 0));
    }

    #[test]
    fn a_process_stays_who_it_is() {
        assert_eq!(Incarnation::current(), Incarnation::current());
    }
}
