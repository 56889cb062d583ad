"""From a log to the compiler's own words and one hint; the logs are short but true to life."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from whichext.build.frontend import hint, last_error

GCC_UNDER_SETUPTOOLS = """\
running build_ext
building 'fast' extension
gcc -Wsign-compare -DNDEBUG -O3 -Wall -fPIC -I/usr/include/python3.11 -c fast.c -o build/fast.o
fast.c: In function 'row_max':
fast.c:2:21: error: 'y' undeclared (first use in this function)
    2 | int f(void){ return y; }
      |                     ^
error: command '/usr/bin/gcc' failed with exit code 1
"""

TWO_ERRORS_OF_GCC = """\
fast.c:2:21: error: 'y' undeclared (first use in this function)

fast.c:9:5: error: expected ';' before 'return'
    9 |     return z;

ninja: build stopped: subcommand failed.
"""

CLANG = """\
../src/fast.cpp:14:3: fatal error: 'omp.h' file not found
#include <omp.h>
         ^~~~~~~
1 error generated.
"""

NO_HEADERS = """\
fast.c:1:10: fatal error: Python.h: No such file or directory
    1 | #include <Python.h>
      |          ^~~~~~~~~~
compilation terminated.
error: command '/usr/bin/gcc' failed with exit code 1
"""

RUSTC = """\
   Compiling rustpy v0.1.0 (/tmp/work/rustpy)
error[E0425]: cannot find value `maximum` in this scope
  --> src/lib.rs:12:9
   |
12 |         maximum
   |         ^^^^^^^ not found in this scope

For more information about this error, try `rustc --explain E0425`.
error: could not compile `rustpy` (lib) due to 1 previous error
maturin failed
  Caused by: Failed to build a native library through cargo
Error: command ['maturin', 'pep517', 'build-wheel'] returned non-zero exit status 1
"""

NO_LINKER = """\
   Compiling proc-macro2 v1.0.95
error: linker `cc` not found
  |
  = note: No such file or directory (os error 2)

error: could not compile `proc-macro2` (build script) due to 1 previous error
"""

CYTHON = """\
[1/4] Generating 'src/fast.c'
FAILED: src/fast.c
cython -M -3 ../src/fast.pyx -o src/fast.c

Error compiling Cython file:
------------------------------------------------------------
...
def f(int x):
    return x + missing
               ^
------------------------------------------------------------
fast.pyx:2:15: undeclared name not builtin: missing

ninja: build stopped: subcommand failed.
"""

CYTHON_WITH_BLANK_LINES = """\
Error compiling Cython file:
------------------------------------------------------------
...
def f(int x):

    y = 1

    return x + missing
               ^
------------------------------------------------------------
src/fast.pyx:6:15: undeclared name not builtin: missing

ninja: build stopped: subcommand failed.
"""

LINKER_WITHOUT_LIBRARY = """\
gcc -shared build/fast.o -lnothere -o fast.so
/usr/bin/ld: cannot find -lnothere: No such file or directory
collect2: error: ld returned 1 exit status
error: command '/usr/bin/gcc' failed with exit code 1
"""

LINKER_WITHOUT_SYMBOL = """\
/usr/bin/ld: build/fast.o: in function `run':
fast.c:(.text+0x9): undefined reference to `absent'
collect2: error: ld returned 1 exit status
"""

MESON_WITHOUT_COMPILER = """\
The Meson build system
Version: 1.8.2
Project name: cypy

../meson.build:1:0: ERROR: Unknown compiler(s): [['cc'], ['gcc'], ['clang']]
The following exception(s) were encountered:
Running `cc --version` gave "[Errno 2] No such file or directory: 'cc'"

A full log can be found at /tmp/work/cypy/.mesonpy/meson-logs/meson-log.txt
"""

MESON_WITHOUT_DEPENDENCY = """\
Run-time dependency openmp found: NO (tried system)

meson.build:12:9: ERROR: Dependency "openmp" not found, tried system

