"""Functions in libraries: names from symbols as compilers write them, and vectors in known code."""

from __future__ import annotations

import sys

import pytest
from inline_snapshot import snapshot

from whichext.audit.library import Code, find_vectors, readable_name
from whichext.model.evidence import Function
from whichext.toolchains import every_toolchain, find_toolchain

OWN_FIRST = (find_toolchain("rust"), *every_toolchain())

PADDQ_XMM = bytes.fromhex("660fd4c1")  # paddq xmm0, xmm1
ADDPD_XMM = bytes.fromhex("660f58c1")  # addpd xmm0, xmm1
VPADDQ_YMM = bytes.fromhex("c5f5d4c2")  # vpaddq ymm0, ymm1, ymm2
VPADDQ_ZMM = bytes.fromhex("62f1f548d4c2")  # vpaddq zmm0, zmm1, zmm2
ADDSD = bytes.fromhex("f20f58c1")  # addsd xmm0, xmm1: one value
MOVUPS = bytes.fromhex("0f1000")  # movups xmm0, [rax]
PXOR = bytes.fromhex("660fefc0")  # pxor xmm0, xmm0
VPXOR_SAME = bytes.fromhex("c5f5efd9")  # vpxor ymm3, ymm1, ymm1
XORPS = bytes.fromhex("0f57c1")  # xorps xmm0, xmm1: negates a single value as well
PXOR_OTHER = bytes.fromhex("660fefc1")  # pxor xmm0, xmm1
PAND_MEMORY = bytes.fromhex("660fdb07")  # pand xmm0, [rdi]
VPXOR_YMM = bytes.fromhex("c5edefd9")  # vpxor ymm3, ymm2, ymm1
RET = bytes.fromhex("c3")

ARM_ADD = bytes.fromhex("2084e24e")  # add v0.2d, v1.2d, v2.2d
ARM_EOR = bytes.fromhex("201c226e")  # eor v0.16b, v1.16b, v2.16b
ARM_COPY = bytes.fromhex("201ca14e")  # mov v0.16b, v1.16b, which is an orr
ARM_SCALAR = bytes.fromhex("2000028b")  # add x0, x1, x2


def find(*functions: tuple[str, bytes], architecture: str = "x64") -> tuple[Function, ...]:
    found, unseen = find_vectors(architecture, (Code(name, 0, data) for name, data in functions))
    assert unseen is None
    return found


@pytest.mark.parametrize(
    ("data", "bits"),
    [
        (PADDQ_XMM, 128),
        (ADDPD_XMM, 128),
        (VPADDQ_YMM, 256),
        (VPADDQ_ZMM, 512),
        (PXOR_OTHER, 128),
        (PAND_MEMORY, 128),
        (VPXOR_YMM, 256),
    ],
)
def test_arithmetic_on_a_register_has_its_width(data: bytes, bits: int) -> None:
    assert find(("f", data + RET)) == (Function(name="f", width_bits=bits, instructions=1),)


@pytest.mark.parametrize("data", [ADDSD, MOVUPS, PXOR, VPXOR_SAME, XORPS, RET, b""])
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
    code = ("f", ARM_ADD + ARM_EOR), ("g", ARM_SCALAR), ("h", ARM_COPY)
    found = find(*code, architecture="AArch64")
    assert found == (Function(name="f", width_bits=128, instructions=2),)


def test_of_an_unknown_architecture_nothing_is_said_and_that_is_said() -> None:
    assert find_vectors("RISC-V", (Code("f", 0, PADDQ_XMM),)) == snapshot(
        ((), "how vectors look is not known on RISC-V")
    )


def test_without_a_disassembler_nothing_is_said_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "capstone", None)
    found, unseen = find_vectors("x64", (Code("f", 0, PADDQ_XMM),))
    assert (found, unseen.partition(": ")[0]) == snapshot(((), "capstone cannot be imported"))


# Names


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("total", "total"),
        ("total.constprop.0", "total"),
        ("__pyx_f_4cypy_8_columns_reduce_block", "_columns.reduce_block"),
        ("__pyx_pf_4cypy_8_columns_find_max", "_columns.find_max"),
        ("__pyx_pw_4fast_1find_max", "find_max"),
        ("__pyx_fuse_10__pyx_f_4cypy_13_kernels_avx2_wide_rows", "_kernels_avx2.wide_rows"),
        ("__pyx_fuse_0__pyx_f_4cypy_7_prange_at_once._omp_fn.0", "_prange.at_once"),
        ("_ZN6rustpy5tiled4simd4fold17h0123456789abcdefE", "tiled::simd::fold"),
        ("_RNvNtNtCs1fLvo3EAbCd_6rustpy5tiled5walks4fold", "tiled::walks::fold"),
        ("_RINvNtCs1fLvo3EAbCd_6rustpy5tiled4foldmEB4_", "tiled::fold"),
        ("_ZN4fast5totalEPKdm", "fast::total"),
        ("_Z5totalPKdm", "total"),
        ("_ZL5totalPKdm", "total"),
        ("_ZN4fastL5totalEPKvS1_S1_", "fast::total"),
        ("_ZNK5IndexIfLi16EE8addItemsEN8pybind116objectES2_ib", "Index::addItems"),
        ("_Z4foldIZN4fast3runERdE4stepEvT_", "fold"),
        ("_ZN5IndexIfEC1ERKNSt7__cxx1112basic_stringIcEE", "Index"),
        ("_ZZN4fast5totalEPKdmE4step", "fast::total"),
    ],
)
def test_a_symbol_is_the_name_that_its_author_wrote(symbol: str, name: str) -> None:
    assert readable_name(symbol, "rustpy", OWN_FIRST) == name


@pytest.mark.parametrize(
    "symbol",
    [
        "__pyx_memoryview_copy",
        "__pyx_pf_15View_dot_MemoryView_10memoryview_20copy",
        "__Pyx_PyObject_Call",
        "PyInit_fast",
        "_init",
        "register_tm_clones",
        "compiler_rt.sincos.sincos_f32",
        "__divdc3",
        "__fixunstfdi",
        "_ZN12_GLOBAL__N_116itanium_demangle16FloatLiteralImplIfE9printLeftERNS0_12OutputBufferE",
        "_ZN4core3fmt5write17h0123456789abcdefE",
        "_RNvNtCs1fLvo3EAbCd_4core3fmt5write",
        "_RNvNtCs1fLvo3EAbCd_6rustpy9_PYO3_DEF4exec",
        "_ZNSt6vectorIdSaIdEE17_M_realloc_insertIJRKdEEEvN9__gnu_cxx17__normal_iteratorIPdS1_EE",
        "_ZSt4sortIPdEvT_S1_",
        "_ZN8pybind116detail8instanceD2Ev",
        "_ZNK8nanobind6object3incEv",
    ],
)
def test_what_comes_from_elsewhere_has_no_name(symbol: str) -> None:
    assert readable_name(symbol, "rustpy", OWN_FIRST) == ""
