"""Calls of rustc: the crates behind a library, and the settings that count for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from whichext.model.contestant import Factor
from whichext.model.evidence import Settings
from whichext.toolchains.base import Command
from whichext.toolchains.c_calls import words_of
from whichext.toolchains.flags import (
    ASSERTIONS,
    FLAGS,
    MATH,
    OVERFLOW,
    PGO,
    TUNING,
    switched_on,
    version_number,
)

_FOLDER = re.compile(r"/(?P<name>[\w-]+?)-(?P<version>\d+\.\d+[\w.+-]*)/")
"""The folder that cargo unpacks a crate into."""
_STATIC = re.compile(r"static(:[^=]*)?=(.+)")

# Options of -C that change no code, and what is a factor or a setting of its own.
_NO_CODE = frozenset(
    (
        *("metadata", "extra-filename", "incremental", "save-temps", "dep-info", "rpath"),
        *("linker", "link-arg", "link-args", "linker-flavor", "embed-bitcode", "ar", "debuginfo"),
        *("split-debuginfo", "strip", "remark", "prefer-dynamic", "default-linker-libraries"),
        "linker-plugin-lto",
        *("opt-level", "lto", "target-cpu", "target-feature", "overflow-checks"),
        *("debug-assertions", "panic", "codegen-units", "profile-use", "profile-generate"),
    )
)
_YES = ("", "y", "yes", "on", "true")


@dataclass(frozen=True)
class Crate:
    """A call of rustc that compiled a crate."""

    compiler: str
    """What the compiler says of itself."""
    name: str
    """Name of the crate."""
    file_stem: str
    """Name of its files, with the hash that distinguishes two versions."""
    version_of: str
    """Its version where it is unpacked from elsewhere; "" for the project's own."""
    shared: bool
    """Whether it linked a library that can be loaded."""
    static: bool
    """Whether it wrote an archive for a linker of another language."""
    code: tuple[tuple[str, str], ...]
    """Its options for generating code, `-C name=value`, in order."""
    switches: tuple[str, ...]
    """Its other switches, `--cfg name` without features, `-Z name`."""
    sanitizers: tuple[str, ...]
    """Checkers that were asked for."""
    archives: tuple[str, ...]
    """File names of archives that a build script made for it."""
    uses: tuple[str, ...]
    """Names of the files of the crates that it uses."""


class Crates:
    """The crates that the calls of a build compiled.

    Args:
        commands: All calls of the build, in order, also those of other toolchains.

    """

    def __init__(self, commands: tuple[Command, ...]) -> None:
        read = (read_crate(command) for command in commands if command.toolchain == "rust")
        self._all = [crate for crate in read if crate is not None]
        self._by_stem = {crate.file_stem: crate for crate in self._all}

    def linked(self) -> Iterator[tuple[Crate, list[Crate]]]:
        """Each library for Python, with all crates in it."""
        for crate in self._all:
            if crate.shared or crate.static:
                yield crate, self._behind(crate)

    def archives(self) -> tuple[str, ...]:
        """Archives of other languages in the libraries, each once."""
        crates = (crate for _, found in self.linked() for crate in found)
        return tuple(dict.fromkeys(name for crate in crates for name in crate.archives))

    def written(self) -> Iterator[str]:
        """File names of the archives that crates are, as cargo leaves them."""
        yield from (f"lib{crate.name}.a" for crate in self._all if crate.static)

    def _behind(self, library: Crate) -> list[Crate]:
        """A library for Python and all crates that it uses; no build scripts and macros."""
        found: dict[str, Crate] = {}
        waiting = [library]
        while waiting:
            crate = waiting.pop()
            if crate.file_stem not in found:
                found[crate.file_stem] = crate
                # A macro's file ends with .so: it ran in the compiler, and is not in the wheel.
                stems = (Path(name).stem for name in crate.uses if name.endswith(_CRATES))
                waiting += [self._by_stem[stem] for stem in stems if stem in self._by_stem]
        return list(found.values())


_CRATES = (".rlib", ".rmeta")


def read_crate(command: Command) -> Crate | None:
    """The kind of a call; None where rustc only printed information."""
    told = _Told(words_of(command))
    if not told.kinds or told.crate == "___":  # what cargo calls the crate of its questions
        return None
    return Crate(
        compiler=command.version,
        name=told.crate,
        file_stem=f"lib{told.crate}{dict(told.code).get('extra-filename', '')}",
        version_of=_version(told.crate, command),
        shared="cdylib" in told.kinds,
        static="staticlib" in told.kinds,
        code=tuple(told.code),
        switches=tuple(sorted(told.switches)),
        sanitizers=tuple(told.sanitizers),
        archives=tuple(told.archives),
        uses=tuple(told.uses),
    )


