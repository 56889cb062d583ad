"""Exports that are read by people, what is said of imports, and why something is refused."""

from __future__ import annotations

import json
import sys

import pytest
from inline_snapshot import snapshot

from support.exports import exported, json_of, measured_elsewhere, race
from support.results import SKIPPED, WRONG, changed, make_race, steady
from whichext.model.errors import ResultFileError, UsageError, WhichextError
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import render
from whichext.report.exports import EXPORTS
from whichext.report.exports.measured import about
from whichext.report.result_file import parse

BENCHMARKS = {
    "machine_info": {
        "python_implementation": "CPython",
        "python_version": "3.12.1",
        "system": "Linux",
        "cpu": {"brand_raw": "Testium 9000", "count": 1},
    },
    "datetime": "2026-01-02T03:04:05+00:00",
    "version": "5.3.1",
    "benchmarks": [
        {
            "name": name,
            "fullname": f"test_sums.py::{name}",
            "group": "sums",
            "stats": {"rounds": 3, "total": total, "data": [total / 3] * 3, "iterations": 10},
        }
        for name, total in (("test_loop", 3e-6), ("test_numpy", 1e-6))
    ],
}


def test_the_summary_has_the_answer_the_verdicts_with_intervals_and_the_machine() -> None:
    view = make_race(
        {"numpy": steady(1_000), "cy.total[2]": steady(500), "limit[2]": steady(100)},
        {"rust.total": SKIPPED, "c.total": WRONG},
    )
    assert render(view, "summary") == snapshot("""\
### `total`: How fast is a sum?

- `small`: `cy.total[2]` is the fastest: 2.00x [2.00, 2.00] as fast as `numpy`.

| case | contestant | time | time / baseline | verdict |
| --- | --- | ---: | ---: | --- |
| `small` | `cy.total[2]` | 500 ns | 0.50 [0.50, 0.50] | faster |
| `small` | `numpy` | 1.00 us | 1.00 | baseline |
| `small` | `c.total` | - | - | WRONG |

- Confounded: `cy.total[2]` and `numpy` (`small`) differ in threads, toolchain: their ratio is the effect of none of these alone.

Not raced: `rust.total`.

time: median of one call. time / baseline: ratio of times in the same rounds, with its 95% interval over fresh processes; below 1 is faster.<br>Testium 9000 (2 cores, avx2, virtual), 8.00 GB, Linux 6.1 x86\\_64, CPython 3.12.1, NumPy 2.3.0, whichext 0.1.0; `whichext run total`, 2025-01-02T03:04:05+00:00.
""")


def test_the_report_of_benchmarks_says_what_such_a_measurement_lacks() -> None:
    assert render(parse(json.dumps(BENCHMARKS), "bench.json")) == snapshot("""\
bench.json: Which benchmark of a group is faster?
Testium 9000 (1 core), Linux, CPython 3.12.1, pytest-benchmark 5.3.1
2026-01-02T03:04:05+00:00  $ pytest

WARNING: Measured by pytest-benchmark 5.3.1: one benchmark after the other in one process, so that
each ratio has the drift of the machine and the luck of one process in it. No interval can be had
from that, and no verdict. Answers, builds and identical code were not checked. Race the same
functions with whichext.compare("MODULE:F", "MODULE:G") for a verdict.

sums
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┓
┃ contestant ┃    time ┃    time / test_loop ┃ verdict    ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━┩
│ test_numpy │  333 ns │ 0.33         [?, ?] │ unresolved │
│ test_loop  │ 1.00 us │                1.00 │ baseline   │
└────────────┴─────────┴─────────────────────┴────────────┘
Which is the fastest is unresolved: a single epoch gives no interval.

No A/A twin raced, so the noise of this race is not known.
time: median of one call. time / ...: median ratio of rounds at which both benchmarks had come
equally far; below 1 is faster.
""")


def test_an_export_says_where_it_was_measured_and_what_its_ratios_are() -> None:
    assert about(race()) == snapshot(
        {
            "program": "whichext 0.1.0",
            "command": "whichext run total",
            "started_at": "2025-01-02T03:04:05+00:00",
            "machine": "Testium 9000, 2 cores, Linux 6.1 x86_64",
            "python": "CPython 3.12.1",
            "ratios": "Contestants took turns in the same rounds, in fresh processes for every epoch. A ratio is of turns of one round: it is not the quotient of two of these times.",
        }
    )


