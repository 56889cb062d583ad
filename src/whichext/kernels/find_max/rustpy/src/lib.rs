//! Column maxima of a NumPy matrix: one kernel that is as fast as the memory, the article's four,
//! which differ only in how threads share the output, and one that goes along rows.
//!
//! Three layers, each ignorant of the one above: [`tiled`] and [`columns`] hold the kernels,
//! [`pool`] the threads of the plain ones, `boundary` everything that concerns Python. This file is the
//! signatures.

#![deny(unsafe_op_in_unsafe_fn)]
#![warn(missing_docs)]

#[cfg(feature = "python")]
mod boundary;
pub mod columns;
mod incarnation;
pub mod pool;
pub mod tiled;

/// Largest value of each column of a 2-D NumPy array, serial and parallel kernels.
#[cfg(feature = "python")]
#[pyo3::pymodule]
mod rustpy {
    use crate::boundary::any_dtype::{self, Wishes};
    use crate::boundary::axis::Axis;
    use crate::boundary::columns::call;
    use crate::columns::Kernel;
    use numpy::PyUntypedArray;
    use pyo3::prelude::*;

    /// Largest value of each column, as fast as the memory gives the array: the one to use.
    ///
    /// values: plain 2-D ndarray of bool, integers, float16 to float64, datetime64 or timedelta64,
    /// any strides. axis: 0 for the maximum of each column, 1 of each row; or a tuple of one.
    /// threads: the most that may be used, small arrays use fewer; None takes RAYON_NUM_THREADS, or
    /// without it what the machine offers. out: 1-D array of the same dtype for the result.
    /// Returns a new array of the same dtype, or out. NaN and NaT win, as in NumPy.
    #[pyfunction]
    #[pyo3(
        signature = (values, axis=Axis::default(), threads=None, out=None),
        text_signature = "(values, axis=0, threads=None, out=None)"
    )]
    fn find_max_tiled<'py>(
        values: &Bound<'py, PyAny>,
        axis: Axis<'py>,
        threads: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyUntypedArray>> {
        any_dtype::call(values, &Wishes { axis, threads, out })
    }

    /// Largest value of each column, on the calling thread.
    ///
    /// values: plain 2-D ndarray (n_rows >= 1, n_columns) of int64 or float64, any strides.
    /// Returns a new array (n_columns,) of the same dtype. A column holding a NaN gives NaN.
    #[pyfunction]
    fn find_max<'py>(values: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        call(Kernel::Serial, values, None)
    }

    /// Largest value of each column, on the calling thread, row after row.
    ///
    /// Argument and result are as for find_max.
    #[pyfunction]
    fn find_max_rows<'py>(values: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        call(Kernel::Rows, values, None)
    }

    /// Largest value of each column, columns in parallel, the output behind one mutex.
    ///
    /// values and the result are as for find_max. threads: None takes RAYON_NUM_THREADS, or
    /// without it what the machine offers.
    #[pyfunction]
    #[pyo3(signature = (values, threads=None))]
    fn find_max_parallel<'py>(
        values: &Bound<'py, PyAny>,
        threads: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call(Kernel::LockedOutput, values, threads)
    }

    /// Largest value of each column, columns in parallel, unchecked writes through a raw pointer.
    ///
    /// Arguments and result are as for find_max_parallel.
    #[pyfunction]
    #[pyo3(signature = (values, threads=None))]
    fn find_max_unsafe<'py>(
        values: &Bound<'py, PyAny>,
        threads: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call(Kernel::RawOutput, values, threads)
    }

    /// Largest value of each column, columns in parallel, each with its own slot of the output.
    ///
    /// Arguments and result are as for find_max_parallel.
    #[pyfunction]
    #[pyo3(signature = (values, threads=None))]
    fn find_max_disjoint<'py>(
        values: &Bound<'py, PyAny>,
        threads: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call(Kernel::DisjointOutput, values, threads)
    }
}
