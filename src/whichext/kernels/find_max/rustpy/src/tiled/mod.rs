//! Column maxima as fast as the memory gives the matrix: for any layout and dtype.
//!
//! `lane` knows the elements, `matrix` where they are, `walks` the ways through them and `simd` the
//! processor. This file chooses: the way by shape and strides, the threads by size.

mod helpers;
mod lane;
mod matrix;
mod share;
mod simd;
pub mod tuning;
mod walks;

use std::mem::MaybeUninit;

pub use lane::{Half, Lane, Moment};
pub use matrix::Matrix;
use matrix::PlainRows;
use share::share;

/// The way through a matrix.
#[derive(Clone, Copy)]
enum Walk<'a, T> {
    /// Rows in C order.
    Tiles(PlainRows<'a, T>),
    /// Short rows in C order without gaps: all elements, and how many make a row.
    LongRows(&'a [T], usize),
    /// Columns side by side (Fortran order), the matrix being the transposed one.
    LongColumns(PlainRows<'a, T>),
    /// As `LongColumns`, of few bytes each.
    ShortColumns(PlainRows<'a, T>),
    /// All others: skipping strides, fields of records, unaligned elements.
    Anywhere(Matrix<'a, T>),
}

impl<'a, T: Lane> Walk<'a, T> {
    /// Chooses by shape and strides.
    fn choose(matrix: Matrix<'a, T>) -> Self {
        if let Some(rows) = matrix.plain_rows() {
            return match rows.as_slice() {
                Some(values) if matrix.columns() <= tuning::FOLDED_ITEMS => {
                    Self::LongRows(values, matrix.columns())
                }
                _ => Self::Tiles(rows),
            };
        }
        match matrix.transposed().plain_rows() {
            Some(columns) if matrix.rows() * size_of::<T>() >= tuning::LONG_COLUMN_BYTES => {
                Self::LongColumns(columns)
            }
            Some(columns) => Self::ShortColumns(columns),
            None => Self::Anywhere(matrix),
        }
    }
}

/// A walk with the place for its result, to be compiled for several processors.
struct Errand<'a, 'out, T> {
    walk: Walk<'a, T>,
    out: &'out mut [MaybeUninit<T>],
}

impl<T: Lane> simd::Job for Errand<'_, '_, T> {
    #[inline(always)]
    fn run(self) {
        match self.walk {
            Walk::Tiles(rows) => walks::tiles(rows, self.out),
            Walk::LongRows(values, columns) => walks::long_rows(values, columns, self.out),
            Walk::LongColumns(columns) => walks::long_columns(columns, self.out),
            Walk::ShortColumns(columns) => walks::short_columns(columns, self.out),
            Walk::Anywhere(matrix) => walks::anywhere(matrix, self.out),
        }
    }
}

/// Threads that a matrix of so many bytes is worth, out of so many that may be used.
pub fn worthwhile_threads(bytes: usize, ceiling: usize) -> usize {
    ceiling.min(bytes / tuning::BYTES_PER_THREAD).max(1)
}

/// Writes the maximum of each column to `out`, with so many threads, this one among them.
///
/// # Panics
///
/// If there are no rows, or not exactly one slot per column.
pub fn find_max<T: Lane>(matrix: Matrix<'_, T>, out: &mut [MaybeUninit<T>], threads: usize) {
    assert!(matrix.rows() > 0, "a column needs at least one row");
    assert_eq!(matrix.columns(), out.len(), "columns against output slots");
    if out.is_empty() {
        return;
    }
    // Which row comes first does not change a maximum.
    let (matrix, backward) = matrix.with_rows_upward().with_columns_upward();
    if threads > 1 {
        with_help(matrix, out, threads);
    } else {
        on_this_thread(matrix, out);
    }
    if backward {
        out.reverse();
    }
}

fn on_this_thread<T: Lane>(matrix: Matrix<'_, T>, out: &mut [MaybeUninit<T>]) {
    let walk = Walk::choose(matrix);
    simd::run_widest(Errand { walk, out });
}

/// Columns are shared out where there are enough of them, otherwise rows, and the maxima of the
/// pieces then are the rows of a small matrix. Rows also where they are the more numerous in C
/// order: pieces of columns would be too short runs of addresses (10,000 x 1000 took 1.6 times as long).
fn with_help<T: Lane>(matrix: Matrix<'_, T>, out: &mut [MaybeUninit<T>], threads: usize) {
    let pieces = tuning::PIECES_PER_THREAD * threads;
    let in_rows = matrix.row_stride() > matrix.column_stride();
    let (grain, least_columns) = if in_rows {
        (tuning::COLUMNS_PER_LINE, tuning::COLUMNS_PER_LINE)
    } else {
        (1, tuning::COLUMNS_PER_PIECE)
    };
    let enough = matrix.columns() >= pieces * least_columns;
    if enough && !(in_rows && matrix.rows() > matrix.columns()) {
        let width = matrix.columns().div_ceil(pieces).next_multiple_of(grain);
        share(
            threads,
            out.chunks_mut(width).enumerate(),
            |(index, out)| {
                let first = index * width;
                on_this_thread(matrix.some_columns(first..first + out.len()), out);
            },
        );
        return;
    }
    let height = matrix.rows().div_ceil(pieces);
    let pieces = matrix.rows().div_ceil(height);
    let mut maxima = Box::new_uninit_slice(pieces * matrix.columns());
    share(
        threads,
        maxima.chunks_mut(matrix.columns()).enumerate(),
        |(index, out)| {
            let first = index * height;
            let rows = first..matrix.rows().min(first + height);
            on_this_thread(matrix.some_rows(rows), out);
        },
    );
    // SAFETY: the pieces were all of it, and every walk writes to all of its slots.
    let maxima = unsafe { maxima.assume_init() };
    on_this_thread(Matrix::from_rows(&maxima, (pieces, matrix.columns())), out);
}

#[cfg(test)]
mod tests;
