"""How the seconds of a race grow with contestants, cases and precision: a table and a plot.

    python benchmarks/growth.py [FILE.svg]

Races on a simulated machine as quiet as that of METHODOLOGY (`tests/support/machines.py`): calls of
10 ms, a jitter of 2 % from turn to turn, 0.5 % from process to process. Shown are medians of races.
The least effect that can be seen is the half-width with the 1 % by which a difference must stay
away from 1. Beside it stands what two other tools state. Tango finds 1 % in one second, between two
versions of one Rust function. The `--benchmark-precision` of pytest-benchmark stops when the normal
interval of one function's own mean is narrow, as if its rounds were independent.
"""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import altair

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.machines import BASELINE, CASE, Noise, simulate
from whichext.judge import view_of
from whichext.model.options import Options

SIZES, CASES, SECONDS, RACES = (2, 3, 5, 10, 20, 40), (1, 2, 4, 8), (1, 2, 5, 10, 20, 40, 80), 15
PRECISION, NORMAL_95, CALL_NS = 0.01, 1.96, 10_000_000
NOISE = Noise(jitter=0.02, placement=0.005)
PAIR = {BASELINE: CALL_NS, "same": CALL_NS}
HOURS_S = 36_000.0


def main() -> None:
    """Print the tables, and draw them where a file is named."""
    print(f"$ python {' '.join(sys.argv)}")
    by_contestants = [(n, seconds_to_precision(n, 1)) for n in SIZES]
    by_cases = [(n, seconds_to_precision(2, n)) for n in CASES]
    effects = [(s, least_effect(s), one_mean(s)) for s in SECONDS]
    print("contestants: seconds to 1 % in one case")
    print("  " + ", ".join(f"{n}: {s:.0f}" for n, s in by_contestants))
    print("cases: seconds to 1 % with two contestants")
    print("  " + ", ".join(f"{n}: {s:.0f}" for n, s in by_cases))
    print("seconds: least effect of one pair (the mean of one function alone)")
    print("  " + ", ".join(f"{s}: {ours:.1%} ({one:.2%})" for s, ours, one in effects))
    if sys.argv[1:]:
        draw(Path(sys.argv[1]), by_contestants, by_cases, effects)


def seconds_to_precision(contestants: int, cases: int) -> float:
    """Seconds until all intervals of equals are precise."""
    calls_ns = {BASELINE: CALL_NS, **{f"c{n}": CALL_NS for n in range(1, contestants)}}
    options = Options(max_time_s=HOURS_S, precision=PRECISION)
    races = (simulate(calls_ns, NOISE, seed, options, cases) for seed in range(RACES))
    return statistics.median(raw.duration_ns / 1e9 for raw in races)


def least_effect(seconds: int) -> float:
    """The least effect that a race of so many seconds can tell, as a share."""
    options = Options(max_time_s=seconds, precision=PRECISION / 10)
    races = (view_of(simulate(PAIR, NOISE, seed, options)) for seed in range(RACES))
    widths = (view.cases[CASE.name].measured["same"].ratio.half_width for view in races)
    return math.expm1(statistics.median(widths)) + PRECISION


def one_mean(seconds: int) -> float:
    """Half-width of the normal interval of one function's mean, after so many seconds."""
    return NORMAL_95 * NOISE.jitter / math.sqrt(seconds * 1e9 / CALL_NS)


def draw(
    path: Path,
    by_contestants: list[tuple[int, float]],
    by_cases: list[tuple[int, float]],
    effects: list[tuple[int, float, float]],
) -> None:
    """Three plots beside each other."""
    kinds = {"whichext, a ratio": 1, "pytest-benchmark, one mean": 2}
    lines = ({"x": one[0], "y": one[n], "of": of} for of, n in kinds.items() for one in effects)
    tango = [{"x": 1, "y": 0.01, "of": "tango, as promised"}]
    altair.hconcat(
        line(points(by_contestants), "contestants", "seconds to 1 %"),
        line(points(by_cases), "cases of two contestants", "seconds to 1 %"),
        line([*lines, *tango], "seconds", "least effect", log=True),
    ).save(str(path))


def points(pairs: Iterable[tuple[int, float]]) -> Iterator[dict[str, object]]:
    """Rows of a plot with one line."""
    return ({"x": x, "y": y, "of": "whichext"} for x, y in pairs)


def line(
    rows: Iterable[dict[str, object]], across: str, up: str, *, log: bool = False
) -> altair.Chart:
    """A line with points; the axes begin at 0, or are logarithmic."""
    scale = altair.Scale(type="log" if log else "linear")
    return (
        altair.Chart(altair.Data(values=list(rows)), width=240, height=200)
        .mark_line(point=True)
        .encode(
            x=altair.X("x:Q", title=across, scale=scale),
            y=altair.Y("y:Q", title=up, scale=scale, axis=altair.Axis(format="%" if log else "d")),
            color=altair.Color("of:N", title=None),
        )
    )


if __name__ == "__main__":
    main()
