"""Memos that recommend nothing new, as a whole."""

from __future__ import annotations

from inline_snapshot import snapshot

from snapshots import memos

MEMO_TO_USE_THE_REFERENCE = snapshot("""\
# How fast is a sum?

A memo on the kernel `total`, written by whichext 0.1.0 from a race on 2025-01-02. Speed-ups are times as fast: at 2x, a call takes half of the time. In brackets: their intervals.

## Recommendation

**Use `numpy`.**

In the geometric mean of 2 cases nothing is 1.2 times as fast. The best, `rs.find`, is 0.98x [0.97, 0.98] as fast as `numpy`. But something is in `wide`; see below.

Confidence: **low**: `wide` speaks against it.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._

## Speed

The best of each toolchain, with one thread and with several. Share of the limit: 100% moves its bytes as fast as this machine can with as many threads.

| case | contestant | a call | times as fast as `numpy` | share of the limit |
| --- | --- | ---: | ---: | ---: |
| `wide` (20, 30) float64, C order | `cy.find` | 999 ns | 2.00x [2.00, 2.01] | - |
|  | `numpy` | 2.00 us | 1 | - |
|  | `rs.find` | 2.10 us | 0.95x [0.95, 0.96] | - |
| `long` (20, 30) float64, C order | `numpy` | 997 ns | 1 | - |
|  | `rs.find` | 1.00 us | 1.00x [0.99, 1.00] | - |
|  | `cy.find` | 3.99 us | 0.25x [0.25, 0.25] | - |

The fastest of each toolchain against each other:

- `wide`: `cy.find` is 2.10x [2.10, 2.10] as fast as `rs.find` (faster).
- `long`: `rs.find` is 3.99x [3.98, 4.00] as fast as `cy.find` (faster).

## The cost of a call

In `wide`, the smallest case raced, a call moves 4.80 kB.

| contestant | a call | times as fast as `numpy` | first call | import |
| --- | ---: | ---: | ---: | ---: |
| `numpy` | 2.00 us | 1 | 50.0 us | 1.00 ms |
| `rs.find` | 2.10 us | 0.95x [0.95, 0.96] | 50.0 us | 1.00 ms |
| `cy.find` | 999 ns | 2.00x [2.00, 2.01] | 50.0 us | 1.00 ms |

First call and import: in a fresh process, including the start of threads and compilation.

## What it costs

| contestant | toolchains | fetched to build | its users need | build | wheel | lines of code |
| --- | --- | --- | --- | ---: | ---: | ---: |
| `rs.find` | cargo 1.0, cc 1.0, rustc 1.0 | maturin 1.0 | - | 10.0 s | 50.0 kB | 123 |
| `cy.find` | cc 1.0 | cython 1.0 | - | 10.0 s | 50.0 kB | 123 |

Build: wall time from scratch on this machine, with the environment that the build sets up. Wheel: without the packages and shared libraries that its users need as well. Lines of code: those of the project, with no blank lines, comments, docstrings and tests, and no settings of the build.

## Why

Single factors that make a difference of 1.2 times or more, between two that differ in nothing else:

- **toolchain** cy → numpy: 0.50x [0.50, 0.50] (`wide`), 4.00x [3.99, 4.01] (`long`); `cy.find` → `numpy`
- **toolchain** cy → rs: 0.48x [0.48, 0.48] (`wide`), 3.99x [3.98, 4.00] (`long`); `cy.find` → `rs.find`

From where people begin to the best, one factor at a time:

- `rs.find` → `cy.find` (`wide`): 2.10x [2.10, 2.10], all of it toolchain rs → cy
- `cy.find` → `rs.find` (`long`): 3.99x [3.98, 4.00], all of it toolchain cy → rs

## What would change this answer

- **Mostly `wide`**: worth it, `cy.find` is 2.00x [2.00, 2.01] as fast as `numpy`.
- **Another `--worth`** (here 1.2): use `numpy`, from 1 to 100.

## How it was measured

- Machine: Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0.
- 2025-01-02T03:04:05+00:00, 60.0 s, with `whichext run total`.
- Cases that decide: `wide` and `long`. Worth a toolchain: 1.2 times as fast.
- Intervals: 95%, over 10 epochs (sets of fresh processes), each from turns of the same rounds. Only the profile `release`, which is what users of a wheel get, can be recommended.
- No A/A twin raced, so the noise of this race is not known.
- Limit: the inputs read once (by NumPy, since the C reader was not built), the output not written.
""")


def test_memo_to_use_the_reference() -> None:
    assert memos.memo_to_use_the_reference() == MEMO_TO_USE_THE_REFERENCE


