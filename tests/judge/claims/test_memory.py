"""Claims about the memory that calls take: read once, so that near a number nothing is said."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from support.memory import MB, taking, took
from support.races import NUMPY, decide, held, with_held
from whichext.cli.wording import SHELL
from whichext.model.claim import Quantity, Standing
from whichext.model.inline import unmarked
from whichext.model.view import View
from whichext.report.claims import check_document, measured_lines, why
from whichext.report.result_file import encode, parse
from whichext.report.text import render_text

HOLDS, REFUTED, UNRESOLVED = Standing
OURS = "cy.total"


def using(peak_bytes: int | None, input_bytes: int = 100 * MB) -> View:
    """A race in "small" whose inputs are that large, and in which a call takes that much."""
    taken = {} if peak_bytes is None else {OURS: took(peak_bytes)}
    return taking(decide({"small": {NUMPY: 4000, OURS: 1000}}), taken, input_bytes)


@pytest.mark.parametrize(
    ("peak", "text", "expected"),
    [
        (0, "uses at most 1.1x the input", HOLDS),
        (0, "uses at most 1x the input", HOLDS),
        (0, "uses 1x the input", HOLDS),
        (0, "uses at least 1.5x the input", REFUTED),
        (3, "uses at most 1.1x the input", HOLDS),
        (8, "uses at most 1.1x the input", UNRESOLVED),
        (14, "uses at most 1.1x the input", UNRESOLVED),
        (20, "uses at most 1.1x the input", REFUTED),
        (100, "uses at most 1.1x the input", REFUTED),
        (100, "uses at least 1.5x of the input", HOLDS),
        (100, "uses about twice the input", HOLDS),
        (100, "uses at least twice the input", UNRESOLVED),
    ],
)
def test_memory_is_held_against_what_was_read(peak: int, text: str, expected: Standing) -> None:
    assert held(f"{OURS} {text}", using(peak * MB)).standing is expected


def beside(peaks: tuple[int | None, int | None], input_bytes: int = 100 * MB) -> View:
    """A race in "small" in which calls of the two take that much, in MB."""
    both = zip((OURS, NUMPY), peaks, strict=True)
    taken = {name: took(peak * MB) for name, peak in both if peak is not None}
    return taking(decide({"small": {NUMPY: 4000, OURS: 1000}}), taken, input_bytes)


@pytest.mark.parametrize(
    ("peaks", "text", "expected"),
    [
        ((0, 100), "uses less memory than", HOLDS),
        ((100, 0), "uses less memory than", REFUTED),
        ((0, 0), "uses less memory than", UNRESOLVED),
        ((100, 100), "uses less memory than", UNRESOLVED),
        ((100, 103), "uses less memory than", UNRESOLVED),
        ((100, 0), "uses more memory than", HOLDS),
        ((100, 0), "uses at most 2.5x the memory of", HOLDS),
        ((100, 0), "uses at most 2x the memory of", UNRESOLVED),
        ((200, 0), "uses at most 2x the memory of", REFUTED),
        ((200, 0), "uses 2x the memory of", HOLDS),
        ((0, 0), "uses at most 2x the memory of", HOLDS),
        ((0, 200), "uses 50% of the memory of", HOLDS),
        ((0, 200), "uses half the memory of", HOLDS),
    ],
)
def test_the_memory_of_two_is_held_against_each_other(
    peaks: tuple[int, int], text: str, expected: Standing
) -> None:
    assert held(f"{OURS} {text} {NUMPY}", beside(peaks)).standing is expected


@pytest.mark.parametrize(
    ("peaks", "measured"),
    [
        ((0, 0), (2 / 3, 3 / 2)),
        ((9, 9), (11 / 12, 12 / 11)),
        ((None, 0), None),
        ((0, 9), (2 / 11, 3 / 11)),
        ((9, 0), (11 / 3, 11 / 2)),
        ((9, 3), 11 / 5),
    ],
)
def test_beside_small_inputs_what_cannot_be_seen_may_be_anything_up_to_1_mb(
    peaks: tuple[int | None, int | None], measured: float | tuple[float, float] | None
) -> None:
    (case,) = held(f"{OURS} uses less memory than {NUMPY}", beside(peaks, 2 * MB)).cases
    assert case.measured == (None if measured is None else pytest.approx(measured))


def test_the_memory_of_two_is_answered_without_a_word_on_their_times() -> None:
    claims = {
        peaks: held(f"{OURS} uses less memory than {NUMPY}", beside(peaks))
        for peaks in ((100, 0), (0, 0))
    }
    assert {peaks: why(claim)[0] for peaks, claim in claims.items()} == snapshot(
        {
            (100, 0): "On \ue000csmall\ue001: 2.00x the memory and not less.",
            (
                0,
                0,
            ): "On \ue000csmall\ue001: the difference is too small to see; less was claimed.",
        }
    )


@pytest.mark.parametrize(
    ("peaks", "text", "expected"),
    [
        ((0, 8), "uses 0.5x the memory of", UNRESOLVED),
        ((0, 8), "uses at least 0.53x the memory of", UNRESOLVED),
        ((0, 8), "uses at most 0.53x the memory of", UNRESOLVED),
        ((0, 8), "uses at most 0.6x the memory of", HOLDS),
        ((0, 8), "uses at most 0.4x the memory of", REFUTED),
        ((0, 8), "uses at least 0.6x the memory of", REFUTED),
        ((0, 8), "uses less memory than", HOLDS),
        ((8, 0), "uses less memory than", REFUTED),
        ((0, 0), "uses less memory than", UNRESOLVED),
        ((0, 0), "uses at most 2x the memory of", HOLDS),
    ],
)
def test_a_claim_on_small_inputs_is_decided_only_where_all_that_may_be_agrees(
    peaks: tuple[int, int], text: str, expected: Standing
) -> None:
    assert held(f"{OURS} {text} {NUMPY}", beside(peaks, 8 * MB)).standing is expected


def test_an_unresolved_claim_says_whether_memory_was_not_measured_or_is_too_small_to_see() -> None:
    text = f"{OURS} uses at most 1.1x the input"
    unknown, unseen = (held(text, view) for view in (using(None), using(0, 2 * MB)))
    named = held(f"{text} on small", using(0, 2 * MB))
    assert {claim.standing for claim in (unknown, unseen, named)} == {UNRESOLVED}
    assert [unmarked(why(claim)[0]) for claim in (unknown, unseen, named)] == snapshot(
        [
            "On small: what its calls take was not measured.",
            "On small: 1.00x to 1.50x the input, since less than 1 MB is too small to see; at most "
            "1.1x was claimed. A case with larger inputs may tell: on CASE.",
            "On small: 1.00x to 1.50x the input, since less than 1 MB is too small to see; at most "
            "1.1x was claimed. A case with larger inputs may tell.",
        ]
    )


def test_what_memory_may_be_is_kept_in_a_file() -> None:
    view = with_held(beside((0, 8), 8 * MB), f"{OURS} uses 0.5x the memory of {NUMPY}")
    (claim,) = parse(encode(view), "kept.json").judged.claims
    assert claim.cases[0].measured == (8 / 16, 9 / 16)
    assert unmarked(measured_lines(claim)[0]) == snapshot("small: 0.50x to 0.56x the memory")


def test_a_share_of_the_input_is_no_number_of_threads_after_it_was_kept() -> None:
    view = with_held(using(100 * MB), f"{OURS} uses about twice the input")
    (claim,) = parse(encode(view), "kept.json").judged.claims
    assert claim.statement.quantity is Quantity.MEMORY
    assert claim.cases[0].measured == 2
    assert isinstance(claim.cases[0].measured, float)


@pytest.mark.parametrize("peak", [8, 100])
def test_the_answer_has_what_was_read(peak: int) -> None:
    view = with_held(using(peak * MB), f"{OURS} uses at most 1.1x the input")
    text = render_text(check_document(view), wording=SHELL).partition("\n\n")[2]
    answer = text.partition("No A/A twin")[0].strip()
    expected = {
        8: snapshot("""\
unresolved: cy.total uses at most 1.1x the input
  small: 1.08x the input
On small: 1.08x the input is too near to tell, since memory is read once; at most 1.1x was claimed.
memory: the inputs and all that a call takes beyond them and its answer, read once; nearer than 5 %
to a number, a claim is unresolved\
"""),
        100: snapshot("""\
refuted: cy.total uses at most 1.1x the input
  small: 2.00x the input
On small: 2.00x the input and not at most 1.1x.
memory: the inputs and all that a call takes beyond them and its answer, read once; nearer than 5 %
to a number, a claim is unresolved\
"""),
    }
    assert answer == expected[peak]
