"""Which functions of a library compute on vectors, and how wide, from their instructions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from whichext.model.evidence import Function

if TYPE_CHECKING:
    import capstone

# Arithmetic and comparisons on several values at once. Not moves, zeroing and shuffles: compilers
# use these for anything of 16 bytes, in code that loops over single values too.
_PACKED = re.compile(
    r"v?(p(add|sub|mul|madd|max|min|cmp|abs|avg|sad|hadd|ternlog|sll|srl|sra|blend)\w*"
    r"|(add|sub|mul|div|max|min|cmp\w*|sqrt|rcp|rsqrt|hadd|blend\w*|fn?m(add|sub)\w*)p[sd])"
)
_NEON = re.compile(r"f?(add|sub|mul|div|max|min|ml[as]|cm\w+|sqrt)\w*|[su](max|min)\w*|bs[ld]|bif")
_WIDTHS = {"zmm": 512, "ymm": 256, "xmm": 128}
_X86_REGISTER = re.compile(r"[xyz]mm")
_NEON_REGISTER = re.compile(r"\bv\d+\.\d")
_MOST_FUNCTIONS = 40  # a result file need not hold every one of a large library


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
    """Functions that compute on vectors, the widest first, and why none could be looked at.

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
    if "mm" not in operands or not _PACKED.fullmatch(mnemonic):
        return 0
    return max((_WIDTHS[name] for name in _X86_REGISTER.findall(operands)), default=0)


def _arm_bits(mnemonic: str, operands: str) -> int:
    return 128 if _NEON_REGISTER.search(operands) and _NEON.fullmatch(mnemonic) else 0
