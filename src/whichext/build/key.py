"""The key of a build: all that would have to change for its result to change, as named parts.

A part has a name and a hash of what it says, and both are kept beside the build. So it can be said
which variable or file made a build miss the cache, and no value of a variable is ever stored.
"""

from __future__ import annotations

import platform
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from whichext.build.harmless import counting
from whichext.build.outside import Found, outside_of, programs_on
from whichext.build.store import digest
from whichext.model.key import KeyPart, PartKind
from whichext.model.outcome import Tool

# A compiler that is asked for this very processor makes another library on the next one.
_NATIVE = "native"
_OF_PROCESSORS = re.compile(
    r"^(model name|flags|features|cpu part|cpu family|model)\s*:.*$", re.IGNORECASE | re.MULTILINE
)
_PASSWORD = re.compile(r"(?<=://)[^/@\s]*@")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A build that is wanted, with its surroundings."""

    folder: Path
    """The folder that holds all of its files: the project's own, unless it needs others."""
    files: Sequence[Path]
    """Its files, all of them in the folder."""
    tools: tuple[Tool, ...]
    """Compilers with their versions."""
    environment: Mapping[str, str]
    """The whole environment that the build will see."""
    told: Mapping[str, str]
    """What its compilers are given besides, such as flags, by any name."""
    given: Mapping[str, str] = field(default_factory=dict)
    """What else a build depends on, by name."""
    built_in: Path
    """The folder in which it is built, since some tools read settings in the folders above."""


FORMAT = KeyPart(PartKind.FORMAT, "what is kept of a build", "7")
"""What is noted beside a build: with another number, it is made again."""


def key_parts(asked: Asked) -> tuple[KeyPart, ...]:
    """All parts of a key, in an order that depends on nothing else."""
    return tuple(_parts(asked))


def key_of(parts: Iterable[KeyPart]) -> str:
    """The name of a build in the cache: a hash of its parts, 24 hexadecimal digits.

    The places of settings do not count, so that a home elsewhere with the same ones is the same.
    """
    words = (
        (part.kind, "" if part.kind is PartKind.OUTSIDE else part.name, part.digest)
        for part in parts
    )
    return digest(*(word.encode(errors="surrogateescape") for words_ in words for word in words_))


def sources_of(parts: Iterable[KeyPart]) -> str:
    """A hash of a project's files alone, with their names: the same on every machine."""
    files = ((part.name, part.digest) for part in parts if part.kind is PartKind.CONTENT)
    words = (word for file in files for word in file)
    return digest(*(word.encode(errors="surrogateescape") for word in words))


def content_parts(folder: Path, files: Iterable[Path]) -> Iterator[KeyPart]:
    """The parts of a key that are files, by their names in a folder that holds all of them."""
    for path in sorted(files):
        mode = b"program" if path.stat().st_mode & 0o111 else b"file"
        name = path.relative_to(folder).as_posix()
        yield KeyPart(PartKind.CONTENT, name, digest(mode, path.read_bytes()))


def _parts(asked: Asked) -> Iterator[KeyPart]:
    variables = counting(asked.environment)
    yield FORMAT
    yield from _of_python()
    for tool in (*asked.tools, *_installers()):
        yield _part(PartKind.TOOL, tool.name, tool.version)
    for found in programs_on(asked.environment, variables):
        yield _found(PartKind.PROGRAM, found)
    for name, value in variables.items():
        yield _part(PartKind.VARIABLE, name, _PASSWORD.sub("", value))
    for name in sorted(asked.told):
        yield _part(PartKind.TOLD, name, asked.told[name])
    for name in sorted(asked.given):
        yield _part(PartKind.GIVEN, name, asked.given[name])
    outside = list(outside_of(asked.environment, variables, (asked.folder, asked.built_in)))
    for found in outside:
        yield _found(PartKind.OUTSIDE, found)
    native = _names_native((*variables.values(), *asked.told.values()))
    native |= any(found.is_native for found in outside)
    native |= any(_NATIVE.encode() in path.read_bytes() for path in asked.files)
    yield from content_parts(asked.folder, asked.files)
    if native:
        yield _part(PartKind.PROCESSOR, "this processor", _processor())


def _part(kind: PartKind, name: str, text: str) -> KeyPart:
    """A part that is a text; bytes of the environment that are not text stay what they are."""
    return KeyPart(kind, _legible(name), digest(text.encode(errors="surrogateescape")))


def _found(kind: PartKind, found: Found) -> KeyPart:
    return KeyPart(kind, _legible(found.name), digest(*found.says))


def _legible(name: str) -> str:
    """A name as a file of JSON can hold it."""
    return name.encode(errors="backslashreplace").decode()


def _of_python() -> Iterator[KeyPart]:
    """The Python that a build is for, with the settings and the header that it was built with."""
    yield _part(PartKind.PYTHON, "version", sys.version)
    yield _part(PartKind.PYTHON, "ABI", str(sysconfig.get_config_var("SOABI")))
    yield _part(PartKind.PYTHON, "platform", sysconfig.get_platform())
    for path in (sysconfig.get_makefile_filename(), sysconfig.get_config_h_filename()):
        if Path(path).is_file():
            yield KeyPart(PartKind.PYTHON, Path(path).name, digest(Path(path).read_bytes()))


def _installers() -> Iterator[Tool]:
    """What resolves and installs the requirements of a build; another version may find others."""
    for name in ("pip", "build"):
        try:
            yield Tool(name, metadata.version(name))
        except metadata.PackageNotFoundError:
            continue


def _names_native(texts: Iterable[str]) -> bool:
    return any(_NATIVE in text for text in texts)


def _processor() -> str:
    """What a compiler can see of this processor."""
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    except OSError:
        return platform.processor()
    return "\n".join(line[0] for line in _OF_PROCESSORS.finditer(text.partition("\n\n")[0]))
