"""The verification and the audit, as a whole."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from snapshots import answers

VERIFICATION = snapshot("""\
total: How fast is a sum?
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext verify total
Answers must be exactly the reference's.

 contestant   plain  layouts   values    edges  refusals    drawn  state  threads  memory  fork  cases
 ─────────────────────────────────────────────────────────────────────────────────────────────────────
 numpy            3        3        3        3         3        3      3        3       3     3      3
 cy.total        12      4+2        7        -         -       83      -        -       -  HUNG      -
 cy.bad          12        -  WRONG 1  WRONG 8         -  WRONG 1      -        -       -     -      -
 rust.total       1        -  CRASHED        -         -        -      -        -       -     -      -
 rust.slow     HUNG        -        -        -         -        -      -        -       -     -      -
 rust.broken      -        -        -        -         -        -      -        -       -     -      -

cy.total did not answer 2 of layouts (layouts: TypeError: no)

cy.bad: wrong on drawn inputs: expected 2.0 at (0,), got 1.0 (1 of 1 values differ)
  likewise on float64 NaN, edge 0, edge 1, edge 2, edge 3, edge 4 and 3 more

import numpy as np

values = np.array([[1.0, 2.0]], 'float64')

rust.total: crashed on small: killed by SIGSEGV
  | about to read address 0

rust.slow: gave no answer on small within 2.00 s and was killed
  Next: if it is only slow, allow more with --time-limit

values = None

rust.broken: crashed on import: ImportError: no libfoo

Not verified
  peers.one, peers.two: skipped: numba is missing
    Next: pip install numba
  zig.total: did not build:
    | sum.c:3:1: error: unknown type
    Next: install gcc

