"""What compilers read outside of a project makes a build again where it has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.builds import FakeBuilder, typed
from support.outside import Outside
from support.results import built_of
from whichext.build import build_project, explain
from whichext.build.reads import changed_reads
from whichext.build.recorder import Record
from whichext.build.store import Store
from whichext.model.contestant import RELEASE
from whichext.model.key import How, KeyChange, PartKind


@pytest.mark.parametrize(
    ("call", "file"),
    [
        ("cc -I{top}/ext -c fast.c -o fast.o", "ext/deep/fast.h"),
        ("cc -isystem {top}/ext -c fast.c -o fast.o", "ext/fast.h"),
        ("c++ -include {top}/ext/fast.h -c fast.cc -o fast.o", "ext/fast.h"),
        ("gfortran -I {top}/ext -c fast.f90 -o fast.o", "ext/fast.inc"),
        ("cc -c {top}/ext/more.c -o more.o", "ext/more.c"),
        ("cc -shared fast.o {top}/ext/more.o -o fast.so", "ext/more.o"),
        ("cc -shared fast.o -L{top}/ext -lmore -o fast.so", "ext/libmore.a"),
        ("cc -shared fast.o -L {top}/ext -l more -o fast.so", "ext/libmore.so"),
    ],
)
def test_a_build_is_made_again_where_a_file_that_its_compilers_read_has_changed(
    outside: Outside, call: str, file: str
) -> None:
    record = Record(commands=(typed(call.format(top=outside.top)),))
    store, builder = Store(outside.top / "builds"), FakeBuilder(record=record)
    outside.write(file, "before")
    first = built_of(build_project(outside.project, RELEASE, store, builder))
    same = built_of(build_project(outside.project, RELEASE, store, builder))
    assert (first.cached, same.cached, len(builder.calls)) == (False, True, 1)

    outside.write(file, "after!")
    assert explain(outside.project, RELEASE, store).because
    second = built_of(build_project(outside.project, RELEASE, store, builder))
    assert (second.cached, len(builder.calls)) == (False, 2)
    [why] = second.because
    assert (why.kind, why.how) == (PartKind.OUTSIDE, How.CHANGED)
    assert (outside.top / file).is_relative_to(why.name)
    assert built_of(build_project(outside.project, RELEASE, store, builder)).cached


def test_a_file_that_is_gone_has_changed(outside: Outside) -> None:
    record = Record(commands=(typed(f"cc -shared {outside.top}/ext/more.o -o fast.so"),))
    store, builder = Store(outside.top / "builds"), FakeBuilder(record=record)
    path = outside.write("ext/more.o", "before")
    key = built_of(build_project(outside.project, RELEASE, store, builder)).key
    path.unlink()
    assert changed_reads(store, key) == (KeyChange(PartKind.OUTSIDE, str(path), How.REMOVED),)


def test_what_a_build_made_itself_and_the_system_do_not_count(outside: Outside) -> None:
    lines = (
        "cc -I/usr/include -c fast.c -o fast.o",
        "cc -c /no/such/build/part.c -o part.o",
        f"cc -I{outside.top}/builds/work-1/include -c more.c -o more.o",
    )
    record = Record(commands=tuple(map(typed, lines)))
    store, builder = Store(outside.top / "builds"), FakeBuilder(record=record)
    outside.write("builds/work-1/include/a.h", "before")
    key = built_of(build_project(outside.project, RELEASE, store, builder)).key
    outside.write("builds/work-1/include/a.h", "after!")
    assert changed_reads(store, key) == ()


def test_a_build_of_which_nothing_was_noted_has_not_changed(tmp_path: Path) -> None:
    assert changed_reads(Store(tmp_path), "0" * 24) == ()
