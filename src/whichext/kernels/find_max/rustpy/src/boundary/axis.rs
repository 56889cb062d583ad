//! The argument `axis`, as NumPy reads it: an integer or a tuple of one, and no bool.

use std::convert::Infallible;

use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::import_exception;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyTuple};

import_exception!(numpy.exceptions, AxisError);

/// What the caller gave, unread, so that `values` is looked at first; nothing means 0.
#[derive(Default)]
pub struct Axis<'py>(Option<Bound<'py, PyAny>>);

impl<'py> FromPyObject<'_, 'py> for Axis<'py> {
    type Error = Infallible;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> Result<Self, Infallible> {
        Ok(Self(Some(given.to_owned())))
    }
}

impl Axis<'_> {
    /// The axis of a matrix that is reduced, 0 or 1.
    #[inline]
    pub fn number(&self, name: &str) -> PyResult<usize> {
        self.0.as_ref().map_or(Ok(0), |given| read(name, given))
    }
}

#[inline(never)] // small calls, which seldom give one, are 10 ns shorter
fn read(name: &str, given: &Bound<'_, PyAny>) -> PyResult<usize> {
    let Ok(tuple) = given.cast::<PyTuple>() else {
        return number(name, given);
    };
    if tuple.len() != 1 {
        let text = format!("axis must name one axis, got {tuple}");
        return Err(PyValueError::new_err(text));
    }
    number(name, &tuple.get_item(0)?)
}

fn number(name: &str, given: &Bound<'_, PyAny>) -> PyResult<usize> {
    let py = given.py();
    if given.is_instance_of::<PyBool>() {
        return Err(no_int(given)?);
    }
    match given.extract::<isize>() {
        Ok(axis @ -2..=1) => Ok((axis & 1).unsigned_abs()),
        Ok(axis) => Err(AxisError::new_err((axis, 2, name.to_owned()))),
        Err(error) if error.is_instance_of::<PyTypeError>(py) => Err(no_int(given)?),
        Err(error) if error.is_instance_of::<PyOverflowError>(py) => {
            let text = format!("axis must fit a C integer, got {given}");
            Err(PyOverflowError::new_err(text))
        }
        Err(error) => Err(error),
    }
}

fn no_int(given: &Bound<'_, PyAny>) -> PyResult<PyErr> {
    let class = given.get_type();
    Ok(PyTypeError::new_err(format!(
        "axis must be an int, got {}",
        class.name()?
    )))
}