In a forked child, after a call in its parent, it hangs: cy.total. With multiprocessing, use the
start method 'spawn'.
4+2: right 4 times; 2 more: refused with a clean error, as they may be, or not tried. WRONG 1: a
wrong answer, or an error that is not clean, once. HUNG: no answer in time. CRASHED: the process
ended by itself. -: not tried, mostly since it was wrong, or its process lost, before. What is wrong
does not race. What happens in a forked child keeps no contestant out.
""")


def test_verification() -> None:
    assert answers.verification() == VERIFICATION


VERIFICATION_IN_COLOURS = snapshot("""\
\x1b[1mtotal: How fast is a sum?\x1b[0m
Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0,
whichext 0.1.0
2025-01-02T03:04:05+00:00  $ whichext verify total
Answers must be exactly the reference's.

 \x1b[1mcontestant \x1b[0m\x1b[1m \x1b[0m \x1b[1mplain\x1b[0m\x1b[1m \x1b[0m \x1b[1mlayouts\x1b[0m\x1b[1m \x1b[0m \x1b[1m values\x1b[0m\x1b[1m \x1b[0m \x1b[1m  edges\x1b[0m\x1b[1m \x1b[0m \x1b[1mrefusals\x1b[0m\x1b[1m \x1b[0m \x1b[1m  drawn\x1b[0m\x1b[1m \x1b[0m \x1b[1mstate\x1b[0m\x1b[1m \x1b[0m \x1b[1mthreads\x1b[0m\x1b[1m \x1b[0m \x1b[1mmemory\x1b[0m\x1b[1m \x1b[0m \x1b[1mfork\x1b[0m\x1b[1m \x1b[0m \x1b[1mcases\x1b[0m
 ─────────────────────────────────────────────────────────────────────────────────────────────────────
 numpy            3        3        3        3         3        3      3        3       3     3      3
 cy.total        12      4+2        7        -         -       83      -        -       -  \x1b[1;31mHUNG\x1b[0m      -
 cy.bad          12        -  \x1b[1;31mWRONG 1\x1b[0m  \x1b[1;31mWRONG 8\x1b[0m         -  \x1b[1;31mWRONG 1\x1b[0m      -        -       -     -      -
 rust.total       1        -  \x1b[1;31mCRASHED\x1b[0m        -         -        -      -        -       -     -      -
 rust.slow     \x1b[1;31mHUNG\x1b[0m        -        -        -         -        -      -        -       -     -      -
 rust.broken      -        -        -        -         -        -      -        -       -     -      -

cy.total did not answer 2 of layouts (layouts: TypeError: no)

\x1b[1mcy.bad\x1b[0m\x1b[1m: wrong on \x1b[0m\x1b[1mdrawn inputs\x1b[0m\x1b[1m: expected \x1b[0m\x1b[1m2.0 at (0,)\x1b[0m\x1b[1m, got \x1b[0m\x1b[1m1.0 (1 of 1 values differ)\x1b[0m
  likewise on float64 NaN, edge 0, edge 1, edge 2, edge 3, edge 4 and 3 more

import numpy as np

values = np.array([[1.0, 2.0]], 'float64')

\x1b[1mrust.total\x1b[0m\x1b[1m: crashed on \x1b[0m\x1b[1msmall\x1b[0m\x1b[1m: \x1b[0m\x1b[1mkilled by SIGSEGV\x1b[0m
  \x1b[1m| \x1b[0m\x1b[1mabout to read address 0\x1b[0m

\x1b[1mrust.slow\x1b[0m\x1b[1m: gave no answer on \x1b[0m\x1b[1msmall\x1b[0m\x1b[1m within 2.00 s and was killed\x1b[0m
  \x1b[1mNext: if it is only slow, allow more with \x1b[0m\x1b[1m--time-limit\x1b[0m

values = None

\x1b[1mrust.broken\x1b[0m\x1b[1m: crashed on \x1b[0m\x1b[1mimport\x1b[0m\x1b[1m: \x1b[0m\x1b[1mImportError: no libfoo\x1b[0m

\x1b[1mNot verified\x1b[0m
  peers.one, peers.two: skipped: numba is missing
    Next: pip install numba
  zig.total: did not build:
    | sum.c:3:1: error: unknown type
    Next: install gcc

In a forked child, after a call in its parent, it hangs: cy.total. With multiprocessing, use the
start method 'spawn'.
\x1b[2m4+2: right 4 times; 2 more: refused with a clean error, as they may be, or not tried. WRONG 1: a \x1b[0m
\x1b[2mwrong answer, or an error that is not clean, once. HUNG: no answer in time. CRASHED: the process \x1b[0m
\x1b[2mended by itself. -: not tried, mostly since it was wrong, or its process lost, before. What is wrong\x1b[0m
\x1b[2mdoes not race. What happens in a forked child keeps no contestant out.\x1b[0m
""")


def test_verification_in_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert answers.verification_in_colours() == VERIFICATION_IN_COLOURS


AUDIT = snapshot("""\
build       compiler      told                                                 sources
cy          gcc 12.2.0    -O3, OpenMP                                          a.c
            gcc 12.2.0    -O3                                                  b.c
cy @native  gcc 12.2.0    -O3, avx2, debug symbols                             a.c
cy @debug   gcc 12.2.0    -O0 (-O3 -O0)                                        a.c
rs          rustc 1.95.0  opt-level=3, LTO fat                                 a.rs, b.rs and 2 more
c           gcc 12.2.0    -O0 (no level), sanitizer address, sanitizer         a.c
                          undefined
plain       -             -                                                    no compiler was seen

cy @debug: did not build:
  | sum.c:3:1: error: unknown type
  Next: install gcc
go @release: skipped: Rust's cargo is missing
  Next: install Rust from https://rustup.rs

wheel       fits                      size     unpacked  stripped  needs         built in  again
cy          cp312-cp312-linux_x86_64  81.9 kB  100 kB    60.0 kB   libgomp.so.1  12.3 s    -
cy @native  cp312-cp312-linux_x86_64  81.9 kB  100 kB    80.0 kB   -             12.3 s    -
rs          cp312-cp312-linux_x86_64  81.9 kB  100 kB    80.0 kB   -             12.3 s    2.00 ms

build       vectors   functions
cy          512 bits  cy.f11, cy.f8, cy.f5, cy.f2
            256 bits  cy.f10, cy.f7, cy.f4, cy.f1
            128 bits  cy.f9, cy.f6, cy.f3, cy.f0
cy @native  -         no function computes on vectors
cy @debug   -         no function computes on vectors
rs          512 bits  somewhere: the names were stripped
c           -         no function computes on vectors

entry     import   busy       GIL
cy.total  3.00 ms  2 threads  free 98%
rs.total  400 us   1 thread   free 0%
c.total   -        -          not seen: killed by SIGSEGV

rs: 7 unsafe places, 2 without SAFETY:
cy: not seen: a.pyx: Cython did not annotate it
c: not seen: functions of c.so: capstone is not there

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
not attributable: different target processors: cy: avx512f; rs, zig: no flag: wider vectors may make
the difference, and such a wheel does not run everywhere.
  Next: leave out -march, target-cpu and the like, or run all with --profile native.
not attributable: different compilers: cy: gcc 12; c: clang 19: a difference may come from the code
generator, not from the source.
  Next: build all with one: CC=gcc or CC=clang (and CXX) before the command.
warning: different compilers: cy: gcc 12; rs: rustc 1: a difference may come from the code
generator, not from the source.
  Next: race it with --factor compiler=clang too: clang shares LLVM with rustc.
not attributable: cy.rows[2]: rows.pyx, factors.pool asked for OpenMP, and it is not there:
compilers turn prange and pragmas into plain loops without warning: one thread works.
  Next: add -fopenmp to the compiler's and the linker's flags (Meson: dependency('openmp')), with a
  compiler that has it, which zig is not.
not attributable: rs.tiles: built with sanitizers (address): they take most of the time, and the
other builds have none.
  Next: leave out -fsanitize; --profile checked has the price of checks by itself.
not attributable: cy.find: the loop calls Python at find.pyx:7, find.pyx:8 (PyObject_GetItem): each
iteration then costs what Python costs, and a ratio says nothing about compiled loops.
  Next: declare the types of what the loop touches, until cython -a shows the loop white.
warning: cy: helper(): the loop calls Python at h.pyx:1 (f): each iteration then costs what Python
costs, and a ratio says nothing about compiled loops.
  Next: declare the types of what the loop touches, until cython -a shows the loop white.
warning: cy @native: the machine code of cy, the setting changed nothing: both are the same
contestant, and a ratio between them is noise.
  Next: look for what overrides the setting in the source or its build files, such as a directive in
  the head of a .pyx file; or the compiler had nothing to change.
warning: cy: 20% of cy.so is symbols for a debugger: the size of the wheel counts them; times do not
change.
  Next: compare sizes only after leaving out -g or adding -s to the linker's flags.
warning: rs: it needs cargo, cc, and what compiled it was not seen: it is not known whether it is
built like what it is compared with.
  Next: let the build find its compiler on PATH or through CC, CXX and FC.
not attributable: what compilers may do with numbers differs: cy: strict; c: fast: a difference may
come from that, and so may other answers.
  Next: take -ffast-math, -Ofast and parts of them out of the flags of all of them, or put it into
  all.
not attributable: cy: loop.o was compiled by nothing that was seen: flags and compiler of that code
are not known, so no difference from others is attributed to anything.
  Next: let the build compile that code with a compiler that it finds on PATH or through CC, CXX and
  FC, also where a script calls one by its path.
not attributable: cy: loop.o, libfast.a were compiled by nothing that was seen: flags and compiler
of that code are not known, so no difference from others is attributed to anything.
  Next: let the build compile that code with a compiler that it finds on PATH or through CC, CXX and
  FC, also where a script calls one by its path.
warning: cy.find, cy.rows: keeps the GIL during the whole call: threads and Dask gain nothing from
calling it.
  Next: release the GIL around the loop: nogil in Cython, py.detach in Rust,
  nanobind::gil_scoped_release in nanobind, pybind11::gil_scoped_release in pybind11, nogil=True in
  Numba.
warning: cy.tiles: keeps the GIL, and other threads could run during 4% of the call: threads and
Dask gain nothing from calling it.
  Next: release the GIL around the loop: nogil in Cython, py.detach in Rust,
  nanobind::gil_scoped_release in nanobind, pybind11::gil_scoped_release in pybind11, nogil=True in
  Numba.
warning: cy.find: works on after a call has returned (20.0 ms of processor time after 5.00 ms in
it): the clock of the race stops at the return, and misses that work.
  Next: wait for the threads at the end of the call, or do the work in it; for a pool that spins on
  when it is idle, choose another waiting policy.
not attributable: cy.find, cy.rows: its import changes how the processor computes with subnormals
(arguments kept -> taken for 0, results kept -> flushed to 0): all code of the process then computes
with other values near the limits of its precision, and other libraries' answers change.
  Next: take -ffast-math, -Ofast and the like from the flags of its linker.
warning: rs: a call changes np.seterr (divide warn -> ignore): it stays so for the caller, for the
next call and for all other code of the process.
  Next: put it back before it returns, as np.errstate does.
warning: rs: writes 20.0 kB to standard output or error in a call: row 1 of 9: writing takes time,
more of it on a terminal than here.
  Next: leave the output out, or out of what is compared.
warning: rs: every call leaves threads in the process (1 on average): each keeps its stack, and at
some number the system refuses the next.
  Next: keep the threads for the next call, or end them with the call.
not attributable: cy.find: remembers answers by content: calls on what it has seen before take less
than a third of the time: a race calls it with the same input again, and times how fast it finds an
answer that it has.
  Next: compare it with what it remembers switched off.
warning: rs: 2 of 7 unsafe places without SAFETY: (lib.rs:3, lib.rs:9): without a stated reason, the
code may read memory that it must not read.
  Next: state above each what makes it safe, in a comment // SAFETY: ....
not attributable: cy.find: the loop calls Python in helper() at h.pyx:4: s += np.abs(v)
(PyObject_Call): each iteration then costs what Python costs, and a ratio says nothing about
compiled loops.
  Next: use fabs from libc.math (abs() for integers) instead of np.abs on typed values; index a
  typed memoryview, such as double[::1], until cython -a shows the loop white.
not attributable: cy.rows: built with -O0: a ratio between them says as much about the flags as
about the code.
  Next: build without CFLAGS of this environment: --clean-env; if it is the same then, ask for -O2
  or more in the project's build files (or run with --profile native).
not attributable: cy: built with CFLAGS=-O0 of this environment, and rs without: a difference may
come from the variables, not from the code.
  Next: to compare the code, build without CFLAGS of this environment: --clean-env.
warning: rs: built with RUSTFLAGS=-Copt-level=1 and LDFLAGS=-s of this environment: where they are
not set, pip install builds something else.
  Next: to compare the code, build without RUSTFLAGS and LDFLAGS of this environment: --clean-env.
""")


def test_audit() -> None:
    assert answers.audit() == AUDIT


AUDIT_WITHOUT_FINDINGS = snapshot("""\
build  compiler    told  sources
cy     gcc 12.2.0  -O3   a.c

wheel  fits                      size     unpacked  stripped  needs  built in  again
cy     cp312-cp312-linux_x86_64  81.9 kB  100 kB    80.0 kB   -      12.3 s    -

build  vectors  functions
cy     -        no function computes on vectors

Nothing was found that spoils a comparison.
""")


def test_audit_without_findings() -> None:
    assert answers.audit_without_findings() == AUDIT_WITHOUT_FINDINGS
