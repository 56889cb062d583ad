"""From the flags of a C, C++ or Fortran compiler to the settings that count.

What is named here is a factor with a value, such as "overflow: wraps". All other flags that may
change the code are one factor, so that no two builds are taken for alike that are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from whichext.model.contestant import Factor
from whichext.model.evidence import NOT_KNOWN, Settings
from whichext.toolchains.c_calls import Call, Source
from whichext.toolchains.flags import (
    ASSERTIONS,
    C_API,
    FLAGS,
    MATH,
    OVERFLOW,
    PGO,
    TUNING,
    switched_on,
    version_number,
)

_FEATURE = re.compile(r"-m(no-)?((?:avx|sse|ssse|fma|bmi|f16c|popcnt|lzcnt|vaes|gfni|amx)[\w.-]*)")
_MACHINE = re.compile(r"-m(?:arch|cpu)=(.*)")
_TUNE = re.compile(r"-mtune=(.*)")
_OPENMP = re.compile(r"-f(no-)?openmp(=.*)?|-qopenmp")
_SYMBOLS = re.compile(r"-g(\d|gdb\d?|line-tables-only)?")
_LTO = re.compile(r"-f(no-)?lto(=.*)?")
_LEVEL = re.compile(r"-O\w*")

# Parts of -ffast-math that change results or what may be assumed of values, as flags without "f".
_UNSAFE = frozenset({"no-signed-zeros", "no-trapping-math", "associative-math", "reciprocal-math"})
_UNSAFE_TOO = "unsafe-math-optimizations"
_FAST = _UNSAFE | {_UNSAFE_TOO, "no-math-errno", "finite-math-only", "cx-limited-range"}
_GROUPS = {"fast-math": _FAST, _UNSAFE_TOO: _UNSAFE | {_UNSAFE_TOO}}
_OTHER_MATH = re.compile(
    r"-f((no-)?(rounding-math|approx-func|signaling-nans|single-precision-constant)"
    r"|(fp-contract|fp-model|excess-precision|denormal-fp-math)=.*)"
)
# Compilers that take liberties with numbers, and optimise, without being asked to.
_INTELS = re.compile(r"ic(x|px)|ifx|ifort")

_WITHOUT_LEVELS = "tcc "  # which takes every level, and optimises nothing

_OVERFLOW = {
    **dict.fromkeys(("-fwrapv", "-fno-strict-overflow"), "wraps"),
    **dict.fromkeys(("-fno-wrapv", "-fno-trapv", "-fstrict-overflow"), "undefined"),
    "-ftrapv": "checked",
}
_PROFILED = re.compile(r"-f(auto-profile|profile(-instr|-sample)?-use)(=.*)?")
_PROFILING = re.compile(r"-f(profile(-instr)?-generate(=.*)?|profile-arcs)|--coverage")

_MAY_CHANGE_CODE = re.compile(r"-[fm].*|-std=.*|-D(_|CYTHON_).*|--param=.*|-traditional.*")
# Those of them that change no code, and what is a factor or a setting of its own.
_READ_ELSEWHERE = (_FEATURE, _MACHINE, _TUNE, _OPENMP, _LTO, _OTHER_MATH, _PROFILED, _PROFILING)
_NO_CODE = re.compile(
    r"-f(no-)?(pic|PIC|pie|PIE|fat-lto-objects|use-linker-plugin|syntax-only|ident|verbose-asm"
    r"|record-gcc-switches|color-diagnostics|diagnostics-\S*|sanitize\S*|canonical-system-headers"
    r"|debug-\S*|var-tracking\S*|eliminate-unused-debug\S*|dump-\S*)"
    r"|-f(message-length|file-prefix-map|debug-prefix-map|macro-prefix-map|max-errors"
    r"|working-directory|error-limit|compilation-dir|profile-dir|profile-update)\S*"
    r"|-m(32|64|acosx-version-min=.*)"
    r"|-D_(GNU_SOURCE|DEFAULT_SOURCE|REENTRANT|POSIX_C_SOURCE|XOPEN_SOURCE|FILE_OFFSET_BITS"
    r"|LARGEFILE\w*)(=.*)?"
    r"|-D\w+_EXPORTS"  # of CMake, by the target's name
)


def c_settings(call: Call, source: Source, link: Call) -> Settings:
    """The settings of a source's code.

    Args:
        call: The call that compiled it.
        source: The source.
        link: The call that linked it, which may be the same.

    """
    words = call.words
    compiler = compiler_name(call.command.version, Path(call.command.program).name)
    told = [word for word in words if _LEVEL.fullmatch(word)]
    ignored = ["ignored"] if told and compiler.startswith(_WITHOUT_LEVELS) else []
    openmp, symbols = _last(_OPENMP, words), _last(_SYMBOLS, words)
    return Settings(
        language=source.language,
        compiler=compiler,
        level=_level(told, compiler),
        told=" ".join([*told, *ignored]),
        isa=switched_on(_instructions(words)),
        openmp=openmp is not None and not openmp[1],
        debug_symbols=symbols is not None and symbols[0] != "-g0",
        lto=_lto(words, link.words),
        sanitizers=_sanitizers(words),
        further=tuple(sorted(_further(words, compiler))),
    )


def compiler_name(version: str, program: str) -> str:
    """The compiler and its version, from the first line that it prints about itself.

    GCC says the name that it was called by, "cc (Debian 12.2.0-14) 12.2.0". Its Fortran compiler
    is GCC too: what generates the code is the same. Zig says its own version behind its clang's.
    """
    if zig := re.fullmatch(r"clang version (\S+) \(zig (\S+)\)", version):
        return f"zig {zig[2]} (clang {zig[1]})"
    if "clang" in version:
        return f"clang {version_number(version)}"
    gnu = re.fullmatch(r"(?:\S*(?:cc|c\+\+|g\+\+)\S*|GNU Fortran) \(.*\) (\d[\w.]*).*", version)
    return f"gcc {gnu[1]}" if gnu else f"{program} {version_number(version)}"


def _level(told: list[str], compiler: str) -> str:
    """The level that counts, as a compiler understands it."""
    if compiler.startswith(_WITHOUT_LEVELS):
        return "0"
    if not told:
        return "2" if _INTELS.match(compiler) else "0"
    text = told[-1].removeprefix("-O")
    return str(min(int(text), 3)) if text.isdecimal() else text or "1"


def _last(pattern: re.Pattern[str], words: tuple[str, ...]) -> re.Match[str] | None:
    """The last matching word, which is the one that counts."""
    return next(filter(None, map(pattern.fullmatch, reversed(words))), None)


def _instructions(words: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Names of instruction sets with whether they were switched on, the processor's name first."""
    machine = _last(_MACHINE, words)
    if machine:
        yield machine[1], True
    for feature in filter(None, map(_FEATURE.fullmatch, words)):
        yield feature[2], not feature[1]


