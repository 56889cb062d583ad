"""Memos that recommend something, as a whole."""

from __future__ import annotations

from inline_snapshot import snapshot

from snapshots import memos

MEMO_TO_USE_ONE = snapshot("""\
# How fast is a sum?

A memo on the kernel `total`, written by whichext 0.1.0 from a race on 2025-01-02. Speed-ups are times as fast: at 2x, a call takes half of the time. In brackets: their intervals.

## Recommendation

**Use `rs.find`.**

In the geometric mean of 2 cases `rs.find` is 2.83x [2.83, 2.83] as fast as `numpy`. Least in `long`: 2.00x [2.00, 2.00]; most in `wide`: 4.01x [3.99, 4.02]. It is 2.76x [2.75, 2.76] as fast as `cy.find`, the best with another toolchain.

Confidence: **medium**: `zig.find` did not race; some are built differently, see "Safety".

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._

## Speed

The best of each toolchain, with one thread and with several. Share of the limit: 100% moves its bytes as fast as this machine can with as many threads.

| case | contestant | a call | times as fast as `numpy` | share of the limit |
| --- | --- | ---: | ---: | ---: |
| `wide` (20, 30) float64, C order | `rs.find` | 1.00 us | 4.01x [3.99, 4.02] | 120% [120%, 120%] |
|  | `cy.find` | 3.89 us | 1.03x [1.03, 1.03] | 31% [31%, 31%] |
|  | `numpy` | 4.00 us | 1 | 30% [30%, 30%] |
| `long` (20, 30) float64, C order | `rs.find` | 2.00 us | 2.00x [2.00, 2.00] | 60% [60%, 60%] |
|  | `cy.find` | 3.90 us | 1.02x [1.02, 1.03] | 31% [31%, 31%] |
|  | `numpy` | 4.00 us | 1 | 30% [30%, 30%] |

The fastest of each toolchain against each other:

- `wide`: `rs.find` is 3.89x [3.88, 3.91] as fast as `cy.find` (faster).
- `long`: `rs.find` is 1.95x [1.95, 1.96] as fast as `cy.find` (faster).

## The cost of a call

In `wide`, the smallest case raced, a call moves 4.80 kB.

| contestant | a call | times as fast as `numpy` | first call | import |
| --- | ---: | ---: | ---: | ---: |
| `numpy` | 4.00 us | 1 | 50.0 us | 1.00 ms |
| `rs.find` | 1.00 us | 4.01x [3.99, 4.02] | 50.0 us | 1.00 ms |
| `cy.find` | 3.89 us | 1.03x [1.03, 1.03] | 50.0 us | 1.00 ms |

First call and import: in a fresh process, including the start of threads and compilation.

## What it costs

| contestant | toolchains | fetched to build | its users need | build | wheel | lines of code |
| --- | --- | --- | --- | ---: | ---: | ---: |
| `rs.find` | cargo 1.0, cc 1.0, rustc 1.0 | maturin 1.0 | - | 10.0 s | 50.0 kB | 123 |
| `cy.find` | cc 1.0 | cython 1.0 | libgomp.so.1 | 10.0 s | 50.0 kB | 123 |

Build: wall time from scratch on this machine, with the environment that the build sets up. Wheel: without the packages and shared libraries that its users need as well. Lines of code: those of the project, with no blank lines, comments, docstrings and tests, and no settings of the build.

## Safety

How often each did what: on the cases, on nasty inputs and in unusual ways of calling it, compared with `numpy`. Refused: a clean error.

| contestant | right | refused | wrong | crashed | no answer |
| --- | ---: | ---: | ---: | ---: | ---: |
| `rs.find` | 0 | 0 | 0 | 0 | 0 |
| `cy.find` | 0 | 1 | 0 | 0 | 0 |
| `d.find` | 0 | 0 | 1 | 0 | 0 |

- `d.find`: wrong on `float64 NaN`: expected `nan at (1,)`, got `3.0 (2 of 7 values differ)`
- `rs`: 7 unsafe places in its Rust, 1 of them without a reason why it is safe

The audit of the builds found:

- **warning**: different compilers: `cy`: gcc 12; `rs`: rustc 1: a difference may come from the code generator, not from the source. Next: race it with `--factor compiler=clang` too: clang shares LLVM with rustc.
- **not attributable**: what compilers may do with numbers differs: `cy`: strict; `c`: fast: a difference may come from that, and so may other answers. Next: take -ffast-math, -Ofast and parts of them out of the flags of all of them, or put it into all.

## Why

From where people begin to the best, one factor at a time:

- `cy.find` → `rs.find` (`wide` and `long`): not attributed, since `cy.find` and `rs.find` differ in compiler: gcc → rustc, toolchain: cy → rs

Confounded: `rs.find` and `numpy` (`wide` and `long`) differ in compiler, isa, lto, optimisation, toolchain. Their ratio is the effect of none of these alone.

## What would change this answer

- **Cy is there already**: `cy.find` is 1.03x [1.03, 1.03] as fast as `numpy`, and `rs.find` 2.76x [2.75, 2.76] as fast as that.
- **What did not race** might be faster: `go.find` (Rust's cargo is missing: install Rust from https://rustup.rs).
- **`d.find` fixed**: how fast that would be is not known yet.
- **Not another language**: this is at the limit of the machine (`rs.find`: `wide` 120% [120%, 120%]). Only another machine makes it faster.
- **Another `--worth`** (here 1.2): use `rs.find`; from about 2.84 on, use `numpy`.

## How it was measured

- Machine: Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0.
- 2025-01-02T03:04:05+00:00, 60.0 s, with `whichext run total`.
- Cases that decide: `wide` and `long`. Worth a toolchain: 1.2 times as fast.
- Intervals: 95%, over 10 epochs (sets of fresh processes), each from turns of the same rounds. Only the profile `release`, which is what users of a wheel get, can be recommended.
- Noise floor: a second copy of `numpy` came within 0.4% of it in every case. Dropped for stolen time: 0 of 80 rounds.
- Limit: the inputs read once (by NumPy, since the C reader was not built), the output not written.
""")


