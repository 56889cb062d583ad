//! Where Python's values become Rust's and back: every check, the dtype dispatch, every exception.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use numpy::{Element, PyArray1, PyArray2, PyUntypedArray, PyUntypedArrayMethods, prelude::*};
use pyo3::PyTypeInfo;
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use rayon::ThreadPool;

use crate::columns::{Kernel, Number};
use crate::pool;

/// Checks `values`, runs `kernel` over its columns and returns the maxima, dtype kept.
/// `threads` is ignored by the serial kernel.
pub fn call<'py>(
    kernel: Kernel,
    values: &Bound<'py, PyAny>,
    threads: Option<isize>,
) -> PyResult<Bound<'py, PyAny>> {
    let name = kernel.name();
    let array = plain_matrix(name, values)?;
    if let Ok(matrix) = array.cast::<PyArray2<i64>>() {
        maxima(kernel, matrix, threads)
    } else if let Ok(matrix) = array.cast::<PyArray2<f64>>() {
        maxima(kernel, matrix, threads)
    } else {
        Err(PyTypeError::new_err(format!(
            "{name} supports int64 and float64 in native byte order, got {}",
            array.dtype()
        )))
    }
}

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

fn maxima<'py, T: Number + Element>(
    kernel: Kernel,
    matrix: &Bound<'py, PyArray2<T>>,
    threads: Option<isize>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = matrix.py();
    let name = kernel.name();
    let shape = matrix.dims();
    let (rows, columns) = (shape[0], shape[1]);
    if rows == 0 {
        return Err(PyValueError::new_err(format!(
            "{name} needs at least one row, got shape (0, {columns})"
        )));
    }
    let pool = match kernel {
        Kernel::Serial => None,
        _ => Some(pool_of(name, threads)?),
    };
    // `zeros` makes an array that owns its memory; one adopted from a Vec would have a base object
    // and be invisible to tracemalloc, unlike every other toolchain's result.
    let result = PyArray1::<T>::zeros(py, columns, false);
    // Without columns a view is not merely pointless: rust-numpy would offset its pointer by
    // `(length - 1) * stride` for a reversed axis, that is, to before the array.
    if columns == 0 {
        return Ok(result.into_any());
    }
    let matrix = representable(matrix)?;
    let readable = matrix.try_readonly().map_err(|error| {
        PyRuntimeError::new_err(format!(
            "{name} expects an array nobody is writing to, got one borrowed for writing: {error}"
        ))
    })?;
    let values = readable.as_array();
    let mut writable = result.try_readwrite()?;
    let out = writable.as_slice_mut()?;
    // Detached in the serial kernel too, so that a thread waiting for the interpreter is never
    // the difference between two entries.
    py.detach(|| {
        catch_unwind(AssertUnwindSafe(|| match pool {
            Some(pool) => pool.install(|| kernel.run(values, out)),
            None => kernel.run(values, out),
        }))
    })
    .map_err(|panic| {
        // As it is, PyO3 would raise PanicException, which `except Exception` does not catch.
        PyRuntimeError::new_err(format!("{name} failed: {}", panic_text(&*panic)))
    })?;
    drop(writable);
    Ok(result.into_any())
}

/// The array itself, or an aligned copy in C order where an ndarray view cannot express it:
/// rust-numpy's `as_array` divides byte strides by the item size without looking at the rest, and
/// takes any address. Fields of packed structs have such strides and addresses.
fn representable<'py, T: Element>(
    matrix: &Bound<'py, PyArray2<T>>,
) -> PyResult<Bound<'py, PyArray2<T>>> {
    let aligned = matrix.data().is_aligned();
    let whole_items = |stride: &isize| stride % size_of::<T>() as isize == 0;
    if aligned && matrix.strides().iter().all(whole_items) {
        return Ok(matrix.clone());
    }
    Ok(matrix.call_method1("copy", ("C",))?.cast_into()?)
}

fn pool_of(name: &str, threads: Option<isize>) -> PyResult<&'static ThreadPool> {
    let most = pool::MOST_THREADS;
    let threads = match threads {
        None => pool::default_threads(),
        Some(wish) if wish < 1 => {
            let text = format!("threads must be at least 1, got {wish}");
            return Err(PyValueError::new_err(text));
        }
        Some(wish) if wish.unsigned_abs() > most => {
            let text = format!("threads must be at most {most}, got {wish}");
            return Err(PyValueError::new_err(text));
        }
        Some(wish) => wish.unsigned_abs(),
    };
    pool::with_threads(threads).map_err(|error| {
        PyRuntimeError::new_err(format!("{name} could not start {threads} threads: {error}"))
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "panic without a message",
    }
}
