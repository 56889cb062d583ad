"""Reports in which every outcome occurs, as a whole."""

from __future__ import annotations

from inline_snapshot import snapshot

from snapshots import races

RACE_WITH_EVERY_OUTCOME = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext run total

small (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant            ┃    time ┃        time / numpy ┃ verdict      ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ cy.total[2]           │  700 ns │ 0.35   [0.35, 0.35] │ faster       │        - │ 6.86 GB/s │
│ cy.total              │ 1.00 us │ 0.50   [0.50, 0.50] │ faster       │        - │ 4.80 GB/s │
│ numpy                 │ 2.00 us │                1.00 │ baseline     │        - │ 2.40 GB/s │
│ cy.same               │ 2.00 us │ 1.00   [1.00, 1.00] │ tie          │        - │ 2.40 GB/s │
│ cy.noisy              │ 2.20 us │ 1.05   [0.78, 1.41] │ unresolved   │        - │ 2.18 GB/s │
│ cy.total@debug        │ 90.0 us │ 45.0   [45.0, 45.0] │ slower       │        - │ 53.3 MB/s │
│ wrong.total           │       - │                   - │ WRONG        │        - │         - │
│ unbuilt.total         │       - │                   - │ BUILD FAILED │        - │         - │
│ unbuilt.sum           │       - │                   - │ BUILD FAILED │        - │         - │
│ crashing.total        │       - │                   - │ CRASHED      │        - │         - │
│ silent.total          │       - │                   - │ CRASHED      │        - │         - │
│ hanging.total         │       - │                   - │ TIMED OUT    │        - │         - │
│ picky.total           │       - │                   - │ unsupported  │        - │         - │
│ 2 contestants of rust │       - │                   - │ skipped      │        - │         - │
│ peers.total           │       - │                   - │ skipped      │        - │         - │
│ late.total            │       - │                   - │ skipped      │        - │         - │
│ stopped.total         │       - │                   - │ skipped      │        - │         - │
│ unasked.total         │       - │                   - │ skipped      │        - │         - │
└───────────────────────┴─────────┴─────────────────────┴──────────────┴──────────┴───────────┘
cy.total[2] is the fastest: 2.86x [2.86, 2.86] as fast as numpy.
Unresolved against numpy: cy.noisy (about 296 epochs would probably resolve it).
Parallel efficiency against the best serial contestant, cy.total: cy.total[2] 0.71 [0.71, 0.71].

Confounded: cy.total[2] and numpy (small) differ in threads, toolchain: their ratio is the effect of
none of these alone.

From cy.total@debug to cy.total, the best with one thread, one factor at a time

 factor                                       small
 ──────────────────────────────────────────────────
 optimisation: none -> unstated  90.0x [90.0, 90.0]
   cy.total

 product of the steps                         90.0x
 measured directly               90.0x [90.0, 90.0]

From cy.total@debug to cy.total[2], the best with several threads, one factor at a time

 factor                                       small
 ──────────────────────────────────────────────────
 optimisation: none -> unstated  90.0x [90.0, 90.0]
   cy.total
 threads: 1 -> 2                 1.43x [1.43, 1.43]
   cy.total[2]

 product of the steps                          129x
 measured directly                  129x [129, 129]

Effects of single factors: times as fast, between two that differ in nothing else

 factor                                       small
 ──────────────────────────────────────────────────
 optimisation: none -> unstated  90.0x [90.0, 90.0]
   cy.total@debug
   cy.total
 threads: 1 -> 2                 1.43x [1.43, 1.43]
   cy.total
   cy.total[2]
 threads: 1 -> 2                 2.86x [2.86, 2.86]
   cy.same
   cy.total[2]
 threads: 1 -> 2                 3.00x [2.24, 4.01]
   cy.noisy
   cy.total[2]
 toolchain: cy -> numpy          1.00x [1.00, 1.00]
   cy.same
   numpy
 toolchain: cy -> numpy          1.05x [0.78, 1.41]
   cy.noisy
   numpy
 toolchain: numpy -> cy          2.00x [2.00, 2.00]
   numpy
   cy.total

First call in a fresh process, case small
┏━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━┓
┃ contestant     ┃  import ┃ first call ┃
┡━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━┩
│ numpy          │ 1.00 ms │    2.00 us │
│ cy.total       │ 1.00 ms │    2.00 us │
│ cy.total@debug │ 1.00 ms │    2.00 us │
│ cy.same        │ 1.00 ms │    2.00 us │
│ cy.noisy       │ 1.00 ms │    2.00 us │
│ cy.total[2]    │ 1.00 ms │    2.00 us │
└────────────────┴─────────┴────────────┘

Builds
  cy @release: wheel 81.9 kB, 1,234 lines of code, built in 12.3 s; flags: -O0 appended to 2 calls
  of c; cc gcc 12.2.0, maturin 1.9.4

Not raced
  wrong.total: wrong on float64 NaN: expected nan at (1,), got 3.0 (2 of 7 values differ)
  unbuilt.total, unbuilt.sum: did not build:
    | sum.c:3:1: error: unknown type
    Next: install gcc
  crashing.total: crashed on small: killed by SIGSEGV
    | about to read address 0
  silent.total: crashed on import: exit status 1
  hanging.total: gave no answer on small within 2.00 s and was killed
    Next: if it is only slow, allow more with --time-limit
  picky.total: refused it: ValueError: expected C order
  rust.total, rust.sum: skipped: Rust's cargo is missing
    Next: install Rust from https://rustup.rs
  peers.total: skipped: numba is missing
    Next: pip install numba
  late.total: skipped: there was no time left to race it
    Next: give it more with --max-time, or go on with --resume
  stopped.total: skipped: the race was stopped before
    Next: go on with --resume; why it stopped stands above
  unasked.total: skipped: no race was asked for
    Next: whichext run

No A/A twin raced, so the noise of this race is not known.
time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over
5 epochs (sets of fresh processes); below 1 is faster. An interval more than 1.0% from 1 is a
difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share of what this machine
can do with as many threads; limit: the inputs read once (by NumPy, since the C reader was not
built), the output not written. rate: bytes that a call must at least move, per second. @debug: no
optimisation. [n]: n threads. *: over few epochs.
""")


def test_race_with_every_outcome() -> None:
    assert races.race_with_every_outcome() == RACE_WITH_EVERY_OUTCOME


RACE_JUDGED_WITH_EVERY_OUTCOME = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext run total

wide (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant ┃    time ┃        time / numpy ┃ verdict      ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ cy.find    │  999 ns │ 0.25   [0.25, 0.25] │ faster       │        - │ 4.80 GB/s │
│ numpy      │ 4.00 us │                1.00 │ baseline     │        - │ 1.20 GB/s │
│ e.find     │       - │                   - │ CRASHED      │        - │         - │
│ g.find     │       - │                   - │ unsupported  │        - │         - │
│ b.find     │       - │                   - │ BUILD FAILED │        - │         - │
│ c.find     │       - │                   - │ WRONG        │        - │         - │
│ d.find     │       - │                   - │ CRASHED      │        - │         - │
│ f.find     │       - │                   - │ TIMED OUT    │        - │         - │
│ rs.find    │       - │                   - │ skipped      │        - │         - │
└────────────┴─────────┴─────────────────────┴──────────────┴──────────┴───────────┘
cy.find is the fastest: 4.01x [4.00, 4.02] as fast as numpy.

long (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┓
┃ contestant ┃    time ┃ time / numpy ┃ verdict      ┃ of limit ┃     rate ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━┩
│ numpy      │ 8.97 us │         1.00 │ baseline     │        - │ 535 MB/s │
│ b.find     │       - │            - │ BUILD FAILED │        - │        - │
│ c.find     │       - │            - │ WRONG        │        - │        - │
│ d.find     │       - │            - │ CRASHED      │        - │        - │
│ f.find     │       - │            - │ TIMED OUT    │        - │        - │
│ cy.find    │       - │            - │ skipped      │        - │        - │
│ e.find     │       - │            - │ skipped      │        - │        - │
│ g.find     │       - │            - │ skipped      │        - │        - │
│ rs.find    │       - │            - │ skipped      │        - │        - │
└────────────┴─────────┴──────────────┴──────────────┴──────────┴──────────┘
Only numpy could be raced, so there is nothing to compare it with.

Effects of single factors: times as fast, between two that differ in nothing else

 factor                                wide  long
 ────────────────────────────────────────────────
 toolchain: numpy -> cy  4.01x [4.00, 4.02]     -
   numpy
   cy.find

First call in a fresh process, case wide
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━┓
┃ contestant ┃  import ┃ first call ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━┩
│ numpy      │ 1.00 ms │    50.0 us │
│ cy.find    │ 1.00 ms │    50.0 us │
│ e.find     │ 1.00 ms │    50.0 us │
│ g.find     │ 1.00 ms │    50.0 us │
└────────────┴─────────┴────────────┘

Not raced
  e.find (wide): crashed on wide: killed by SIGKILL
    | out of memory
  g.find (wide): refused it: ValueError: expected C order
  rs.find: skipped: Rust's cargo is missing
    Next: install Rust from https://rustup.rs
  b.find: did not build:
    | sum.c:3:1: error: unknown type
    Next: install gcc
  c.find: wrong on float64 NaN: expected nan at (1,), got 3.0 (2 of 7 values differ)
  d.find: crashed on small: killed by SIGSEGV
    | about to read address 0
  f.find: gave no answer on small within 2.00 s and was killed
    Next: if it is only slow, allow more with --time-limit
  cy.find, e.find, g.find (long): skipped: there was no time left to race it
    Next: give it more with --max-time, or go on with --resume

No A/A twin raced, so the noise of this race is not known.
time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over
10 epochs (sets of fresh processes); below 1 is faster. An interval more than 1.0% from 1 is a
difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share of what this machine
can do with as many threads; limit: the inputs read once (by NumPy, since the C reader was not
built), the output not written. rate: bytes that a call must at least move, per second. *: over few
epochs.
""")


