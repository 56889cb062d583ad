"""Result files that were edited by hand: none makes anything the fastest that was not measured."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

import whichext
from support.absent import race_without
from support.results import WRONG, rejudged
from support.runs import CY, NUMPY, RUST, run_with
from whichext.model.errors import ResultFileError
from whichext.model.ratio import Verdict
from whichext.model.view import View
from whichext.report import render, result_file
from whichext.report.runs import Printed

Content = dict[str, Any]
Change = Callable[[Content], None]

RACE = rejudged(run_with({NUMPY: 2, CY: 1, RUST: 4}))
"""In which Cython is the fastest, and Rust the slowest."""


def wrong(content: Content) -> None:
    """Cython answered wrongly, and its times are still there."""
    result = {"type": "Wrong", "where": "small", "expected": "1", "got": "2"}
    content["raw"]["checks"].append([CY, "small", result])


def verdict_flipped(content: Content) -> None:
    text = json.dumps(content["judged"]).replace("faster", "X").replace("slower", "faster")
    content["judged"] = json.loads(text.replace("X", "slower"))


def leader_renamed(content: Content) -> None:
    content["judged"]["cases"][0]["leaders"]["leader"] = RUST


def samples_removed(content: Content) -> None:
    for timing in content["raw"]["timings"]:
        timing["samples"] = timing["samples"] if timing["contestant"] != CY else []


def epochs_dropped(content: Content) -> None:
    for timing in content["raw"]["timings"]:
        timing["samples"] = [one for one in timing["samples"] if one[0] == 0]


def times_swapped(content: Content) -> None:
    """The times of two contestants under each other's name, with the old verdicts."""
    names = {CY: RUST, RUST: CY}
    for timing in content["raw"]["timings"]:
        timing["contestant"] = names.get(timing["contestant"], timing["contestant"])


def edited(change: Change) -> View:
    content = json.loads(result_file.encode(RACE))
    change(content)
    return result_file.parse(json.dumps(content), "edited.json")


@pytest.mark.parametrize(
    ("change", "leader", "said"),
    [
        (wrong, NUMPY, snapshot("cy.total in small: its samples give Wrong, it says faster")),
        (
            verdict_flipped,
            CY,
            snapshot("cy.total in small: its samples give faster, it says slower"),
        ),
        (
            leader_renamed,
            CY,
            snapshot("the fastest in small: its samples give cy.total, it says rust.total"),
        ),
        (
            samples_removed,
            NUMPY,
            snapshot("cy.total in small: its samples give NotReached, it says faster"),
        ),
        (
            epochs_dropped,
            CY,
            snapshot("cy.total in small: its samples give unresolved, it says faster"),
        ),
        (
            times_swapped,
            RUST,
            snapshot("cy.total in small: its samples give slower, it says faster"),
        ),
    ],
)
def test_who_leads_is_what_the_samples_give_and_the_difference_is_said(
    change: Change, leader: str, said: str
) -> None:
    view = edited(change)
    leaders = view.cases["small"].judged.leaders
    assert leaders is not None
    assert leaders.leader == leader
    assert view.altered_verdict == said
    for form in ("text", "markdown", "html", "summary"):
        assert "its samples give" in " ".join(render(view, form).split()), form


def test_a_single_epoch_is_no_verdict() -> None:
    measured = edited(epochs_dropped).cases["small"].measured
    verdicts = {one.ratio.verdict for name, one in measured.items() if name != NUMPY}
    assert verdicts == {Verdict.UNRESOLVED}


def test_what_was_wrong_and_is_said_to_be_right_has_no_time() -> None:
    view = race_without({NUMPY: [1_000] * 5}, {CY: WRONG})
    content = json.loads(result_file.encode(view))
    content["raw"]["checks"][0][2] = {"type": "Right"}
    found = result_file.parse(json.dumps(content), "edited.json")
    assert list(found.cases["small"].measured) == [NUMPY]
    assert found.altered_verdict == snapshot(
        "cy.total in small: its samples give NotReached, it says Wrong"
    )


def test_reports_of_several_results_say_which_file_was_edited(tmp_path: Path) -> None:
    content = json.loads(result_file.encode(RACE))
    wrong(content)
    (tmp_path / "edited.json").write_text(json.dumps(content))
    other = rejudged(run_with({NUMPY: 2, CY: 1, RUST: 4}, day=2))
    result_file.write(other, tmp_path / "other.json")
    paths = [tmp_path / "edited.json", tmp_path / "other.json"]
    several: tuple[Printed, ...] = (
        whichext.tools.diff(*paths),
        whichext.tools.history(tmp_path, RUST),
        whichext.tools.fleet(tmp_path),
    )
    for one in several:
        text = " ".join(str(one).split())
        assert "its samples give" in text
        assert "other.json: The file" not in text
    assert whichext.tools.diff(*paths).cases[0].leaders == ((NUMPY,), (CY,))


def test_a_file_of_another_version_may_say_otherwise_and_its_version_is_said() -> None:
    def change(content: Content) -> None:
        verdict_flipped(content)
        content["raw"]["whichext_version"] = "0.0.9"

    said = " ".join(render(edited(change)).split())
    assert "0.0.9 wrote it" in said


def test_a_file_without_a_machine_or_with_no_number_is_refused() -> None:
    for old, new in (('"machine":', '"car":'), ('"precision":0.01', '"precision":NaN')):
        text = result_file.encode(RACE).decode()
        assert old in text
        with pytest.raises(ResultFileError):
            result_file.parse(text.replace(old, new), "edited.json")
