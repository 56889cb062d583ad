"""C: its compilers and archivers, their flags, and what backends make of them.

What is said of C holds for C++ as well, since the two are linked into one library by calls of
either's compiler: `cpp.py` adds how its compilers are found and called.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from whichext.model.evidence import Settings
from whichext.toolchains.base import (
    LEVELS,
    Command,
    ErrorStart,
    Marks,
    Part,
    Toolchain,
    Topic,
    processors,
    switched_on,
    version_number,
)
from whichext.toolchains.calls import Appended, Recorded, Setting, Told
from whichext.toolchains.needs import OLDEST_C, Program

C_SUFFIX = {".c": "c", **dict.fromkeys((".C", ".cc", ".cpp", ".cxx", ".c++"), "c++")}
"""What sources are written in, by their suffix."""

# What disables optimisation from inside a source, whatever the flags.
TAKES_AWAY = re.compile(
    r"""^\s*\#\s*pragma\s+GCC\s+optimize\s*\(?\s*"?-?O?0\b"""
    r"""|^\s*\#\s*pragma\s+clang\s+optimize\s+off\b"""
    r"""|__attribute__\s*\(\(\s*(?:__)?(?:optnone|optimize\s*\(\s*"?-?O?0\b)""",
    re.MULTILINE,
)
_PRAGMA = re.compile(r"^\s*#\s*pragma\s+omp\b", re.MULTILINE)

_ARCHIVER = re.compile(r"(.*-)?ar(-[\d.]+)?")
_TAKES_A_WORD = re.compile(
    r"-[IDULlxuzeT]|-M[FTQ]|-include|-i(system|quote|dirafter|sysroot)"
    r"|-X(linker|clang|preprocessor|assembler)|-arch|-framework|-target|--param"
)
_LINKS_NOT = {"-c", "-E", "-S", "-M", "-MM", "-fsyntax-only"}
_SHARED = {"-shared", "--shared", "-bundle", "-dynamiclib"}

_FEATURE = re.compile(r"-m(no-)?((?:avx|sse|ssse|fma|bmi|f16c|popcnt|lzcnt|vaes|gfni|amx)[\w.-]*)")
_MACHINE = re.compile(r"-m(?:arch|cpu)=(.*)")
_OPENMP = re.compile(r"-f(no-)?openmp(=.*)?|-qopenmp")
_SYMBOLS = re.compile(r"-g(\d|gdb\d?|line-tables-only)?")
_LTO = re.compile(r"-f(no-)?lto(=.*)?")

# The linker's own, which are in every library alike.
_FOREIGN = re.compile(r"_init$|_fini$|_start|_dl_|__do_global|frame_dummy|(de)?register_tm_clones")


