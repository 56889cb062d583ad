use std::mem::MaybeUninit;

use super::{Half, Lane, Matrix, Moment, find_max, tuning, worthwhile_threads};

/// Shapes around the borders of streams, folded tiles and pieces. Few under Miri, which is slow.
const LENGTHS: &[usize] = if cfg!(miri) {
    &[1, 7, 9, 17]
} else {
    &[1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 127, 513, 1025]
};

/// Numbers without order or repetition.
fn scattered(length: usize) -> Vec<i64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state.cast_signed() >> 8
    };
    (0..length).map(|_| next()).collect()
}

fn maxima<T: Lane>(matrix: Matrix<'_, T>, threads: usize) -> Vec<T> {
    let mut out: Vec<MaybeUninit<T>> = vec![MaybeUninit::uninit(); matrix.columns()];
    find_max(matrix, &mut out, threads);
    // SAFETY: find_max writes to every slot.
    out.into_iter()
        .map(|slot| unsafe { slot.assume_init() })
        .collect()
}

/// Element by element, with nothing in common with the walks.
fn reference<T: Lane>(matrix: Matrix<'_, T>) -> Vec<T> {
    let column = |c| (0..matrix.rows()).map(move |r| matrix.get(r, c));
    (0..matrix.columns())
        .map(|c| column(c).reduce(T::greater).expect("a row"))
        .collect()
}

/// The matrix, its transposed, and both with every second row, every second column, and backwards.
#[track_caller]
fn agrees_on_all_layouts<T: Lane + PartialEq + std::fmt::Debug>(
    values: &[T],
    shape: (usize, usize),
) {
    let size = size_of::<T>() as isize;
    let (rows, columns) = shape;
    let row = columns as isize * size;
    let last = values.len() - 1;
    let halved = (rows.div_ceil(2), columns.div_ceil(2));
    let views = [
        ("plain", 0, shape, (row, size)),
        ("skipping rows", 0, (halved.0, columns), (2 * row, size)),
        ("skipping columns", 0, (rows, halved.1), (row, 2 * size)),
        ("backwards", last, shape, (-row, -size)),
        ("repeated row", 0, shape, (0, size)),
        ("repeated column", 0, shape, (row, 0)),
    ];
    for (name, first, shape, strides) in views {
        // SAFETY: these strides stay inside the slice, which is borrowed and initialised.
        let matrix = unsafe { Matrix::new(values.as_ptr().add(first), shape, strides) };
        for (way, matrix) in [("", matrix), ("transposed ", matrix.transposed())] {
            let expected = reference(matrix);
            for threads in [1, 2, 3] {
                let got = maxima(matrix, threads);
                assert!(got == expected, "{way}{name} {shape:?}, {threads} threads");
            }
        }
    }
}

#[test]
fn every_walk_agrees_with_the_reference_on_shapes_around_its_borders() {
    for &rows in LENGTHS {
        for &columns in LENGTHS {
            agrees_on_all_layouts(&scattered(rows * columns), (rows, columns));
        }
    }
}

#[test]
fn small_elements_agree_too_since_their_columns_take_other_walks() {
    for (rows, columns) in [(5000, 3), (3, 5000), (70, 70), (8191, 2)] {
        let values = scattered(rows * columns);
        let bytes: Vec<u8> = values.iter().map(|&v| v as u8).collect();
        agrees_on_all_layouts(&bytes, (rows, columns));
        let singles: Vec<f32> = values.iter().map(|&v| v as f32).collect();
        agrees_on_all_layouts(&singles, (rows, columns));
    }
}

#[test]
#[cfg_attr(miri, ignore = "too many elements")]
fn columns_long_enough_to_be_cut_in_parts_agree() {
    let rows = tuning::LONG_COLUMN_BYTES + 3;
    let bytes: Vec<u8> = scattered(rows * 2).iter().map(|&v| v as u8).collect();
    agrees_on_all_layouts(&bytes, (2, rows));
}

fn ascends_in_rank<T: Lane>(ascending: &[T]) {
    for pair in ascending.windows(2) {
        assert!(pair[0].rank() < pair[1].rank());
    }
}

#[test]
fn ranks_are_ordered_as_the_elements_are_with_nan_and_nat_above_all() {
    ascends_in_rank(&[
        f32::NEG_INFINITY,
        -1.0,
        -1e-45,
        0.0,
        1e-45,
        f32::INFINITY,
        f32::NAN,
    ]);
    ascends_in_rank(&[f64::INFINITY, -f64::NAN]);
    ascends_in_rank(&[0xfc00, 0xbc00, 0x8001, 0x0000, 0x3c00, 0x7c00, 0xfe00].map(Half));
    ascends_in_rank(&[i64::MIN + 1, -1, 0, i64::MAX, i64::MIN].map(Moment));
    ascends_in_rank(&[u8::MIN, 127, 128, u8::MAX]);
}

