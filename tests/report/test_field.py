"""What a report says of cases that are called as in the field."""

from __future__ import annotations

import json

import pytest

from support.contestants import SMALL
from support.results import make_race, steady
from support.tails import with_tails
from whichext.report.document import Table
from whichext.report.field import called_by, called_how, tail_blocks
from whichext.report.result_file import encode, parse

NUMPY, CY = "numpy", "cy.total"
ALONE = make_race({NUMPY: steady(1_000), CY: steady(1_000)})
TAILS = {NUMPY: 10_000.0, CY: 20_000.0}


@pytest.mark.parametrize(
    ("callers", "forked", "expected"),
    [
        (1, False, "1 thread"),
        (4, False, "4 threads"),
        (1, True, "1 thread, forked child"),
        (4, True, "4 threads, forked child"),
    ],
)
def test_a_case_says_how_its_calls_are_made(callers: int, expected: str, *, forked: bool) -> None:
    case = SMALL.but(callers=callers, forked=forked)
    assert called_by(case) == expected
    assert bool(called_how(case)) == (case != SMALL)


def test_every_contestant_has_a_tail_and_only_few_calls_a_remark() -> None:
    usual, few = (
        tail_blocks(view, view.cases["small"])
        for view in (with_tails(ALONE, TAILS), with_tails(ALONE, TAILS, calls=3))
    )
    assert (len(usual), len(few)) == (2, 3)
    for blocks in (usual, few):
        assert isinstance(blocks[1], Table)
        assert len(blocks[1].rows) == 2


def test_where_one_thread_calls_there_is_no_tail() -> None:
    assert tail_blocks(ALONE, ALONE.cases["small"]) == ()


def test_a_file_from_before_calls_were_pooled_has_no_tails() -> None:
    """It has the median of turns, from which they cannot be had."""
    content = json.loads(encode(with_tails(ALONE, TAILS)))
    for timing in content["raw"]["timings"]:
        timing["tails_ns"] = [5] * len(timing.pop("latencies"))
    for row in content["judged"]["rows"]:
        row["outcome"]["tail"] = {"ratio": row["outcome"]["tail"]["ratio"], "median_ns": 5.0}
    former = parse(json.dumps(content), "former.json").cases["small"]
    assert former.measured[CY].tail is None
    assert former.measured[CY].ratio == with_tails(ALONE, TAILS).cases["small"].measured[CY].ratio
