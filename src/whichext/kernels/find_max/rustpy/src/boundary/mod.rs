//! Where Python's values become Rust's and back: what the entries share.

pub mod any_dtype;
pub mod axis;
pub mod columns;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use numpy::{PyUntypedArray, PyUntypedArrayMethods};
use pyo3::PyTypeInfo;
use pyo3::exceptions::{PyOverflowError, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use rayon::ThreadPool;

use crate::pool;

/// A subclass is refused, not read as if it were plain: the mask of a masked array or the unit of
/// a quantity would silently be dropped.
fn plain_matrix<'a, 'py>(
    name: &str,
    values: &'a Bound<'py, PyAny>,
) -> PyResult<&'a Bound<'py, PyUntypedArray>> {
    let class = values.get_type();
    let Ok(array) = values.cast::<PyUntypedArray>() else {
        return Err(PyTypeError::new_err(format!(
            "{name} expects a NumPy array, got {}",
            class.name()?
        )));
    };
    if !class.is(PyUntypedArray::type_object(values.py())) {
        return Err(PyTypeError::new_err(format!(
            "{name} expects a plain NumPy array, got the subclass {}: pass numpy.asarray(values)",
            class.name()?
        )));
    }
    if array.ndim() != 2 {
        return Err(PyValueError::new_err(format!(
            "{name} expects a 2-D array, got {}-D with shape {}",
            array.ndim(),
            array.getattr("shape")?
        )));
    }
    Ok(array)
}

/// `reduced` is what there are none of, "row" or "column".
fn nothing_to_reduce(name: &str, reduced: &str, shape: (usize, usize)) -> PyErr {
    PyValueError::new_err(format!(
        "{name} needs at least one {reduced}, got shape {shape:?}"
    ))
}

/// The thread count that the caller wishes; without a wish, what `RAYON_NUM_THREADS` or the machine
/// says.
fn thread_count(threads: Option<&Bound<'_, PyAny>>) -> PyResult<usize> {
    let Some(given) = threads else {
        return Ok(pool::default_threads());
    };
    let (py, most) = (given.py(), pool::MOST_THREADS);
    let text = match given.extract::<isize>() {
        Ok(wish) if wish < 1 => format!("threads must be at least 1, got {wish}"),
        Ok(wish) if wish.unsigned_abs() <= most => return Ok(wish.unsigned_abs()),
        Ok(wish) => format!("threads must be at most {most}, got {wish}"),
        Err(error) if error.is_instance_of::<PyTypeError>(py) => {
            let class = given.get_type();
            let text = format!("threads must be an int or None, got {}", class.name()?);
            return Err(PyTypeError::new_err(text));
        }
        Err(error) if !error.is_instance_of::<PyOverflowError>(py) => return Err(error),
        Err(_) if given.lt(1)? => format!("threads must be at least 1, got {given}"),
        Err(_) => format!("threads must be at most {most}, got {given}"),
    };
    Err(PyValueError::new_err(text))
}

fn pool_of(name: &str, threads: usize) -> PyResult<&'static ThreadPool> {
    pool::with_threads(threads).map_err(|error| {
        PyRuntimeError::new_err(format!("{name} could not start {threads} threads: {error}"))
    })
}

/// Runs a kernel so that a panic of it becomes a `RuntimeError`: as it is, PyO3 would raise
/// `PanicException`, which `except Exception` does not catch.
fn guarded(name: &str, kernel: impl FnOnce()) -> PyResult<()> {
    catch_unwind(AssertUnwindSafe(kernel))
        .map_err(|panic| PyRuntimeError::new_err(format!("{name} failed: {}", panic_text(&*panic))))
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "panic without a message",
    }
}
