"""The reports of races that are unlike the usual one, as a whole."""

from __future__ import annotations

from inline_snapshot import snapshot

from snapshots import races

RACE_OF_A_FAMILY = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext run total

1x1 (1, 1) float64, C order: fits in the first cache
┏━━━━━━━━━━━━┳━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant ┃   time ┃        time / numpy ┃ verdict  ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━╇━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ cy.rows    │ 200 ns │ 0.47   [0.47, 0.48] │ faster   │        - │ 24.0 GB/s │
│ cy.find    │ 417 ns │ 0.99   [0.99, 1.00] │ tie      │        - │ 11.5 GB/s │
│ numpy      │ 421 ns │                1.00 │ baseline │        - │ 11.4 GB/s │
│ rs.tiles   │ 947 ns │ 2.25   [2.24, 2.26] │ slower   │        - │ 5.07 GB/s │
└────────────┴────────┴─────────────────────┴──────────┴──────────┴───────────┘
cy.rows is the fastest: 2.11x [2.10, 2.12] as fast as numpy.
The fastest of each toolchain: cy.rows is 4.74x [4.72, 4.77] as fast as rs.tiles (faster).

1x2 (1, 2) float64, F order: fits in the first cache
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant ┃    time ┃        time / numpy ┃ verdict  ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ cy.rows    │  498 ns │ 0.48   [0.47, 0.48] │ faster   │        - │ 9.64 GB/s │
│ rs.tiles   │  953 ns │ 0.91   [0.90, 0.91] │ faster   │        - │ 5.04 GB/s │
│ cy.find    │ 1.04 us │ 1.00   [0.99, 1.00] │ tie      │        - │ 4.60 GB/s │
│ numpy      │ 1.04 us │                1.00 │ baseline │        - │ 4.60 GB/s │
└────────────┴─────────┴─────────────────────┴──────────┴──────────┴───────────┘
cy.rows is the fastest: 2.10x [2.09, 2.11] as fast as numpy.
The fastest of each toolchain: cy.rows is 1.91x [1.90, 1.92] as fast as rs.tiles (faster).

1x4 (1, 4) float64, C order: fits in the first cache
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant ┃    time ┃        time / numpy ┃ verdict  ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ rs.tiles   │  949 ns │ 0.45   [0.45, 0.45] │ faster   │        - │ 5.06 GB/s │
│ cy.rows    │ 1.00 us │ 0.48   [0.47, 0.48] │ faster   │        - │ 4.80 GB/s │
│ cy.find    │ 2.09 us │ 0.99   [0.99, 1.00] │ tie      │        - │ 2.30 GB/s │
│ numpy      │ 2.10 us │                1.00 │ baseline │        - │ 2.28 GB/s │
└────────────┴─────────┴─────────────────────┴──────────┴──────────┴───────────┘
rs.tiles is the fastest: 2.21x [2.20, 2.22] as fast as numpy.
The fastest of each toolchain: rs.tiles is 1.05x [1.05, 1.06] as fast as cy.rows (faster).

1x8 (1, 8) float64, F order: fits in the first cache
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant ┃    time ┃        time / numpy ┃ verdict  ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ rs.tiles   │  950 ns │ 0.23   [0.22, 0.23] │ faster   │        - │ 5.05 GB/s │
│ cy.rows    │ 2.00 us │ 0.48   [0.47, 0.48] │ faster   │        - │ 2.40 GB/s │
│ cy.find    │ 4.18 us │ 1.00   [0.99, 1.00] │ tie      │        - │ 1.15 GB/s │
│ numpy      │ 4.19 us │                1.00 │ baseline │        - │ 1.14 GB/s │
└────────────┴─────────┴─────────────────────┴──────────┴──────────┴───────────┘
rs.tiles is the fastest: 4.43x [4.41, 4.45] as fast as numpy.
The fastest of each toolchain: rs.tiles is 2.11x [2.10, 2.11] as fast as cy.rows (faster).

