"""The report of a race, as a whole."""

from __future__ import annotations

from inline_snapshot import snapshot

from snapshots import races

RACE = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext run total

WARNING: Not attributable: cy.find@debug: built with -O0 (-O3 -O0: the last one counts) in a.c.
whichext audit has the details.
WARNING: In long, a call of rs.tiles takes less time than reading its inputs (238% of the limit): it
does not do all of the work, or bytes_moved() of the kernel is wrong.

wide (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant       ┃    time ┃        time / numpy ┃ verdict  ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ limit[2]         │  259 ns │ 0.12   [0.12, 0.12] │ limit    │     100% │ 12.4 GB/s │
│ limit[1]         │  500 ns │ 0.24   [0.24, 0.24] │ limit    │     100% │ 6.41 GB/s │
│ cy.rows[2]       │  602 ns │ 0.28   [0.28, 0.29] │ faster   │ 65% ±0.3 │ 7.97 GB/s │
│ rs.tiles         │  952 ns │ 0.45   [0.45, 0.45] │ faster   │ 79% ±0.2 │ 5.04 GB/s │
│ cy.rows          │  999 ns │ 0.47   [0.47, 0.48] │ faster   │ 75% ±0.4 │ 4.80 GB/s │
│ cy.find          │ 2.08 us │ 0.99   [0.99, 0.99] │ tie      │ 36% ±0.1 │ 2.30 GB/s │
│ numpy (A/A twin) │ 2.10 us │ 1.00   [0.99, 1.00] │ tie      │ 36% ±0.1 │ 2.29 GB/s │
│ numpy            │ 2.10 us │                1.00 │ baseline │ 36% ±0.2 │ 2.28 GB/s │
│ cy.find@debug    │ 8.01 us │ 3.80   [3.78, 3.82] │ slower   │  9% ±0.0 │  599 MB/s │
└──────────────────┴─────────┴─────────────────────┴──────────┴──────────┴───────────┘
cy.rows[2] is the fastest: 3.51x [3.49, 3.53] as fast as numpy.
The fastest of each toolchain: cy.rows[2] is 1.59x [1.58, 1.59] as fast as rs.tiles (faster).
Parallel efficiency against the best serial contestant, rs.tiles: cy.rows[2] 0.79 [0.79, 0.80].

long (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant       ┃    time ┃        time / numpy ┃ verdict  ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ limit[2]         │  781 ns │ 0.12   [0.12, 0.12] │ limit    │     100% │ 4.10 GB/s │
│ rs.tiles         │  948 ns │ 0.15   [0.15, 0.15] │ faster   │  238% ±1 │ 5.07 GB/s │
│ limit[1]         │ 1.51 us │ 0.24   [0.24, 0.24] │ limit    │     100% │ 2.13 GB/s │
│ cy.rows[2]       │ 1.80 us │ 0.29   [0.28, 0.29] │ faster   │ 65% ±0.2 │ 2.66 GB/s │
│ cy.rows          │ 3.00 us │ 0.48   [0.47, 0.48] │ faster   │ 75% ±0.4 │ 1.60 GB/s │
│ cy.find          │ 6.26 us │ 0.99   [0.99, 1.00] │ tie      │ 36% ±0.1 │  767 MB/s │
│ numpy (A/A twin) │ 6.30 us │ 1.00   [1.00, 1.00] │ tie      │ 36% ±0.2 │  761 MB/s │
│ numpy            │ 6.30 us │                1.00 │ baseline │ 36% ±0.2 │  761 MB/s │
│ cy.find@debug    │ 24.0 us │ 3.80   [3.79, 3.81] │ slower   │  9% ±0.0 │  200 MB/s │
└──────────────────┴─────────┴─────────────────────┴──────────┴──────────┴───────────┘
rs.tiles is the fastest: 6.64x [6.61, 6.67] as fast as numpy.
The fastest of each toolchain: rs.tiles is 1.90x [1.89, 1.91] as fast as cy.rows[2] (faster).
Parallel efficiency against the best serial contestant, rs.tiles: cy.rows[2] 0.26 [0.26, 0.26].

Confounded: cy.rows[2] and numpy (wide) differ in compiler, isa, lto, optimisation, order, threads,
toolchain: their ratio is the effect of none of these alone.
Confounded: rs.tiles and numpy (long) differ in compiler, isa, lto, optimisation, order, toolchain:
their ratio is the effect of none of these alone.

From cy.find@debug to rs.tiles (wide) there is no path in steps of one factor: cy.find@debug and
rs.tiles differ in compiler: unstated -> rustc, isa: unstated -> baseline, lto: unstated -> fat,
optimisation: none -> O3, order: column -> tile, toolchain: cython -> rust.
  Next: write an entry that differs from cy.find@debug in one of them alone; no compiler setting
  makes it.

From cy.find@debug to cy.rows[2], the best with several threads, one factor at a time

 factor                                  wide                long
 ────────────────────────────────────────────────────────────────
 optimisation: none -> O3  3.84x [3.82, 3.86]  3.83x [3.82, 3.84]
   cy.find
 order: column -> row      2.09x [2.08, 2.09]  2.08x [2.08, 2.09]
   cy.rows
 threads: 1 -> 2           1.67x [1.66, 1.67]  1.67x [1.66, 1.67]
   cy.rows[2]

 product of the steps                   13.3x               13.3x
 measured directly         13.3x [13.3, 13.4]  13.3x [13.2, 13.3]

Effects of single factors: times as fast, between two that differ in nothing else

 factor                                  wide                long
 ────────────────────────────────────────────────────────────────
 optimisation: none -> O3  3.84x [3.82, 3.86]  3.83x [3.82, 3.84]
   cy.find@debug
   cy.find
 order: column -> row      2.09x [2.08, 2.09]  2.08x [2.08, 2.09]
   cy.find
   cy.rows
 threads: 1 -> 2           1.67x [1.66, 1.67]  1.67x [1.66, 1.67]
   cy.rows
   cy.rows[2]

First call in a fresh process, case wide
┏━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━┓
┃ contestant    ┃  import ┃ first call ┃
┡━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━┩
│ numpy         │ 3.00 ms │    70.0 us │
│ cy.find@debug │ 3.00 ms │    74.0 us │
│ cy.find       │ 3.00 ms │    75.0 us │
│ cy.rows       │ 3.00 ms │    76.0 us │
│ cy.rows[2]    │ 3.00 ms │    77.0 us │
│ rs.tiles      │ 3.00 ms │    78.0 us │
└───────────────┴─────────┴────────────┘

Builds
  whichext's own reader and harness (limitprobe @release): wheel 81.9 kB, 1,234 lines of code, built
  in 12.3 s; flags: -O0 appended to 2 calls of c; cc gcc 12.2.0, maturin 1.9.4
  cy @release: wheel 81.9 kB, 1,234 lines of code, built in 12.3 s; flags: -O0 appended to 2 calls
  of c; cc gcc 12.2.0, maturin 1.9.4
  cy @debug: wheel 81.9 kB, 1,234 lines of code, built in 12.3 s; flags: -O0 appended to 2 calls of
  c; cc gcc 12.2.0, maturin 1.9.4
  rs @release: wheel 1.23 MB, 1,234 lines of code, built in 12.3 s; flags: none added; cc gcc
  12.2.0, maturin 1.9.4

Audit of the builds
  not attributable: cy.find@debug: built with -O0 (-O3 -O0: the last one counts) in a.c: a ratio
  between them says as much about the flags as about the code.
    Next: compare it with the same entry under another profile, and with nothing else.
  warning: different compilers: cy: gcc 12; rs: rustc 1: a difference may come from the code
  generator, not from the source.
    Next: race it with --factor compiler=clang too: clang shares LLVM with rustc.

In a forked child, after a call in its parent, it hangs: cy.rows[2]. With multiprocessing, use the
start method 'spawn'.
Noise floor: a second copy of numpy came within 0.4% of it in every case. Dropped for stolen time: 0
of 80 rounds.
time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over
10 epochs (sets of fresh processes); below 1 is faster. An interval more than 1.0% from 1 is a
difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share of what this machine
can do with as many threads; limit: the inputs read once (in C, 8 streams a thread), the output not
written. rate: bytes that a call must at least move, per second. @debug: no optimisation. [n]: n
threads. *: over few epochs.
""")


def test_race() -> None:
    assert races.race() == RACE


RACE_FROM_ANOTHER_SIDE = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext run total

WARNING: Not attributable: cy.find@debug: built with -O0 (-O3 -O0: the last one counts) in a.c. whichext audit has the details.
WARNING: In long, a call of rs.tiles takes less time than reading its inputs (238% of the limit): it does not do all of the work, or
bytes_moved() of the kernel is wrong.

wide (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant       ┃    time ┃      time / cy.find ┃ verdict  ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ limit[2]         │  259 ns │ 0.12   [0.12, 0.12] │ limit    │     100% │ 12.4 GB/s │
│ limit[1]         │  500 ns │ 0.24   [0.24, 0.24] │ limit    │     100% │ 6.41 GB/s │
│ cy.rows[2]       │  602 ns │ 0.29   [0.29, 0.29] │ faster   │ 65% ±0.3 │ 7.97 GB/s │
│ rs.tiles         │  952 ns │ 0.46   [0.45, 0.46] │ faster   │ 79% ±0.2 │ 5.04 GB/s │
│ cy.rows          │  999 ns │ 0.48   [0.48, 0.48] │ faster   │ 75% ±0.4 │ 4.80 GB/s │
│ cy.find          │ 2.08 us │                1.00 │ baseline │ 36% ±0.1 │ 2.30 GB/s │
│ numpy (A/A twin) │ 2.10 us │ 1.01   [1.00, 1.01] │ tie      │ 36% ±0.1 │ 2.29 GB/s │
│ numpy            │ 2.10 us │ 1.01   [1.01, 1.01] │ tie      │ 36% ±0.2 │ 2.28 GB/s │
│ cy.find@debug    │ 8.01 us │ 3.84   [3.82, 3.86] │ slower   │  9% ±0.0 │  599 MB/s │
└──────────────────┴─────────┴─────────────────────┴──────────┴──────────┴───────────┘
cy.rows[2] is the fastest: 3.48x [3.46, 3.50] as fast as cy.find.
The fastest of each toolchain: cy.rows[2] is 1.59x [1.58, 1.59] as fast as rs.tiles (faster) and 3.51x [3.49, 3.53] as fast as numpy
(faster); rs.tiles is 2.22x [2.20, 2.23] as fast as numpy (faster).
Parallel efficiency against the best serial contestant, rs.tiles: cy.rows[2] 0.79 [0.79, 0.80].

long (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant       ┃    time ┃      time / cy.find ┃ verdict  ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ limit[2]         │  781 ns │ 0.12   [0.12, 0.13] │ limit    │     100% │ 4.10 GB/s │
│ rs.tiles         │  948 ns │ 0.15   [0.15, 0.15] │ faster   │  238% ±1 │ 5.07 GB/s │
│ limit[1]         │ 1.51 us │ 0.24   [0.24, 0.24] │ limit    │     100% │ 2.13 GB/s │
│ cy.rows[2]       │ 1.80 us │ 0.29   [0.29, 0.29] │ faster   │ 65% ±0.2 │ 2.66 GB/s │
│ cy.rows          │ 3.00 us │ 0.48   [0.48, 0.48] │ faster   │ 75% ±0.4 │ 1.60 GB/s │
│ cy.find          │ 6.26 us │                1.00 │ baseline │ 36% ±0.1 │  767 MB/s │
│ numpy            │ 6.30 us │ 1.01   [1.00, 1.01] │ tie      │ 36% ±0.2 │  761 MB/s │
│ numpy (A/A twin) │ 6.30 us │ 1.01   [1.00, 1.01] │ tie      │ 36% ±0.2 │  761 MB/s │
│ cy.find@debug    │ 24.0 us │ 3.83   [3.82, 3.84] │ slower   │  9% ±0.0 │  200 MB/s │
└──────────────────┴─────────┴─────────────────────┴──────────┴──────────┴───────────┘
rs.tiles is the fastest: 6.59x [6.57, 6.62] as fast as cy.find.
The fastest of each toolchain: rs.tiles is 1.90x [1.89, 1.91] as fast as cy.rows[2] (faster) and 6.64x [6.61, 6.67] as fast as numpy
(faster); cy.rows[2] is 3.50x [3.49, 3.52] as fast as numpy (faster).
Parallel efficiency against the best serial contestant, rs.tiles: cy.rows[2] 0.26 [0.26, 0.26].

Confounded: cy.rows[2] and cy.find (wide) differ in order, threads: their ratio is the effect of none of these alone.
Confounded: rs.tiles and cy.find (long) differ in compiler, lto, order, toolchain: their ratio is the effect of none of these alone.

From cy.find@debug to rs.tiles (wide) there is no path in steps of one factor: cy.find@debug and rs.tiles differ in compiler: unstated ->
rustc, isa: unstated -> baseline, lto: unstated -> fat, optimisation: none -> O3, order: column -> tile, toolchain: cython -> rust.
  Next: write an entry that differs from cy.find@debug in one of them alone; no compiler setting makes it.

From cy.find@debug to cy.rows[2] (wide) there is no path in steps of one factor: cy.find@debug and cy.find differ in compiler: unstated ->
gcc, isa: unstated -> baseline, lto: unstated -> none, optimisation: none -> O3.
  Next: write an entry that differs from cy.find@debug in one of them alone; no compiler setting makes it.

Effects of single factors: times as fast, between two that differ in nothing else

 factor                              wide                long
 ────────────────────────────────────────────────────────────
 order: column -> row  2.09x [2.08, 2.09]  2.08x [2.08, 2.09]
   cy.find
   cy.rows
 threads: 1 -> 2       1.67x [1.66, 1.67]  1.67x [1.66, 1.67]
   cy.rows
   cy.rows[2]

First call in a fresh process, case wide
┏━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━┓
┃ contestant    ┃  import ┃ first call ┃
┡━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━┩
│ cy.find       │ 3.00 ms │    75.0 us │
│ numpy         │ 3.00 ms │    70.0 us │
│ cy.find@debug │ 3.00 ms │    74.0 us │
│ cy.rows       │ 3.00 ms │    76.0 us │
│ cy.rows[2]    │ 3.00 ms │    77.0 us │
│ rs.tiles      │ 3.00 ms │    78.0 us │
└───────────────┴─────────┴────────────┘

Builds
  whichext's own reader and harness (limitprobe @release): wheel 81.9 kB, 1,234 lines of code, built in 12.3 s; flags: -O0 appended to 2
  calls of c; cc gcc 12.2.0, maturin 1.9.4
  cy @release: wheel 81.9 kB, 1,234 lines of code, built in 12.3 s; flags: -O0 appended to 2 calls of c; cc gcc 12.2.0, maturin 1.9.4
  cy @debug: wheel 81.9 kB, 1,234 lines of code, built in 12.3 s; flags: -O0 appended to 2 calls of c; cc gcc 12.2.0, maturin 1.9.4
  rs @release: wheel 1.23 MB, 1,234 lines of code, built in 12.3 s; flags: none added; cc gcc 12.2.0, maturin 1.9.4

Audit of the builds
  not attributable: cy.find@debug: built with -O0 (-O3 -O0: the last one counts) in a.c: a ratio between them says as much about the flags
  as about the code.
    Next: compare it with the same entry under another profile, and with nothing else.
  warning: different compilers: cy: gcc 12; rs: rustc 1: a difference may come from the code generator, not from the source.
    Next: race it with --factor compiler=clang too: clang shares LLVM with rustc.

In a forked child, after a call in its parent, it hangs: cy.rows[2]. With multiprocessing, use the start method 'spawn'.
Noise floor: a second copy of numpy came within 0.4% of it in every case. Dropped for stolen time: 0 of 80 rounds.
time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over 10 epochs (sets of fresh processes);
below 1 is faster. An interval more than 1.0% from 1 is a difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share of
what this machine can do with as many threads; limit: the inputs read once (in C, 8 streams a thread), the output not written. rate: bytes
that a call must at least move, per second. @debug: no optimisation. [n]: n threads. *: over few epochs.
""")


def test_race_from_another_side() -> None:
    assert races.race_from_another_side() == RACE_FROM_ANOTHER_SIDE
