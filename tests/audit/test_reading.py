"""From all calls of a build to those whose code is in its wheel."""

from __future__ import annotations

from support.builds import typed
from whichext.audit.reading import gather
from whichext.toolchains.base import Command

LIBRARIES = ("fast.so",)


def sources(*lines: str, libraries: tuple[str, ...] = LIBRARIES) -> dict[str, tuple[str, ...]]:
    """Sources by the level that they were compiled with."""
    compiled = gather(tuple(map(typed, lines)), libraries)
    return {one.settings.told: one.sources for one in compiled}


def test_sources_are_found_through_their_object_files() -> None:
    assert sources("cc -O3 -c src/a.c -o a.o", "cc -shared a.o -o fast.so") == {"-O3": ("a.c",)}


def test_one_call_may_compile_and_link() -> None:
    assert sources("gcc -g3 -Wall -fPIC -shared -I include a.c -o fast.so") == {"": ("a.c",)}


def test_what_a_backend_tries_out_does_not_count() -> None:
    tried = ("cc -O0 -c try.c -o try.o", "cc try.c -o try", "cc --version", "cc -E -dM -")
    linked = ("cc -O3 -c a.c -o a.o", "cc -shared a.o -o fast.so")
    assert sources(*tried, *linked) == {"-O3": ("a.c",)}


def test_a_library_that_is_not_in_the_wheel_does_not_count() -> None:
    other = ("cc -O0 -c b.c -o b.o", "cc -shared b.o -o other.so")
    linked = ("cc -O3 -c a.c -o a.o", "cc -shared a.o -o fast.so")
    assert sources(*other, *linked) == {"-O3": ("a.c",)}


def test_a_library_that_was_renamed_after_it_was_linked_is_found_all_the_same() -> None:
    linked = ("cc -O3 -c a.c -o a.o", "cc -shared a.o -o libfast.so")
    assert sources(*linked) == {"-O3": ("a.c",)}


def test_archives_are_looked_into() -> None:
    lines = (
        "cc -O2 -c wide.c -o wide.o",
        "gcc-ar csrD libwide.a wide.o",
        "cc -O3 -c a.c -o a.o",
        "cc -shared a.o libwide.a -o fast.so",
    )
    assert sources(*lines) == {"-O2": ("wide.c",), "-O3": ("a.c",)}


def test_an_object_file_without_a_name_has_that_of_its_source() -> None:
    assert sources("cc -O2 -c a.c", "cc -shared a.o -o fast.so") == {"-O2": ("a.c",)}


def test_what_was_compiled_twice_counts_as_the_last_time() -> None:
    lines = ("cc -O0 -c a.c -o a.o", "cc -O3 -c a.c -o a.o", "cc -shared a.o -o fast.so")
    assert sources(*lines) == {"-O3": ("a.c",)}


def test_an_object_file_is_the_one_in_the_folder_of_its_call() -> None:
    commands = (
        typed("cc -O0 -c a.c -o a.o", "/elsewhere"),
        typed("cc -O3 -c a.c -o a.o", "/build"),
        typed("cc -shared /build/a.o -o fast.so", "/elsewhere"),
    )
    compiled = gather(commands, LIBRARIES)
    assert [one.settings.told for one in compiled] == ["-O3"]


def rustc(crate: str, kind: str, *flags: str, uses: str = "") -> Command:
    """A call as cargo makes it."""
    extern = f"--extern {uses.partition('-')[0].removeprefix('lib')}=/deps/{uses}" if uses else ""
    named = f"--crate-name {crate} --edition=2021 src/lib.rs --crate-type {kind}"
    return typed(f"rustc {named} {' '.join(flags)} -C extra-filename=-1 --out-dir /deps {extern}")


def test_a_crate_counts_with_the_crates_that_it_uses_and_without_those_of_the_build() -> None:
    commands = (
        rustc("syn", "lib", "-C opt-level=0"),
        rustc("derive", "proc-macro", "-C opt-level=0", uses="libsyn-1.rlib"),
        rustc("build_script_build", "bin", uses="libsyn-1.rlib"),
        rustc("core2", "lib", "-C opt-level=2"),
        rustc("rayon", "lib", "-C opt-level=3", uses="libcore2-1.rmeta"),
        rustc("fast", "cdylib", "-C opt-level=3", uses="librayon-1.rlib"),
    )
    compiled = gather(commands, LIBRARIES)
    assert {one.settings.told: one.sources for one in compiled} == {
        "opt-level=2": ("core2",),
        "opt-level=3": ("fast", "rayon"),
    }


def test_optimisation_when_linking_is_what_the_library_says_for_all_its_crates() -> None:
    commands = (
        rustc("rayon", "lib", "-C opt-level=3"),
        rustc("fast", "cdylib", "-C opt-level=3 -C lto=fat", uses="librayon-1.rlib"),
    )
    (both,) = gather(commands, LIBRARIES)
    assert (both.sources, both.settings.lto) == (("fast", "rayon"), "fat")


def test_a_macro_that_a_crate_uses_is_not_in_the_wheel() -> None:
    commands = (
        rustc("derive", "proc-macro", "-C opt-level=0"),
        rustc("fast", "cdylib", "-C opt-level=3", uses="libderive-1.so"),
    )
    assert [one.sources for one in gather(commands, LIBRARIES)] == [("fast",)]


def test_what_cargo_asks_rustc_about_itself_is_no_crate() -> None:
    asked = typed("rustc - --crate-name ___ --print=file-names --crate-type cdylib")
    assert gather((asked, typed("rustc -vV")), LIBRARIES) == ()


def test_without_any_call_nothing_is_known() -> None:
    assert gather((), LIBRARIES) == ()
