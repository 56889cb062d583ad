//! The boundary of `find_max_tiled`: any dtype with an order, either axis, a place for the result.
//!
//! Reads the array's fields itself: rust-numpy's views know no datetimes and no unaligned
//! elements, and its table of borrows would take longer than a small call does altogether.

use std::mem::MaybeUninit;
use std::ptr;
use std::slice;

use numpy::npyffi::{self, NPY_ARRAY_ALIGNED, NPY_ARRAY_C_CONTIGUOUS, NPY_ARRAY_WRITEABLE};
use numpy::{PY_ARRAY_API, PyArrayDescr, PyUntypedArray, prelude::*};
use pyo3::PyTypeInfo;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

use super::axis::Axis;
use super::{guarded, nothing_to_reduce, plain_matrix, thread_count};
use crate::tiled::{self, Half, Lane, Matrix, Moment, tuning};

const NAME: &str = "find_max_tiled";

/// What the caller asked for, besides the values.
pub struct Wishes<'a, 'py> {
    pub axis: Axis<'py>,
    pub threads: Option<&'a Bound<'py, PyAny>>,
    pub out: Option<&'a Bound<'py, PyAny>>,
}

/// Checks the arguments and returns the maxima along the axis, dtype kept.
pub fn call<'py>(
    values: &Bound<'py, PyAny>,
    wishes: &Wishes<'_, 'py>,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    let array = plain_matrix(NAME, values)?;
    let dtype = array.dtype();
    if dtype.is_native_byteorder() == Some(false) {
        return Err(unsupported(&dtype));
    }
    match (dtype.kind(), dtype.itemsize()) {
        (b'b' | b'u', 1) => maxima::<u8>(array, dtype, wishes),
        (b'u', 2) => maxima::<u16>(array, dtype, wishes),
        (b'u', 4) => maxima::<u32>(array, dtype, wishes),
        (b'u', 8) => maxima::<u64>(array, dtype, wishes),
        (b'i', 1) => maxima::<i8>(array, dtype, wishes),
        (b'i', 2) => maxima::<i16>(array, dtype, wishes),
        (b'i', 4) => maxima::<i32>(array, dtype, wishes),
        (b'i', 8) => maxima::<i64>(array, dtype, wishes),
        (b'f', 2) => maxima::<Half>(array, dtype, wishes),
        (b'f', 4) => maxima::<f32>(array, dtype, wishes),
        (b'f', 8) => maxima::<f64>(array, dtype, wishes),
        (b'M' | b'm', 8) => maxima::<Moment>(array, dtype, wishes),
        _ => Err(unsupported(&dtype)),
    }
}

fn unsupported(dtype: &Bound<'_, PyArrayDescr>) -> PyErr {
    PyTypeError::new_err(format!(
        "{NAME} supports bool, integers, float16 to float64, datetime64 and timedelta64 in native \
         byte order, got {dtype}"
    ))
}

fn maxima<'py, T: Lane>(
    array: &Bound<'py, PyUntypedArray>,
    dtype: Bound<'py, PyArrayDescr>,
    wishes: &Wishes<'_, 'py>,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    let py = array.py();
    let axis = wishes.axis.number(NAME)?;
    let matrix = along::<T>(array, axis);
    if matrix.rows() == 0 {
        let shape = (array.shape()[0], array.shape()[1]);
        return Err(nothing_to_reduce(NAME, ["row", "column"][axis], shape));
    }
    let threads = useful_threads(matrix.bytes(), wishes.threads)?;
    let wanted = wishes
        .out
        .map(|out| checked_out(out, &dtype, matrix.columns()))
        .transpose()?;
    let result = match wanted {
        Some(out) if may_be_written_directly(out, &matrix) => out.clone(),
        _ => empty(dtype, matrix.columns())?,
    };
    // SAFETY: the array is aligned, without gaps, writeable and has so many elements: NumPy made it
    // so, or `checked_out` and `may_be_written_directly` looked. Nobody else refers to the memory of
    // a new one; that of `out` does not overlap the matrix, and as with NumPy's own functions it is
    // the caller who must keep other threads from it.
    let slots = unsafe {
        let first = (*result.as_array_ptr())
            .fields
            .data
            .cast::<MaybeUninit<T>>();
        slice::from_raw_parts_mut(first, matrix.columns())
    };
    if matrix.bytes() < tuning::GIL_BYTES {
        guarded(NAME, || tiled::find_max(matrix, slots, 1))?;
    } else {
        py.detach(|| guarded(NAME, || tiled::find_max(matrix, slots, threads)))?;
    }
    match wanted {
        Some(out) if !out.is(&result) => copy_into(out, &result),
        _ => Ok(result),
    }
}

