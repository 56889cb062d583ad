//! The boundary of the plain entries: int64 and float64, rust-numpy's checked borrows.

use numpy::{Element, PyArray1, PyArray2, PyUntypedArrayMethods, prelude::*};
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;

use super::{guarded, nothing_to_reduce, plain_matrix, pool_of, thread_count};
use crate::columns::{Kernel, Number};

/// Checks `values`, runs `kernel` over its columns and returns the maxima, dtype kept.
/// `threads` is ignored by the serial kernels.
pub fn call<'py>(
    kernel: Kernel,
    values: &Bound<'py, PyAny>,
    threads: Option<&Bound<'py, PyAny>>,
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

fn maxima<'py, T: Number + Element>(
    kernel: Kernel,
    matrix: &Bound<'py, PyArray2<T>>,
    threads: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = matrix.py();
    let name = kernel.name();
    let shape = matrix.dims();
    let (rows, columns) = (shape[0], shape[1]);
    if rows == 0 {
        return Err(nothing_to_reduce(name, "row", (rows, columns)));
    }
    let pool = match kernel {
        Kernel::Serial | Kernel::Rows => None,
        _ => Some(pool_of(name, thread_count(threads)?)?),
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
    // Detached in the serial kernels too, so that a thread waiting for the interpreter is never
    // the difference between two entries.
    py.detach(|| {
        guarded(name, || match pool {
            Some(pool) => pool.install(|| kernel.run(values, out)),
            None => kernel.run(values, out),
        })
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
