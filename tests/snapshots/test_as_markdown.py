"""What a race, a verification and an audit look like in an issue or a pull request."""

from __future__ import annotations

from inline_snapshot import snapshot

from snapshots import answers, races

RACE = snapshot("""\
# `total`: How fast is a sum?

Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0<br>2025-01-02T03:04:05+00:00  $ `whichext run total`

- **WARNING: Not attributable: `cy.find@debug`: built with -O0 (-O3 -O0: the last one counts) in `a.c`. `whichext.audit()` has the details.**
- **WARNING: In `long`, a call of `rs.tiles` takes less time than reading its inputs (238% of the limit): it does not do all of the work, or `bytes_moved()` of the kernel is wrong.**

## `wide` (20, 30) float64, C order: fits in the first cache

| contestant | time | time / `numpy` | verdict | of limit | rate |
| --- | ---: | ---: | --- | ---: | ---: |
| _`limit[2]`_ | _259 ns_ | _0.12   [0.12, 0.12]_ | _limit_ | _100%_ | _12.4 GB/s_ |
| _`limit[1]`_ | _500 ns_ | _0.24   [0.24, 0.24]_ | _limit_ | _100%_ | _6.41 GB/s_ |
| `cy.rows[2]` | 602 ns | 0.28   [0.28, 0.29] | faster | 65% ±0.3 | 7.97 GB/s |
| `rs.tiles` | 952 ns | 0.45   [0.45, 0.45] | faster | 79% ±0.2 | 5.04 GB/s |
| `cy.rows` | 999 ns | 0.47   [0.47, 0.48] | faster | 75% ±0.4 | 4.80 GB/s |
| `cy.find` | 2.08 us | 0.99   [0.99, 0.99] | tie | 36% ±0.1 | 2.30 GB/s |
| _`numpy (A/A twin)`_ | _2.10 us_ | _1.00   [0.99, 1.00]_ | _tie_ | _36% ±0.1_ | _2.29 GB/s_ |
| `numpy` | 2.10 us | 1.00 | baseline | 36% ±0.2 | 2.28 GB/s |
| `cy.find@debug` | 8.01 us | 3.80   [3.78, 3.82] | slower | 9% ±0.0 | 599 MB/s |

- `cy.rows[2]` is the fastest: 3.51x [3.49, 3.53] as fast as `numpy`.
- The fastest of each toolchain: `cy.rows[2]` is 1.59x [1.58, 1.59] as fast as `rs.tiles` (faster).
- Parallel efficiency against the best serial contestant, `rs.tiles`: `cy.rows[2]` 0.79 [0.79, 0.80].

## `long` (20, 30) float64, C order: fits in the first cache

| contestant | time | time / `numpy` | verdict | of limit | rate |
| --- | ---: | ---: | --- | ---: | ---: |
| _`limit[2]`_ | _781 ns_ | _0.12   [0.12, 0.12]_ | _limit_ | _100%_ | _4.10 GB/s_ |
| `rs.tiles` | 948 ns | 0.15   [0.15, 0.15] | faster | 238% ±1 | 5.07 GB/s |
| _`limit[1]`_ | _1.51 us_ | _0.24   [0.24, 0.24]_ | _limit_ | _100%_ | _2.13 GB/s_ |
| `cy.rows[2]` | 1.80 us | 0.29   [0.28, 0.29] | faster | 65% ±0.2 | 2.66 GB/s |
| `cy.rows` | 3.00 us | 0.48   [0.47, 0.48] | faster | 75% ±0.4 | 1.60 GB/s |
| `cy.find` | 6.26 us | 0.99   [0.99, 1.00] | tie | 36% ±0.1 | 767 MB/s |
| _`numpy (A/A twin)`_ | _6.30 us_ | _1.00   [1.00, 1.00]_ | _tie_ | _36% ±0.2_ | _761 MB/s_ |
| `numpy` | 6.30 us | 1.00 | baseline | 36% ±0.2 | 761 MB/s |
| `cy.find@debug` | 24.0 us | 3.80   [3.79, 3.81] | slower | 9% ±0.0 | 200 MB/s |

- `rs.tiles` is the fastest: 6.64x [6.61, 6.67] as fast as `numpy`.
- The fastest of each toolchain: `rs.tiles` is 1.90x [1.89, 1.91] as fast as `cy.rows[2]` (faster).
- Parallel efficiency against the best serial contestant, `rs.tiles`: `cy.rows[2]` 0.26 [0.26, 0.26].

Confounded: `cy.rows[2]` and `numpy` (`wide`) differ in compiler, isa, lto, optimisation, order, threads, toolchain: their ratio is the effect of none of these alone.<br>Confounded: `rs.tiles` and `numpy` (`long`) differ in compiler, isa, lto, optimisation, order, toolchain: their ratio is the effect of none of these alone.

From `cy.find@debug` to `rs.tiles` (`wide`) there is no path in steps of one factor: `cy.find@debug` and `rs.tiles` differ in compiler: unstated -> rustc, isa: unstated -> baseline, lto: unstated -> fat, optimisation: none -> O3, order: column -> tile, toolchain: cython -> rust.<br>  Next: write an entry that differs from `cy.find@debug` in one of them alone; no compiler setting makes it.

## From `cy.find@debug` to `cy.rows[2]`, the best with several threads, one factor at a time

| factor | `wide` | `long` |
| --- | ---: | ---: |
| optimisation: none -> O3<br>  `cy.find` | 3.84x [3.82, 3.86] | 3.83x [3.82, 3.84] |
| order: column -> row<br>  `cy.rows` | 2.09x [2.08, 2.09] | 2.08x [2.08, 2.09] |
| threads: 1 -> 2<br>  `cy.rows[2]` | 1.67x [1.66, 1.67] | 1.67x [1.66, 1.67] |
| product of the steps | 13.3x | 13.3x |
| measured directly | 13.3x [13.3, 13.4] | 13.3x [13.2, 13.3] |

## Effects of single factors: times as fast, between two that differ in nothing else

| factor | `wide` | `long` |
| --- | ---: | ---: |
| optimisation: none -> O3<br>  `cy.find@debug`<br>  `cy.find` | 3.84x [3.82, 3.86] | 3.83x [3.82, 3.84] |
| order: column -> row<br>  `cy.find`<br>  `cy.rows` | 2.09x [2.08, 2.09] | 2.08x [2.08, 2.09] |
| threads: 1 -> 2<br>  `cy.rows`<br>  `cy.rows[2]` | 1.67x [1.66, 1.67] | 1.67x [1.66, 1.67] |

## First call in a fresh process, case `wide`

| contestant | import | first call |
| --- | ---: | ---: |
| `numpy` | 3.00 ms | 70.0 us |
| `cy.find@debug` | 3.00 ms | 74.0 us |
| `cy.find` | 3.00 ms | 75.0 us |
| `cy.rows` | 3.00 ms | 76.0 us |
| `cy.rows[2]` | 3.00 ms | 77.0 us |
| `rs.tiles` | 3.00 ms | 78.0 us |

## Builds

- whichext's own reader and harness (`limitprobe @release`): wheel 81.9 kB, 1,234 lines of code, built in 12.3 s; flags: `-O0` appended to 2 calls of c; cc gcc 12.2.0, maturin 1.9.4
- `cy @release`: wheel 81.9 kB, 1,234 lines of code, built in 12.3 s; flags: `-O0` appended to 2 calls of c; cc gcc 12.2.0, maturin 1.9.4
- `cy @debug`: wheel 81.9 kB, 1,234 lines of code, built in 12.3 s; flags: `-O0` appended to 2 calls of c; cc gcc 12.2.0, maturin 1.9.4
- `rs @release`: wheel 1.23 MB, 1,234 lines of code, built in 12.3 s; flags: none added; cc gcc 12.2.0, maturin 1.9.4

## Audit of the builds

- **not attributable:** `cy.find@debug`: built with -O0 (-O3 -O0: the last one counts) in `a.c`: a ratio between them says as much about the flags as about the code.<br>  Next: compare it with the same entry under another profile, and with nothing else.
- warning: different compilers: `cy`: gcc 12; `rs`: rustc 1: a difference may come from the code generator, not from the source.<br>  Next: race it with `factors="compiler=clang"` too: clang shares LLVM with rustc.

In a forked child, after a call in its parent, it hangs: `cy.rows[2]`. With multiprocessing, use the start method 'spawn'.<br>Noise floor: a second copy of `numpy` came within 0.4% of it in every case. Dropped for stolen time: 0 of 80 rounds.<br>_time: median of one call. time / ...: ratio of times in the same rounds, with its 95% interval over 10 epochs (sets of fresh processes); below 1 is faster. An interval more than 1.0% from 1 is a difference, one within 3.0% that reaches to within 1.0% a tie. of limit: share of what this machine can do with as many threads; limit: the inputs read once (in C, 8 streams a thread), the output not written. rate: bytes that a call must at least move, per second. @debug: no optimisation. [n\\]: n threads. \\*: over few epochs._
""")


