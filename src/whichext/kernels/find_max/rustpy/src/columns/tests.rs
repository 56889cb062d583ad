use ndarray::{Array2, ArrayView2, Axis, ShapeBuilder, s};

use super::{Kernel, Number};
use crate::pool;

/// Rows first, one element at a time, indexed: nothing in common with the kernels but the answer.
fn reference<T: Number>(values: ArrayView2<'_, T>) -> Vec<T> {
    let mut maxima: Vec<T> = (0..values.ncols()).map(|j| values[[0, j]]).collect();
    for i in 0..values.nrows() {
        for j in 0..values.ncols() {
            let (old, new) = (maxima[j], values[[i, j]]);
            let keeps = old.is_nan() || old >= new;
            maxima[j] = if keeps { old } else { new };
        }
    }
    maxima
}

fn maxima<T: Number>(
    kernel: Kernel,
    threads: usize,
    blank: T,
    values: ArrayView2<'_, T>,
) -> Vec<T> {
    let mut out = vec![blank; values.ncols()];
    pool::with_threads(threads)
        .expect("a handful of threads")
        .install(|| kernel.run(values, &mut out));
    out
}

fn same<T: Number>(one: T, other: T) -> bool {
    one == other || (one.is_nan() && other.is_nan())
}

/// The shared runner: each kernel with 1, 2 and 5 threads against the reference.
#[track_caller]
fn all_agree<T: Number + std::fmt::Debug>(what: &str, blank: T, values: ArrayView2<'_, T>) {
    let expected = reference(values);
    for kernel in Kernel::ALL {
        for threads in [1, 2, 5] {
            let got = maxima(kernel, threads, blank, values);
            let equal = got.iter().zip(&expected).all(|(&a, &b)| same(a, b));
            assert!(
                equal && got.len() == expected.len(),
                "{what}, {kernel:?}, {threads} threads: expected {expected:?}, got {got:?}"
            );
        }
    }
}

/// Values without order or repetition, negative ones among them.
fn scattered(rows: usize, columns: usize) -> Array2<i64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    Array2::from_shape_simple_fn((rows, columns), || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state.cast_signed() >> 8
    })
}

fn f_order(values: &Array2<i64>) -> Array2<i64> {
    let mut copy = Array2::zeros(values.dim().f());
    copy.assign(values);
    copy
}

#[test]
fn all_kernels_agree_with_the_reference_in_c_and_f_order() {
    let values = scattered(17, 23);
    all_agree("C order", 0, values.view());
    all_agree("F order", 0, f_order(&values).view());
    all_agree("transposed", 0, values.t());
}

#[test]
fn all_kernels_agree_with_the_reference_on_reversed_and_skipping_views() {
    for values in [scattered(17, 23), f_order(&scattered(17, 23))] {
        all_agree("rows reversed", 0, values.slice(s![..;-1, ..]));
        all_agree("columns reversed", 0, values.slice(s![.., ..;-1]));
        all_agree("both reversed", 0, values.slice(s![..;-1, ..;-1]));
        all_agree("skipping", 0, values.slice(s![1..;3, 2..;5]));
        all_agree("skipping backwards", 0, values.slice(s![..;-3, ..;-5]));
    }
}

#[test]
fn all_kernels_agree_with_the_reference_on_zero_strides() {
    let values = scattered(6, 9);
    let row = values.row(2);
    all_agree("one row repeated", 0, row.broadcast((40, 9)).unwrap());
    let column = values.column(4).insert_axis(Axis(1));
    all_agree("one column repeated", 0, column.broadcast((6, 70)).unwrap());
    let cell = values.slice(s![3..4, 3..4]);
    all_agree("one cell repeated", 0, cell.broadcast((8, 8)).unwrap());
}

#[test]
fn a_single_row_or_column_is_no_special_case() {
    all_agree("one row", 0, scattered(1, 50).view());
    all_agree("one column", 0, scattered(50, 1).view());
    all_agree("one cell", 0, scattered(1, 1).view());
    all_agree("no columns", 0, scattered(3, 0).view());
}

#[test]
fn more_columns_than_any_split_leaves_unvisited() {
    let columns = if cfg!(miri) { 64 } else { 20_011 };
    all_agree("many columns", 0, scattered(3, columns).view());
}

#[test]
fn the_extremes_of_int64_are_ordinary_values() {
    let values = ndarray::arr2(&[
        [i64::MIN, i64::MIN, i64::MAX, -1],
        [i64::MIN, i64::MAX, i64::MIN, i64::MIN],
    ]);
    all_agree("int64 extremes", 7, values.view());
    let got = maxima(Kernel::Serial, 1, 7, values.view());
    assert_eq!(got, [i64::MIN, i64::MAX, i64::MAX, -1]);
}

#[test]
fn a_nan_in_any_row_decides_its_column_and_no_other() {
    for order in ["C", "F"] {
        for row in [0, 4, 8] {
            let mut values = scattered(9, 5).mapv(|value| value as f64);
            if order == "F" {
                values = values
                    .reversed_axes()
                    .as_standard_layout()
                    .reversed_axes()
                    .to_owned();
            }
            values[[row, 2]] = f64::NAN;
            all_agree("NaN", 0.0, values.view());
            let got = maxima(Kernel::RawOutput, 2, 0.0, values.view());
            let unordered: Vec<bool> = got.into_iter().map(f64::is_nan).collect();
            assert_eq!(unordered, [false, false, true, false, false], "row {row}");
        }
    }
}

#[test]
fn infinities_and_signed_zeros_are_compared_as_numbers() {
    let (inf, zero) = (f64::INFINITY, 0.0);
    let values = ndarray::arr2(&[
        [-inf, -inf, -inf, -zero, zero, inf, -zero],
        [-inf, f64::MIN, f64::NAN, zero, -zero, f64::NAN, -1.0],
    ]);
    all_agree("infinities and zeros", 1.0, values.view());
    let got = maxima(Kernel::Serial, 1, 1.0, values.view());
    assert_eq!(got[..2], [-inf, f64::MIN]);
    assert_eq!(got[3..5], [0.0, 0.0]);
    assert!(got[2].is_nan() && got[5].is_nan());
}

#[test]
fn every_slot_is_written_whatever_it_held_before() {
    let values = scattered(2, 100);
    for kernel in Kernel::ALL {
        let from_zero = maxima(kernel, 2, 0, values.view());
        assert_eq!(from_zero, maxima(kernel, 2, i64::MAX, values.view()));
    }
}

#[test]
#[should_panic(expected = "columns against output slots")]
fn an_output_of_the_wrong_length_is_refused_before_any_write() {
    Kernel::RawOutput.run(scattered(2, 3).view(), &mut [0; 2]);
}

#[test]
#[should_panic(expected = "at least one row")]
fn a_matrix_without_rows_is_refused() {
    Kernel::Serial.run(scattered(0, 3).view(), &mut [0; 3]);
}
