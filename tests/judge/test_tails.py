"""Tail latencies of all calls of a case become ratios with intervals over epochs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from support.contestants import TWIN
from support.results import make_size, make_timing, make_view, rejudged
from support.tails import CALLS, spread_around, with_latencies, with_slow
from whichext.judge.tails import find_tail, tail_ratio
from whichext.model.outcome import FEWEST_TAIL_CALLS, Measured, Tail
from whichext.model.ratio import Ratio, Verdict
from whichext.model.raw import Latencies, Timing
from whichext.model.view import without
from whichext.race.crowd import count_latencies
from whichext.report.journal import FileJournal, read_journal

NUMPY, OURS = "numpy", "cy.total"
EPOCHS = 8
AROUND_10_US = spread_around(10_000, EPOCHS)


def turns(name: str, slow_ns: Sequence[float], slow: int = 2, calls: int = CALLS) -> Timing:
    """Turns of which some calls are slow, in each epoch by another time."""
    return with_slow(make_timing(name, [1_000] * len(slow_ns)), slow_ns, slow, calls)


def measured(*timings: Timing) -> dict[str, Measured]:
    """What was measured of those that raced."""
    view = rejudged(make_view(timings=timings, names=[timing.contestant for timing in timings]))
    return dict(view.cases["small"].measured)


def tail_of(one: Measured) -> Tail:
    assert one.tail is not None
    return one.tail


def ratio_of(one: Tail) -> Ratio:
    assert one.ratio is not None
    return one.ratio


def test_a_tail_that_is_longer_is_slower_though_the_mean_is_the_same() -> None:
    both = (turns(NUMPY, AROUND_10_US), turns(OURS, spread_around(30_000, EPOCHS)))
    found = measured(*both)[OURS]
    assert found.ratio.verdict is Verdict.TIE
    ratio = ratio_of(tail_of(found))
    assert ratio.verdict is Verdict.SLOWER
    assert ratio.value == pytest.approx(3, rel=0.03)
    assert ratio.epochs == EPOCHS


def test_the_tail_of_the_baseline_is_what_others_are_compared_with() -> None:
    found = tail_of(measured(turns(NUMPY, AROUND_10_US))[NUMPY])
    assert ratio_of(found).verdict is Verdict.BASELINE
    assert found.latency_ns == pytest.approx(10_000, rel=0.06)
    assert found.calls == EPOCHS * 3 * CALLS


def test_what_is_rarer_in_a_turn_than_its_calls_can_show_is_seen_in_all_of_them() -> None:
    """One slow call in 40: each turn's greatest, but no percentile of a turn by itself."""
    rare = turns(OURS, [50_000.0] * EPOCHS, slow=1)
    assert tail_of(measured(rare)[OURS]).latency_ns == pytest.approx(50_000, rel=0.03)


def test_what_less_than_one_call_in_a_hundred_takes_is_no_tail() -> None:
    usual, once = [1_000] * 200, [1_000] * 199 + [90_000]
    timing = with_latencies(make_timing(OURS, [1_000] * 2), usual, once)
    assert tail_of(measured(timing)[OURS]).latency_ns == pytest.approx(1_000, rel=0.03)


def test_calls_that_are_slow_in_one_epoch_alone_show_nothing_for_certain() -> None:
    once = [1_000.0] * (EPOCHS - 1) + [30_000.0]
    found = measured(turns(NUMPY, [1_000.0] * EPOCHS, slow=4), turns(OURS, once, slow=4))[OURS]
    assert ratio_of(tail_of(found)).value > 10
    assert ratio_of(tail_of(found)).verdict is Verdict.UNRESOLVED


@pytest.mark.parametrize(("calls", "enough"), [(33, False), (34, True)])
def test_fewer_calls_than_a_hundred_have_no_tail(calls: int, *, enough: bool) -> None:
    few = turns(OURS, [10_000.0], calls=calls)
    found = tail_of(measured(turns(NUMPY, [10_000.0]), few)[OURS])
    assert found.calls == 3 * calls
    assert (found.latency_ns is not None) is enough
    assert (found.ratio is not None) is enough


def test_calls_of_rounds_that_the_two_do_not_share_do_not_count() -> None:
    long, short = turns(NUMPY, [1_000.0] * EPOCHS), turns(OURS, [1_000.0])
    ratio = tail_ratio(long, short, noise=None)
    assert ratio is not None
    assert ratio.epochs == 1
    assert ratio.low is None
    later = replace(short, samples=tuple(replace(s, epoch=EPOCHS) for s in short.samples))
    assert tail_ratio(long, later, noise=None) is None
    found = find_tail(later, long, noise=None)
    assert found is not None
    assert found.latency_ns is not None
    assert found.ratio is None


