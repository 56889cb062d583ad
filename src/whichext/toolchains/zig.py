"""Zig as the compiler of C and C++, from the wheel `ziglang`: clang with headers and a linker.

Its driver is not clang's. It asks for this very processor, takes every level for -O2 or -O0,
defines NDEBUG from -O1 on, checks for undefined behaviour below that, and takes -mtune for -march.
Two builds with the same flags would not be alike. So small scripts stand before it, named `cc` and
`c++`, with which a flag is what it is to clang.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from whichext.model.outcome import Tool, ToolchainAbsent
from whichext.toolchains.c import C
from whichext.toolchains.cpp import Cpp
from whichext.toolchains.needs import first_line

PACKAGE = "ziglang"
"""The wheel, as pip has its name."""
NAME = "zig"
"""The compiler, as options name it."""
NOTE = (
    "whichext: no C compiler is here: zig compiles C and C++ instead, without OpenMP. "
    "Next: install gcc to build as most do"
)
"""What is said where it is taken without being asked for."""
COMPILES = "C and C++"
"""What it compiles."""
VARIABLES = {"CC": "cc", "CXX": "c++"}
"""Variables that name a compiler, each with the script's name."""

# The scripts find the program beside themselves, and say nothing of where it lies: two folders with
# the same wheel are then the same to the cache of builds. Objects are kept there as well, and not
# with the user's: zig would find those of an earlier build again, and build times are a result.
# Its C++ library it keeps with the user's: that takes a minute to compile. It is another one for
# another -fomit-frame-pointer, and so clang itself is told to leave the frame pointer out.
_COMPILER = r"""#!/bin/sh
here=${{0%/*}}
if [ "$*" = --version ]; then
  echo '{version}'
  exit
fi
refuse() {{
  echo "${{0##*/}}: error: {refusal} $1" >&2
  exit 1
}}
level=0 symbols=-g0 own=-Wl,--strip-debug frames='-Xclang -mframe-pointer=none'
for word do
  shift
  case $word in
    -O*) level=${{word#-O}} ;;
    -g0) ;;
    -g*) symbols= own= ;;
    -c | -E | -S | -M | -MM | -fsyntax-only) own= ;;
    -fopenmp | -fopenmp=* | -qopenmp) refuse "$word" ;;
    -mtune=native) refuse "$word" ;;
    -fno-omit-frame-pointer | -mno-omit-leaf-frame-pointer | -pg) frames= ;;
    -mtune=*)
      set -- "$@" -Xclang -tune-cpu -Xclang "${{word#*=}}"
      continue ;;
    -march=armv8-a) word=-mcpu=baseline ;;
    -march=* | -mcpu=*)
      name=${{word#*=}}
      while [ "$name" != "${{name#*-}}" ]; do name=${{name%%-*}}_${{name#*-}}; done
      word=${{word%%=*}}=$name ;;
    -D_GLIBCXX_ASSERTIONS)
      set -- "$@" -U_LIBCPP_HARDENING_MODE
      word=-D_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_EXTENSIVE ;;
  esac
  set -- "$@" "$word"
done
case $level in
  0 | 2 | s) ;;
  '' | 1 | g) set -- "$@" -Xclang -O1 -fno-vectorize -fno-slp-vectorize ;;
  fast) set -- "$@" -Xclang -O3 -ffast-math ;;
  z) set -- "$@" -Xclang -Oz ;;
  *) set -- "$@" -Xclang -O3 ;;
esac
case $level in 0) frames= ;; esac
export ZIG_LOCAL_CACHE_DIR="$here/objects"
exec "$here/zig" {verb} -mcpu=baseline -UNDEBUG -fno-sanitize=undefined -fno-stack-protector \
  $frames "$@" $symbols $own
"""
_ARCHIVER = """#!/bin/sh
exec "${{0%/*}}/zig" {verb} "$@"
"""
REFUSAL = "zig, which compiles here, does not have"
"""What the scripts say of a flag, before it."""
_NO_OPENMP = re.compile(
    rf"{REFUSAL} -(f|q)openmp|\bopenmp\b[^\n]* not found|could not find openmp|'omp\.h' file not",
    re.IGNORECASE,
)
_IN_A_VERSION = f" ({NAME} "


@dataclass(frozen=True)
class Zig:
    """The wheel where it is installed."""

    program: Path
    """Its program."""

    @property
    def version(self) -> str:
        """What the scripts print about themselves: the version of its clang, and its own."""
        clang = first_line((str(self.program), "cc", "--version"))
        return f"{clang}{_IN_A_VERSION}{first_line((str(self.program), 'version'))})"

    def write(self, folder: Path) -> None:
        """Put the scripts into a folder, for PATH."""
        (folder / NAME).symlink_to(self.program)
        for verb in ("cc", "c++"):
            _put(folder / verb, _COMPILER.format(verb=verb, version=self.version, refusal=REFUSAL))
        for verb in ("ar", "ranlib"):
            _put(folder / verb, _ARCHIVER.format(verb=verb))


def _put(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def find_zig() -> Zig | None:
    """The wheel that is installed beside whichext; None where there is none."""
    spec = find_spec(PACKAGE)
    folders = spec.submodule_search_locations or () if spec else ()
    programs = (Path(folder) / NAME for folder in folders)
    return next((Zig(program) for program in programs if program.is_file()), None)


def zig_version() -> str | None:
    """What zig says of itself as a compiler; None where the wheel is not installed."""
    found = find_zig()
    return None if found is None else found.version


def stands_in() -> frozenset[str]:
    """The needs that it fulfils without being asked for: where no C compiler is found at all."""
    asked_for = any(os.environ.get(variable) for variable in VARIABLES)
    if asked_for or any(need.is_there() for need in C.needs) or find_zig() is None:
        return frozenset()
    return frozenset(need.name for need in (*C.needs, *Cpp.needs))


def find_refused(error: str, tools: Iterable[Tool]) -> ToolchainAbsent | None:
    """What a build asked for and zig does not have; None where zig was not used, or had it.

    Args:
        error: The last error of the build.
        tools: Compilers of the build with their versions.

    """
    if not any(_IN_A_VERSION in tool.version for tool in tools) or not _NO_OPENMP.search(error):
        return None
    remedy = "build it with gcc, or with a clang that has OpenMP"
    return ToolchainAbsent("OpenMP, which the compiler zig does not have", remedy)
