"""What rests on few epochs is shown with their number, and what noise ended is said."""

from __future__ import annotations

from inline_snapshot import snapshot

from support.contestants import TWIN
from support.results import changed, make_race, noisy, steady
from whichext.cli.wording import SHELL
from whichext.model.inline import unmarked
from whichext.model.view import View
from whichext.report.race import sentences

NUMPY, CY, RUST = "numpy", "cy.total", "rust.total"


def said(view: View) -> list[str]:
    """The sentences below the table of the only case."""
    (case,) = view.cases.values()
    return [unmarked(text, SHELL) for text in sentences(view, case)]


def test_a_ratio_over_fewer_epochs_than_the_others_is_named_with_their_number() -> None:
    view = make_race({NUMPY: steady(1_000, 9), CY: steady(500, 9), RUST: steady(9_000, 3)})
    assert said(view)[2:] == snapshot(
        [
            "Over fewer than 8 epochs: rust.total (3).",
        ]
    )


def test_where_all_rest_on_as_few_epochs_none_is_named() -> None:
    view = make_race({NUMPY: steady(1_000, 3), CY: steady(500, 3)})
    assert len(said(view)) == 1


def test_a_case_that_ended_for_noise_says_so() -> None:
    view = make_race({NUMPY: steady(1_000), CY: noisy(1_000)})
    ended = changed(view, hidden=tuple(view.cases))
    assert said(ended)[1].removeprefix(said(view)[1]) == snapshot(
        " The time that was left could not have changed that, so this case ended early."
    )


def test_where_identical_code_was_far_apart_no_number_of_epochs_is_promised() -> None:
    twin = [1_000.0, 2_900.0, 1_100.0, 3_000.0, 900.0]
    view = make_race({NUMPY: steady(1_000, 5), f"{NUMPY}{TWIN}": twin, CY: noisy(1_000)[:5]})
    (unresolved,) = [text for text in said(view) if text.startswith("Unresolved")]
    assert unresolved == snapshot(
        "Unresolved against numpy: cy.total (the race was too short or the machine too noisy: "
        "two copies of the same code are up to 118% apart)."
    )
