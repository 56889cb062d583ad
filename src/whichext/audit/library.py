"""What is in a compiled library: its size with and without symbols, what it needs, its code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from whichext.audit.symbols import readable_name
from whichext.audit.vectors import Code, find_vectors
from whichext.model.evidence import Library, Unseen
from whichext.toolchains.base import Toolchain

if TYPE_CHECKING:
    from elftools.elf.elffile import ELFFile

_DEBUG = (".debug", ".zdebug")
_SYMBOLS = (".symtab", ".strtab", *_DEBUG)


def read_library(path: Path, toolchains: tuple[Toolchain, ...]) -> Library | Unseen:
    """What a file says of itself, or why it cannot be read: not every system has ELF files.

    Args:
        path: The library.
        toolchains: Give functions the names that their authors gave them; asked in this order.

    """
    try:
        # Here, since only an audit needs it, and every command would wait for it.
        from elftools.common.exceptions import ELFError
        from elftools.elf.elffile import ELFFile
    except ImportError as error:
        return Unseen(what=path.name, reason=f"pyelftools cannot be imported: {error}")
    try:
        with path.open("rb") as file:
            return _read(path, ELFFile(file), toolchains)
    except (OSError, ELFError, KeyError, ValueError) as error:
        return Unseen(what=path.name, reason=f"no ELF file that can be read: {error}")


def _read(path: Path, elf: ELFFile, toolchains: tuple[Toolchain, ...]) -> Library:
    sizes = {section.name: section["sh_size"] for section in elf.iter_sections()}
    symbols = sum(n for name, n in sizes.items() if name.startswith(_SYMBOLS))
    file_bytes = path.stat().st_size
    architecture = elf.get_machine_arch()
    module = path.name.partition(".")[0]
    functions, unseen = find_vectors(architecture, _functions(elf, module, toolchains))
    return Library(
        file=path.name,
        file_bytes=file_bytes,
        stripped_bytes=file_bytes - symbols,
        debug_bytes=sum(n for name, n in sizes.items() if name.startswith(_DEBUG)),
        needs=tuple(_needs(elf)),
        functions=functions,
        functions_unseen=unseen,
        code_digest=_digest(elf),
    )


def _needs(elf: ELFFile) -> Iterator[str]:
    """Names of the shared libraries that the system loads along with it."""
    dynamic: Any = elf.get_section_by_name(".dynamic")
    if dynamic is not None:
        yield from (tag.needed for tag in dynamic.iter_tags("DT_NEEDED"))


def _digest(elf: ELFFile) -> str | None:
    """Hash of the code; of two builds that differ in it alone, a setting has made a difference."""
    text = elf.get_section_by_name(".text")
    return None if text is None else hashlib.sha256(text.data()).hexdigest()[:24]


def _functions(elf: ELFFile, module: str, toolchains: tuple[Toolchain, ...]) -> Iterator[Code]:
    """The code of every function of the project's own; all code as one where nothing has a name."""
    text, symbols = elf.get_section_by_name(".text"), cast(Any, elf.get_section_by_name(".symtab"))
    if text is None:
        return
    start, data = text["sh_addr"], text.data()
    if symbols is None:
        yield Code(None, start, data)
        return
    for symbol in symbols.iter_symbols():
        address, size = symbol["st_value"], symbol["st_size"]
        if symbol["st_info"]["type"] == "STT_FUNC" and start <= address < start + len(data):
            name = readable_name(symbol.name, module, toolchains)
            if name:
                yield Code(name, address, data[address - start : address - start + size])