MEMO_THAT_IS_UNRESOLVED = snapshot("""\
# How fast is a sum?

A memo on the kernel `total`, written by whichext 0.1.0 from a race on 2025-01-02. Speed-ups are times as fast: at 2x, a call takes half of the time. In brackets: their intervals.

## Recommendation

**Unresolved: whether anything is worth it cannot be told from this race.**

In `wide`, the only case that decides, the best that raced, `cy.find`, is 1.22x [1.15, 1.30] as fast as `numpy`. About 10 times as many epochs as there were would probably resolve it (a case had 10 at least).

Confidence: **low**: the run ended before it was done.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._

## Speed

The best of each toolchain, with one thread and with several. Share of the limit: 100% moves its bytes as fast as this machine can with as many threads.

| case | contestant | a call | times as fast as `numpy` | share of the limit |
| --- | --- | ---: | ---: | ---: |
| `wide` (20, 30) float64, C order | `cy.find` | 976 ns | 1.22x [1.15, 1.30] | - |
|  | `numpy` | 1.17 us | 1 | - |
|  | `rs.find` | 4.94 us | 0.24x [0.23, 0.26] | - |

The fastest of each toolchain against each other:

- `wide`: `cy.find` is 4.99x [4.78, 5.21] as fast as `rs.find` (faster).

## The cost of a call

In `wide`, the smallest case raced, a call moves 4.80 kB.

| contestant | a call | times as fast as `numpy` | first call | import |
| --- | ---: | ---: | ---: | ---: |
| `numpy` | 1.17 us | 1 | 50.0 us | 1.00 ms |
| `cy.find` | 976 ns | 1.22x [1.15, 1.30] | 50.0 us | 1.00 ms |
| `rs.find` | 4.94 us | 0.24x [0.23, 0.26] | 50.0 us | 1.00 ms |

First call and import: in a fresh process, including the start of threads and compilation.

## What it costs

| contestant | toolchains | fetched to build | its users need | build | wheel | lines of code |
| --- | --- | --- | --- | ---: | ---: | ---: |
| `cy.find` | cc 1.0 | cython 1.0 | - | 10.0 s | 50.0 kB | 123 |
| `rs.find` | cargo 1.0, cc 1.0, rustc 1.0 | maturin 1.0 | - | 10.0 s | 50.0 kB | 123 |

Build: wall time from scratch on this machine, with the environment that the build sets up. Wheel: without the packages and shared libraries that its users need as well. Lines of code: those of the project, with no blank lines, comments, docstrings and tests, and no settings of the build.

## Why

Single factors that make a difference of 1.2 times or more, between two that differ in nothing else:

- **toolchain** numpy → cy: 1.22x [1.15, 1.30] (`wide`); `numpy` → `cy.find`
- **toolchain** rs → cy: 4.99x [4.78, 5.21] (`wide`); `rs.find` → `cy.find`
- **toolchain** rs → numpy: 4.12x [3.90, 4.36] (`wide`); `rs.find` → `numpy`

From where people begin to the best, one factor at a time:

- `rs.find` → `cy.find` (`wide`): 4.99x [4.78, 5.21], all of it toolchain rs → cy

## What would change this answer

- **Another `--worth`** (here 1.2): use `cy.find`; from about 1.15 on, unresolved; from about 1.30 on, use `numpy`.

## How it was measured

- **Warning**: The run ended before it was done: it was interrupted. Continue with the same arguments and `--resume FILE`, where `-o FILE` was given.
- Machine: Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0.
- 2025-01-02T03:04:05+00:00, 60.0 s, with `whichext run total`.
- Cases that decide: `wide`. Worth a toolchain: 1.2 times as fast.
- Intervals: 95%, over 10 epochs (sets of fresh processes), each from turns of the same rounds. Only the profile `release`, which is what users of a wheel get, can be recommended.
- No A/A twin raced, so the noise of this race is not known.
- Limit: the inputs read once (by NumPy, since the C reader was not built), the output not written.
""")


def test_memo_that_is_unresolved() -> None:
    assert memos.memo_that_is_unresolved() == MEMO_THAT_IS_UNRESOLVED


MEMO_WITHOUT_A_RACE = snapshot("""\
# How fast is a sum?

A memo on the kernel `total`, written by whichext 0.1.0 from a race on 2025-01-02. Speed-ups are times as fast: at 2x, a call takes half of the time. In brackets: their intervals.

## Recommendation

**Unresolved: whether anything is worth it cannot be told from this race.**

There was nothing to compare: see "Safety" for the reasons.

Confidence: **low**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._

## Speed

The best of each toolchain, with one thread and with several. Share of the limit: 100% moves its bytes as fast as this machine can with as many threads.

| case | contestant | a call | times as fast as `numpy` | share of the limit |
| --- | --- | ---: | ---: | ---: |
| `wide` (20, 30) float64, C order | `numpy` | 1.00 us | 1 | - |

## The cost of a call

In `wide`, the smallest case raced, a call moves 4.80 kB.

| contestant | a call | times as fast as `numpy` | first call | import |
| --- | ---: | ---: | ---: | ---: |
| `numpy` | 1.00 us | 1 | 50.0 us | 1.00 ms |

First call and import: in a fresh process, including the start of threads and compilation.

## Safety

- `rs.find`: did not build: `sum.c:3:1: error: unknown type`. Next: install gcc

## What would change this answer

- **What did not race** might be faster: `cy.find` (Rust's cargo is missing: install Rust from https://rustup.rs).
- **`rs.find` fixed**: how fast that would be is not known yet.
- **Another `--worth`** (here 1.2): unresolved, from 1 to 100.

## How it was measured

- Machine: Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0.
- 2025-01-02T03:04:05+00:00, 60.0 s, with `whichext run total`.
- Cases that decide: `wide`. Worth a toolchain: 1.2 times as fast.
- Intervals: 95%, over 10 epochs (sets of fresh processes), each from turns of the same rounds. Only the profile `release`, which is what users of a wheel get, can be recommended.
- No A/A twin raced, so the noise of this race is not known.
- Limit: the inputs read once (by NumPy, since the C reader was not built), the output not written.
""")


def test_memo_without_a_race() -> None:
    assert memos.memo_without_a_race() == MEMO_WITHOUT_A_RACE
