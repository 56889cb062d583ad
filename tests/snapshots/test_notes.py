"""What stands around every report: where it was measured, and what makes it doubtful."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.cli import printed
from support.results import BUILD_FAILED, SKIPPED, changed, make_build, make_ratio, make_view
from whichext.cli.wording import SHELL
from whichext.model.inline import unmarked
from whichext.model.insight import (
    AnswersRemembered,
    AnswersUncompared,
    FindingSpoils,
    ForkHazard,
    Happened,
    RaceNoise,
    ResultWarning,
    RunStopped,
    ThreadsUnlikeAsked,
    TimeStolen,
    TwinDiffers,
)
from whichext.model.raw import Build
from whichext.model.view import View
from whichext.report import notes
from whichext.report.notes import limit_kind, stolen_rounds

BASELINE, LIMIT = "numpy", "limit[1]"
HANGS = ForkHazard(happened=Happened.TIMED_OUT, contestants=("cy.total", "rs.total"))
STOPPED = RunStopped(reason="it was interrupted")


def warned(*warnings: ResultWarning) -> View:
    return changed(make_view(), warnings=warnings)


def warnings(*found: ResultWarning) -> list[str]:
    """What is said of them above the tables."""
    return [unmarked(text, SHELL) for text in notes.warnings(warned(*found))]


def with_limit(builds: Sequence[Build], name: str = LIMIT) -> View:
    return make_view(names=[BASELINE, name], builds=builds)


def test_a_report_begins_with_the_question_the_machine_and_the_command() -> None:
    text = printed(*notes.head_blocks(make_view(), "more"), width=160)
    assert text.splitlines() == snapshot(
        [
            "total: How fast is a sum?",
            "Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0",
            "2025-01-02T03:04:05+00:00  $ whichext run total",
            "more",
        ]
    )


def test_a_result_that_nothing_makes_doubtful_has_no_warnings() -> None:
    assert warnings() == []
    assert notes.warning_blocks(warned()) == ()


def test_warnings_cannot_be_overlooked() -> None:
    assert "\x1b[1;33mWARNING: " in printed(*notes.warning_blocks(warned(STOPPED)), colour=True)


def test_a_run_that_was_stopped_is_told_with_why_and_how_to_go_on() -> None:
    assert warnings(STOPPED) == snapshot(
        [
            "The run ended before it was done: it was interrupted. Continue with the same arguments and --resume FILE, where -o FILE was given."
        ]
    )


@pytest.mark.parametrize(("counted", "said"), [(0, ""), (3, ", and 3 of these had to be counted")])
def test_many_spoiled_rounds_of_a_case_are_told_with_both_counts(counted: int, said: str) -> None:
    assert warnings(TimeStolen(case="small", rounds=20, spoiled=5, counted=counted)) == [
        f"In small, other guests took the processor in 5 of 20 rounds{said}: run it again at a "
        "quieter hour. whichext doctor shows the steal time now."
    ]


def test_two_copies_of_the_same_code_that_differ_are_told() -> None:
    assert warnings(TwinDiffers(case="small", ratio=make_ratio(1.05, 1.04, 1.06))) == snapshot(
        [
            "In small, two copies of the same code differ (1.05 [1.04, 1.06]): do not act on differences of that size."
        ]
    )


@pytest.mark.parametrize(
    ("asked", "busy", "said"),
    [
        (2, 1, "use 2 threads in small, but 1 was busy."),
        (1, 3, "use 1 thread in small, but 3 were"),
    ],
)
def test_other_threads_than_were_asked_for_are_told_with_both_sides(
    asked: int, busy: int, said: str
) -> None:
    found = ThreadsUnlikeAsked(contestant="cy.total", case="small", asked=asked, busy=busy)
    assert warnings(found)[0].startswith(f"cy.total was to {said}")


def test_threads_that_multiply_are_told_with_whose_they_are() -> None:
    found = ThreadsUnlikeAsked(contestant="cy.total[2]", case="small", asked=2, busy=4, cores=2)
    both = replace(found, pools=("dask", "kernel"))
    assert [*warnings(found), *warnings(both)] == snapshot(
        [
            "cy.total[2] was to use 2 threads in small, but 4 were busy, on 2 processors.",
            "cy.total[2] was to use 2 threads in small, but 4 were busy, on 2 processors: threads multiply, 2 of dask times 2 of kernel. Next: leave one of them a single thread.",
        ]
    )


def test_who_finds_answers_again_is_told_with_what_was_timed() -> None:
    found = AnswersRemembered(case="small", contestants=("cy.total", "rs.total"))
    assert warnings(found) == snapshot(
        [
            "In small, cy.total, rs.total: calls on what was seen before take less than a third of the time. The race timed how fast an answer is found again: compare it with what it remembers switched off."
        ]
    )


def test_cases_in_which_a_kept_answer_would_not_be_seen_are_told() -> None:
    told = notes.kept_unseen(changed(make_view(), unchanging=("small", "tall")))
    assert [unmarked(text, SHELL) for text in told] == snapshot(
        [
            "In small, tall, no change between two calls was found that changes the answer. One that is kept from an earlier call passes as right there: only times can show it."
        ]
    )
    assert notes.kept_unseen(make_view()) == []


def test_cases_whose_timed_answers_were_not_compared_are_told() -> None:
    assert warnings(AnswersUncompared(cases=("small", "tall"))) == snapshot(
        [
            "The answers of timed calls were not compared in small, tall: one more would take over a quarter of the free memory. Free some, or choose smaller cases."
        ]
    )


def test_what_happens_in_a_forked_child_is_a_hazard_and_no_warning() -> None:
    assert warnings(HANGS) == []
    assert [unmarked(text) for text in notes.hazards(warned(STOPPED, HANGS))] == snapshot(
        [
            "In a forked child, after a call in its parent, it hangs: cy.total, rs.total. With multiprocessing, use the start method 'spawn'."
        ]
    )


def test_a_memo_leaves_out_what_the_audit_found_which_it_lists_elsewhere() -> None:
    assert len(notes.race_warnings(warned(STOPPED, FindingSpoils(finding=0)))) == 1


def noise(**found: float | str | None) -> str:
    parts = {"original": BASELINE, "floor": 0.0123, "rounds": 50, "dropped": 3, "spoiled": 3}
    disturbed = RaceNoise(**(parts | found))  # type: ignore[arg-type]
    return unmarked(notes.noise(changed(make_view(), noise=disturbed)))


def test_the_noise_floor_is_told_with_the_dropped_rounds_of_all_cases() -> None:
    assert noise() == snapshot(
        "Noise floor: a second copy of numpy came within 1.2% of it in every case. Dropped for stolen time: 3 of 50 rounds."
    )


def test_without_a_twin_the_noise_is_not_known() -> None:
    said = "No A/A twin raced, so the noise of this race is not known."
    assert noise(original=None, floor=None) == said
    assert notes.noise(changed(make_view(), noise=None)) == said


def test_spoiled_rounds_that_stayed_are_told_beside_the_dropped_ones() -> None:
    assert stolen_rounds(9, 3, 10) == snapshot(
        "Dropped for stolen time: 3 of 10 rounds; 6 more were spoiled and had to stay."
    )


def test_the_limit_in_c_is_told_as_such() -> None:
    assert limit_kind(with_limit([make_build("limitprobe")])) == snapshot(
        "limit: the inputs read once (in C, 8 streams a thread), the output not written"
    )


@pytest.mark.parametrize(
    "builds",
    [
        [],
        [make_build("cy")],
        [make_build("limitprobe", SKIPPED)],
        [make_build("limitprobe", BUILD_FAILED)],
    ],
)
def test_where_the_limit_was_not_built_numpy_reads(builds: list[Build]) -> None:
    assert limit_kind(with_limit(builds)) == (
        "limit: the inputs read once (by NumPy, since the C reader was not built), "
        "the output not written"
    )
