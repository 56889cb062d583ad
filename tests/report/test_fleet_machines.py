"""The machines of a fleet in words."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from inline_snapshot import snapshot

from support.cli import squeezed
from support.results import changed
from support.runs import CY, NUMPY, elsewhere, run_with
from whichext.judge.fleet import find_fleet
from whichext.model.fleet import Fleet
from whichext.model.raw import CUT_SHORT, INTERRUPTED
from whichext.model.view import View
from whichext.report.document import Document, Lines, Paragraph
from whichext.report.fleet_machines import (
    letters_text,
    machine_lines,
    machine_name,
    machine_warnings,
)
from whichext.report.text import render_text


def on(label: str | None, boot: str = "b", **fields: Any) -> View:
    return elsewhere(run_with({NUMPY: 2, CY: 1}), label=label, boot=boot, **fields)


def fleet(*views: View) -> Fleet:
    """Results called a, b, c and on."""
    return find_fleet({f"{chr(ord('a') + n)}.json": view for n, view in enumerate(views)})


def warnings(found: Fleet) -> str:
    """What is doubtful."""
    return render_text(Document(machine_warnings(found)))


def named(found: Fleet) -> list[str]:
    """The machines that each warning says to be alike."""
    each = squeezed(warnings(found)).split("WARNING: ")[1:]
    return [one.split(" describe")[0] for one in each]


def letters_in(names: str) -> str:
    """All letters of names such as "A, C to E and G"."""
    found = ""
    for one in names.replace(" and ", ", ").split(", "):
        first, last = one[0], one[-1]
        found += "".join(map(chr, range(ord(first), ord(last) + 1)))
    return found


def software(found: Fleet) -> str:
    """The line below the machines."""
    return render_text(Document((Lines(tuple(machine_lines(found))[-1:]),)))


def explained(found: Fleet) -> str:
    """What the letters stand for."""
    return render_text(Document((Paragraph(letters_text(found)),)))


def test_many_machines_that_are_alike_are_one_warning() -> None:
    found = fleet(*(on(None, boot=f"boot {number}") for number in range(20)))
    assert len(found.alike) == 190
    assert warnings(found) == snapshot("""\
WARNING: A to T describe themselves alike: they may be one machine that was started again.
WHICHEXT_MACHINE=NAME before a run names one.
""")


def test_machines_are_in_one_warning_where_each_is_like_all_others() -> None:
    views = [on("up"), on(None, boot="b1"), on("via"), on(None, boot="b2"), on("wit", cpu="X")]
    assert named(fleet(*views)) == snapshot(["up, B and D", "B, via and D"])


def test_two_labels_of_one_boot_are_said_to_be_one_machine() -> None:
    assert warnings(fleet(on(None), on("quiet"))) == snapshot("""\
WARNING: A and quiet are one machine, since their boot is the same. Only a label tells them apart.
""")


def test_a_machine_without_a_label_gets_no_letter_that_is_the_label_of_another() -> None:
    found = fleet(on("B"), on(None, boot="c"), on("A", boot="d"), on(None, boot="e"))
    assert [machine_name(found, number) for number in range(4)] == ["B", "D", "A", "F"]


def test_every_pair_of_machines_that_are_alike_is_in_a_warning() -> None:
    views = [on(None, boot=f"b{n}", memory_bytes=int(1e9 * 1.009**n)) for n in range(6)]
    found = fleet(*views)
    groups = [letters_in(one) for one in named(found)]
    pairs = {"".join(pair) for group in groups for pair in combinations(group, 2)}
    assert pairs == {"ABCDEF"[one] + "ABCDEF"[other] for one, other in found.alike}


def test_what_runs_on_machines_is_said_once_where_it_is_the_same() -> None:
    assert software(fleet(on("up"), on("via"))) == snapshot(
        "Python: CPython 3.12.1. NumPy: 2.3.0. System: Linux.\n"
    )


def test_other_versions_and_systems_are_said_with_their_machines() -> None:
    new = {"python": "CPython 3.13.1", "system": "Darwin 24.1 arm64"}
    views = [*map(on, ("up", "via", "wit")), on("xen", **new), on("yak", numpy="1.26.0", **new)]
    assert software(fleet(*views)) == snapshot("""\
Python: CPython 3.12.1 on 3, CPython 3.13.1 on 2 (xen and yak). NumPy: 2.3.0 on 4, 1.26.0 on 1
(yak). System: Linux on 3, Darwin on 2 (xen and yak).
""")


def test_a_machine_whose_python_changed_between_its_results_has_both() -> None:
    later = elsewhere(run_with({NUMPY: 2, CY: 1}, day=2), label="up", python="CPython 3.13.1")
    assert "CPython 3.12.1 on 2, CPython 3.13.1 on 1 (up)" in software(
        fleet(on("up"), on("via"), later)
    )


def test_results_of_runs_that_were_interrupted_are_named_with_their_machine() -> None:
    views = [
        changed(on("up"), stopped=INTERRUPTED),
        on("via"),
        changed(on("wit"), stopped=INTERRUPTED),
        changed(on("xen"), stopped=CUT_SHORT),
    ]
    assert warnings(fleet(*views)) == snapshot("""\
WARNING: up (a.json), wit (c.json): the run ended before it was done: it was interrupted.
WARNING: xen (d.json): the run ended before it was done: the run did not come to its end.
""")


def test_machines_with_a_letter_are_explained_by_what_they_have_in_common() -> None:
    views = [on(None, boot=f"b{n}") for n in range(5)]
    views[1] = on("via")
    views += [on(None, boot="b6", isa=None), on(None, boot="b7", isa=None)]
    assert explained(fleet(*views)) == snapshot("""\
A and C to E: Other 3 (2 cores, avx2, virtual), 8.00 GB. F and G: Other 3 (2 cores, virtual), 8.00
GB.
""")


def test_machines_with_names_need_no_explanation() -> None:
    assert letters_text(fleet(on("up"), on("via"))) == ""