/// The array with the axis that is reduced as its rows.
fn along<'a, T: Lane>(array: &'a Bound<'_, PyUntypedArray>, axis: usize) -> Matrix<'a, T> {
    let (&[rows, columns], &[row_stride, column_stride]) = (array.shape(), array.strides()) else {
        unreachable!("plain_matrix has seen two axes");
    };
    // SAFETY: an ndarray's fields describe elements inside a buffer that it keeps alive, and `T`
    // was chosen by its dtype; every bit pattern is a T. It is the caller's part, as with NumPy's
    // own functions, that no other thread writes to them meanwhile.
    let matrix = unsafe {
        let first = (*array.as_array_ptr()).fields.data.cast::<T>().cast_const();
        Matrix::new(first, (rows, columns), (row_stride, column_stride))
    };
    if axis == 0 {
        matrix
    } else {
        matrix.transposed()
    }
}

fn useful_threads(bytes: usize, wish: Option<&Bound<'_, PyAny>>) -> PyResult<usize> {
    // A wish is checked whatever the size; without one, a small matrix need not read the
    // environment.
    if wish.is_none() && tiled::worthwhile_threads(bytes, usize::MAX) == 1 {
        return Ok(1);
    }
    Ok(tiled::worthwhile_threads(bytes, thread_count(wish)?))
}

/// `out` if the result can be put there. A subclass is refused, as it is for the values: a masked
/// array would keep a mask that says nothing of what was written.
fn checked_out<'a, 'py>(
    out: &'a Bound<'py, PyAny>,
    dtype: &Bound<'py, PyArrayDescr>,
    length: usize,
) -> PyResult<&'a Bound<'py, PyUntypedArray>> {
    let class = out.get_type();
    let not_plain = || -> PyResult<PyErr> {
        let text = format!("out must be a plain NumPy array, got {}", class.name()?);
        Ok(PyTypeError::new_err(text))
    };
    let Ok(array) = out.cast::<PyUntypedArray>() else {
        return Err(not_plain()?);
    };
    if array.shape() != [length] {
        return Err(PyValueError::new_err(format!(
            "out must have the shape ({length},), got {}",
            array.getattr("shape")?
        )));
    }
    if !class.is(PyUntypedArray::type_object(out.py())) {
        return Err(not_plain()?);
    }
    if !array.dtype().is_equiv_to(dtype) {
        return Err(PyTypeError::new_err(format!(
            "out must have the dtype of the values, {dtype}, got {}",
            array.dtype()
        )));
    }
    if !has(array, NPY_ARRAY_WRITEABLE) {
        let text = "out must be writeable, got a read-only array";
        return Err(PyValueError::new_err(text));
    }
    Ok(array)
}

/// Whether the kernel can write to `out` itself: no gaps, aligned, and apart from what it reads.
fn may_be_written_directly<T: Lane>(
    out: &Bound<'_, PyUntypedArray>,
    matrix: &Matrix<'_, T>,
) -> bool {
    // SAFETY: `out` is an ndarray that is alive; its field is only read.
    let first = unsafe { (*out.as_array_ptr()).fields.data } as usize;
    let end = first + out.len() * size_of::<T>();
    let (lowest, highest) = matrix.addresses();
    let apart = end <= lowest || highest <= first;
    has(out, NPY_ARRAY_C_CONTIGUOUS) && has(out, NPY_ARRAY_ALIGNED) && apart
}

fn has(array: &Bound<'_, PyUntypedArray>, flag: std::ffi::c_int) -> bool {
    // SAFETY: the array is alive; its field is only read.
    unsafe { (*array.as_array_ptr()).fields.flags & flag != 0 }
}

/// A new array, its elements not yet written.
fn empty<'py>(
    dtype: Bound<'py, PyArrayDescr>,
    length: usize,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    let py = dtype.py();
    let mut shape = [length as npyffi::npy_intp];
    // SAFETY: one axis and one length; NewFromDescr takes over the reference to the dtype, makes
    // strides and memory itself where it gets null, and returns a new reference or an error.
    unsafe {
        let array = PY_ARRAY_API.PyArray_NewFromDescr(
            py,
            npyffi::get_type_object(py, npyffi::NpyTypes::PyArray_Type),
            dtype.into_dtype_ptr(),
            1,
            shape.as_mut_ptr(),
            ptr::null_mut(),
            ptr::null_mut(),
            0,
            ptr::null_mut(),
        );
        Ok(Bound::from_owned_ptr_or_err(py, array)?.cast_into_unchecked())
    }
}

fn copy_into<'py>(
    out: &Bound<'py, PyUntypedArray>,
    result: &Bound<'py, PyUntypedArray>,
) -> PyResult<Bound<'py, PyUntypedArray>> {
    let (to, from) = (out.as_array_ptr(), result.as_array_ptr());
    // SAFETY: both are arrays that are alive.
    let failed = unsafe { PY_ARRAY_API.PyArray_CopyInto(out.py(), to, from) } < 0;
    if failed {
        Err(PyErr::fetch(out.py()))
    } else {
        Ok(out.clone())
    }
}