def test_memo_to_use_one() -> None:
    assert memos.memo_to_use_one() == MEMO_TO_USE_ONE


MEMO_OF_NO_DIFFERENCE = snapshot("""\
# How fast is a sum?

A memo on the kernel `total`, written by whichext 0.1.0 from a race on 2025-01-02. Speed-ups are times as fast: at 2x, a call takes half of the time. In brackets: their intervals.

## Recommendation

**Use `cy.find[2]` or `rs.find[2]`: no difference worth a toolchain was found between them.** Take the one that your project builds already; if it builds none, `cy.find[2]` costs least (`cy.find[2]` needs `cc`; `rs.find[2]` needs `cargo` and `cc`).

In `wide`, the only case that decides, `cy.find[2]` is 5.73x [5.72, 5.75] as fast as `numpy` (`rs.find[2]` 5.81x [5.79, 5.82]). Measured against each other, `cy.find[2]` is 0.99x [0.98, 0.99] as fast as `rs.find[2]`.

Confidence: **high**.

Where a call may use one thread only: **Use `cy.find` or `rs.find`: no difference worth a toolchain was found between them.** In `wide`, the only case that decides, `cy.find` is 3.97x [3.96, 3.98] as fast as `numpy` (`rs.find` 4.01x [4.00, 4.02]). Measured against each other, `cy.find` is 0.99x [0.99, 0.99] as fast as `rs.find`. Confidence: **high**.

_High: the answer holds in every case with the whole interval, by more than the noise, and nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a case speaks against it, something that could change it is not known, or its build does not run on every processor._

## Speed

The best of each toolchain, with one thread and with several. Share of the limit: 100% moves its bytes as fast as this machine can with as many threads.

| case | contestant | a call | times as fast as `numpy` | share of the limit |
| --- | --- | ---: | ---: | ---: |
| `wide` (20, 30) float64, C order | `rs.find[2]` | 690 ns | 5.81x [5.79, 5.82] | - |
|  | `cy.find[2]` | 699 ns | 5.73x [5.72, 5.75] | - |
|  | `rs.find` | 1.00 us | 4.01x [4.00, 4.02] | - |
|  | `cy.find` | 1.01 us | 3.97x [3.96, 3.98] | - |
|  | `numpy` | 4.00 us | 1 | - |

The fastest of each toolchain against each other:

- `wide`: `rs.find[2]` is 1.01x [1.01, 1.02] as fast as `cy.find[2]` (tie).

<details><summary>The other cases, which do not decide</summary>

| case | contestant | a call | times as fast as `numpy` | share of the limit |
| --- | --- | ---: | ---: | ---: |
| `1x1` (20, 30) float64, C order | `rs.find[2]` | 6.91 ns | 1.74x [1.74, 1.74] | - |
|  | `cy.find[2]` | 7.01 ns | 1.71x [1.71, 1.72] | - |
|  | `rs.find` | 10.0 ns | 1.20x [1.20, 1.20] | - |
|  | `cy.find` | 10.1 ns | 1.19x [1.18, 1.19] | - |
|  | `numpy` | 12.0 ns | 1 | - |
| `1x9` (20, 30) float64, C order | `rs.find[2]` | 6.88 ns | 5.81x [5.80, 5.82] | - |
|  | `cy.find[2]` | 7.00 ns | 5.72x [5.71, 5.73] | - |
|  | `rs.find` | 10.0 ns | 4.00x [4.00, 4.01] | - |
|  | `cy.find` | 10.1 ns | 3.96x [3.95, 3.97] | - |
|  | `numpy` | 40.1 ns | 1 | - |

</details>

## The cost of a call

In `wide`, the smallest case raced, a call moves 4.80 kB.

| contestant | a call | times as fast as `numpy` | first call | import |
| --- | ---: | ---: | ---: | ---: |
| `numpy` | 4.00 us | 1 | 50.0 us | 1.00 ms |
| `rs.find[2]` | 690 ns | 5.81x [5.79, 5.82] | 50.0 us | 1.00 ms |
| `cy.find[2]` | 699 ns | 5.73x [5.72, 5.75] | 50.0 us | 1.00 ms |
| `rs.find` | 1.00 us | 4.01x [4.00, 4.02] | 50.0 us | 1.00 ms |
| `cy.find` | 1.01 us | 3.97x [3.96, 3.98] | 50.0 us | 1.00 ms |

First call and import: in a fresh process, including the start of threads and compilation.

## What it costs

| contestant | toolchains | fetched to build | its users need | build | wheel | lines of code |
| --- | --- | --- | --- | ---: | ---: | ---: |
| `rs.find[2]` and `rs.find` | cargo 1.0, cc 1.0, rustc 1.0 | maturin 1.0 | - | 10.0 s | 50.0 kB | 123 |
| `cy.find[2]` and `cy.find` | cc 1.0 | cython 1.0 | - | 10.0 s | 50.0 kB | 123 |

Build: wall time from scratch on this machine, with the environment that the build sets up. Wheel: without the packages and shared libraries that its users need as well. Lines of code: those of the project, with no blank lines, comments, docstrings and tests, and no settings of the build.

## Why

Single factors that make a difference of 1.2 times or more, between two that differ in nothing else:

- **threads** 1 → 2: 1.44x [1.44, 1.45] (`wide`); `cy.find` → `cy.find[2]`
- **threads** 1 → 2: 1.45x [1.45, 1.45] (`wide`); `rs.find` → `rs.find[2]`
- **threads** 1 → 2: 1.46x [1.46, 1.46] (`wide`); `cy.find[1]` → `cy.find[2]`
- **toolchain** numpy → cy: 3.97x [3.96, 3.98] (`wide`); `numpy` → `cy.find`
- **toolchain** numpy → cy: 3.93x [3.92, 3.94] (`wide`); `numpy` → `cy.find[1]`
- **toolchain** numpy → rs: 4.01x [4.00, 4.02] (`wide`); `numpy` → `rs.find`

From where people begin to the best, one factor at a time:

- `cy.find[1]` → `rs.find` (`wide`): 1.02x [1.02, 1.02], all of it toolchain cy → rs
- `cy.find[1]` → `rs.find[2]` (`wide`): 1.48x [1.47, 1.48], of threads 1 → 2 1.46x [1.46, 1.46], toolchain cy → rs 1.01x [1.01, 1.02]; the product of these is 1.48x

Confounded: `rs.find[2]` and `numpy` (`wide`, `1x1` and `1x9`) differ in threads, toolchain. Their ratio is the effect of none of these alone.

## What would change this answer

- **No threads allowed**: use `cy.find` or `rs.find`, `cy.find` is 3.97x [3.96, 3.98] as fast as `numpy`, `rs.find` is 4.01x [4.00, 4.02] as fast as `numpy` (confidence: high).
- **Another `--worth`** (here 1.2): use `rs.find[2]`; from about 1.01 on, use `cy.find[2]` or `rs.find[2]`; from about 1.46 on, use `cy.find` or `rs.find`; from about 4.02 on, use `cy.find[2]` or `rs.find[2]`; from about 5.82 on, use `numpy`.

## How it was measured

- Machine: Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0.
- 2025-01-02T03:04:05+00:00, 60.0 s, with `whichext run total`.
- Cases that decide: `wide`. Worth a toolchain: 1.2 times as fast.
- Intervals: 95%, over 10 epochs (sets of fresh processes), each from turns of the same rounds. Only the profile `release`, which is what users of a wheel get, can be recommended.
- No A/A twin raced, so the noise of this race is not known.
- Limit: the inputs read once (by NumPy, since the C reader was not built), the output not written.
""")


def test_memo_of_no_difference() -> None:
    assert memos.memo_of_no_difference() == MEMO_OF_NO_DIFFERENCE
