"""C: its compilers and archivers, their flags, and what backends make of them.

What is said of C holds for C++ as well, since the two are linked into one library by calls of
either's compiler: `cpp.py` adds how its compilers are found and called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from whichext.toolchains.base import (
    Command,
    ErrorStart,
    Marks,
    Part,
    Toolchain,
    Topic,
)
from whichext.toolchains.c_calls import ASSEMBLY, LANGUAGES, Call, Compiled, Objects, read_by
from whichext.toolchains.c_reading import c_settings
from whichext.toolchains.calls import Appended, Recorded, Setting, Told
from whichext.toolchains.flags import LEVELS, processors
from whichext.toolchains.needs import OLDEST_C, Program

# What disables optimisation from inside a source, whatever the flags.
TAKES_AWAY = re.compile(
    r"""^\s*\#\s*pragma\s+GCC\s+optimize\s*\(?\s*"?-?O?0\b"""
    r"""|^\s*\#\s*pragma\s+clang\s+optimize\s+off\b"""
    r"""|__attribute__\s*\(\(\s*(?:__)?(?:optnone|optimize\s*\(\s*"?-?O?0\b)""",
    re.MULTILINE,
)
_PRAGMA = re.compile(r"^\s*#\s*pragma\s+omp\b", re.MULTILINE)

# The linker's own, which are in every library alike, and what compilers call where a processor has
# no instruction.
_FOREIGN = re.compile(
    r"_init$|_fini$|_start|_dl_|__do_global|frame_dummy|(de)?register_tm_clones"
    r"|compiler_rt\.|__[a-z]+[hsdtx][cfi][a-z]*\d?$"
)


# How Meson, CMake, autoconf, NumPy, pybind11 and Rust's cc find out what a compiler can do.
_PROBES = (
    *("*/meson-private*", "*/CMakeScratch/*", "*/CMakeTmp*", "*/CompilerId*", "*/_CMakeLTOTest*"),
    *("*TryCompile-*", "*CMakeC*CompilerId.c*", "*_configtest*", "*conftest.c*", "*flagcheck.c*"),
    *("*flag_check.c*", "*detect_compiler_family.c*"),
)
APPENDED = Appended(
    compiles=("-c", *(f"*{suffix}" for suffix in LANGUAGES)),
    compiles_not=("-E", "-M", "-MM", "-fsyntax-only"),
    probes=_PROBES,
)
"""What holds for all compilers of C and C++."""


def _settings() -> Iterator[Setting]:
    for value, level in LEVELS.items():
        yield Setting(factor="optimisation", value=value, flags=(f"-O{level}",))
    for value, march in processors("armv8-a").items():
        yield Setting(factor="isa", value=value, flags=(f"-march={march}",))
    for value, plus_plus in (("gcc", "g++"), ("clang", "clang++")):
        variables = {"CC": value, "CXX": plus_plus}
        yield Setting(factor="compiler", value=value, variables=variables, programs=(value,))


