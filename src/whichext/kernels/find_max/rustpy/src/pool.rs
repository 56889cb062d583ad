//! Thread pools that outlive a call, one per thread count, and never a parent's after a fork.
//!
//! Building a pool for each call costs tens of microseconds, and rayon's global pool cannot be
//! resized and hangs in a forked child: fork copies its bookkeeping but not its threads.

use std::collections::BTreeMap;
use std::env;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::incarnation::Incarnation;

/// More threads than any machine this runs on has use for. Without a limit a slip of the keyboard
/// is obeyed: asked for a million threads, rayon starts 65,535, and the machine stands still.
pub const MOST_THREADS: usize = 1024;

/// Pools by (process which built it, threads it has).
///
/// Fork cannot catch this lock held. Whoever calls into this module is attached to the Python
/// interpreter and, between locking and unlocking, neither runs Python code nor detaches; while
/// a thread is inside, no other can be in `os.fork`, which needs the interpreter for itself (a
/// free-threaded one first stops all attached threads where they detach). So a child always gets
/// the table unlocked and whole.
///
/// Pools are leaked on purpose: dropping one joins its threads, and in a child there is nobody to
/// join. The price is that every thread count ever asked for keeps its sleeping threads.
static POOLS: Mutex<BTreeMap<(Incarnation, usize), &'static ThreadPool>> =
    Mutex::new(BTreeMap::new());

/// The pool of this process with exactly `threads` threads, built at the first request.
///
/// Call it attached to the interpreter only: see the table's comment.
///
/// # Errors
///
/// If the operating system refuses that many threads.
pub fn with_threads(threads: usize) -> Result<&'static ThreadPool, ThreadPoolBuildError> {
    let process = Incarnation::current();
    // A panic in here (out of memory) leaves the table as it was, so poisoning says nothing.
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    // What an ancestor left behind has no threads here.
    pools.retain(|&(owner, _), _| owner == process);
    if let Some(pool) = pools.get(&(process, threads)) {
        return Ok(pool);
    }
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("rustpy-{index}"))
        .build()?;
    let pool: &'static ThreadPool = Box::leak(Box::new(pool));
    pools.insert((process, threads), pool);
    Ok(pool)
}

/// Threads to use where the caller has no wish: `RAYON_NUM_THREADS` as it is now, unlike rayon,
/// which reads it once, so that setting `os.environ` works at any time.
pub fn default_threads() -> usize {
    // Kept, because asking reads cgroup files: 10 us, more than a small matrix takes altogether.
    static AVAILABLE: OnceLock<usize> = OnceLock::new();
    parse_threads(env::var("RAYON_NUM_THREADS").ok().as_deref())
        .unwrap_or_else(|| {
            *AVAILABLE.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
        })
        .min(MOST_THREADS)
}

/// The thread count which the variable's text asks for; like rayon, anything but a number of at
/// least 1 asks for nothing.
fn parse_threads(setting: Option<&str>) -> Option<usize> {
    setting?.parse().ok().filter(|&threads| threads >= 1)
}

#[cfg(test)]
mod tests;
