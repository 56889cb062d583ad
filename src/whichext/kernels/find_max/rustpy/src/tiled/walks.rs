//! The ways through a matrix. Each reads every element once, and eight places of the memory at a
//! time: a single core gets all that the memory can give only when it asks for several things.

use std::array;
use std::mem::{self, MaybeUninit};

use super::lane::Lane;
use super::matrix::{Matrix, PlainRows};
use super::tuning::{FOLDED_ITEMS, TILE_BYTES};

/// Places that are read side by side.
const STREAMS: usize = 8;

/// Tiles of columns, eight rows a pass.
#[inline(always)]
pub fn tiles<T: Lane>(rows: PlainRows<'_, T>, out: &mut [MaybeUninit<T>]) {
    let width = TILE_BYTES / size_of::<T>();
    for (index, slots) in out.chunks_mut(width).enumerate() {
        let columns = index * width..index * width + slots.len();
        let best = begin(slots, rows.part(0, columns.clone()));
        let mut row = 1;
        while row + STREAMS <= rows.matrix().rows() {
            fold_eight(
                best,
                array::from_fn(|k| rows.part(row + k, columns.clone())),
            );
            row += STREAMS;
        }
        for row in row..rows.matrix().rows() {
            fold(best, rows.part(row, columns.clone()));
        }
    }
}

/// Rows without gaps, of at most `FOLDED_ITEMS` elements, so many at a time as make one long row, and
/// eight of these long rows from eight parts of the array.
#[inline(always)]
pub fn long_rows<T: Lane>(values: &[T], columns: usize, out: &mut [MaybeUninit<T>]) {
    let mut slots = [const { MaybeUninit::uninit() }; FOLDED_ITEMS];
    let best = fold_gapless(values, columns, &mut slots);
    let (first, others) = best.split_at(columns);
    let out = begin(out, first);
    for row in others.chunks_exact(columns) {
        fold(out, row);
    }
}

/// Long columns side by side in memory (the rows of `columns`), each in eight parts.
#[inline(always)]
pub fn long_columns<T: Lane>(columns: PlainRows<'_, T>, out: &mut [MaybeUninit<T>]) {
    let length = columns.matrix().columns();
    for (index, slot) in out.iter_mut().enumerate() {
        slot.write(greatest(columns.part(index, 0..length)));
    }
}

/// Short columns side by side in memory (the rows of `columns`), eight of them at once from eight
/// parts of the array. One element after the other: this vectorises with AVX-512 only, but it
/// asks eight places of the memory, needs no comparisons across a vector at the end of each
/// column, and that weighs more (100 rows: 24 GB/s in place of 10 to 20).
#[inline(always)]
pub fn short_columns<T: Lane>(columns: PlainRows<'_, T>, out: &mut [MaybeUninit<T>]) {
    let length = columns.matrix().columns();
    let apart = out.len() / STREAMS;
    for index in 0..apart {
        let eight: [&[T]; STREAMS] =
            array::from_fn(|k| &columns.part(k * apart + index, 0..length)[..length]);
        let mut best = eight.map(|column| column[0].rank());
        for row in 1..length {
            for (best, column) in best.iter_mut().zip(eight) {
                *best = (*best).max(column[row].rank());
            }
        }
        for k in 0..STREAMS {
            out[k * apart + index].write(T::of_rank(best[k]));
        }
    }
    for (index, slot) in out.iter_mut().enumerate().skip(apart * STREAMS) {
        slot.write(greatest(columns.part(index, 0..length)));
    }
}

/// Any strides, element by element, along whichever of rows and columns has its elements closer.
#[inline(always)]
pub fn anywhere<T: Lane>(matrix: Matrix<'_, T>, out: &mut [MaybeUninit<T>]) {
    if matrix.row_stride() < matrix.column_stride() {
        for (column, slot) in out.iter_mut().enumerate() {
            let mut best = matrix.get(0, column);
            for row in 1..matrix.rows() {
                best = best.greater(matrix.get(row, column));
            }
            slot.write(best);
        }
        return;
    }
    for (index, slots) in out.chunks_mut(FOLDED_ITEMS).enumerate() {
        for (k, slot) in slots.iter_mut().enumerate() {
            slot.write(matrix.get(0, index * FOLDED_ITEMS + k));
        }
        let best = written(slots);
        for row in 1..matrix.rows() {
            for (k, best) in best.iter_mut().enumerate() {
                *best = best.greater(matrix.get(row, index * FOLDED_ITEMS + k));
            }
        }
    }
}

/// Greatest of at least one element.
#[inline(always)]
fn greatest<T: Lane>(values: &[T]) -> T {
    let mut slots = [const { MaybeUninit::uninit() }; FOLDED_ITEMS];
    let mut best = fold_gapless(values, 1, &mut slots);
    // Halves onto halves, as long as that fills vectors.
    while best.len() > 16 {
        let half = best.len() / 2;
        let (upper, lower) = mem::take(&mut best).split_at_mut(half);
        fold(&mut lower[..half], upper);
        best = lower;
    }
    let (&mut first, others) = best.split_first_mut().expect("there is a first element");
    others
        .iter()
        .fold(first, |greatest, &value| greatest.greater(value))
}

/// Folds rows of `columns` elements onto one or several rows of maxima, which it returns.
#[inline(always)]
fn fold_gapless<'a, T: Lane>(
    values: &[T],
    columns: usize,
    slots: &'a mut [MaybeUninit<T>; FOLDED_ITEMS],
) -> &'a mut [T] {
    let rows_in_part = values.len() / columns / STREAMS;
    let part = rows_in_part * columns;
    let width = columns * (FOLDED_ITEMS / columns).min(rows_in_part).max(1);
    let best = begin(&mut slots[..width], &values[..width]);
    let (parts, rest) = values.split_at(STREAMS * part);
    for start in (0..part).step_by(width) {
        let length = width.min(part - start);
        let eight = array::from_fn(|k| &parts[k * part + start..][..length]);
        fold_eight(&mut best[..length], eight);
    }
    for row in rest.chunks_exact(columns) {
        fold(&mut best[..columns], row);
    }
    best
}

/// Folds eight rows onto the maxima.
#[inline(always)]
fn fold_eight<T: Lane>(best: &mut [T], rows: [&[T]; STREAMS]) {
    let [a, b, c, d, e, f, g, h] = rows.map(|row| &row[..best.len()]);
    for i in 0..best.len() {
        best[i] = best[i].greatest([a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i]]);
    }
}

#[inline(always)]
fn fold<T: Lane>(best: &mut [T], row: &[T]) {
    for (best, &value) in best.iter_mut().zip(row) {
        *best = best.greater(value);
    }
}

/// The first values of the maxima.
#[inline(always)]
fn begin<'a, T: Copy>(slots: &'a mut [MaybeUninit<T>], values: &[T]) -> &'a mut [T] {
    assert_eq!(slots.len(), values.len());
    for (slot, &value) in slots.iter_mut().zip(values) {
        slot.write(value);
    }
    written(slots)
}

/// What the slots hold; private, and called by those who have just filled all of them.
#[inline(always)]
fn written<T>(slots: &mut [MaybeUninit<T>]) -> &mut [T] {
    let all: *mut [MaybeUninit<T>] = slots;
    // SAFETY: both callers have written to each slot, and MaybeUninit<T> has the layout of T.
    // `assume_init_mut` of slices says the same, and asks for Rust 1.93.
    unsafe { &mut *(all as *mut [T]) }
}