def test_what_another_program_measured_is_not_said_to_be_paired() -> None:
    told = about(measured_elsewhere())
    assert (told["program"], told["ratios"]) == snapshot(
        (
            "pytest-benchmark 5.3.1",
            "Measured by pytest-benchmark 5.3.1 one after the other: a ratio has no interval, and no verdict.",
        )
    )


def test_beside_a_point_of_a_chart_are_the_interval_and_how_it_was_measured() -> None:
    found = json_of(race(), "github:smaller")[0]
    assert (found["unit"], found["range"], found["extra"]) == snapshot(
        (
            "of the time of numpy",
            "[0.50, 0.50]",
            """\
verdict: faster
time: 500 ns
program: whichext 0.1.0
command: whichext run total
started_at: 2025-01-02T03:04:05+00:00
machine: Testium 9000, 2 cores, Linux 6.1 x86_64
python: CPython 3.12.1
ratios: Contestants took turns in the same rounds, in fresh processes for every epoch. A ratio is of turns of one round: it is not the quotient of two of these times.\
""",
        )
    )


ALONE = make_race({"numpy": steady(1_000)})
NOBODY = make_race({}, {"cy.total": WRONG})


@pytest.mark.parametrize(
    ("view", "to", "said"),
    [
        (
            changed(race(), kind=Kind.AUDIT),
            "pyperf",
            snapshot("""\
to: expected the result of a race, got one of whichext.audit(), which compares no contestants
Next: make one with whichext.run("KERNEL", save="FILE.json"), or choose to="text"\
"""),
        ),
        (
            NOBODY,
            "bencher",
            snapshot("""\
total: nothing was measured, so there is nothing to export
Next: see the report for what became of each contestant\
"""),
        ),
        (
            ALONE,
            "github:smaller",
            snapshot("""\
total: nothing but the baseline was measured, so there is no ratio to export
Next: see the report for what became of each contestant\
"""),
        ),
        (
            changed(race(), kind=Kind.COMPARE),
            "pytest",
            snapshot("""\
to="pytest": expected the result of a kernel, which makes the inputs, got one of functions with inputs that are not in it
Next: make a kernel with whichext.tools.new("NAME"), or choose to="pytest-benchmark"\
"""),
        ),
    ],
)
def test_what_cannot_be_exported_is_refused_with_a_next_step(
    view: View, to: str, said: str
) -> None:
    with pytest.raises(UsageError) as error:
        EXPORTS[to](view)
    assert str(error.value) == said


def test_parquet_without_pyarrow_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError) as error:
        EXPORTS["parquet:rows"](race())
    assert str(error.value) == snapshot("""\
to="parquet:rows": expected PyArrow installed, got no package
Next: pip install pyarrow, or choose to="csv:rows"\
""")


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (
            "parquet:rows",
            snapshot("""\
to="parquet:rows": expected a form that is text, got bytes
Next: write it to a file: the command whichext show FILE PATH with to="parquet:rows"\
"""),
        ),
        (
            "csv",
            snapshot("""\
to="csv" is no form: expected one of text, markdown, summary, html, pytest-benchmark, pyperf, bencher, github:smaller, github:bigger, hyperfine:2, hyperfine:1, pytest, csv:rows, csv:samples, parquet:rows, parquet:samples, svg:speedup
Next: to="csv:rows"\
"""),
        ),
    ],
)
def test_a_form_that_is_no_text_or_is_none_is_refused(to: str, said: str) -> None:
    with pytest.raises(WhichextError) as error:
        render(race(), to)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            exported(race(), "pytest-benchmark"),
            snapshot("""\
bench.json: an export for pytest-benchmark, in which the rounds are no more: expected a result file, or JSON that pytest-benchmark wrote
Next: give the result from which it was made\
"""),
        ),
        (
            json.dumps({**BENCHMARKS, "benchmarks": []}),
            snapshot("""\
bench.json: not whole JSON of pytest-benchmark: Expected `array` of length >= 1 - at `$.benchmarks`
Next: make it again with its option for JSON, or race with whichext.run("KERNEL")\
"""),
        ),
    ],
)
def test_what_cannot_be_imported_is_refused_with_a_next_step(text: str, said: str) -> None:
    with pytest.raises(ResultFileError) as error:
        parse(text, "bench.json")
    assert str(error.value) == said