def _lto(words: tuple[str, ...], linked: tuple[str, ...]) -> str | None:
    """How it was optimised when linking; flags of the linker may prevent it."""
    found, last = _last(_LTO, words), _last(_LTO, linked)
    if found is None or found[1] or (last is not None and last[1]):
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


def _further(words: tuple[str, ...], compiler: str) -> Iterator[Factor]:
    """Further settings that may change results or times, each a factor."""
    macros = dict(_macros(words))
    tuned = _last(_TUNE, words)
    overflow = [_OVERFLOW[word] for word in words if word in _OVERFLOW]
    yield Factor(MATH, _math(words, compiler))
    yield Factor(ASSERTIONS, _assertions(macros))
    yield Factor(OVERFLOW, overflow[-1] if overflow else "undefined")
    yield Factor(TUNING, tuned[1] if tuned else "default")
    yield Factor(PGO, _profiled(words))
    limited = macros.get("Py_LIMITED_API")
    yield Factor(C_API, "full" if limited is None else f"limited {limited}".strip())
    yield Factor(FLAGS, " ".join(_other(words, compiler)))


def _math(words: tuple[str, ...], compiler: str) -> str:
    """What a compiler may do with numbers that the standard does not let it.

    The parts of -ffast-math are one factor: a ladder is to say "math: strict -> fast".
    """
    said = {found[0].partition("=")[0]: found[0] for found in _all(_OTHER_MATH, words)}
    if _INTELS.match(compiler) and not {"-ffp-model", "-fno-fast-math"} & {*said, *words}:
        return NOT_KNOWN
    on = _liberties(words)
    parts = ["fast"] if on >= _FAST else sorted(on)
    parts += [word.removeprefix("-f") for word in said.values()]
    return ", ".join(parts) or "strict"