ERROR: Failed building wheel for cypy
"""

PIP_WITHOUT_PACKAGE = """\
Looking in links: /opt/wheels
ERROR: Could not find a version that satisfies the requirement flit_core>=99 (from versions: 4.2)
ERROR: No matching distribution found for flit_core>=99
"""

PIP_WITHOUT_NETWORK = """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError': \
Failed to establish a new connection: [Errno -3] Temporary failure in name resolution
ERROR: Could not install packages due to an OSError: connection refused
"""

BACKEND_RAISES = """\
Traceback (most recent call last):
  File "/tmp/env/lib/python3.11/site-packages/setuptools/build_meta.py", line 432, in build_wheel
    return _build(['bdist_wheel'])
  File "setup.py", line 3, in <module>
    import numpy
ModuleNotFoundError: No module named 'numpy'

Backend subprocess exited when trying to invoke get_requires_for_build_wheel
"""


def test_gccs_error_comes_with_its_source_lines_and_before_setuptools_own() -> None:
    assert last_error(GCC_UNDER_SETUPTOOLS) == snapshot("""\
fast.c:2:21: error: 'y' undeclared (first use in this function)
    2 | int f(void){ return y; }
      |                     ^
error: command '/usr/bin/gcc' failed with exit code 1\
""")


def test_of_two_errors_the_last_one_counts_up_to_the_blank_line() -> None:
    assert last_error(TWO_ERRORS_OF_GCC) == snapshot("""\
fast.c:9:5: error: expected ';' before 'return'
    9 |     return z;\
""")


def test_a_fatal_error_of_clang_is_an_error() -> None:
    assert last_error(CLANG) == snapshot("""\
../src/fast.cpp:14:3: fatal error: 'omp.h' file not found
#include <omp.h>
         ^~~~~~~
1 error generated.\
""")


def test_rustcs_error_comes_before_cargos_and_maturins_summaries() -> None:
    assert last_error(RUSTC) == snapshot("""\
error[E0425]: cannot find value `maximum` in this scope
  --> src/lib.rs:12:9
   |
12 |         maximum
   |         ^^^^^^^ not found in this scope\
""")


def test_a_linker_that_cargo_does_not_find_is_the_error_and_not_the_crate_it_stopped() -> None:
    assert last_error(NO_LINKER) == snapshot("""\
error: linker `cc` not found
  |
  = note: No such file or directory (os error 2)\
""")


def test_cythons_error_is_shown_down_to_the_message_below_the_source() -> None:
    assert last_error(CYTHON) == snapshot("""\
Error compiling Cython file:
------------------------------------------------------------
...
def f(int x):
    return x + missing
               ^
------------------------------------------------------------
fast.pyx:2:15: undeclared name not builtin: missing\
""")


def test_blank_lines_in_cythons_excerpt_do_not_cut_off_its_message() -> None:
    excerpt, _, _ = CYTHON_WITH_BLANK_LINES.partition("\n\nninja: ")
    assert last_error(CYTHON_WITH_BLANK_LINES) == excerpt


def test_the_linkers_own_error_comes_before_the_compilers_summary() -> None:
    assert last_error(LINKER_WITHOUT_LIBRARY) == snapshot("""\
/usr/bin/ld: cannot find -lnothere: No such file or directory
collect2: error: ld returned 1 exit status
error: command '/usr/bin/gcc' failed with exit code 1\
""")


def test_an_undefined_symbol_is_named() -> None:
    assert last_error(LINKER_WITHOUT_SYMBOL) == snapshot("""\
/usr/bin/ld: build/fast.o: in function `run':
fast.c:(.text+0x9): undefined reference to `absent'
collect2: error: ld returned 1 exit status\
""")


def test_mesons_error_names_the_line_of_meson_build() -> None:
    assert last_error(MESON_WITHOUT_DEPENDENCY) == snapshot(
        'meson.build:12:9: ERROR: Dependency "openmp" not found, tried system'
    )


def test_mesons_error_brings_its_reasons_along() -> None:
    assert last_error(MESON_WITHOUT_COMPILER) == snapshot("""\