def test_race() -> None:
    assert races.race_as_markdown() == RACE


VERIFICATION = snapshot("""\
# `total`: How fast is a sum?

Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0<br>2025-01-02T03:04:05+00:00  $ `whichext verify total`<br>Answers must be exactly the reference's.

| contestant | plain | layouts | values | edges | refusals | drawn | state | threads | memory | fork | cases |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| `numpy` | 3 | 3 | 3 | 3 | 3 | 3 | 3 | 3 | 3 | 3 | 3 |
| `cy.total` | 12 | 4+2 | 7 | - | - | 83 | - | - | - | **HUNG** | - |
| `cy.bad` | 12 | - | **WRONG 1** | **WRONG 8** | - | **WRONG 1** | - | - | - | - | - |
| `rust.total` | 1 | - | **CRASHED** | - | - | - | - | - | - | - | - |
| `rust.slow` | **HUNG** | - | - | - | - | - | - | - | - | - | - |
| `rust.broken` | - | - | - | - | - | - | - | - | - | - | - |

- `cy.total` did not answer 2 of layouts (`layouts: TypeError: no`)

**`cy.bad`: wrong on `drawn inputs`: expected `2.0 at (0,)`, got `1.0 (1 of 1 values differ)`**<br>  likewise on `float64 NaN`, `edge 0`, `edge 1`, `edge 2`, `edge 3`, `edge 4` and 3 more

```
import numpy as np

values = np.array([[1.0, 2.0]], 'float64')
```

**`rust.total`: crashed on `small`: `killed by SIGSEGV`**<br>  | `about to read address 0`

**`rust.slow`: gave no answer on `small` within 2.00 s and was killed**<br>  Next: if it is only slow, allow more with `time_limit_s`

```
values = None
```

**`rust.broken`: crashed on `import`: `ImportError: no libfoo`**

## Not verified

- `peers.one`, `peers.two`: skipped: numba is missing<br>  Next: pip install numba
- `zig.total`: did not build:<br>  | `sum.c:3:1: error: unknown type`<br>  Next: install gcc

In a forked child, after a call in its parent, it hangs: `cy.total`. With multiprocessing, use the start method 'spawn'.<br>_4+2: right 4 times; 2 more: refused with a clean error, as they may be, or not tried. WRONG 1: a wrong answer, or an error that is not clean, once. HUNG: no answer in time. CRASHED: the process ended by itself. -: not tried, mostly since it was wrong, or its process lost, before. What is wrong does not race. What happens in a forked child keeps no contestant out._
""")