def test_race_judged_with_every_outcome() -> None:
    assert races.race_judged_with_every_outcome() == RACE_JUDGED_WITH_EVERY_OUTCOME


STOPPED_RACE_WITH_EVERY_OUTCOME = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext run total

WARNING: The run ended before it was done: the disk is full. Continue with the same arguments and
--resume FILE, where -o FILE was given.

wide (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┓
┃ contestant ┃    time ┃        time / numpy ┃ verdict      ┃ of limit ┃      rate ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━┩
│ cy.find    │  999 ns │ 0.25   [0.25, 0.25] │ faster       │        - │ 4.80 GB/s │
│ numpy      │ 4.00 us │                1.00 │ baseline     │        - │ 1.20 GB/s │
│ e.find     │       - │                   - │ CRASHED      │        - │         - │
│ g.find     │       - │                   - │ unsupported  │        - │         - │
│ b.find     │       - │                   - │ BUILD FAILED │        - │         - │
│ c.find     │       - │                   - │ WRONG        │        - │         - │
│ d.find     │       - │                   - │ CRASHED      │        - │         - │
│ f.find     │       - │                   - │ TIMED OUT    │        - │         - │
│ rs.find    │       - │                   - │ skipped      │        - │         - │
└────────────┴─────────┴─────────────────────┴──────────────┴──────────┴───────────┘
cy.find is the fastest: 4.01x [4.00, 4.02] as fast as numpy.

long (20, 30) float64, C order: fits in the first cache
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━┓
┃ contestant ┃    time ┃ time / numpy ┃ verdict      ┃ of limit ┃     rate ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━┩
│ numpy      │ 8.97 us │         1.00 │ baseline     │        - │ 535 MB/s │
│ b.find     │       - │            - │ BUILD FAILED │        - │        - │
│ c.find     │       - │            - │ WRONG        │        - │        - │
│ d.find     │       - │            - │ CRASHED      │        - │        - │
│ f.find     │       - │            - │ TIMED OUT    │        - │        - │
│ cy.find    │       - │            - │ skipped      │        - │        - │
│ e.find     │       - │            - │ skipped      │        - │        - │
│ g.find     │       - │            - │ skipped      │        - │        - │
│ rs.find    │       - │            - │ skipped      │        - │        - │
└────────────┴─────────┴──────────────┴──────────────┴──────────┴──────────┘
Only numpy could be raced, so there is nothing to compare it with.

Effects of single factors: times as fast, between two that differ in nothing else

 factor                                wide  long
 ────────────────────────────────────────────────
 toolchain: numpy -> cy  4.01x [4.00, 4.02]     -
   numpy
   cy.find

First call in a fresh process, case wide
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━┓
┃ contestant ┃  import ┃ first call ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━┩
│ numpy      │ 1.00 ms │    50.0 us │
│ cy.find    │ 1.00 ms │    50.0 us │
│ e.find     │ 1.00 ms │    50.0 us │
│ g.find     │ 1.00 ms │    50.0 us │
└────────────┴─────────┴────────────┘

Not raced
  e.find (wide): crashed on wide: killed by SIGKILL
    | out of memory
  g.find (wide): refused it: ValueError: expected C order
  rs.find: skipped: Rust's cargo is missing
    Next: install Rust from https://rustup.rs
  b.find: did not build:
    | sum.c:3:1: error: unknown type
    Next: install gcc
  c.find: wrong on float64 NaN: expected nan at (1,), got 3.0 (2 of 7 values differ)
  d.find: crashed on small: killed by SIGSEGV
    | about to read address 0
  f.find: gave no answer on small within 2.00 s and was killed
    Next: if it is only slow, allow more with --time-limit
  cy.find, e.find, g.find (long): skipped: the race was stopped before
    Next: go on with --resume; why it stopped stands above

No A/A twin raced, so the noise of this race is not known.
time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over
10 epochs (sets of fresh processes); below 1 is faster. An interval more than 1.0% from 1 is a
difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share of what this machine
can do with as many threads; limit: the inputs read once (by NumPy, since the C reader was not
built), the output not written. rate: bytes that a call must at least move, per second. *: over few
epochs.
""")


def test_stopped_race_with_every_outcome() -> None:
    assert (
        races.race_judged_with_every_outcome(stopped="the disk is full")
        == STOPPED_RACE_WITH_EVERY_OUTCOME
    )
