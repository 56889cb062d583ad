//! The thresholds. `tuning.toml` of the kernel's folder has the same for both languages, and a test
//! holds this file to it; README.md has what was measured.

/// Size of the tile whose maxima are kept while its rows go by: it has to stay in the L2 cache,
/// and the longer its rows, the longer the runs of addresses. 128 KiB was up to 5 % faster than
/// 8 KiB, and 512 KiB no better.
pub const TILE_BYTES: usize = 128 << 10;

/// Elements of the tile into which a gapless array is folded, and the most of a row that is; it
/// stays in the L1 cache.
pub const FOLDED_ITEMS: usize = 1024;

/// Columns from this size on are cut in eight parts; of shorter ones eight are read at a time.
pub const LONG_COLUMN_BYTES: usize = 512 << 10;

/// A thread gets at least this much to read: less, and waking it takes longer than it saves.
pub const BYTES_PER_THREAD: usize = 3 << 20;

/// Pieces of work for each thread. Several, so that one that loses its processor for a while does
/// not keep all others waiting at the end.
pub const PIECES_PER_THREAD: usize = 4;

/// Of rows in C order a thread gets a multiple of this many columns, so that each reads whole cache
/// lines, and no two write to the same.
pub const COLUMNS_PER_LINE: usize = 64;

/// Of columns side by side a piece gets at least this many, because whole columns do not come out
/// even: ten of them on two threads are five pieces of two, and one thread waits for the fifth.
pub const COLUMNS_PER_PIECE: usize = 4;

/// Below this, releasing the interpreter costs more than waiting for the call.
pub const GIL_BYTES: usize = 32 << 10;
