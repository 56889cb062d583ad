"""Files with code in a library that no recorded call made."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.builds import library, typed
from whichext.audit.objects import unseen_objects
from whichext.audit.reading import gather
from whichext.model.evidence import Library
from whichext.toolchains import linked_as
from whichext.toolchains.base import Command

LINK = "cc -shared a.o loop.o -o fast.so"


def unseen(*lines: str | Command, libraries: tuple[Library, ...] = ()) -> tuple[str, ...]:
    """What is named of a build of fast.so by these calls."""
    commands = tuple(typed(one) if isinstance(one, str) else one for one in lines)
    wheel = libraries or (library("fast.so"),)
    return unseen_objects(commands, wheel, [frozenset((one.file,)) for one in wheel])


def test_an_object_file_that_nothing_wrote_is_named() -> None:
    assert unseen("cc -O3 -c a.c -o a.o", LINK) == ("loop.o",)


@pytest.mark.parametrize(
    "line",
    [
        "cc -O3 -c loop.c -o loop.o",
        "cc -O3 -c loop.c -oloop.o",
        "c++ -O3 -c loop.cpp -o loop.o",
        "gfortran -O3 -c loop.f90 -o loop.o",
        "gcc -c loop.S -o loop.o",
        "gcc -x assembler -c loop.text -o loop.o",
        "cc -O3 -c src/loop.c",
        "gcc -r part.c -nostdlib -o loop.o",
    ],
)
def test_whatever_a_recorded_compiler_wrote_is_seen(line: str) -> None:
    assert unseen("cc -O3 -c a.c -o a.o", line, LINK) == ()


def test_an_archive_from_outside_is_named_and_one_of_the_build_is_looked_into() -> None:
    made = ("cc -c a.c -o a.o", "ar rcs libours.a a.o b.o")
    assert unseen(*made, "cc -shared libours.a libtheirs.a -o fast.so") == ("b.o", "libtheirs.a")


def test_an_archive_that_grows_has_all_that_was_put_into_it() -> None:
    made = ("cc -O2 -c a.c -o a.o", "cc -O3 -c b.c -o b.o", "ar qc x.a a.o", "ar q x.a b.o")
    commands = tuple(map(typed, (*made, "cc -shared x.a -o fast.so")))
    assert [one.sources for one in gather(commands, ("fast.so",))] == [("a.c",), ("b.c",)]


@pytest.mark.parametrize("words", ["-L. -lours", "-l ours", "-l:libours.a", "-Wl,libours.a"])
def test_an_archive_that_the_linker_looks_for_is_looked_into(words: str) -> None:
    lines = ("cc -O2 -c a.c -o a.o", "ar rcs libours.a a.o", f"cc -shared {words} -o fast.so")
    (compiled,) = gather(tuple(map(typed, lines)), ("fast.so",))
    assert (compiled.sources, unseen(*lines)) == (("a.c",), ())


def test_a_static_library_from_elsewhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "libtheirs.a").touch()
    link = f"cc -shared a.c -L{tmp_path} -ltheirs -lother -lm -o fast.so"
    assert unseen(link) == ("libtheirs.a",)


def test_a_shared_library_that_is_loaded_is_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "libgomp.a").touch()
    link = f"cc -shared a.c -L{tmp_path} -lgomp libtheirs.so.2 script.map -o fast.so"
    assert unseen(link, libraries=(library("fast.so", openmp=True),)) == ()


@pytest.mark.parametrize("name", ["nvcc", "zig", "ispc", "as", "flang-classic"])
def test_what_a_program_wrote_that_nobody_knows_is_named(name: str) -> None:
    """Only calls of known programs are noted, so there is nothing but the object file."""
    assert unseen("cc -O3 -c a.c -o a.o", f"cc -shared a.o {name}.o -o fast.so") == (f"{name}.o",)


def test_a_build_whose_every_object_is_unseen_has_no_settings_and_says_so() -> None:
    tried = "cc -O0 -shared probe.c -o probe.so"
    commands = (typed(tried), typed("cc -shared loop.o -o fast.so"))
    assert gather(commands, ("fast.so",)) == ()
    assert unseen(*commands) == ("loop.o",)


def test_a_library_that_nothing_linked_is_named_beside_one_that_was() -> None:
    both = (library("fast.so"), library("theirs.so"))
    assert unseen("cc -shared a.c -o fast.so", libraries=both) == ("theirs.so",)
    renamed = ("cc -shared a.c -o fast.so", "cc -shared b.c -o libtheirs.so")
    assert unseen(*renamed, libraries=both) == ()


def test_an_archive_that_every_system_has_is_not_named() -> None:
    found = "cc -shared a.c /usr/lib/x86_64-linux-gnu/libpthread.a /opt/libmine.a -o fast.so"
    assert unseen(found) == ("libmine.a",)


def test_copies_of_a_library_under_other_names_are_seen_with_it() -> None:
    link = typed("cc -shared a.c -Wl,-soname,libfast.so.2 -o libfast.so.2.8")
    copies = [frozenset(("libfast.so", "libfast.so.2", "libfast.so.2.8"))]
    assert unseen_objects((link,), (library("libfast.so"),), copies) == ()
    copies.append(frozenset(("theirs.so", "theirs.so.1")))
    assert unseen_objects((link,), (library("libfast.so"),), copies) == ("theirs.so",)


def test_where_no_call_was_seen_at_all_no_library_is_named() -> None:
    assert unseen() == ()


def rustc(crate: str, kind: str, *words: str) -> Command:
    """A call as cargo makes it."""
    return typed(f"rustc --crate-name {crate} src/lib.rs --crate-type {kind} {' '.join(words)}")


def test_what_rustc_links_is_rustcs_own() -> None:
    link = "cc -shared /deps/fast.fast.1-cgu.0.rcgu.o /deps/librayon-1.rlib -o /deps/libfast.so"
    assert unseen(rustc("fast", "cdylib", "-C opt-level=3"), link) == ()


def test_c_in_a_crate_is_traced_to_its_calls_and_else_named() -> None:
    crate = rustc("fast", "cdylib", "-C opt-level=3", "-l static=zstd")
    calls = ("cc -O2 -c zstd.c -o z.o", "ar cq /out/libzstd.a z.o")
    commands = (*map(typed, calls), crate)
    assert {one.settings.language for one in gather(commands, ("fast.so",))} == {"c", "rust"}
    assert unseen(*commands) == ()
    assert unseen(crate) == ("libzstd.a",)


def test_an_archive_of_a_crate_in_a_library_of_c_is_the_crates() -> None:
    crate = rustc("core_loops", "staticlib", "-C opt-level=3")
    link = "cc -shared a.c target/libcore_loops.a -o fast.so"
    assert unseen(crate, link) == ()
    languages = {one.settings.language for one in gather((crate, typed(link)), ("fast.so",))}
    assert languages == {"c", "rust"}


@pytest.mark.parametrize(
    ("line", "known"), [("cc -shared loop.o -o fast.so", True), ("cc -shared a.c -o b.so", False)]
)
def test_a_library_counts_under_its_name_where_it_was_linked_so(line: str, known: bool) -> None:
    names = frozenset({"fast.so"})
    assert linked_as((typed(line),), names) == (names if known else None)
