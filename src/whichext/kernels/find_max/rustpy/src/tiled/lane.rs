//! What an element is, and which of two is the greater: NumPy's rules, dtype by dtype.

/// An element of a matrix.
///
/// Every bit pattern of its size must be a valid value, because elements are read from memory that
/// Python filled.
pub trait Lane: Copy + Send + Sync + 'static {
    /// Integers that are ordered as the elements are: compilers reduce a column of integers with
    /// vectors, but none of floats, since the order of comparisons matters for NaN.
    type Rank: Copy + Ord;

    /// Its place in the order; NaN and NaT have the highest.
    fn rank(self) -> Self::Rank;

    /// An element of that rank; of a NaN's, a NaN.
    fn of_rank(rank: Self::Rank) -> Self;

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
            type Rank = Self;

            #[inline(always)]
            fn rank(self) -> Self {
                self
            }

            #[inline(always)]
            fn of_rank(rank: Self) -> Self {
                rank
            }

            #[inline(always)]
            fn greater(self, other: Self) -> Self {
                if other > self { other } else { self }
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64);

/// Ranks of IEEE 754 numbers by their bits, a sign and a magnitude: the magnitudes of negative ones
/// are turned round, and any NaN is above infinity. -0.0 comes just below 0.0, which equals it:
/// either is a right maximum of the two.
macro_rules! rank_of_bits {
    ($bits:expr, $rank:ty, $infinity:expr) => {{
        let bits = $bits as $rank;
        let magnitude = bits & <$rank>::MAX;
        let ordered = bits ^ ((bits >> (<$rank>::BITS - 1)) & <$rank>::MAX);
        if magnitude > $infinity as $rank {
            magnitude
        } else {
            ordered
        }
    }};
}

macro_rules! bits_of_rank {
    ($ranked:expr, $rank:ty) => {
        $ranked ^ (($ranked >> (<$rank>::BITS - 1)) & <$rank>::MAX)
    };
}

macro_rules! floats {
    ($($type:ty, $rank:ty, $bits:ty);*) => {$(
        impl Lane for $type {
            type Rank = $rank;

            #[inline(always)]
            fn rank(self) -> $rank {
                rank_of_bits!(self.to_bits(), $rank, Self::INFINITY.to_bits())
            }

            #[inline(always)]
            fn of_rank(rank: $rank) -> Self {
                Self::from_bits(bits_of_rank!(rank, $rank) as $bits)
            }

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

floats!(f32, i32, u32; f64, i64, u64);

/// A `datetime64` or `timedelta64`: ticks, of which the least possible number means NaT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Moment(pub i64);

impl Lane for Moment {
    type Rank = i64;

    /// One less, wrapping, NaT becomes the greatest number, and the order of all others stays.
    #[inline(always)]
    fn rank(self) -> i64 {
        self.0.wrapping_sub(1)
    }

    #[inline(always)]
    fn of_rank(rank: i64) -> Self {
        Self(rank.wrapping_add(1))
    }

    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        if other.rank() > self.rank() {
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
    /// As `rank`, all NaN alike: 1.2 to 1.4 times as fast where rows are folded, but no reduction that
    /// LLVM makes vectors of.
    #[inline(always)]
    fn order(self) -> i16 {
        let magnitude = self.0 & 0x7fff;
        if magnitude > 0x7c00 {
            i16::MAX
        } else if self.0 >> 15 == 1 {
            !(magnitude as i16)
        } else {
            magnitude as i16
        }
    }
}

impl Lane for Half {
    type Rank = i16;

    #[inline(always)]
    fn rank(self) -> i16 {
        rank_of_bits!(self.0, i16, 0x7c00)
    }

    #[inline(always)]
    fn of_rank(rank: i16) -> Self {
        Self(bits_of_rank!(rank, i16) as u16)
    }

    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        if other.order() > self.order() {
            other
        } else {
            self
        }
    }
}
