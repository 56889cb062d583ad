//! What an element is, and which of two is the greater: NumPy's rules, dtype by dtype.

/// An element of a matrix.
///
/// Every bit pattern of its size must be a valid value, because elements are read from memory that
/// Python filled.
pub trait Lane: Copy + Send + Sync + 'static {
    /// The greater of two. Where one is unordered (NaN, NaT) it is the result, as in NumPy.
    ///
    /// Written without branches, so that compilers make vector instructions of it.
    fn greater(self, other: Self) -> Self;

    /// The greatest of this and eight others.
    #[inline(always)]
    fn greatest(self, [a, b, c, d, e, f, g, h]: [Self; 8]) -> Self {
        let first = a.greater(b).greater(c.greater(d));
        let second = e.greater(f).greater(g.greater(h));
        self.greater(first.greater(second))
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl Lane for $type {
            #[inline(always)]
            fn greater(self, other: Self) -> Self {
                if other > self { other } else { self }
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

macro_rules! floats {
    ($($type:ty),*) => {$(
        impl Lane for $type {
            // `|` and not `||`: a jump in here would end vectorisation. A NaN on the left stays,
            // since no comparison with it is true.
            #[inline(always)]
            fn greater(self, other: Self) -> Self {
                if (other > self) | other.is_nan() { other } else { self }
            }

            /// One maximum instruction for each value, which loses their NaN, and one test for two
            /// values whether there was any: half the work of eight times `greater`.
            #[inline(always)]
            fn greatest(self, eight: [Self; 8]) -> Self {
                let plain = |one: Self, other: Self| if other > one { other } else { one };
                let [a, b, c, d, e, f, g, h] = eight;
                let first = plain(plain(a, b), plain(c, d));
                let second = plain(plain(e, f), plain(g, h));
                let unordered = (a.is_nan() | b.is_nan())
                    | (c.is_nan() | d.is_nan())
                    | (e.is_nan() | f.is_nan())
                    | (g.is_nan() | h.is_nan());
                let best = plain(self, plain(first, second));
                if unordered { Self::NAN } else { best }
            }
        }
    )*};
}

floats!(f32, f64);

/// A `datetime64` or `timedelta64`: ticks, of which the least possible number means NaT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Moment(pub i64);

impl Lane for Moment {
    /// One less, wrapping, NaT becomes the greatest number, and the order of all others stays.
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        if other.0.wrapping_sub(1) > self.0.wrapping_sub(1) {
            other
        } else {
            self
        }
    }
}

/// A `float16`, of which only the order is needed and no arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Half(pub u16);

impl Half {
    /// A number that orders halves as NumPy does: IEEE 754's bits are sign and magnitude, so the
    /// magnitudes of negative ones are turned round; any NaN is above infinity. -0.0 comes just
    /// below 0.0, which equals it: either is a right maximum of the two.
    #[inline(always)]
    fn rank(self) -> i16 {
        const INFINITY: u16 = 0x7c00;
        let magnitude = self.0 & 0x7fff;
        if magnitude > INFINITY {
            i16::MAX
        } else if self.0 >> 15 == 1 {
            !(magnitude as i16)
        } else {
            magnitude as i16
        }
    }
}

impl Lane for Half {
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        if other.rank() > self.rank() {
            other
        } else {
            self
        }
    }
}