# How Meson, CMake, autoconf, NumPy, pybind11 and Rust's cc find out what a compiler can do.
_PROBES = (
    *("*/meson-private*", "*/CMakeScratch/*", "*/CMakeTmp*", "*/CompilerId*", "*/_CMakeLTOTest*"),
    *("*TryCompile-*", "*CMakeC*CompilerId.c*", "*_configtest*", "*conftest.c*", "*flagcheck.c*"),
    *("*flag_check.c*", "*detect_compiler_family.c*"),
)
APPENDED = Appended(
    compiles=("-c", *(f"*{suffix}" for suffix in C_SUFFIX)),
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
    settings = tuple(_settings())
    profiles: Mapping[str, Told] = {
        "native": Told(flags=("-O3", "-march=native")),
        # The last for C as well, since some backends compile C++ with the compiler of C.
        "checked": Told(flags=("-O3", "-ftrapv", "-D_GLIBCXX_ASSERTIONS")),
    }
    # Also under names such as x86_64-linux-gnu-gcc-12. A compiler cache may answer without one.
    recorded = Recorded(
        programs=re.compile(r"([\w.]+-)*(cc|c89|c99|gcc|clang|icx|ar|ccache|sccache)(-[\d.]+)?"),
        variables=("CC", "AR"),
        launchers=frozenset({"ccache", "sccache"}),
        appended=APPENDED,
    )
    languages = frozenset({"c"})
    compilers = frozenset({"gcc", "clang", "cc", "icx", "tcc"})
    interchangeable = True
    marks: tuple[Marks, ...] = (
        Marks(
            suffixes=frozenset({".c", ".cc", ".cpp", ".cxx", ".c++"}),
            parallel=_PRAGMA,
            unoptimised=TAKES_AWAY,
        ),
    )
    system_libraries = ("libc.", "libm.", "libpthread.", "libdl.", "ld-linux", "libgcc_s.")
    parallel_libraries = ("libgomp.", "libomp.", "libiomp5.")
    variables = frozenset(
        (
            *("AR", "CC", "CFLAGS", "CPPFLAGS", "FC", "FFLAGS", "LDFLAGS"),
            *("CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH"),
        )
    )
    variable_prefixes = ("CMAKE_", "SKBUILD_")
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
            r"unrecognized command.line option|unknown target CPU",
            "the compiler is too old for a flag",
        ),
    )
    words: Mapping[Topic, str] = {
        Topic.LEVEL: "the setting optimisation=O3 for all",
        Topic.PROCESSOR: "-march",
        Topic.COMPILER: "CC=gcc or CC=clang (and CXX)",
        Topic.DEBUGGING: "leaving out -g or adding -s to the linker's flags",
        Topic.ASKING: "pragmas",
        Topic.LINKING: "-fopenmp to the compiler's and the linker's flags "
        "(Meson: dependency('openmp'))",
        Topic.SANITIZING: "-fsanitize",
        Topic.FLUSHING: "-ffast-math, -Ofast and the like from the flags of its linker",
        Topic.FINDING: "CC",
    }

    def outside_files(self, environment: Mapping[str, str], *folders: Path) -> Iterable[Path]:  # noqa: ARG002  # the interface has it
        """The folders of headers that are searched in any case."""
        return self.searched

    def trace(
        self, commands: tuple[Command, ...], libraries: frozenset[str] | None
    ) -> Iterator[Part]:
        """The sources behind the libraries that were linked; calls of C++'s compiler count too."""
        calls, archives = [], {}
        for command in commands:
            if command.toolchain not in ("c", "c++"):
                continue
            if _ARCHIVER.fullmatch(Path(command.program).name):
                archives.update(_archived(command))
            elif (call := read_call(command)) is not None:
                calls.append(call)
        for link in calls:
            wanted = link.output and (libraries is None or link.output.name in libraries)
            if link.shared and wanted:
                yield from _parts(link, calls, archives)

    def readable(self, symbol: str, module: str) -> str | None:  # noqa: ARG002  # the interface has it
        """Its functions have the names that their authors gave them."""
        return "" if _FOREIGN.match(symbol) else None


@dataclass(frozen=True)
class Call:
    """A call of a C or C++ compiler, which may link as well."""

    command: Command
    """The call as it was noted."""
    sources: tuple[Path, ...]
    """Sources that it compiled."""
    objects: tuple[Path, ...]
    """Object files and archives that it linked."""
    output: Path | None
    """The files that it was to write."""
    shared: bool
    """Whether it linked a library that can be loaded."""

    def writes(self) -> dict[Path, Path]:
        """Object files that it wrote, each with its source."""
        if "-c" not in self.command.arguments:
            return {}
        if self.output is not None and self.sources:
            return {self.output: self.sources[0]}  # compilers take one at most with -o
        return {source.with_suffix(".o"): source for source in self.sources}


