"""What is in a compiled library: its sizes, what it needs, which functions compute on vectors."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from whichext.model.evidence import Function, Library, Unseen
from whichext.toolchains.base import Toolchain

if TYPE_CHECKING:
    import capstone
    from elftools.elf.elffile import ELFFile

_DEBUG = (".debug", ".zdebug")
_SYMBOLS = (".symtab", ".strtab", *_DEBUG)
_COPY = re.compile(r"\.(constprop|isra|part|cold|lto_priv|_omp_fn|llvm)\b.*")

# Arithmetic and comparisons on several values at once. Not moves, zeroing and shuffles: compilers
# use these for anything of 16 bytes, in code that loops over single values too.
_PACKED = re.compile(
    r"v?(p(add|sub|mul|madd|max|min|cmp|abs|avg|sad|hadd|ternlog|sll|srl|sra|blend)\w*"
    r"|(add|sub|mul|div|max|min|cmp\w*|sqrt|rcp|rsqrt|hadd|blend\w*|fn?m(add|sub)\w*)p[sd])"
)
# Operations on bits. Not those of floats, with which compilers negate a single value as well, and
# not one of a register with itself, which makes a zero or a copy.
_BITWISE = re.compile(r"v?p(andn?|x?or)[dq]?|and|orr|eor|bic|orn")
_NEON = re.compile(r"f?(add|sub|mul|div|max|min|ml[as]|cm\w+|sqrt)\w*|[su](max|min)\w*|bs[ld]|bif")
_WIDTHS = {"zmm": 512, "ymm": 256, "xmm": 128}
_X86_REGISTER = re.compile(r"[xyz]mm")
_NEON_REGISTER = re.compile(r"\bv\d+\.\d")
_MOST_FUNCTIONS = 40  # a result file need not hold every one of a large library


def read_library(path: Path, toolchains: tuple[Toolchain, ...]) -> Library | Unseen:
    """Read a library, or say why it cannot be read: not every system has ELF files.

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
    """Hash of the code: two builds with the same hash have the same machine code."""
    text = elf.get_section_by_name(".text")
    return None if text is None else hashlib.sha256(text.data()).hexdigest()[:24]


def _functions(elf: ELFFile, module: str, toolchains: tuple[Toolchain, ...]) -> Iterator[Code]:
    """The code of each of the project's own functions; one piece in a stripped library."""
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


def readable_name(symbol: str, module: str, toolchains: Iterable[Toolchain]) -> str:
    """A function's name as its author wrote it; empty for a foreign function.

    Arguments of generics and numbers of copies are left out.

    Args:
        symbol: The name in the library's table of symbols.
        module: The module that the library is.
        toolchains: Asked in this order; a symbol that none of them made is a name already.

    """
    symbol = _COPY.sub("", symbol)
    names = (toolchain.readable(symbol, module) for toolchain in toolchains)
    return next((name for name in names if name is not None), symbol)


@dataclass(frozen=True)
class Code:
    """The machine code of a function."""

    name: str | None
    """Its name; None for all code of a library without names."""
    address: int
    """Where it starts."""
    data: bytes
    """Its instructions."""


def find_vectors(
    architecture: str, functions: Iterable[Code]
) -> tuple[tuple[Function, ...], str | None]:
    """Functions that compute on vectors, the widest first, or why that is not known.

    Args:
        architecture: Name as pyelftools has it, such as "x64".
        functions: The code of each; copies of one function have the same name.

    """
    try:
        machine = _disassembler(architecture)
    except ImportError as error:
        return (), f"capstone cannot be imported: {error}"
    if machine is None:
        return (), f"how vectors look is not known on {architecture}"
    width_of = _x86_bits if architecture == "x64" else _arm_bits
    counts: dict[str | None, Counter[int]] = {}
    for code in functions:
        found = counts.setdefault(code.name, Counter())
        for _, _, mnemonic, operands in machine.disasm_lite(code.data, code.address):
            width = width_of(mnemonic, operands)
            if width:
                found[width] += 1
    wide = [
        Function(name=name, width_bits=max(found), instructions=found[max(found)])
        for name, found in counts.items()
        if found
    ]
    wide.sort(key=lambda f: (-f.width_bits, -f.instructions, f.name or ""))
    return tuple(wide[:_MOST_FUNCTIONS]), None


def _disassembler(architecture: str) -> capstone.Cs | None:
    import capstone  # here, since only an audit needs it, and every command would wait for it

    modes = {
        "x64": (capstone.CS_ARCH_X86, capstone.CS_MODE_64),
        "AArch64": (capstone.CS_ARCH_ARM64, capstone.CS_MODE_ARM),
    }
    if architecture not in modes:
        return None
    machine = capstone.Cs(*modes[architecture])
    machine.skipdata = True  # tables between functions are no reason to stop
    return machine


def _x86_bits(mnemonic: str, operands: str) -> int:
    if "mm" not in operands:
        return 0
    if not (_PACKED.fullmatch(mnemonic) or _is_bitwise(mnemonic, operands)):
        return 0
    return max((_WIDTHS[name] for name in _X86_REGISTER.findall(operands)), default=0)


def _arm_bits(mnemonic: str, operands: str) -> int:
    if not _NEON_REGISTER.search(operands):
        return 0
    return 128 if _NEON.fullmatch(mnemonic) or _is_bitwise(mnemonic, operands) else 0


def _is_bitwise(mnemonic: str, operands: str) -> bool:
    """Whether it computes on the bits of two different sources."""
    sources = operands.split(", ")[-2:]
    return bool(_BITWISE.fullmatch(mnemonic)) and sources[0] != sources[1]
