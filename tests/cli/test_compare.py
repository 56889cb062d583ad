"""The command `compare`: functions by name, inputs as Python, and what is wrong with either."""

from __future__ import annotations

import pytest

from support.cli import Command

FMEAN, MEAN = "statistics:fmean", "statistics:mean"


@pytest.mark.slow
@pytest.mark.processes
def test_two_functions_of_a_module_race_on_an_expression(command: Command) -> None:
    done = command("compare", FMEAN, MEAN, "--input", "[1.5, 2.5] * 50", "--max-time=0.5")
    assert "statistics.mean" in done.out
    assert "[1.5, 2.5] * 50" in done.out
    assert done.code == 0


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((FMEAN, "statistics:men", "--input", "[1.0]"), "write statistics:mean"),
        ((FMEAN, "sttistics:mean", "--input", "[1.0]"), "No module named 'sttistics'"),
        ((FMEAN, "statistics:h", "--input", "[1.0]"), "statistics: and one of these names"),
        ((FMEAN, "mean", "--input", "[1.0]"), "module:function"),
        ((FMEAN, "statistics:sys", "--input", "[1.0]"), "expected a function"),
        ((FMEAN, MEAN, "--input", "[1.0"), "was never closed"),
        ((FMEAN, MEAN, "--input", "nmpy.ones(3)"), "neither a builtin nor a module"),
        (
            (FMEAN, "--input", "[1.0]"),
            "whichext compare statistics:fmean module:function --input ...",
        ),
        ((FMEAN, FMEAN, "--input", "[1.0]"), "got statistics:fmean twice"),
    ],
)
def test_what_cannot_be_compared_is_told_before_anything_runs(
    command: Command, words: tuple[str, ...], named: str
) -> None:
    done = command("compare", *words)
    assert done.code == 2
    assert named in done.err