def read_call(command: Command) -> Call | None:
    """The kind of a call; None where a compiler only printed information."""
    directory = Path(command.directory)
    output: Path | None = None
    sources: list[Path] = []
    objects: list[Path] = []
    words = iter(command.arguments)
    for word in words:
        if _TAKES_A_WORD.fullmatch(word):
            next(words, None)
        elif word == "-o":
            output = _place(directory, next(words, ""))
        elif not word.startswith("-"):
            path = _place(directory, word)
            (sources if path.suffix in C_SUFFIX else objects).append(path)
    if output is None and not sources:
        return None
    told = set(command.arguments)
    return Call(
        command=command,
        sources=tuple(sources),
        objects=tuple(objects),
        output=output,
        shared=bool(told & _SHARED) and not told & _LINKS_NOT,
    )


def _place(directory: Path, name: str) -> Path:
    """Two names of one file are to be the same; not by links, since the files may be gone."""
    return Path(os.path.normpath(directory / name))


def _archived(command: Command) -> dict[Path, tuple[Path, ...]]:
    """The archive that a call made, with the object files in it."""
    directory = Path(command.directory)
    _operation, *paths = [word for word in command.arguments if not word.startswith("--")] or [""]
    if len(paths) < 2:
        return {}
    archive, *members = (_place(directory, path) for path in paths)
    return {archive: tuple(members)}


def _parts(link: Call, calls: list[Call], archives: dict[Path, tuple[Path, ...]]) -> Iterator[Part]:
    """The sources behind a linked library; one that was compiled twice counts as the last time."""
    written = {output: (call, source) for call in calls for output, source in call.writes().items()}
    for source in link.sources:
        yield c_settings(link, source), source.name
    linked = [path for given in link.objects for path in archives.get(given, (given,))]
    for path in linked:
        if path in written:
            call, source = written[path]
            yield c_settings(call, source), source.name


def c_settings(call: Call, source: Path) -> Settings:
    """The settings of a call of a C or C++ compiler."""
    words = call.command.arguments
    told = [word for word in words if re.fullmatch(r"-O\w*", word)]
    openmp, symbols = _last(_OPENMP, words), _last(_SYMBOLS, words)
    return Settings(
        language=C_SUFFIX[source.suffix],
        compiler=compiler_name(call.command.version, Path(call.command.program).name),
        level=_level(told[-1].removeprefix("-O")) if told else "0",
        told=" ".join(told),
        isa=switched_on(_instructions(words)),
        openmp=openmp is not None and not openmp[1],
        debug_symbols=symbols is not None and symbols[0] != "-g0",
        lto=_lto(words),
        sanitizers=_sanitizers(words),
    )


def _last(pattern: re.Pattern[str], words: tuple[str, ...]) -> re.Match[str] | None:
    """The last matching word, which is the one that counts."""
    return next(filter(None, map(pattern.fullmatch, reversed(words))), None)


def compiler_name(version: str, program: str) -> str:
    """The compiler and its version, from the first line that it prints about itself.

    GCC says the name that it was called by, "cc (Debian 12.2.0-14) 12.2.0".
    """
    if "clang" in version:
        return f"clang {version_number(version)}"
    gnu = re.fullmatch(r"\S*(?:cc|c\+\+|g\+\+)\S* \(.*\) (\d[\w.]*).*", version)
    return f"gcc {gnu[1]}" if gnu else f"{program} {version_number(version)}"


def _level(text: str) -> str:
    return str(min(int(text), 3)) if text.isdecimal() else text or "1"


def _instructions(words: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Names of instruction sets with whether they were switched on, the processor's name first."""
    machine = _last(_MACHINE, words)
    if machine:
        yield machine[1], True
    for feature in filter(None, map(_FEATURE.fullmatch, words)):
        yield feature[2], not feature[1]


def _lto(words: tuple[str, ...]) -> str | None:
    found = _last(_LTO, words)
    if found is None or found[1]:
        return None
    return "thin" if found[2] == "=thin" else "on"


def _sanitizers(words: tuple[str, ...]) -> tuple[str, ...]:
    on: set[str] = set()
    for word in words:
        option, _, names = word.partition("=")
        if option == "-fsanitize":
            on |= set(names.split(","))
        elif option == "-fno-sanitize":
            on -= on if names == "all" else set(names.split(","))
    return tuple(sorted(on))