../meson.build:1:0: ERROR: Unknown compiler(s): [['cc'], ['gcc'], ['clang']]
The following exception(s) were encountered:
Running `cc --version` gave "[Errno 2] No such file or directory: 'cc'"\
""")


def test_pips_error_names_the_package() -> None:
    assert last_error(PIP_WITHOUT_PACKAGE) == snapshot(
        "ERROR: No matching distribution found for flit_core>=99"
    )


def test_an_exception_of_a_backend_is_shown_without_its_traceback() -> None:
    assert last_error(BACKEND_RAISES) == snapshot("ModuleNotFoundError: No module named 'numpy'")


def test_setuptools_own_error_is_shown_where_the_compiler_said_nothing() -> None:
    log = "running build\nerror: package directory 'src/fast' does not exist\n"
    assert last_error(log) == snapshot("error: package directory 'src/fast' does not exist")


def test_an_indented_error_is_found() -> None:
    log = "  gcc -c a.c\n  a.c:1:1: error: no\n\n  error: command 'gcc' failed with exit code 1\n"
    assert last_error(log) == "a.c:1:1: error: no"


def test_without_a_marked_error_the_last_line_that_says_something_stands_for_it() -> None:
    assert last_error("Killed\nby the kernel  \n\n  \n") == "by the kernel"


@pytest.mark.parametrize("log", ["", "\n \n"])
def test_an_empty_log_is_said_to_be_empty(log: str) -> None:
    assert last_error(log) == "it printed nothing"


def test_a_long_error_is_cut_after_twelve_lines() -> None:
    log = "fast.c:1:1: error: no\n" + "".join(f"note {number}\n" for number in range(30))
    assert last_error(log).splitlines()[-1] == "note 10"


words = st.sampled_from(["error: ", "ERROR: ", "a.c:1:2: error: ", "", " ", "\n", "\f", "text"])


@settings(deadline=None)
@given(st.lists(words, max_size=40).map("".join))
def test_every_log_gives_between_one_and_twelve_lines_that_it_contains(log: str) -> None:
    lines = last_error(log).splitlines()
    known = {line.strip() for line in log.splitlines()} | {"it printed nothing"}
    assert (1 <= len(lines) <= 12, {line.strip() for line in lines} <= known) == (True, True)


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        (NO_LINKER, "cargo needs a C compiler to link: install gcc or clang"),
        (NO_HEADERS, "install Python's headers: python3-dev or python3-devel"),
        (CLANG, "install OpenMP's headers, or build with gcc"),
        (
            MESON_WITHOUT_COMPILER,
            "meson found no working compiler: check CC and install gcc",
        ),
        (
            "error: the lock file /w/Cargo.lock needs to be updated but --locked was passed",
            "run cargo update in the project and commit Cargo.lock",
        ),
        (
            "error: cannot update the lock file /w/Cargo.lock because --locked was passed",
            "run cargo update in the project and commit Cargo.lock",
        ),
        ("OSError: [Errno 28] No space left on device", "free some disk space and run again"),
        (
            "cc1: error: unrecognized command-line option '-mfancy'",
            "the compiler is too old for a flag, or does not know it",
        ),
    ],
)
def test_a_known_trouble_has_its_own_hint(log: str, advice: str) -> None:
    assert hint(log, "/kernel/fast") == advice


@pytest.mark.parametrize(
    "log",
    [
        PIP_WITHOUT_PACKAGE,
        PIP_WITHOUT_NETWORK,
        "error: failed to download from `https://index.crates.io/config.json`\n"
        "  [6] Could not resolve host: index.crates.io",
        "error: Request failed after 3 retries\n  Caused by: dns error",
    ],
)
def test_a_package_that_cannot_be_had_points_to_the_network_and_the_name(log: str) -> None:
    assert hint(log, "/kernel/fast") == snapshot(
        "the build could not get a package: check the network, or the name and version it asks for"
    )


@pytest.mark.parametrize("log", [GCC_UNDER_SETUPTOOLS, RUSTC, CYTHON, ""])
def test_an_error_in_the_code_itself_has_the_hint_to_build_it_alone(log: str) -> None:
    assert hint(log, "/kernel/fast") == snapshot(
        "build it alone to see more: pip install -v /kernel/fast"
    )
