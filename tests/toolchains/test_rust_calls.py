"""Further settings that rustc's flags say, and what crates bring along."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from support.builds import typed
from whichext.model.contestant import Factor
from whichext.model.evidence import Settings
from whichext.toolchains.base import Command
from whichext.toolchains.rust import Rust

REGISTRY = "/cargo/registry/src/index-1949cf8c6b5b557f"


def rustc(flags: str, crate: str = "fast", kind: str = "cdylib", source: str = "") -> Command:
    """A call as cargo makes it."""
    named = f"--crate-name {crate} {source or 'src/lib.rs'} --crate-type {kind}"
    return typed(f"rustc {named} {flags}")


def of_rust(flags: str) -> Settings:
    """How a crate was compiled with these flags."""
    ((settings, _),) = Rust().trace((rustc(flags),), None)
    return settings


@pytest.mark.parametrize(
    ("flags", "name", "value"),
    [
        ("-C opt-level=3", "assertions", "off"),
        ("", "assertions", "on"),
        ("-C opt-level=3 -C debug-assertions=on", "assertions", "on"),
        ("-C opt-level=0 -C debug-assertions=off", "assertions", "off"),
        ("-C opt-level=3", "overflow", "wraps"),
        ("-C opt-level=0", "overflow", "checked"),
        ("-C opt-level=3 -C debug-assertions", "overflow", "checked"),
        ("-C opt-level=3 -C overflow-checks=on", "overflow", "checked"),
        ("-C debug-assertions=on -C overflow-checks=no", "overflow", "wraps"),
        ("-C overflow-checks=on -C overflow-checks=off", "overflow", "wraps"),
        ("", "panic", "unwind"),
        ("-C panic=abort", "panic", "abort"),
        ("", "codegen units", "default"),
        ("-Ccodegen-units=1", "codegen units", "1"),
        ("-C profile-use=/data", "PGO", "used"),
        ("-C profile-generate=/data", "PGO", "collecting"),
        ("", "PGO", "none"),
        ("", "math", "strict"),
        ("", "tuning", "default"),
        ("-C inline-threshold=5 -C metadata=1", "rustc flags", "-Cinline-threshold=5"),
        ('--cfg fast_path --cfg feature="std"', "rustc flags", "--cfg=fast_path"),
        ("-Z tune-cpu=native", "rustc flags", "-Ztune-cpu=native"),
        ("-C strip=symbols -C debuginfo=2 -C link-arg=-s", "rustc flags", ""),
    ],
)
def test_each_further_setting_has_a_word_also_where_nothing_is_said(
    flags: str, name: str, value: str
) -> None:
    assert of_rust(flags).value_of(name) == value


def test_crates_from_elsewhere_are_named_with_their_versions() -> None:
    crates = (
        rustc("-C extra-filename=-1", "pyo3_ffi", "lib", f"{REGISTRY}/pyo3-ffi-0.29.2/src/lib.rs"),
        replace(
            rustc("-C extra-filename=-2 --extern f=/deps/libpyo3_ffi-1.rlib", "pyo3", "lib"),
            directory=f"{REGISTRY}/pyo3-0.29.2",
        ),
        rustc("", "unused", "lib", f"{REGISTRY}/unused-1.0.0/src/lib.rs"),
        rustc("-C opt-level=3 --extern pyo3=/deps/libpyo3-2.rmeta"),
    )
    assert list(Rust().contributors(crates)) == [
        Factor("crate pyo3", "0.29.2"),
        Factor("crate pyo3_ffi", "0.29.2"),
    ]


def test_a_build_script_tells_a_crate_from_elsewhere_what_is_that_crates_own() -> None:
    other = rustc("--cfg has_i128", "num", "lib", f"{REGISTRY}/num-1.0.0/src/lib.rs")
    own = rustc("--extern num=/deps/libnum.rlib")
    found = {
        name: settings.value_of("rustc flags")
        for settings, name in Rust().trace((other, own), None)
    }
    assert found == {"fast": "", "num": ""}