class C(Toolchain):
    """C, through whatever backend."""

    name = "c"
    needs = (
        Program(
            name="cc",
            what="a C compiler",
            subject="C compiler",
            programs=("cc", "gcc", "clang"),
            variable="CC",
            remedy="Debian/Ubuntu: apt install build-essential; Fedora: dnf install gcc; "
            "macOS: xcode-select --install",
            oldest=OLDEST_C,
        ),
    )
    starts_with = ("cc", "python-headers")
    settings = tuple(_settings())
    profiles: Mapping[str, Told] = {
        "native": Told(flags=("-O3", "-march=native")),
        # The last for C as well, since some backends compile C++ with the compiler of C.
        "checked": Told(flags=("-O3", "-ftrapv", "-D_GLIBCXX_ASSERTIONS")),
    }
    # Also under names such as x86_64-linux-gnu-gcc-12. A compiler cache may answer without one.
    recorded = Recorded(
        programs=re.compile(
            r"([\w.]+-)*(cc|c89|c99|gcc|clang|icx|tcc|ar|ccache|sccache)(-[\d.]+)?"
        ),
        variables=("CC", "AR"),
        launchers=frozenset({"ccache", "sccache"}),
        appended=APPENDED,
    )
    languages = frozenset({"c"})
    compilers = frozenset({"gcc", "clang", "zig", "cc", "icx", "tcc"})
    interchangeable = True
    marks: tuple[Marks, ...] = (
        Marks(
            suffixes=frozenset({".c", ".cc", ".cpp", ".cxx", ".c++"}),
            parallel=_PRAGMA,
            unoptimised=TAKES_AWAY,
        ),
    )
    system_libraries: tuple[str, ...] = (
        "libc.",
        "libm.",
        "libpthread.",
        "libdl.",
        "ld-linux",
        "libgcc_s.",
    )
    parallel_libraries: tuple[str, ...] = ("libgomp.", "libomp.", "libiomp5.")
    variables = frozenset(
        (
            *("AR", "CC", "CFLAGS", "CPPFLAGS", "FC", "FFLAGS", "LDFLAGS"),
            *("CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH"),
        )
    )
    variable_prefixes = ("CMAKE_", "SKBUILD_")
    places = frozenset({"ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"})
    search_paths = frozenset(
        (
            *("CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "LD_LIBRARY_PATH"),
            *("PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "CMAKE_INCLUDE_PATH", "CMAKE_LIBRARY_PATH"),
            *("CMAKE_MODULE_PATH", "CMAKE_PREFIX_PATH"),
        )
    )
    # Headers of the system, which other versions of packages bring.
    searched = (Path("/usr/include"), Path("/usr/local/include"))
    helpers = (
        *("gcc", "g++", "ld", "ld.gold", "ld.bfd", "ld.lld", "mold", "as", "ar", "ranlib"),
        *("strip", "objcopy", "gfortran", "make", "ninja", "cmake", "meson", "pkg-config"),
        *("pkgconf", "swig", "nvcc", "ccache", "sccache"),
    )
    manners = (
        *("AR", "CMAKE_GENERATOR", "CMAKE_MAKE_PROGRAM", "CMAKE_BUILD_PARALLEL_LEVEL"),
        *("CMAKE_C*_COMPILER_LAUNCHER", "CMAKE_COLOR_*", "CMAKE_EXPORT_*"),
    )
    left_anywhere = ("*.so",)
    left_at_top = (".mesonpy-*",)
    errors: tuple[ErrorStart, ...] = (
        # Its compilers' and Meson's.
        ErrorStart(re.compile(r"^.+:\d+(:\d+)?: (fatal )?error: ", re.IGNORECASE)),
        # Of no line, such as a file that is not there.
        ErrorStart(re.compile(r"^\S*(cc1|cc|clang|\+\+)\S*: (fatal )?error: (?!no input)")),
        ErrorStart(re.compile(r"^\S*ld: ")),
    )
    hints: tuple[tuple[str, str], ...] = (
        (r"omp\.h.*(No such file|not found)", "install OpenMP's headers, or build with gcc"),
        (r"Unknown compiler\(s\)", "meson found no working compiler: check CC and install gcc"),
        (
            r"unrecognized command.line option|unknown clang option|unknown (target )?CPU",
            "the compiler is too old for a flag, or does not know it",
        ),
    )
    words: Mapping[Topic, str] = {
        Topic.LEVEL: "the setting optimisation=O3 for all",
        Topic.PROCESSOR: "-march",
        Topic.COMPILER: "CC=gcc or CC=clang (and CXX)",
        Topic.DEBUGGING: "leaving out -g or adding -s to the linker's flags",
        Topic.ASKING: "pragmas",
        Topic.LINKING: "-fopenmp to the compiler's and the linker's flags "
        "(Meson: dependency('openmp')), with a compiler that has it, which zig is not",
        Topic.SANITIZING: "-fsanitize",
        Topic.FLUSHING: "-ffast-math, -Ofast and the like from the flags of its linker",
        Topic.LIBERTIES: "-ffast-math, -Ofast and parts of them",
        Topic.FINDING: "CC",
    }

    def outside_files(self, environment: Mapping[str, str], *folders: Path) -> Iterable[Path]:  # noqa: ARG002  # the interface has it
        """The folders of headers that are searched in any case."""
        return self.searched

    def trace(
        self, commands: tuple[Command, ...], libraries: frozenset[str] | None
    ) -> Iterator[Part]:
        """The sources behind the libraries that were linked; calls of its relatives count too."""
        objects = Objects(commands)
        for link in objects.links(libraries):
            yield from parts(objects.behind(link)[0], link)

    def unseen(
        self,
        commands: tuple[Command, ...],
        libraries: frozenset[str] | None,
        needs: frozenset[str],
        written: frozenset[str],
    ) -> Iterator[str]:
        """Files with code that was linked and that no recorded call wrote."""
        yield from Objects(commands).unseen(libraries, needs, written)

    def reads(self, commands: tuple[Command, ...]) -> Iterator[Path]:
        """Headers, sources, object files and libraries of its own calls and its relatives'."""
        return read_by(commands)

    def links(self, commands: tuple[Command, ...]) -> Iterator[str]:
        """What its calls linked; rustc's libraries are rustc's own."""
        linked = (link for link in Objects(commands).links(None) if not link.is_rustcs)
        yield from (link.name for link in linked)

    def readable(self, symbol: str, module: str) -> str | None:  # noqa: ARG002  # the interface has it
        """Its functions have the names that their authors gave them."""
        return "" if _FOREIGN.match(symbol) else None


def parts(compiled: Iterable[Compiled], link: Call | None) -> Iterator[Part]:
    """How sources were compiled that one call linked; None where it was not a compiler's call.

    What is assembly already has no settings.
    """
    for call, source in compiled:
        if source.language != ASSEMBLY:
            yield c_settings(call, source, link or call), source.path.name