def _liberties(words: tuple[str, ...]) -> set[str]:
    """The parts of -ffast-math that are on in the end."""
    levels = [word for word in words if _LEVEL.fullmatch(word)]
    on = set(_FAST) if levels and levels[-1] == "-Ofast" else set[str]()
    for word in words:
        name = word.removeprefix("-f") if word.startswith("-f") else ""
        plain = name.removeprefix("no-")
        if plain in _GROUPS:
            on = on | _GROUPS[plain] if name == plain else on - _GROUPS[plain]
        elif name in _FAST:
            on.add(name)
        else:
            on.discard(plain if name != plain else f"no-{name}")
    return on


def _all(pattern: re.Pattern[str], words: Iterable[str]) -> Iterator[re.Match[str]]:
    yield from filter(None, map(pattern.fullmatch, words))


def _macros(words: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """Macros with their values, in order; None where one is taken back."""
    rest = iter(words)
    for word in rest:
        if word.startswith(("-D", "-U")):
            name, _, value = (word[2:] or next(rest, "")).partition("=")
            yield name, value if word.startswith("-D") else None


def _assertions(macros: dict[str, str | None]) -> str:
    """Whether assert() is compiled in, or the assertions of the C++ library."""
    if macros.get("NDEBUG") is None:
        return "on"
    return "off" if macros.get("_GLIBCXX_ASSERTIONS") is None else "the C++ library's"


def _profiled(words: tuple[str, ...]) -> str:
    if _last(_PROFILED, words):
        return "used"
    return "collecting" if _last(_PROFILING, words) else "none"


def _other(words: tuple[str, ...], compiler: str) -> list[str]:
    """All other flags that may change the code, sorted; of contradicting ones the last."""
    levels = [word for word in words if _LEVEL.fullmatch(word)]
    # With GCC, the only thing in -Ofast besides -O3 and -ffast-math.
    implied = ["-fallow-store-data-races"] if levels[-1:] == ["-Ofast"] else []
    found = {_subject(word): word for word in implied if compiler.startswith("gcc ")}
    rest = iter(words)
    for word in rest:
        # Their values are words of their own.
        whole = f"{word}={next(rest, '')}" if word == "--param" else word
        whole = f"-D{next(rest, '')}" if word == "-D" else whole
        if _MAY_CHANGE_CODE.fullmatch(whole) and not _is_read_elsewhere(whole):
            found[_subject(whole)] = whole
    return sorted(found.values())


def _subject(word: str) -> str:
    """What a flag is about, whichever way it decides."""
    if word.startswith("--param="):
        return "=".join(word.split("=")[:2])
    name = word.partition("=")[0]
    return f"{name[:2]}{name[2:].removeprefix('no-')}"


def _is_read_elsewhere(word: str) -> bool:
    plain = word.removeprefix("-f").removeprefix("no-")
    math = plain in _GROUPS or plain in _FAST or f"no-{plain}" in _FAST
    known = math or word in _OVERFLOW or _NO_CODE.fullmatch(word)
    return bool(known) or any(pattern.fullmatch(word) for pattern in _READ_ELSEWHERE)
