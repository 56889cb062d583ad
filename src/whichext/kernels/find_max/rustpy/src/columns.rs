//! The plain kernels. Four share one walk down a column, so that a difference between two of them
//! can only come from the threads and from how those write the output; the fifth goes along rows.

use std::marker::PhantomData;
use std::sync::Mutex;

use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1, Zip};

/// A number whose columns have a maximum.
pub trait Number: Copy + PartialOrd + Send + Sync {
    /// Whether the value is unordered, and so decides its column as it does in NumPy.
    fn is_nan(self) -> bool;
}

impl Number for i64 {
    fn is_nan(self) -> bool {
        false
    }
}

impl Number for f64 {
    fn is_nan(self) -> bool {
        self.is_nan()
    }
}

/// How a kernel spreads over threads, and what keeps their writes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// One thread. Wins while the matrix is too small to pay for waking a pool.
    Serial,
    /// One thread, and the rows one after the other in place of the columns.
    Rows,
    /// One mutex around the whole output, taken once per column. Only good with tall columns.
    LockedOutput,
    /// A shared raw pointer, nothing checked. The yardstick for what safety costs.
    RawOutput,
    /// Each thread is handed its columns together with their slots, so nothing is shared.
    DisjointOutput,
}

impl Kernel {
    /// Every kernel, for whoever has to treat them alike.
    pub const ALL: [Self; 5] = [
        Self::Serial,
        Self::Rows,
        Self::LockedOutput,
        Self::RawOutput,
        Self::DisjointOutput,
    ];

    /// The name Python calls it by; error messages start with it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Serial => "find_max",
            Self::Rows => "find_max_rows",
            Self::LockedOutput => "find_max_parallel",
            Self::RawOutput => "find_max_unsafe",
            Self::DisjointOutput => "find_max_disjoint",
        }
    }

    /// Writes the maximum of column `i` of `values` to `out[i]`, on the rayon pool which is
    /// current where this is called.
    ///
    /// # Panics
    ///
    /// If there are no rows, or not exactly one slot per column.
    pub fn run<T: Number>(self, values: ArrayView2<'_, T>, out: &mut [T]) {
        assert!(values.nrows() > 0, "a column needs at least one row");
        assert_eq!(values.ncols(), out.len(), "columns against output slots");
        match self {
            Self::Serial => serial(values, out),
            Self::Rows => rows(values, out),
            Self::LockedOutput => locked_output(values, out),
            Self::RawOutput => raw_output(values, out),
            Self::DisjointOutput => disjoint_output(values, out),
        }
    }
}

/// The walk. It starts from the first row, because a "lowest" value to start from would be
/// returned for a column of NaNs, which compare with nothing.
///
/// Never inlined, so that all four run the same machine code: inlined, the walk of the mutex
/// kernel took more than twice as long as that of the others on 1,000,000 x 100 doubles, where 100
/// locks cannot matter, because LLVM had compiled its copy to a chain of selects. `for_each` and
/// the `if` avoid that chain; a `for` loop and `fold` run into it (1.5 to 4.5 times as long).
#[inline(never)]
fn column_maximum<T: Number>(column: ArrayView1<'_, T>) -> T {
    let mut rows = column.into_iter();
    let mut best = *rows.next().expect("run() refused matrices without rows");
    rows.for_each(|&value| {
        // Once `best` is NaN no comparison with it is true, so only another NaN can replace it.
        if value > best || value.is_nan() {
            best = value;
        }
    });
    best
}

fn serial<T: Number>(values: ArrayView2<'_, T>, out: &mut [T]) {
    for (index, column) in values.columns().into_iter().enumerate() {
        out[index] = column_maximum(column);
    }
}

/// `serial` with its two loops exchanged: each row is folded onto the maxima so far.
fn rows<T: Number>(values: ArrayView2<'_, T>, out: &mut [T]) {
    let mut best = ArrayViewMut1::from(out);
    best.assign(&values.row(0));
    for row in values.rows().into_iter().skip(1) {
        // Written in any case: a store that depends on the comparison has no vector form.
        Zip::from(&mut best).and(row).for_each(|best, &value| {
            *best = if value > *best || value.is_nan() {
                value
            } else {
                *best
            };
        });
    }
}

fn locked_output<T: Number>(values: ArrayView2<'_, T>, out: &mut [T]) {
    let out = Mutex::new(out);
    Zip::indexed(values.columns()).par_for_each(|index, column| {
        // Outside the lock: inside, the threads would take turns for the whole walk.
        let maximum = column_maximum(column);
        out.lock().expect("no holder of the lock panics")[index] = maximum;
    });
}

fn raw_output<T: Number>(values: ArrayView2<'_, T>, out: &mut [T]) {
    let slots = Slots::new(out);
    Zip::indexed(values.columns()).par_for_each(|index, column| {
        let maximum = column_maximum(column);
        // SAFETY: `index < slots.len` because `run` asserted one slot per column, and `Zip`
        // gives out each column index once, so no other thread touches this slot.
        unsafe { slots.write(index, maximum) };
    });
}

fn disjoint_output<T: Number>(values: ArrayView2<'_, T>, out: &mut [T]) {
    Zip::from(ArrayViewMut1::from(out))
        .and(values.columns())
        .par_for_each(|slot, column| *slot = column_maximum(column));
}

/// The output as bare slots, which threads may fill side by side.
///
/// The article shares an `UnsafeCell<Array1>` and indexes it with `IndexMut`/`uget_mut`: each write
/// makes a `&mut` to the whole array while other threads hold theirs, which is undefined behaviour
/// even when the elements differ. Here no reference to the output exists while threads write.
struct Slots<'out, T> {
    first: *mut T,
    len: usize,
    /// Keeps the caller's exclusive borrow alive for as long as the pointer is in use.
    borrow: PhantomData<&'out mut [T]>,
}

// SAFETY: sharing `Slots` shares nothing but the right to call `write`, whose contract rules out
// two threads on one slot and which never reads; it moves a `T` to another thread, hence `Send`.
unsafe impl<T: Send> Sync for Slots<'_, T> {}

impl<'out, T: Copy> Slots<'out, T> {
    fn new(out: &'out mut [T]) -> Self {
        Self {
            first: out.as_mut_ptr(),
            len: out.len(),
            borrow: PhantomData,
        }
    }

    /// # Safety
    ///
    /// `index < self.len`, and no other thread accesses slot `index` during the call.
    #[inline(always)]
    unsafe fn write(&self, index: usize, value: T) {
        debug_assert!(index < self.len);
        // SAFETY: the caller keeps `index` inside the slice that `new` borrowed exclusively, so the
        // address is valid and aligned; `T: Copy` means that no old value is left undropped.
        unsafe { self.first.add(index).write(value) };
    }
}

#[cfg(test)]
mod tests;
