//! A matrix somewhere in memory, with any strides.

use std::marker::PhantomData;
use std::ops::Range;
use std::slice;

/// A view of elements that somebody else owns. Strides are in bytes, may be negative, zero or no
/// multiple of an element's size, and elements need not be aligned: all this NumPy arrays may be.
pub struct Matrix<'a, T> {
    first: *const T,
    rows: usize,
    columns: usize,
    row_stride: isize,
    column_stride: isize,
    owner: PhantomData<&'a [T]>,
}

impl<T> Clone for Matrix<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Matrix<'_, T> {}

// SAFETY: a matrix gives nothing but shared access to its elements, as `&[T]` does.
unsafe impl<T: Sync> Send for Matrix<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Matrix<'_, T> {}

impl<'a, T: Copy> Matrix<'a, T> {
    /// Element `(r, c)` is at `first + r * row_stride + c * column_stride`, in bytes.
    ///
    /// # Safety
    ///
    /// For `'a` each of the `rows * columns` elements lies inside the same allocation as `first`,
    /// holds a valid `T`, and is not written to.
    pub unsafe fn new(
        first: *const T,
        (rows, columns): (usize, usize),
        (row_stride, column_stride): (isize, isize),
    ) -> Self {
        Self {
            first,
            rows,
            columns,
            row_stride,
            column_stride,
            owner: PhantomData,
        }
    }

    /// A matrix in C order over a slice.
    ///
    /// # Panics
    ///
    /// If the slice has not `rows * columns` elements.
    pub fn from_rows(values: &'a [T], (rows, columns): (usize, usize)) -> Self {
        assert_eq!(values.len(), rows * columns, "elements against shape");
        let size = size_of::<T>() as isize;
        // SAFETY: the slice is borrowed for 'a, and these strides stay inside its `rows * columns`
        // elements.
        unsafe {
            Self::new(
                values.as_ptr(),
                (rows, columns),
                (columns as isize * size, size),
            )
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Bytes of all its elements.
    pub fn bytes(&self) -> usize {
        self.rows * self.columns * size_of::<T>()
    }

    /// Bytes from an element to the one in the next row.
    pub fn row_stride(&self) -> isize {
        self.row_stride
    }

    /// Bytes from an element to the one in the next column.
    pub fn column_stride(&self) -> isize {
        self.column_stride
    }

    /// Where the first byte of its elements lies, and where the byte after the last.
    pub fn addresses(&self) -> (usize, usize) {
        let reach = |length: usize, stride: isize| length.saturating_sub(1) as isize * stride;
        let ways = [
            reach(self.rows, self.row_stride),
            reach(self.columns, self.column_stride),
        ];
        let below: isize = ways.iter().map(|&way| way.min(0)).sum();
        let above: isize = ways.iter().map(|&way| way.max(0)).sum();
        let first = self.first.addr();
        (
            first.wrapping_add_signed(below),
            first.wrapping_add_signed(above) + size_of::<T>(),
        )
    }

    /// Rows and columns exchanged.
    pub fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// The same columns, each with its rows in the order of their addresses. Rows that repeat one
    /// another (stride 0) are one row.
    pub fn with_rows_upward(self) -> Self {
        let mut upward = self.upward();
        if upward.row_stride == 0 {
            upward.rows = upward.rows.min(1);
        }
        upward
    }

    /// The columns in the order of their addresses, and whether that is not the order they had.
    pub fn with_columns_upward(self) -> (Self, bool) {
        let upward = self.transposed().upward().transposed();
        (upward, self.column_stride < 0)
    }

    fn upward(mut self) -> Self {
        if self.row_stride < 0 {
            self.first = self.at(self.rows.saturating_sub(1), 0);
            self.row_stride = -self.row_stride;
        }
        self
    }

    /// Some of the rows.
    pub fn some_rows(self, range: Range<usize>) -> Self {
        assert!(range.start < range.end && range.end <= self.rows, "rows");
        Self {
            first: self.at(range.start, 0),
            rows: range.len(),
            ..self
        }
    }

    /// Some of the columns.
    pub fn some_columns(self, range: Range<usize>) -> Self {
        self.transposed().some_rows(range).transposed()
    }

    /// The rows as slices, where the elements of a row lie side by side and aligned.
    pub fn plain_rows(self) -> Option<PlainRows<'a, T>> {
        let whole = self.row_stride % align_of::<T>() as isize == 0 || self.rows <= 1;
        let dense = self.column_stride == size_of::<T>() as isize || self.columns <= 1;
        (dense && whole && self.first.is_aligned()).then_some(PlainRows(self))
    }

    /// The element, wherever it is.
    #[inline(always)]
    pub fn get(&self, row: usize, column: usize) -> T {
        assert!(row < self.rows && column < self.columns);
        // SAFETY: row and column exist, so by the contract of `new` there is a valid T; it is read
        // as if unaligned, which it may be.
        unsafe { self.at(row, column).read_unaligned() }
    }

    #[inline(always)]
    fn at(&self, row: usize, column: usize) -> *const T {
        let bytes = row as isize * self.row_stride + column as isize * self.column_stride;
        self.first.wrapping_byte_offset(bytes)
    }
}

/// A matrix whose rows are slices; only `Matrix::plain_rows` makes one.
#[derive(Clone, Copy)]
pub struct PlainRows<'a, T>(Matrix<'a, T>);

impl<'a, T: Copy> PlainRows<'a, T> {
    pub fn matrix(&self) -> Matrix<'a, T> {
        self.0
    }

    /// All elements row after row, where no gap is between the rows.
    pub fn as_slice(&self) -> Option<&'a [T]> {
        let Matrix {
            rows,
            columns,
            row_stride,
            ..
        } = self.0;
        let gapless = row_stride == (columns * size_of::<T>()) as isize || rows <= 1;
        // SAFETY: rows are dense and aligned (`plain_rows`) and follow each other, so these are
        // `rows * columns` elements in a row, which by the contract of `new` may be read during 'a.
        gapless.then(|| unsafe { slice::from_raw_parts(self.0.first, rows * columns) })
    }

    /// The elements of a row in a range of columns.
    ///
    /// # Panics
    ///
    /// If there is no such row or column.
    #[inline(always)]
    pub fn part(&self, row: usize, columns: Range<usize>) -> &'a [T] {
        assert!(row < self.0.rows && columns.start <= columns.end && columns.end <= self.0.columns);
        // SAFETY: the elements of a row lie side by side and aligned (`plain_rows`); row and
        // columns exist, so by the contract of `new` they may be read during 'a.
        unsafe { slice::from_raw_parts(self.0.at(row, columns.start), columns.len()) }
    }
}