1x16 (1, 16) float64, C order: fits in the first cache
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant ┃    time ┃            time / numpy ┃ verdict  ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ rs.tiles   │  945 ns │ 0.0904 [0.0900, 0.0908] │ faster   │        - │ 5.08 GB/s │
│ cy.rows    │ 4.99 us │     0.48   [0.48, 0.48] │ faster   │        - │  962 MB/s │
│ cy.find    │ 10.4 us │     1.00   [0.99, 1.00] │ tie      │        - │  462 MB/s │
│ numpy      │ 10.5 us │                    1.00 │ baseline │        - │  458 MB/s │
└────────────┴─────────┴─────────────────────────┴──────────┴──────────┴───────────┘
rs.tiles is the fastest: 11.1x [11.0, 11.1] as fast as numpy.
The fastest of each toolchain: rs.tiles is 5.28x [5.27, 5.30] as fast as cy.rows (faster).

sweep: cy.find against numpy: tie in every case.
sweep: cy.rows against numpy: faster in every case.
sweep: rs.tiles overtakes numpy between 1x1 (2.25 [2.24, 2.26]) and 1x2 (0.91 [0.90, 0.91]).
Confounded: cy.rows and numpy (1x1, 1x2) differ in optimisation, order, toolchain: their ratio is
the effect of none of these alone.
Confounded: rs.tiles and numpy (1x4, 1x8, 1x16) differ in optimisation, order, toolchain: their
ratio is the effect of none of these alone.

Effects of single factors: times as fast, between two that differ in nothing else

 factor                                  least                    most
 ─────────────────────────────────────────────────────────────────────
 order: column -> row  2.08x [2.07, 2.10] 1x16  2.10x [2.09, 2.10] 1x8
   cy.find
   cy.rows

No A/A twin raced, so the noise of this race is not known.
time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over
10 epochs (sets of fresh processes); below 1 is faster. An interval more than 1.0% from 1 is a
difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share of what this machine
can do with as many threads; limit: the inputs read once (by NumPy, since the C reader was not
built), the output not written. rate: bytes that a call must at least move, per second. *: over few
epochs.
""")


def test_race_of_a_family() -> None:
    assert races.race_of_a_family() == RACE_OF_A_FAMILY


RACE_OF_ONE_EPOCH = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext run total

wide (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant    ┃    time ┃        time / numpy ┃ verdict    ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ cy.rows[2]    │  594 ns │ 0.28         [?, ?] │ unresolved │        - │ 8.09 GB/s │
│ rs.tiles      │  968 ns │ 0.46         [?, ?] │ unresolved │        - │ 4.96 GB/s │
│ numpy         │ 2.11 us │                1.00 │ baseline   │        - │ 2.28 GB/s │
│ cy.find@debug │ 7.88 us │ 3.74         [?, ?] │ unresolved │        - │  609 MB/s │
└───────────────┴─────────┴─────────────────────┴────────────┴──────────┴───────────┘
Which is the fastest is unresolved: a single epoch gives no interval.
The fastest of each toolchain: cy.rows[2] is 1.62x [?, ?] as fast as rs.tiles (unresolved).
Unresolved against numpy: cy.rows[2] (more epochs may resolve it; so few do not tell how many),
rs.tiles (more epochs may resolve it; so few do not tell how many), cy.find@debug (more epochs may
resolve it; so few do not tell how many).
Parallel efficiency against the best serial contestant, rs.tiles: cy.rows[2] 0.81 [?, ?].

Confounded: cy.rows[2] and numpy (wide) differ in optimisation, order, threads, toolchain: their
ratio is the effect of none of these alone.

No A/A twin raced, so the noise of this race is not known.
time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over
1 epochs (sets of fresh processes); below 1 is faster. An interval more than 1.0% from 1 is a
difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share of what this machine
can do with as many threads; limit: the inputs read once (by NumPy, since the C reader was not
built), the output not written. rate: bytes that a call must at least move, per second. @debug: no
optimisation. [n]: n threads. *: over few epochs.
""")


