"""Results of many machines: on how many a verdict holds, and what the exceptions have in common."""

from __future__ import annotations

from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.runs import CY, NUMPY, RUST, elsewhere, run_with
from whichext.judge.fleet import find_fleet
from whichext.model.claim import Extent, Standing
from whichext.model.errors import ClaimError, UsageError
from whichext.model.fleet import Fleet, FleetCell, Holding
from whichext.model.ratio import Verdict
from whichext.model.raw import Kind
from whichext.model.runs import Subject, Why
from whichext.model.view import View

FAST, SLOW = {NUMPY: 2, CY: 1}, {NUMPY: 2, CY: 3}


def on(label: str, times: dict[str, float] | None = None, *, day: int = 1, **fields: Any) -> View:
    """A race on a machine of that name."""
    return elsewhere(
        run_with(FAST if times is None else times, day=day), label=label, **({"cpu": "T"} | fields)
    )


def fleet(*views: View, claims: tuple[str, ...] = ()) -> Fleet:
    """Results called a, b, c and on."""
    return find_fleet({chr(ord("a") + n): view for n, view in enumerate(views)}, claims=claims)


def only_cell(found: Fleet) -> FleetCell:
    ((_, cell),) = found.cells
    return cell


def labels(found: Fleet) -> list[str | None]:
    return [one.machine.label for one in found.machines]


def test_a_verdict_that_all_machines_share_holds_on_every_one() -> None:
    cell = only_cell(fleet(*map(on, "uvwxyz")))
    assert (cell.most, len(cell.on), cell.exceptions) == (Verdict.FASTER, 6, ())
    assert cell.holding is Holding.EVERY
    assert cell.mean is not None
    assert cell.mean.value == pytest.approx(0.5, rel=0.01)


def test_a_machine_with_the_opposite_verdict_is_named_with_what_it_alone_has() -> None:
    views = [on(name, isa="avx512") for name in "uvwxy"]
    found = fleet(*views, on("z", SLOW, isa="sse4.2"))
    cell = only_cell(found)
    assert (cell.on, cell.exceptions) == ((0, 1, 2, 3, 4), (5,))
    assert cell.holding is Holding.DIFFERS
    assert [(one.subject, one.values) for one in cell.shared] == [(Subject.ISA, ("sse4.2",))]


def test_what_a_machine_with_the_usual_verdict_has_too_is_not_in_common_to_exceptions() -> None:
    views = [on("u", isa="sse4.2"), on("v"), on("w"), on("z", SLOW, isa="sse4.2")]
    assert only_cell(fleet(*views)).shared == ()


def test_exceptions_that_have_unlike_values_have_nothing_in_common() -> None:
    views = [*map(on, "uvw"), on("y", SLOW, isa="sse4.2"), on("z", SLOW, isa="neon")]
    cell = only_cell(fleet(*views))
    assert (cell.exceptions, cell.shared) == ((3, 4), ())


def test_a_machine_on_which_nothing_may_be_said_contradicts_nothing_and_keeps_it_open() -> None:
    loud = elsewhere(run_with(FAST, twin=3.0), label="z", cpu="T")
    cell = only_cell(fleet(on("u"), on("v"), loud))
    assert (cell.unresolved, cell.exceptions, cell.holding) == ((2,), (), Holding.OPEN)


def test_below_three_machines_nothing_is_said_of_others() -> None:
    cell = only_cell(fleet(on("u"), on("v")))
    assert (cell.mean, cell.further) == (None, None)


def test_a_further_machine_is_less_certain_than_the_mean() -> None:
    times = [{NUMPY: 2, CY: 1 + step / 10} for step in range(4)]
    cell = only_cell(fleet(*(on(name, t) for name, t in zip("uvwx", times, strict=True))))
    assert cell.mean is not None
    assert cell.further is not None
    assert cell.further.half_width > cell.mean.half_width


def test_several_results_of_a_machine_are_one_machine() -> None:
    found = fleet(on("u"), on("u", day=2), on("v", day=3))
    assert labels(found) == ["u", "v"]
    assert [one.runs for one in found.machines] == [(0, 1), (2,)]
    assert len(only_cell(found).ratios) == 2


def test_processes_of_one_boot_are_one_machine_whatever_they_may_use() -> None:
    def process(cores: int, day: int) -> View:
        return elsewhere(run_with(FAST, day=day), boot="b", cores=cores)

    assert len(fleet(process(2, 1), process(1, 2)).machines) == 1


def test_a_machine_that_was_started_again_is_said_to_be_perhaps_the_same() -> None:
    def started(boot: str, day: int) -> View:
        return elsewhere(run_with(FAST, day=day), boot=boot)

    assert fleet(started("b1", 1), started("b2", 2)).alike == ((0, 1),)
    assert fleet(on("u"), on("v")).alike == ()


def test_a_result_that_holds_the_race_of_another_is_left_out() -> None:
    view = on("u")
    found = fleet(view, View(replace(view.raw, kind=Kind.MEMO), view.judged))
    assert len(found.runs) == 1
    assert [(one.name, one.why) for one in found.skipped] == [("b", Why.COPY)]