def test_verification() -> None:
    assert answers.verification_as_markdown() == VERIFICATION


AUDIT = snapshot("""\
| build | compiler | told | sources |
| --- | --- | --- | --- |
| `cy` | gcc 12.2.0 | -O3, OpenMP | `a.c` |
|  | gcc 12.2.0 | -O3 | `b.c` |
| `cy @native` | gcc 12.2.0 | -O3, avx2, debug symbols | `a.c` |
| `cy @debug` | gcc 12.2.0 | -O0 (-O3 -O0) | `a.c` |
| `rs` | rustc 1.95.0 | opt-level=3, LTO fat | `a.rs`, `b.rs` and 2 more |
| `c` | gcc 12.2.0 | -O0 (no level), sanitizer address, sanitizer undefined | `a.c` |
| `plain` | - | - | no compiler was seen |

- `cy @debug`: did not build:<br>  | `sum.c:3:1: error: unknown type`<br>  Next: install gcc
- `go @release`: skipped: Rust's cargo is missing<br>  Next: install Rust from https://rustup.rs

| wheel | fits | size | unpacked | stripped | needs | built in | again |
| --- | --- | --- | --- | --- | --- | --- | --- |
| `cy` | `cp312-cp312-linux_x86_64` | 81.9 kB | 100 kB | 60.0 kB | `libgomp.so.1` | 12.3 s | - |
| `cy @native` | `cp312-cp312-linux_x86_64` | 81.9 kB | 100 kB | 80.0 kB | - | 12.3 s | - |
| `rs` | `cp312-cp312-linux_x86_64` | 81.9 kB | 100 kB | 80.0 kB | - | 12.3 s | 2.00 ms |

| build | vectors | functions |
| --- | --- | --- |
| `cy` | 512 bits | `cy.f11`, `cy.f8`, `cy.f5`, `cy.f2` |
|  | 256 bits | `cy.f10`, `cy.f7`, `cy.f4`, `cy.f1` |
|  | 128 bits | `cy.f9`, `cy.f6`, `cy.f3`, `cy.f0` |
| `cy @native` | - | no function computes on vectors |
| `cy @debug` | - | no function computes on vectors |
| `rs` | 512 bits | somewhere: the names were stripped |
| `c` | - | no function computes on vectors |

| entry | import | busy | GIL |
| --- | --- | --- | --- |
| `cy.total` | 3.00 ms | 2 threads | free 98% |
| `rs.total` | 400 us | 1 thread | free 0% |
| `c.total` | - | - | not seen: killed by SIGSEGV |

`rs`: 7 unsafe places, 2 without SAFETY:<br>`cy`: not seen: a.pyx: Cython did not annotate it<br>`c`: not seen: functions of `c.so`: capstone is not there

- **kernel author's error:** `cy.rows`: declared `isa = "avx2"`, built with no flag: differences would be attributed to a factor that does not differ as declared.<br>  Next: fix `factors.isa` in the project's pyproject.toml, or its build files.
- **not attributable:** `cy.find@debug`: built with -O0 (-O3 -O0: the last one counts) in `a.c`: a ratio between them says as much about the flags as about the code.<br>  Next: compare it with the same entry under another profile, and with nothing else.
- **not attributable:** `cy.rows`: built with no level of optimisation, which is -O0, but `rs`, `rs @native` with -O3: a ratio between them says as much about the flags as about the code.<br>  Next: ask for -O2 or more in the project's build files (or run with `profiles="native"`).
- **not attributable:** different optimisation levels: `cy`: -O3; `rs`: -O2: a difference may come from the flags, not from the code.<br>  Next: set the same level in their build files, or the setting optimisation=O3 for all.
- **not attributable:** different target processors: `cy`: avx512f; `rs`, `zig`: no flag: wider vectors may make the difference, and such a wheel does not run everywhere.<br>  Next: leave out -march, target-cpu and the like, or run all with `profiles="native"`.
- **not attributable:** different compilers: `cy`: gcc 12; `c`: clang 19: a difference may come from the code generator, not from the source.<br>  Next: build all with one: CC=gcc or CC=clang (and CXX) before the command.
- warning: different compilers: `cy`: gcc 12; `rs`: rustc 1: a difference may come from the code generator, not from the source.<br>  Next: race it with `factors="compiler=clang"` too: clang shares LLVM with rustc.
- **not attributable:** `cy.rows[2]`: `rows.pyx`, `factors.pool` asked for OpenMP, and it is not there: compilers turn prange and pragmas into plain loops without warning: one thread works.<br>  Next: add -fopenmp to the compiler's and the linker's flags (Meson: dependency('openmp')), with a compiler that has it, which zig is not.
- **not attributable:** `rs.tiles`: built with sanitizers (address): they take most of the time, and the other builds have none.<br>  Next: leave out -fsanitize; `profiles="checked"` has the price of checks by itself.
- **not attributable:** `cy.find`: the loop calls Python at `find.pyx:7`, `find.pyx:8` (`PyObject_GetItem`): each iteration then costs what Python costs, and a ratio says nothing about compiled loops.<br>  Next: declare the types of what the loop touches, until cython -a shows the loop white.
- warning: `cy`: `helper()`: the loop calls Python at `h.pyx:1` (`f`): each iteration then costs what Python costs, and a ratio says nothing about compiled loops.<br>  Next: declare the types of what the loop touches, until cython -a shows the loop white.
- warning: `cy @native`: the machine code of `cy`, the setting changed nothing: both are the same contestant, and a ratio between them is noise.<br>  Next: look for what overrides the setting in the source or its build files, such as a directive in the head of a .pyx file; or the compiler had nothing to change.
- warning: `cy`: 20% of `cy.so` is symbols for a debugger: the size of the wheel counts them; times do not change.<br>  Next: compare sizes only after leaving out -g or adding -s to the linker's flags.
- warning: `rs`: it needs cargo, cc, and what compiled it was not seen: it is not known whether it is built like what it is compared with.<br>  Next: let the build find its compiler on PATH or through CC, CXX and FC.
- **not attributable:** what compilers may do with numbers differs: `cy`: strict; `c`: fast: a difference may come from that, and so may other answers.<br>  Next: take -ffast-math, -Ofast and parts of them out of the flags of all of them, or put it into all.
- **not attributable:** `cy`: `loop.o` was compiled by nothing that was seen: flags and compiler of that code are not known, so no difference from others is attributed to anything.<br>  Next: let the build compile that code with a compiler that it finds on PATH or through CC, CXX and FC, also where a script calls one by its path.
- **not attributable:** `cy`: `loop.o`, `libfast.a` were compiled by nothing that was seen: flags and compiler of that code are not known, so no difference from others is attributed to anything.<br>  Next: let the build compile that code with a compiler that it finds on PATH or through CC, CXX and FC, also where a script calls one by its path.
- warning: `cy.find`, `cy.rows`: keeps the GIL during the whole call: threads and Dask gain nothing from calling it.<br>  Next: release the GIL around the loop: nogil in Cython, py.detach in Rust, nanobind::gil\\_scoped\\_release in nanobind, pybind11::gil\\_scoped\\_release in pybind11, nogil=True in Numba.
- warning: `cy.tiles`: keeps the GIL, and other threads could run during 4% of the call: threads and Dask gain nothing from calling it.<br>  Next: release the GIL around the loop: nogil in Cython, py.detach in Rust, nanobind::gil\\_scoped\\_release in nanobind, pybind11::gil\\_scoped\\_release in pybind11, nogil=True in Numba.
- warning: `cy.find`: works on after a call has returned (20.0 ms of processor time after 5.00 ms in it): the clock of the race stops at the return, and misses that work.<br>  Next: wait for the threads at the end of the call, or do the work in it; for a pool that spins on when it is idle, choose another waiting policy.
- **not attributable:** `cy.find`, `cy.rows`: its import changes how the processor computes with subnormals (arguments kept -> taken for 0, results kept -> flushed to 0): all code of the process then computes with other values near the limits of its precision, and other libraries' answers change.<br>  Next: take -ffast-math, -Ofast and the like from the flags of its linker.
- warning: `rs`: a call changes np.seterr (divide warn -> ignore): it stays so for the caller, for the next call and for all other code of the process.<br>  Next: put it back before it returns, as np.errstate does.
- warning: `rs`: writes 20.0 kB to standard output or error in a call: `row 1 of 9`: writing takes time, more of it on a terminal than here.<br>  Next: leave the output out, or out of what is compared.
- warning: `rs`: every call leaves threads in the process (1 on average): each keeps its stack, and at some number the system refuses the next.<br>  Next: keep the threads for the next call, or end them with the call.
- **not attributable:** `cy.find`: remembers answers by content: calls on what it has seen before take less than a third of the time: a race calls it with the same input again, and times how fast it finds an answer that it has.<br>  Next: compare it with what it remembers switched off.
- warning: `rs`: 2 of 7 unsafe places without SAFETY: (`lib.rs:3`, `lib.rs:9`): without a stated reason, the code may read memory that it must not read.<br>  Next: state above each what makes it safe, in a comment // SAFETY: ....
- **not attributable:** `cy.find`: the loop calls Python in `helper()` at `h.pyx:4: s += np.abs(v)` (`PyObject_Call`): each iteration then costs what Python costs, and a ratio says nothing about compiled loops.<br>  Next: use fabs from libc.math (abs() for integers) instead of np.abs on typed values; index a typed memoryview, such as double[::1], until cython -a shows the loop white.
- **not attributable:** `cy.rows`: built with -O0: a ratio between them says as much about the flags as about the code.<br>  Next: build without `CFLAGS` of this environment: `clean_env=True`; if it is the same then, ask for -O2 or more in the project's build files (or run with `profiles="native"`).
- **not attributable:** `cy`: built with `CFLAGS=-O0` of this environment, and `rs` without: a difference may come from the variables, not from the code.<br>  Next: to compare the code, build without `CFLAGS` of this environment: `clean_env=True`.
- warning: `rs`: built with `RUSTFLAGS=-Copt-level=1` and `LDFLAGS=-s` of this environment: where they are not set, pip install builds something else.<br>  Next: to compare the code, build without `RUSTFLAGS` and `LDFLAGS` of this environment: `clean_env=True`.
""")


def test_audit() -> None:
    assert answers.audit_as_markdown() == AUDIT
