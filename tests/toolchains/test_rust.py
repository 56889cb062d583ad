"""Unsafe places in Rust, and which of them say why they are safe."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.builds import typed
from whichext.build.sources import content_files
from whichext.model.evidence import Settings, UnsafePlaces
from whichext.toolchains.base import Sources
from whichext.toolchains.rust import Rust
from whichext.toolchains.rust_unsafe import unsafe_lines


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


def find_unsafe(folder: Path) -> UnsafePlaces | None:
    return Rust().find_unsafe(Sources(folder=folder, files=tuple(content_files(folder))))


def test_a_project_is_counted_without_its_tests(tmp_path: Path) -> None:
    for name in ("src/lib.rs", "src/pool/tests.rs", "tests/all.rs", "benches/fast.rs"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("unsafe { f() }\n// SAFETY: ours.\nunsafe { g() }\n")
    assert find_unsafe(tmp_path) == UnsafePlaces(places=2, unexplained=("src/lib.rs:1",))


def test_a_project_without_rust_has_nothing_to_count(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("int unsafe;")
    assert find_unsafe(tmp_path) is None


def of_rust(flags: str) -> Settings:
    """How the one crate of a library was compiled with these flags."""
    call = typed(f"rustc --crate-name fast --crate-type cdylib {flags}")
    (part,) = Rust().trace((call,), frozenset({"fast.so"}))
    return part[0]


@pytest.mark.parametrize(
    ("flags", "level"),
    [
        ("", "0"),
        ("-C opt-level=3", "3"),
        ("-Copt-level=2", "2"),
        ("--codegen opt-level=s", "s"),
        ("--codegen=opt-level=3 -C opt_level=1", "1"),
        ("-O", "3"),
    ],
)
def test_a_level_of_rustc_is_read_however_it_is_written(flags: str, level: str) -> None:
    assert of_rust(flags).level == level


@pytest.mark.parametrize(
    ("flags", "isa"),
    [
        ("-C target-cpu=native", ("native",)),
        ("-C target-cpu=x86-64-v3", ("x86-64-v3",)),
        ("-C target-cpu=x86-64", ()),
        ("-C target-feature=+avx2,-sse4a,+fma", ("avx2", "fma")),
    ],
)
def test_instructions_of_rust_have_the_names_that_c_has(flags: str, isa: tuple[str, ...]) -> None:
    assert of_rust(flags).isa == isa


@pytest.mark.parametrize(
    ("flags", "on"), [("-C debuginfo=2", True), ("-g", True), ("-C debuginfo=0", False)]
)
def test_symbols_of_rust_are_on_when_they_are_asked_for(flags: str, on: bool) -> None:
    assert of_rust(flags).debug_symbols is on


@pytest.mark.parametrize(
    ("flags", "lto"), [("-C lto", "fat"), ("-C lto=thin", "thin"), ("-C lto=off", None), ("", None)]
)
def test_rust_says_whether_it_optimises_when_linking(flags: str, lto: str | None) -> None:
    assert of_rust(flags).lto == lto


def test_sanitizers_of_rustc_are_seen() -> None:
    assert of_rust("-Zsanitizer=address").sanitizers == ("address",)


def test_cargos_settings_for_all_that_its_user_builds_are_files_of_the_key(tmp_path: Path) -> None:
    files = list(Rust().outside_files({"CARGO_HOME": str(tmp_path)}))
    assert tmp_path / "config.toml" in files
