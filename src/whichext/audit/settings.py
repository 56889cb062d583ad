"""From a compiler's arguments to the settings that count, in words that languages share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whichext.audit.calls import CCall, RustcCall
from whichext.model.evidence import Language, Settings

# What compilers of an architecture assume unless they are told more.
_LEAST = {"x86-64", "generic", "armv8-a", "nocona", "core2"}
_FEATURE = re.compile(r"-m(no-)?((?:avx|sse|ssse|fma|bmi|f16c|popcnt|lzcnt|vaes|gfni|amx)[\w.-]*)")
_OPENMP = re.compile(r"-f(no-)?openmp(=.*)?|-qopenmp")


def c_settings(call: CCall, language: Language) -> Settings:
    """How a C or C++ compiler was told to compile."""
    levels = [word for word in call.arguments if re.fullmatch(r"-O\w*", word)]
    return Settings(
        language=language,
        compiler=compiler_name(call.version, call.program),
        level=_c_level(levels[-1].removeprefix("-O")) if levels else "0",
        told=" ".join(levels),
        isa=_isa(_c_isa(call.arguments)),
        openmp=_has_openmp(call.arguments),
        debug_symbols=_has_symbols(call.arguments),
        lto=_c_lto(call.arguments),
        sanitizers=_sanitizers(call.arguments),
    )


def rust_settings(call: RustcCall) -> Settings:
    """How rustc was told to compile."""
    code = dict(call.code)
    levels = [f"opt-level={value}" for name, value in call.code if name == "opt-level"]
    lto = code.get("lto", "no")
    return Settings(
        language=Language.RUST,
        compiler=compiler_name(call.version, "rustc"),
        level=code.get("opt-level", "0"),
        told=" ".join(levels),
        isa=_isa(_rust_isa(call.code)),
        openmp=False,
        debug_symbols=code.get("debuginfo", "0") not in ("0", "none"),
        lto={"": "fat", "yes": "fat", "no": None, "off": None, "n": None}.get(lto, lto),
        sanitizers=tuple(sorted(set(call.sanitizers))),
    )


def compiler_name(version: str, program: str) -> str:
    """The compiler and its version, from the first line that it prints about itself.

    GCC says the name that it was called by, "cc (Debian 12.2.0-14) 12.2.0".
    """
    number = re.search(r"\d+\.\d+(\.\d+)?", version)
    for name in ("clang", "rustc"):
        if name in version:
            return f"{name} {number[0] if number else '?'}"
    gnu = re.fullmatch(r"\S*(?:cc|c\+\+|g\+\+)\S* \(.*\) (\d[\w.]*).*", version)
    return f"gcc {gnu[1]}" if gnu else f"{program} {number[0] if number else '?'}"


def _c_level(text: str) -> str:
    if text.isdecimal():
        return str(min(int(text), 3))
    return text or "1"


def _c_isa(words: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Names of instruction sets with whether they were switched on, the processor's name first."""
    machines = [word.partition("=")[2] for word in words if re.match(r"-m(arch|cpu)=", word)]
    if machines:
        yield machines[-1], True
    for word in words:
        feature = _FEATURE.fullmatch(word)
        if feature:
            yield feature[2], not feature[1]


def _rust_isa(code: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, bool]]:
    machine = dict(code).get("target-cpu")
    if machine:
        yield machine, True
    for name, value in code:
        if name == "target-feature":
            for feature in filter(None, value.split(",")):
                yield feature.lstrip("+-"), not feature.startswith("-")


def _isa(switches: Iterator[tuple[str, bool]]) -> tuple[str, ...]:
    """What is on in the end, without what is always there."""
    on = {name for name, wanted in dict(switches).items() if wanted}
    return tuple(sorted(on - _LEAST))


def _has_openmp(words: tuple[str, ...]) -> bool:
    found = [match for word in words if (match := _OPENMP.fullmatch(word))]
    return bool(found) and not found[-1][1]


def _has_symbols(words: tuple[str, ...]) -> bool:
    levels = [word for word in words if re.fullmatch(r"-g(\d|gdb\d?|line-tables-only)?", word)]
    return bool(levels) and levels[-1] != "-g0"


def _c_lto(words: tuple[str, ...]) -> str | None:
    found = [word for word in words if re.fullmatch(r"-f(no-)?lto(=.*)?", word)]
    if not found or found[-1] == "-fno-lto":
        return None
    return "thin" if found[-1] == "-flto=thin" else "on"


def _sanitizers(words: tuple[str, ...]) -> tuple[str, ...]:
    on: set[str] = set()
    for word in words:
        option, _, names = word.partition("=")
        if option == "-fsanitize":
            on |= set(names.split(","))
        elif option == "-fno-sanitize":
            on -= on if names == "all" else set(names.split(","))
    return tuple(sorted(on))