class _Told:
    """What a call says, sorted."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.crate = ""
        self.kinds: set[str] = set()
        self.code: list[tuple[str, str]] = []
        self.switches: set[str] = set()
        self.sanitizers: list[str] = []
        self.archives: list[str] = []
        self.uses: list[str] = []
        for option, value in _options(words):
            self._add(option, value)

    def _add(self, option: str, value: str) -> None:
        name, _, text = value.partition("=")
        match option:
            case "--crate-name":
                self.crate = value
            case "--crate-type":
                self.kinds |= set(value.split(","))
            case "--extern" if text:
                self.uses.append(Path(text).name)
            case "-C" | "--codegen":
                self.code.append((name.replace("_", "-"), text))
            case "-Z" if name == "sanitizer":
                self.sanitizers += text.split(",")
            case "-l" if found := _STATIC.fullmatch(value):
                self.archives.append(f"lib{found[2].rpartition(':')[2]}.a")
            case "-g":
                self.code.append(("debuginfo", "2"))
            case "-O":
                self.code.append(("opt-level", "3"))
            case "-Z":
                self.switches.add(f"-Z{value}")
            case "--cfg" if name != "feature":
                self.switches.add(f"--cfg={value}")
            case _:
                pass  # where things lie, what is warned of


def _options(arguments: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Options with their values, however they are written: "-C a=b", "-Ca=b", "--codegen=a=b"."""
    words = iter(arguments)
    for word in words:
        long, equals, value = word.partition("=")
        if word in ("-g", "-O"):
            yield word, ""
        elif word.startswith("--") and equals:
            yield long, value
        elif word.startswith("--") or word in ("-C", "-Z", "-L", "-l", "-A", "-W", "-D", "-o"):
            yield word, next(words, "")
        elif word.startswith(("-C", "-Z", "-l")):
            yield word[:2], word[2:]


def _version(crate: str, command: Command) -> str:
    """The version of a crate in a folder named "crate-1.2.3"; "" for the project's own."""
    sources = [word for word in words_of(command) if word.endswith(".rs")]
    for source in sources[:1]:
        for folder in _FOLDER.finditer(f"{command.directory}/{source}"):
            if folder["name"].replace("-", "_") == crate:
                return folder["version"]
    return ""


def rust_settings(crate: Crate) -> Settings:
    """The settings of a call of rustc."""
    code = dict(crate.code)
    lto = code.get("lto", "no")
    return Settings(
        language="rust",
        compiler=f"rustc {version_number(crate.compiler)}",
        level=code.get("opt-level", "0"),
        told=" ".join(f"opt-level={value}" for name, value in crate.code if name == "opt-level"),
        isa=switched_on(_instructions(crate.code)),
        openmp=False,
        debug_symbols=code.get("debuginfo", "0") not in ("0", "none"),
        lto={"": "fat", "yes": "fat", "no": None, "off": None, "n": None}.get(lto, lto),
        sanitizers=tuple(sorted(set(crate.sanitizers))),
        further=tuple(sorted(_further(crate, code))),
    )


def _further(crate: Crate, code: dict[str, str]) -> Iterator[Factor]:
    """Further settings that may change results or times; rustc has no liberties with numbers."""
    # A level without optimisation switches assertions on, and these switch the checks on.
    assertions = _is_on(code, "debug-assertions", default=code.get("opt-level", "0") == "0")
    checks = _is_on(code, "overflow-checks", default=assertions)
    yield Factor(MATH, "strict")
    yield Factor(ASSERTIONS, "on" if assertions else "off")
    yield Factor(OVERFLOW, "checked" if checks else "wraps")
    yield Factor(TUNING, "default")
    yield Factor(PGO, _profiled(code))
    yield Factor("panic", code.get("panic", "unwind"))
    yield Factor("codegen units", code.get("codegen-units", "default"))
    other = {f"-C{name}={text}" for name, text in crate.code if name not in _NO_CODE}
    own = crate.switches if not crate.version_of else ()  # a build script tells others their own
    yield Factor(f"rustc {FLAGS}", " ".join(sorted({*other, *own})).replace('"', ""))


def _is_on(code: dict[str, str], name: str, *, default: bool) -> bool:
    return code[name] in _YES if name in code else default


def _profiled(code: dict[str, str]) -> str:
    if "profile-use" in code:
        return "used"
    return "collecting" if "profile-generate" in code else "none"


def _instructions(code: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, bool]]:
    machine = dict(code).get("target-cpu")
    if machine:
        yield machine, True
    for name, value in code:
        if name == "target-feature":
            for feature in filter(None, value.split(",")):
                yield feature.lstrip("+-"), not feature.startswith("-")
