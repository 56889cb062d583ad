"""Which functions compute on vectors, from machine code whose meaning is known."""

from __future__ import annotations

import sys

import pytest

from whichext.audit.vectors import Code, find_vectors
from whichext.model.evidence import Function

PADDQ_XMM = bytes.fromhex("660fd4c1")  # paddq xmm0, xmm1
ADDPD_XMM = bytes.fromhex("660f58c1")  # addpd xmm0, xmm1
VPADDQ_YMM = bytes.fromhex("c5f5d4c2")  # vpaddq ymm0, ymm1, ymm2
VPADDQ_ZMM = bytes.fromhex("62f1f548d4c2")  # vpaddq zmm0, zmm1, zmm2
ADDSD = bytes.fromhex("f20f58c1")  # addsd xmm0, xmm1: one value
MOVUPS = bytes.fromhex("0f1000")  # movups xmm0, [rax]
PXOR = bytes.fromhex("660fefc0")  # pxor xmm0, xmm0
RET = bytes.fromhex("c3")

ARM_ADD = bytes.fromhex("2084e24e")  # add v0.2d, v1.2d, v2.2d
ARM_SCALAR = bytes.fromhex("2000028b")  # add x0, x1, x2


def find(*functions: tuple[str, bytes], architecture: str = "x64") -> tuple[Function, ...]:
    found, unseen = find_vectors(architecture, (Code(name, 0, data) for name, data in functions))
    assert unseen is None
    return found


@pytest.mark.parametrize(
    ("data", "bits"),
    [(PADDQ_XMM, 128), (ADDPD_XMM, 128), (VPADDQ_YMM, 256), (VPADDQ_ZMM, 512)],
)
def test_arithmetic_on_a_register_has_its_width(data: bytes, bits: int) -> None:
    assert find(("f", data + RET)) == (Function(name="f", width_bits=bits, instructions=1),)


@pytest.mark.parametrize("data", [ADDSD, MOVUPS, PXOR, RET, b""])
def test_single_values_moves_and_zeroing_are_no_arithmetic_on_vectors(data: bytes) -> None:
    assert find(("f", data)) == ()


def test_of_several_widths_the_widest_is_counted() -> None:
    data = PADDQ_XMM * 5 + VPADDQ_YMM * 2 + RET
    assert find(("f", data)) == (Function(name="f", width_bits=256, instructions=2),)


def test_copies_of_a_function_are_one() -> None:
    found = find(("f", VPADDQ_YMM), ("f", PADDQ_XMM), ("f", VPADDQ_YMM))
    assert found == (Function(name="f", width_bits=256, instructions=2),)


def test_the_widest_function_comes_first() -> None:
    found = find(("a", PADDQ_XMM * 9), ("b", VPADDQ_ZMM), ("c", VPADDQ_YMM))
    assert [function.name for function in found] == ["b", "c", "a"]


def test_bytes_that_are_no_instruction_are_passed_over() -> None:
    assert find(("f", b"\x06\x06" + PADDQ_XMM))[0].instructions == 1


def test_arm_has_vectors_too() -> None:
    found = find(("f", ARM_ADD), ("g", ARM_SCALAR), architecture="AArch64")
    assert found == (Function(name="f", width_bits=128, instructions=1),)


def test_of_an_unknown_architecture_nothing_is_said_and_that_is_said() -> None:
    assert find_vectors("RISC-V", (Code("f", 0, PADDQ_XMM),)) == (
        (),
        "how vectors look is not known on RISC-V",
    )


def test_without_a_disassembler_nothing_is_said_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "capstone", None)
    found, unseen = find_vectors("x64", (Code("f", 0, PADDQ_XMM),))
    assert (found, unseen.partition(":")[0]) == ((), "capstone cannot be imported")