def test_twice_as_many_calls_make_no_longer_tail() -> None:
    """The baseline takes two turns in each round."""
    rng, ratios = np.random.default_rng(0), []
    for _ in range(60):
        one, other = (
            with_latencies(
                make_timing(name, [1_000], rounds=1),
                [round(1e4 * float(x)) for x in np.exp(rng.normal(0, 0.3, calls))],
            )
            for name, calls in ((OURS, 200), (NUMPY, 400))
        )
        ratio = tail_ratio(one, other, noise=None)
        assert ratio is not None
        ratios.append(ratio.centre)
    assert abs(np.median(ratios)) < 0.05


Draw = Callable[[np.random.Generator, int], "np.typing.NDArray[np.float64]"]


@pytest.mark.parametrize(
    ("draw", "epochs", "calls"),
    [
        pytest.param(lambda rng, n: rng.normal(0, 0.3, n), 8, 48, id="light"),
        pytest.param(
            lambda rng, n: rng.exponential(0.4, n), 8, 48, id="heavy", marks=pytest.mark.slow
        ),
        pytest.param(
            lambda rng, n: rng.normal(0, 0.05, n) + 2 * (rng.random(n) < 0.03),
            *(12, 96),
            id="two kinds of calls",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_intervals_hold_the_true_ratio(draw: Draw, epochs: int, calls: int) -> None:
    """Also where processes differ; of 120 races, 95 % would be 114."""
    rng = np.random.default_rng(5)

    def race(name: str) -> Timing:
        shifts = rng.normal(0, 0.03, epochs)
        drawn = [np.exp(shift + draw(rng, calls)) * 1e5 for shift in shifts]
        timing = make_timing(name, [1_000] * epochs, rounds=1)
        return with_latencies(timing, *([round(float(x)) for x in its] for its in drawn))

    held = 0
    for _ in range(120):
        ratio = tail_ratio(race(OURS), race(NUMPY), noise=None)
        assert ratio is not None
        held += not (ratio.is_above(1) or ratio.is_below(1))
    assert held >= 108


def test_without_latencies_there_is_no_tail() -> None:
    found = measured(make_timing(NUMPY, [1_000] * 2), make_timing(OURS, [1_000] * 2))
    assert [one.tail for one in found.values()] == [None, None]


def test_a_tail_that_is_judged_again_is_the_same() -> None:
    both = (turns(NUMPY, AROUND_10_US), turns(OURS, spread_around(11_000, EPOCHS)))
    assert tail_of(measured(*both)[OURS]) == tail_of(measured(*both)[OURS])


def test_the_noise_of_tails_is_that_of_the_twins_tails() -> None:
    found = measured(
        turns(NUMPY, [10_000.0] * EPOCHS),
        turns(OURS, spread_around(10_800, EPOCHS)),
        turns(NUMPY + TWIN, [11_000.0] * EPOCHS),
    )[OURS]
    assert ratio_of(tail_of(found)).noise == pytest.approx(0.1, abs=0.02)
    assert ratio_of(tail_of(found)).verdict is not Verdict.SLOWER


def test_the_latencies_of_dropped_rounds_are_dropped_with_them() -> None:
    timing = with_latencies(make_timing(NUMPY, [1_000, 1_000]), [10], [20])
    kept = without(timing, frozenset({(0, 0), (0, 1), (0, 2)}))
    assert set(kept.latencies) == {count_latencies([20])}
    assert len(kept.latencies) == len(kept.samples)


def test_turns_of_which_nothing_is_known_do_not_count() -> None:
    """Those of an earlier run of an earlier version, which kept one number of each turn."""
    timing = turns(OURS, [10_000.0] * 4)
    unknown = tuple(
        its if number > 5 else Latencies() for number, its in enumerate(timing.latencies)
    )
    found = find_tail(replace(timing, latencies=unknown), timing, noise=None)
    assert found is not None
    assert found.calls == 6 * CALLS >= FEWEST_TAIL_CALLS
    assert ratio_of(found).epochs == 2


def test_a_journal_keeps_the_latencies_of_each_epoch(tmp_path: Path) -> None:
    whole = with_latencies(make_timing(NUMPY, [1_000, 1_000]), [10], [20])
    first = without(whole, frozenset((1, number) for number in range(3)))
    journal = FileJournal(tmp_path / "result.json")
    journal.begin(make_view(names=[NUMPY]).raw)
    journal.add(0, make_size("small"), (first,))
    journal.add(1, make_size("small"), (whole,))
    (kept,) = read_journal(journal.path.read_bytes()).timings
    assert (kept.latencies, kept.samples) == (whole.latencies, whole.samples)
