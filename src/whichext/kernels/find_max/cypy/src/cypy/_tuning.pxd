# cython: overflowcheck=False
# The thresholds of find_max_tiled. ../../../tuning.toml has the same for both languages, and a test
# holds this file to it; README.md has what was measured.
# Constants cannot be checked for overflow: Cython 3.2 and 3.3 end in an AttributeError.
cdef enum:
    TILE_BYTES = 128 << 10         # of running maxima: stay in L2 while all rows pass over them
    FOLDED_ITEMS = 1024            # rows up to this many elements are folded side by side, in L1
    LONG_COLUMN_BYTES = 512 << 10  # read in eight places; shorter ones eight at a time
    BYTES_PER_THREAD = 3 << 20     # less, and waking a thread takes longer than it saves
    PIECES_PER_THREAD = 4          # a thread that is held up leaves its other pieces to the rest
    COLUMNS_PER_LINE = 64          # in C order: whole cache lines for each thread
    COLUMNS_PER_PIECE = 4          # side by side: fewer, and whole columns do not come out even
    GIL_BYTES = 32 << 10           # smaller calls end before another thread could use the GIL