#[test]
fn an_element_of_a_rank_is_the_one_that_has_it() {
    for bits in 0..=u16::MAX {
        let (half, again) = (Half(bits), Half::of_rank(Half(bits).rank()));
        let is_nan = bits & 0x7fff > 0x7c00;
        assert!(again == half || (is_nan && again.0 & 0x7fff > 0x7c00));
    }
    for value in [f64::MIN, -0.0, 0.0, 1.5, f64::INFINITY] {
        assert_eq!(f64::of_rank(value.rank()).to_bits(), value.to_bits());
        assert_eq!(
            f32::of_rank((value as f32).rank()).to_bits(),
            (value as f32).to_bits()
        );
    }
    assert!(f64::of_rank((-f64::NAN).rank()).is_nan());
    for ticks in [i64::MIN, -1, 0, i64::MAX] {
        assert_eq!(Moment::of_rank(Moment(ticks).rank()), Moment(ticks));
    }
}

#[test]
fn tiles_wider_than_the_cache_agree() {
    let columns = 20_011;
    agrees_on_all_layouts(&scattered(10 * columns), (10, columns));
}

#[test]
fn elements_at_odd_addresses_are_read_as_they_are() {
    // A record of one byte and a number, as NumPy packs it.
    let numbers = scattered(6);
    let mut records = Vec::new();
    for number in &numbers {
        records.push(0xff);
        records.extend(number.to_ne_bytes());
    }
    // SAFETY: six records of nine bytes, of which the number begins at the second.
    let matrix = unsafe { Matrix::new(records.as_ptr().add(1).cast::<i64>(), (3, 2), (18, 9)) };

    let pairs = || numbers.chunks_exact(2);
    let expected = [pairs().map(|p| p[0]).max(), pairs().map(|p| p[1]).max()];

    assert_eq!(
        maxima(matrix, 1).into_iter().map(Some).collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn a_nan_wins_wherever_it_stands() {
    for rows in [1, 2, 9, 40] {
        for place in 0..rows {
            let mut values = vec![1.0; rows * 3];
            values[place * 3 + 1] = f64::NAN;
            let matrix = Matrix::from_rows(&values, (rows, 3));
            for matrix in [matrix, matrix.with_rows_upward()] {
                let got = maxima(matrix, 1);
                assert!(got[1].is_nan(), "row {place} of {rows}");
                assert_eq!([got[0], got[2]], [1.0, 1.0]);
            }
        }
    }
}

#[test]
fn no_time_at_all_is_greater_than_every_time() {
    let nat = Moment(i64::MIN);
    for other in [Moment(i64::MIN + 1), Moment(0), Moment(i64::MAX)] {
        assert_eq!(nat.greater(other), nat);
        assert_eq!(other.greater(nat), nat);
    }
    assert_eq!(Moment(-5).greater(Moment(3)), Moment(3));
    assert_eq!(
        Moment(i64::MIN + 1).greater(Moment(i64::MAX)),
        Moment(i64::MAX)
    );
}

#[test]
fn halves_are_ordered_by_value_and_not_by_bits() {
    let ascending = [
        0xfc00, // -infinity
        0xfbff, // -65504
        0xbc00, // -1
        0x8001, // the negative number nearest to zero
        0x0000, 0x0001, 0x3c00, 0x7bff, 0x7c00,
    ];
    for (place, &lower) in ascending.iter().enumerate() {
        for &upper in &ascending[place..] {
            assert_eq!(Half(lower).greater(Half(upper)), Half(upper));
            assert_eq!(Half(upper).greater(Half(lower)), Half(upper));
        }
        for nan in [0x7e00, 0xfe00, 0x7c01, 0xffff] {
            assert_eq!(Half(lower).greater(Half(nan)), Half(nan));
            assert_eq!(Half(nan).greater(Half(lower)), Half(nan));
        }
    }
}

#[test]
fn no_thread_is_woken_for_less_than_it_is_worth() {
    assert_eq!(worthwhile_threads(1000, 8), 1);
    assert_eq!(worthwhile_threads(800_000_000, 2), 2);
    assert!((2..8).contains(&worthwhile_threads(16 << 20, 8)));
}

#[test]
#[should_panic(expected = "a column needs at least one row")]
fn a_matrix_without_rows_is_refused() {
    find_max(Matrix::<i64>::from_rows(&[], (0, 0)), &mut [], 1);
}

#[test]
#[should_panic(expected = "columns against output slots")]
fn an_output_of_another_length_is_refused() {
    let mut out = [MaybeUninit::uninit()];
    find_max(Matrix::from_rows(&[1, 2], (1, 2)), &mut out, 1);
}
