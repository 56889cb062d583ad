"""Tail latencies become ratios as times do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from support.contestants import TWIN
from support.results import make_size, make_timing, make_view, rejudged, steady
from whichext.model.outcome import Measured, Tail
from whichext.model.ratio import Verdict
from whichext.model.raw import Timing
from whichext.model.view import without
from whichext.report.journal import FileJournal, read_journal

NUMPY, OURS = "numpy", "cy.total"


def with_tails(timing: Timing, tails_ns: Sequence[int]) -> Timing:
    """The timing with these tail latencies, one for each epoch."""
    return replace(timing, tails_ns=tuple(tails_ns[s.epoch] for s in timing.samples))


def measured(*timings: Timing) -> dict[str, Measured]:
    """What was measured of those that raced."""
    view = rejudged(make_view(timings=timings, names=[timing.contestant for timing in timings]))
    return dict(view.cases["small"].measured)


def tail_of(one: Measured) -> Tail:
    assert one.tail is not None
    return one.tail


def of_both(numpy_ns: Sequence[int], ours_ns: Sequence[int]) -> dict[str, Measured]:
    """A race of equals in the mean, whose tail latencies are these."""
    alike = steady(1_000)
    return measured(
        with_tails(make_timing(NUMPY, alike), numpy_ns),
        with_tails(make_timing(OURS, alike), ours_ns),
    )


EPOCHS = len(steady(1_000))


def test_a_tail_that_is_longer_is_slower_though_the_mean_is_the_same() -> None:
    found = of_both([10_000] * EPOCHS, [n + 30_000 for n in range(EPOCHS)])[OURS]
    assert found.ratio.verdict is Verdict.TIE
    assert tail_of(found).ratio.verdict is Verdict.SLOWER
    assert tail_of(found).ratio.value == pytest.approx(3, rel=0.01)


def test_the_tail_of_the_baseline_is_what_others_are_compared_with() -> None:
    found = of_both([10_000] * EPOCHS, [10_000] * EPOCHS)[NUMPY]
    assert tail_of(found).ratio.verdict is Verdict.BASELINE
    assert tail_of(found).median_ns == 10_000


def test_without_tails_there_is_none() -> None:
    found = measured(make_timing(NUMPY, steady(1_000)), make_timing(OURS, steady(1_000)))
    assert [one.tail for one in found.values()] == [None, None]


def test_the_noise_of_tails_is_that_of_the_twins_tails() -> None:
    alike = steady(1_000)
    found = measured(
        with_tails(make_timing(NUMPY, alike), [10_000] * EPOCHS),
        with_tails(make_timing(OURS, alike), [n + 10_500 for n in range(EPOCHS)]),
        with_tails(make_timing(NUMPY + TWIN, alike), [11_000] * EPOCHS),
    )[OURS]
    assert tail_of(found).ratio.noise == pytest.approx(0.1)
    assert tail_of(found).ratio.verdict is not Verdict.SLOWER


def test_the_tails_of_dropped_rounds_are_dropped_with_them() -> None:
    timing = with_tails(make_timing(NUMPY, [1_000, 1_000]), [10, 20])
    kept = without(timing, frozenset({(0, 0), (0, 1), (0, 2)}))
    assert set(kept.tails_ns) == {20}
    assert len(kept.tails_ns) == len(kept.samples)


def test_a_journal_keeps_the_tails_of_each_epoch(tmp_path: Path) -> None:
    whole = with_tails(make_timing(NUMPY, [1_000, 1_000]), [10, 20])
    first = without(whole, frozenset((1, number) for number in range(3)))
    journal = FileJournal(tmp_path / "result.json")
    journal.begin(make_view(names=[NUMPY]).raw)
    journal.add(0, make_size("small"), (first,))
    journal.add(1, make_size("small"), (whole,))
    (kept,) = read_journal(journal.path.read_bytes()).timings
    assert (kept.tails_ns, kept.samples) == (whole.tails_ns, whole.samples)
