//! Classes that know the greatest of the last values: two that are right, and two that are not.

use pyo3::prelude::*;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Mutex;

struct Last {
    size: usize,
    values: VecDeque<f64>,
    count: usize,
}

impl Last {
    const fn new(size: usize) -> Self {
        Last {
            size,
            values: VecDeque::new(),
            count: 0,
        }
    }

    fn push(&mut self, value: f64) -> f64 {
        self.count += 1;
        if self.values.len() == self.size {
            self.values.pop_front();
        }
        self.values.push_back(value);
        self.values
            .iter()
            .copied()
            .fold(f64::NEG_INFINITY, f64::max)
    }
}

/// Right, and for any thread.
#[pyclass]
struct Greatest(Last);

#[pymethods]
impl Greatest {
    #[new]
    fn new(size: usize) -> Self {
        Greatest(Last::new(size))
    }

    fn push(&mut self, value: f64) -> f64 {
        self.0.push(value)
    }

    #[getter]
    fn count(&self) -> usize {
        self.0.count
    }
}

/// Right in the thread that made it, which no one is told.
#[pyclass(unsendable)]
struct Bound(Last, #[allow(dead_code)] Rc<()>);

#[pymethods]
impl Bound {
    #[new]
    fn new(size: usize) -> Self {
        Bound(Last::new(size), Rc::new(()))
    }

    fn push(&mut self, value: f64) -> f64 {
        self.0.push(value)
    }

    #[getter]
    fn count(&self) -> usize {
        self.0.count
    }
}

/// Right in the thread that made it, as its entry says.
#[pyclass(unsendable)]
struct Told(Last, #[allow(dead_code)] Rc<()>);

#[pymethods]
impl Told {
    #[new]
    fn new(size: usize) -> Self {
        Told(Last::new(size), Rc::new(()))
    }

    fn push(&mut self, value: f64) -> f64 {
        self.0.push(value)
    }

    #[getter]
    fn count(&self) -> usize {
        self.0.count
    }
}

static KEPT: Mutex<Last> = Mutex::new(Last::new(0));

/// Keeps its values where the next object finds them.
#[pyclass]
struct Kept;

#[pymethods]
impl Kept {
    #[new]
    fn new(size: usize) -> Self {
        let mut kept = KEPT.lock().unwrap();
        kept.size = size;
        kept.count = 0;
        Kept
    }

    fn push(&mut self, value: f64) -> f64 {
        let mut kept = KEPT.lock().unwrap();
        while kept.values.len() > kept.size {
            kept.values.pop_front();
        }
        kept.push(value)
    }

    #[getter]
    fn count(&self) -> usize {
        KEPT.lock().unwrap().count
    }
}

#[pymodule]
mod tallies_rust {
    #[pymodule_export]
    use super::{Bound, Greatest, Kept, Told};
}