def test_cases_come_in_the_order_of_the_files_though_they_began_in_another() -> None:
    views = [
        elsewhere(run_with(FAST, cases=(case,), day=day), label=case)
        for case, day in (("tall", 2), ("small", 1))
    ]
    assert [one.case.name for one in fleet(*views).cases] == ["tall", "small"]


def threaded(cores: int, label: str) -> View:
    """A machine on which a parallel contestant has as many threads as there are processors."""
    view = on(label, cores=cores)
    name = f"{CY}[{cores}]"

    def renamed(text: str) -> str:
        return name if text == CY else text

    contestants = [
        replace(one, threads_by="threads", threads=cores) if one.name == CY else one
        for one in view.raw.contestants
    ]
    timings = [replace(one, contestant=renamed(one.contestant)) for one in view.raw.timings]
    raw = replace(view.raw, contestants=tuple(contestants), timings=tuple(timings))
    rows = [replace(one, contestant=renamed(one.contestant)) for one in view.judged.rows]
    return View(raw, replace(view.judged, rows=tuple(rows)))


def test_as_many_threads_as_there_are_processors_is_one_contestant_on_unlike_machines() -> None:
    cell = only_cell(fleet(threaded(2, "u"), threaded(8, "v")))
    assert (cell.contestant, len(cell.on)) == (f"{CY}[all]", 2)
    assert only_cell(fleet(threaded(2, "u"), threaded(2, "v"))).contestant == f"{CY}[2]"


def test_unlike_processors_are_a_factor_where_there_are_enough_machines() -> None:
    def kind(cpu: str, names: str, times: dict[str, float]) -> list[View]:
        return [on(name, times, cpu=cpu) for name in names]

    found = fleet(*kind("T", "uvw", FAST), *kind("S", "xyz", SLOW))
    (effect,) = only_cell(found).kinds
    assert (found.kinds[effect.kind].cpu, found.kinds[effect.base].cpu) == ("S", "T")
    assert effect.ratio.value == pytest.approx(3, rel=0.02)
    assert effect.ratio.verdict is Verdict.SLOWER
    assert only_cell(fleet(*kind("T", "u", FAST), *kind("S", "x", SLOW))).kinds == ()


EVERYWHERE = f"{CY} is faster than {NUMPY} on every machine"
MOSTLY = f"{CY} is faster than {NUMPY} on most machines"


@pytest.mark.parametrize(
    ("slow", "every", "most"),
    [
        (0, Standing.HOLDS, Standing.HOLDS),
        (1, Standing.REFUTED, Standing.HOLDS),
        (2, Standing.REFUTED, Standing.REFUTED),
        (4, Standing.REFUTED, Standing.REFUTED),
    ],
)
def test_a_claim_is_held_against_every_machine_and_most_of_them(
    slow: int, every: Standing, most: Standing
) -> None:
    views = [on(name, SLOW if n < slow else FAST) for n, name in enumerate("uvwx")]
    found = fleet(*views, claims=(EVERYWHERE, MOSTLY))
    assert [claim.extent for claim in found.claims] == [Extent.EVERY, Extent.MOST]
    assert [claim.standing for claim in found.claims] == [every, most]
    assert found.claims[0].standings.count(Standing.REFUTED) == slow


def test_one_machine_can_refute_what_is_said_of_every_one_and_can_show_neither() -> None:
    def standings(times: dict[str, float]) -> list[Standing]:
        return [one.standing for one in fleet(on("u", times), claims=(EVERYWHERE, MOSTLY)).claims]

    assert standings(FAST) == [Standing.UNRESOLVED, Standing.UNRESOLVED]
    assert standings(SLOW) == [Standing.REFUTED, Standing.UNRESOLVED]


def test_a_machine_that_did_not_race_what_a_claim_names_is_not_asked() -> None:
    other = on("w", {NUMPY: 2, RUST: 1})
    (claim,) = fleet(on("u"), on("v"), other, claims=(EVERYWHERE,)).claims
    assert claim.standings == (Standing.HOLDS, Standing.HOLDS, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("cy.totl is faster than numpy", "no result has the contestant 'cy.totl'"),
        ("cy.total is faster than numpy on smal", "no result has the case 'smal'"),
    ],
)
def test_a_claim_about_what_no_result_has_is_refused_with_what_is_near(
    text: str, problem: str
) -> None:
    with pytest.raises(ClaimError, match=problem) as caught:
        fleet(on("u"), claims=(text,))
    assert {"cy.total", "small"} & set(caught.value.next_step.split())


def test_a_result_without_a_race_is_refused() -> None:
    view = on("u")
    with pytest.raises(UsageError, match="no ratios"):
        fleet(View(replace(view.raw, kind=Kind.VERIFY), view.judged))


def test_a_label_of_different_processors_is_refused_as_their_mean_is_of_no_machine() -> None:
    with pytest.raises(UsageError) as caught:
        fleet(on("u"), on("u", SLOW, cpu="Other", day=2))
    assert str(caught.value) == snapshot("""\
b: u is the label of different machines: expected T, as in a, got Other
Next: race one of them again with another WHICHEXT_MACHINE, or leave it out\
""")
