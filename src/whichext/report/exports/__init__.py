"""Forms that other programs read, one module for each program; `EXPORTS` lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from whichext.model.view import View
from whichext.report.exports.bencher import to_bencher
from whichext.report.exports.github import to_bigger_is_better, to_smaller_is_better
from whichext.report.exports.hyperfine import to_version_1, to_version_2
from whichext.report.exports.pyperf import to_pyperf
from whichext.report.exports.pytest_benchmark import to_pytest_benchmark
from whichext.report.exports.pytest_module import to_pytest_module
from whichext.report.exports.tables import to_csv, to_parquet
from whichext.report.frames import TABLES

EXPORTS: Mapping[str, Callable[[View], str | bytes]] = {
    "pytest-benchmark": to_pytest_benchmark,
    "pyperf": to_pyperf,
    "bencher": to_bencher,
    "github:smaller": to_smaller_is_better,
    "github:bigger": to_bigger_is_better,
    "hyperfine:2": to_version_2,
    "hyperfine:1": to_version_1,
    "pytest": to_pytest_module,
    **{f"csv:{table}": partial(to_csv, table=table) for table in TABLES},
    **{f"parquet:{table}": partial(to_parquet, table=table) for table in TABLES},
}
"""What makes the content of a file in each form, by the form's name; bytes where it is no text."""
