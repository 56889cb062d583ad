//! Work in pieces that this thread and its helpers take as they are free.
//!
//! The caller waits for the pieces and not for the helpers: one that wakes up late finds out by
//! itself that it is too late. rayon's `scope` waits for every task, also for one that finds nothing
//! left to do, and 80 MB on two threads took up to 1.4 times as long with it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::helpers::{self, Errand};

type Panic = Box<dyn Any + Send>;

/// One call's work. The caller and the helpers hold it; the last to leave frees it.
struct Job {
    /// Takes one piece and works on it. Borrowed from the caller, who stays until all `pieces`
    /// calls have returned; who has no number below `pieces` must not touch it.
    work_on_one: &'static (dyn Fn() + Sync),
    pieces: usize,
    taken: AtomicUsize,
    course: Mutex<Course>,
    done: Condvar,
}

struct Course {
    unfinished: usize,
    panic: Option<Panic>,
}

impl Job {
    fn new(work_on_one: &'static (dyn Fn() + Sync), pieces: usize) -> Self {
        Self {
            work_on_one,
            pieces,
            taken: AtomicUsize::new(0),
            course: Mutex::new(Course {
                unfinished: pieces,
                panic: None,
            }),
            done: Condvar::new(),
        }
    }

    fn help(&self) {
        while self.taken.fetch_add(1, Ordering::Relaxed) < self.pieces {
            let result = catch_unwind(AssertUnwindSafe(self.work_on_one));
            // Nothing panics while it is held.
            let mut course = self.course.lock().unwrap_or_else(PoisonError::into_inner);
            course.unfinished -= 1;
            if let Err(panic) = result {
                course.panic = Some(panic);
            }
            if course.unfinished == 0 {
                self.done.notify_one();
            }
        }
    }

    /// Waits for the last piece.
    fn wait(&self) -> Option<Panic> {
        let course = self.course.lock().unwrap_or_else(PoisonError::into_inner);
        let mut course = self
            .done
            .wait_while(course, |course| course.unfinished > 0)
            .unwrap_or_else(PoisonError::into_inner);
        course.panic.take()
    }
}

/// Works on all pieces with so many threads, this one among them, each taking the next when it is
/// free.
///
/// # Panics
///
/// If the work on a piece does, when all pieces are through.
pub fn share<P: Send>(
    threads: usize,
    pieces: impl ExactSizeIterator<Item = P> + Send,
    work: impl Fn(P) + Sync,
) {
    let count = pieces.len();
    let pieces = Mutex::new(pieces);
    let work_on_one = || {
        let piece = pieces
            .lock()
            .expect("nothing panics while it is held")
            .next();
        work(piece.expect("asked for as often as there are pieces"));
    };
    let borrowed: &(dyn Fn() + Sync) = &work_on_one;
    // SAFETY: only the lifetime is changed. `help` calls it at most `count` times, and this
    // function neither returns nor unwinds before all of these calls have returned: `help` and
    // `wait` catch panics or cannot panic, and `wait` comes back when `unfinished` is 0.
    let work_on_one =
        unsafe { std::mem::transmute::<&(dyn Fn() + Sync), &'static (dyn Fn() + Sync)>(borrowed) };
    let job = Arc::new(Job::new(work_on_one, count));
    let errand: Errand = {
        let job = Arc::clone(&job);
        Arc::new(move || job.help())
    };
    helpers::call(threads.min(count).saturating_sub(1), &errand);
    job.help();
    if let Some(panic) = job.wait() {
        resume_unwind(panic);
    }
}

#[cfg(test)]
mod tests;
