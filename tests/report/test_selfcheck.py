"""The self-check as a document."""

from __future__ import annotations

from identical import make_selfcheck
from whichext.cli.words import SHELL
from whichext.model.judged import SelfCheck
from whichext.report.selfcheck import selfcheck_document
from whichext.report.text import render_text


def printed(check: SelfCheck, *, colour: bool = False) -> str:
    """What a very wide terminal shows."""
    return render_text(selfcheck_document(check), 1_000, colour=colour, wording=SHELL).rstrip("\n")


def test_the_outcome_is_told_with_its_counts() -> None:
    assert printed(make_selfcheck()) == (
        "100 pairs of identical code were raced, with a median interval of ±0.8%.\n"
        "5 intervals exclude 1 (5.0%; 95 % intervals may at 5 %, and up to 8% pass); 0 pairs were "
        "called faster or slower.\n"
        "Noise floor of this machine: 1.2% (95 % of the ratios were closer to 1). "
        "Dropped for stolen time: 7 of 400 rounds.\n"
        "passed: a verdict of a race on this machine may be believed."
    )


def test_a_failed_check_says_what_to_do() -> None:
    assert printed(make_selfcheck(excluded=20)).endswith(
        "\nFAILED: more than 8% of the intervals exclude 1, or more than 5% of the pairs were "
        "called faster or slower. Do not act on verdicts from this machine now. "
        "Next: whichext doctor tells what disturbs it."
    )


def test_a_check_that_was_stopped_is_told_as_inconclusive_with_both_counts() -> None:
    stopped = make_selfcheck(cells=28, excluded=0, stopped="it was interrupted")
    assert printed(stopped).endswith(
        "\ninconclusive: the check ended after 28 of 100 pairs: it was interrupted. "
        "Next: whichext selfcheck, and let it finish."
    )


def test_a_check_of_few_pairs_is_told_as_inconclusive_with_how_many_it_takes() -> None:
    assert printed(make_selfcheck(asked=12, cells=12, excluded=0)).endswith(
        "\ninconclusive: expected at least 25 pairs, got 12, of which chance alone may make one "
        "look different. Next: whichext selfcheck --cells 100."
    )


def test_a_check_without_a_pair_has_no_share_no_interval_and_no_noise() -> None:
    check = make_selfcheck(cells=0, excluded=0, noise_floor=None, half_width=None)
    assert printed(check).startswith(
        "0 pairs of identical code were raced, and none of their intervals is known.\n"
        "0 intervals exclude 1 (95 % intervals may at 5 %, and up to 8% pass); 0 pairs were called "
        "faster or slower.\n"
        "Dropped for stolen time: 7 of 400 rounds.\n"
        "inconclusive: "
    )


def test_the_outcome_has_a_colour_where_there_is_colour() -> None:
    assert "\x1b[1;32mpassed" in printed(make_selfcheck(), colour=True)
    assert "\x1b[1;31mFAILED" in printed(make_selfcheck(excluded=20), colour=True)