def test_race_of_one_epoch() -> None:
    assert races.race_of_one_epoch() == RACE_OF_ONE_EPOCH


RACE_WITHOUT_CONTESTANTS = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext run total

tall (1,000,000, 4) int64, F order
┏━━━━━━━━━━━━┳━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━┳━━━━━━┓
┃ contestant ┃ time ┃ time / numpy ┃ verdict ┃ of limit ┃ rate ┃
┡━━━━━━━━━━━━╇━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━╇━━━━━━┩
└────────────┴──────┴──────────────┴─────────┴──────────┴──────┘
Nothing could be measured in this case.

No A/A twin raced, so the noise of this race is not known.
time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over
0 epochs (sets of fresh processes); below 1 is faster. An interval more than 1.0% from 1 is a
difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share of what this machine
can do with as many threads; limit: the inputs read once (by NumPy, since the C reader was not
built), the output not written. rate: bytes that a call must at least move, per second. *: over few
epochs.
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext run total

small (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant ┃    time ┃ time / cy.total ┃ verdict  ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ cy.total   │ 1.00 us │            1.00 │ baseline │        - │ 4.80 GB/s │
│ rs.total   │       - │               - │ skipped  │        - │         - │
└────────────┴─────────┴─────────────────┴──────────┴──────────┴───────────┘
Only cy.total could be raced, so there is nothing to compare it with.

First call in a fresh process, case small
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━┓
┃ contestant ┃  import ┃ first call ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━┩
│ cy.total   │ 1.00 ms │    2.00 us │
└────────────┴─────────┴────────────┘

Not raced
  rs.total: skipped: Rust's cargo is missing
    Next: install Rust from https://rustup.rs

No A/A twin raced, so the noise of this race is not known.
time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over
5 epochs (sets of fresh processes); below 1 is faster. An interval more than 1.0% from 1 is a
difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share of what this machine
can do with as many threads; limit: the inputs read once (by NumPy, since the C reader was not
built), the output not written. rate: bytes that a call must at least move, per second. *: over few
epochs.
""")


def test_race_without_contestants() -> None:
    assert races.race_without_contestants() == RACE_WITHOUT_CONTESTANTS


RACE_THAT_WAS_DISTURBED = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext run total

WARNING: The run ended before it was done: it was interrupted (Ctrl-C). Continue with the same
arguments and --resume FILE, where -o FILE was given.
WARNING: Kernel author's error: cy.rows: declared isa = "avx2", built with no flag. whichext audit
has the details.
WARNING: Not attributable: cy.find@debug: built with -O0 (-O3 -O0: the last one counts) in a.c.
whichext audit has the details.
WARNING: Not attributable: cy.rows: built with no level of optimisation, which is -O0, but rs, rs
@native with -O3. whichext audit has the details.
WARNING: Not attributable: different optimisation levels: cy: -O3; rs: -O2. whichext audit has the
details.
WARNING: In wide, other guests took the processor in 12 of 40 rounds: run it again at a quieter
hour. whichext doctor shows the steal time now.
WARNING: In wide, two copies of the same code differ (1.19 [1.17, 1.21]): do not act on differences
of that size.
WARNING: cy.rows[2] was to use 2 threads in wide, but 1 was busy.

wide (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant       ┃    time ┃        time / numpy ┃ verdict    ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ limit[1]         │  498 ns │ 0.24   [0.24, 0.24] │ limit      │     100% │ 6.43 GB/s │
│ cy.rows[2]       │  602 ns │ 0.29   [0.28, 0.29] │ faster     │        - │ 7.98 GB/s │
│ rs.tiles         │  950 ns │ 0.46   [0.45, 0.46] │ faster     │   79% ±1 │ 5.05 GB/s │
│ cy.rows          │ 1.00 us │ 0.48   [0.47, 0.48] │ faster     │ 75% ±0.6 │ 4.79 GB/s │
│ cy.find          │ 2.00 us │ 0.95   [0.94, 0.96] │ unresolved │ 38% ±0.4 │ 2.40 GB/s │
│ numpy            │ 2.10 us │                1.00 │ baseline   │ 36% ±0.4 │ 2.29 GB/s │
│ numpy (A/A twin) │ 2.49 us │ 1.19   [1.17, 1.21] │ unresolved │ 30% ±0.4 │ 1.93 GB/s │
│ cy.find@debug    │ 7.93 us │ 3.80   [3.75, 3.86] │ slower     │  9% ±0.1 │  605 MB/s │
└──────────────────┴─────────┴─────────────────────┴────────────┴──────────┴───────────┘
cy.rows[2] is the fastest: 3.49x [3.46, 3.51] as fast as numpy.
The fastest of each toolchain: cy.rows[2] is 1.59x [1.57, 1.61] as fast as rs.tiles (faster).
Unresolved against numpy: cy.find (closer than this case's noise, so more epochs would not resolve
it).
Parallel efficiency against the best serial contestant, rs.tiles: cy.rows[2] 0.80 [0.79, 0.80].

Confounded: cy.rows[2] and numpy (wide) differ in compiler, isa, lto, optimisation, order, threads,
toolchain: their ratio is the effect of none of these alone.

From cy.find@debug to cy.rows, the best with one thread, one factor at a time

 factor                                  wide
 ────────────────────────────────────────────
 optimisation: none -> O3  4.01x [3.95, 4.06]
   cy.find
 order: column -> row      1.99x [1.96, 2.01]
   cy.rows

 product of the steps                   7.96x
 measured directly         7.95x [7.83, 8.08]

From cy.find@debug to cy.rows[2], the best with several threads, one factor at a time

 factor                                  wide
 ────────────────────────────────────────────
 optimisation: none -> O3  4.01x [3.95, 4.06]
   cy.find
 order: column -> row      1.99x [1.96, 2.01]
   cy.rows
 threads: 1 -> 2           1.67x [1.65, 1.69]
   cy.rows[2]

 product of the steps                   13.3x
 measured directly         13.3x [13.0, 13.5]

Effects of single factors: times as fast, between two that differ in nothing else

 factor                                  wide
 ────────────────────────────────────────────
 optimisation: none -> O3  4.01x [3.95, 4.06]
   cy.find@debug
   cy.find
 order: column -> row      1.99x [1.96, 2.01]
   cy.find
   cy.rows
 threads: 1 -> 2           1.67x [1.65, 1.69]
   cy.rows
   cy.rows[2]

Audit of the builds
  kernel author's error: cy.rows: declared isa = "avx2", built with no flag: differences would be
  attributed to a factor that does not differ as declared.
    Next: fix factors.isa in the project's pyproject.toml, or its build files.
  not attributable: cy.find@debug: built with -O0 (-O3 -O0: the last one counts) in a.c: a ratio
  between them says as much about the flags as about the code.
    Next: compare it with the same entry under another profile, and with nothing else.
  not attributable: cy.rows: built with no level of optimisation, which is -O0, but rs, rs @native
  with -O3: a ratio between them says as much about the flags as about the code.
    Next: ask for -O2 or more in the project's build files (or run with --profile native).
  not attributable: different optimisation levels: cy: -O3; rs: -O2: a difference may come from the
  flags, not from the code.
    Next: set the same level in their build files, or the setting optimisation=O3 for all.

Noise floor: a second copy of numpy came within 19.0% of it in every case. Dropped for stolen time:
12 of 40 rounds.
time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over
10 epochs (sets of fresh processes); below 1 is faster. An interval more than 19.0% (the noise of
the case) from 1 is a difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share
of what this machine can do with as many threads; limit: the inputs read once (by NumPy, since the C
reader was not built), the output not written. rate: bytes that a call must at least move, per
second. @debug: no optimisation. [n]: n threads. *: over few epochs.
""")


def test_race_that_was_disturbed() -> None:
    assert races.race_that_was_disturbed() == RACE_THAT_WAS_DISTURBED
