"""Unsafe places in Rust, and which of them say why they are safe."""

from __future__ import annotations

from pathlib import Path

import pytest

from whichext.audit.unsafety import find_unsafe, unsafe_lines
from whichext.model.evidence import UnsafePlaces


@pytest.mark.parametrize(
    "code",
    [
        "// SAFETY: it is ours.\nlet x = unsafe { *p };",
        "// SAFETY: it is ours,\n// for ever.\nlet x = unsafe { *p };",
        "// SAFETY: it is ours.\n#[allow(x)]\nunsafe { f() };",
        "// SAFETY: it is ours.\nlet x: Vec<f64> =\n    unsafe { f() };",
        "let x = unsafe { *p }; // SAFETY: it is ours.",
        "/// Reads.\n///\n/// # Safety\n/// It must be yours.\npub unsafe fn read() {}",
        "// SAFETY: no data.\nunsafe impl Send for X {}",
    ],
)
def test_a_reason_above_or_beside_the_statement_explains_it(code: str) -> None:
    assert [explained for _, explained in unsafe_lines(code)] == [True]


@pytest.mark.parametrize(
    "code",
    [
        "let x = unsafe { *p };",
        "// It is ours.\nlet x = unsafe { *p };",
        "// SAFETY: of another one.\nf();\nlet x = unsafe { *p };",
        "// SAFETY: far away.\n\nlet x = unsafe { *p };",
        "unsafe fn read() {}",
        "unsafe impl Send for X {}",
        "unsafe extern { fn read(); }",
    ],
)
def test_without_one_it_is_not_explained(code: str) -> None:
    assert [explained for _, explained in unsafe_lines(code)] == [False]


@pytest.mark.parametrize(
    "code",
    [
        "// unsafe { }",
        "/* unsafe { } */",
        'let s = "unsafe { }";',
        'let s = r#"unsafe { "quoted" }"#;',
        "let f: unsafe fn(usize) -> usize = g;",
        "let unsafe_by_name = 1;",
        "#[cfg(test)]\nmod tests {\n    fn f() { unsafe { g() } }\n}",
    ],
)
def test_what_only_looks_like_it_is_none(code: str) -> None:
    assert unsafe_lines(code) == []


def test_what_follows_a_module_of_tests_counts_again() -> None:
    code = "#[cfg(test)]\nmod tests { fn f() {} }\nlet x = unsafe { *p };"
    assert unsafe_lines(code) == [(3, False)]


def test_lifetimes_and_braces_in_characters_do_not_confuse() -> None:
    code = "fn f<'a>(c: &'a char) -> bool { *c == '\"' || *c == '\\'' }\nunsafe { g() }"
    assert unsafe_lines(code) == [(2, False)]


def test_a_project_is_counted_without_its_tests(tmp_path: Path) -> None:
    for name in ("src/lib.rs", "src/pool/tests.rs", "tests/all.rs", "benches/fast.rs"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("unsafe { f() }\n// SAFETY: ours.\nunsafe { g() }\n")
    assert find_unsafe(tmp_path) == UnsafePlaces(places=2, unexplained=("src/lib.rs:1",))


def test_a_project_without_rust_has_nothing_to_count(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("int unsafe;")
    assert find_unsafe(tmp_path) is None
