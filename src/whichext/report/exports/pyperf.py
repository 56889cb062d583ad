"""JSON of pyperf, which `pyperf compare_to` reads: a run of it is one fresh process of ours."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from whichext.model.view import View
from whichext.report.exports.json_text import to_json
from whichext.report.exports.measured import NS_PER_S, Series, about, measured, one_line, second

_VERSION = "1.0"


def to_pyperf(view: View) -> str:
    """One benchmark for each contestant and case, with a run for each epoch."""
    machine = view.raw.machine
    told = {f"whichext_{name}": text for name, text in about(view).items()}
    known = {
        "unit": "second",
        "cpu_model_name": one_line(machine.cpu),
        "cpu_count": machine.cores,
        "platform": one_line(machine.system),
    }
    return to_json(
        {
            "version": _VERSION,
            "metadata": {**known, **told},
            "benchmarks": [_benchmark(series) for series in measured(view)],
        }
    )


def _benchmark(series: Series) -> dict[str, Any]:
    ratio = series.outcome.ratio
    told = {"name": series.title, "whichext_ratio": f"{ratio} ({ratio.verdict})"}
    runs = []
    for _, of_epoch in groupby(series.samples, key=lambda sample: sample.epoch):
        samples = list(of_epoch)
        took_s = sum(sample.wall_ns for sample in samples) / NS_PER_S
        loops = min(sample.calls for sample in samples)
        values = [second(sample) for sample in samples]
        runs.append({"metadata": {"duration": took_s, "loops": loops}, "values": values})
    return {"metadata": told, "runs": runs}
