"""Every entry is called once before it is believed, in a process of its own."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from msgspec.structs import replace

from whichext.audit.probe import probe_all, probed_case
from whichext.load.select import choose_contestants
from whichext.model.contestant import Case
from whichext.model.evidence import Probe
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.system.progress import SilentProgress

pytestmark = [pytest.mark.slow, pytest.mark.processes]


def with_cases(kernel: Kernel, *shapes: tuple[int, ...]) -> Kernel:
    cases = (Case(name=str(shape), shape=shape, dtype="float64") for shape in shapes)
    return dataclasses.replace(kernel, cases=tuple(cases))


def test_the_largest_case_that_is_not_too_large_is_taken(row_sum: Kernel) -> None:
    kernel = with_cases(row_sum, (10, 10), (1_000, 1_000), (10_000, 10_000))
    assert probed_case(kernel).shape == (1_000, 1_000)


def test_where_all_are_too_large_the_first_is_made_less(row_sum: Kernel) -> None:
    kernel = with_cases(row_sum, (100, 1_000_000), (10_000, 10_000))
    assert probed_case(kernel).shape == (100, 31_250)


def watch(kernel: Kernel, folder: Path) -> dict[str, Probe]:
    contestants = choose_contestants(kernel, Options())
    sites = {c.name: folder / (c.project or "") for c in contestants}
    found = probe_all(kernel, contestants, sites, SilentProgress())
    return {one.contestant: one for one in found}


@pytest.fixture(scope="module")
def faults(faulty: Kernel) -> dict[str, Probe]:
    """What is seen of the faulty kernel's pure Python projects, which need no build."""
    named = ("good", "crashes", "wrong_on_nan")
    projects = tuple(project for project in faulty.projects if project.name in named)
    return watch(dataclasses.replace(faulty, projects=projects), faulty.folder)


def test_every_entry_is_watched_and_the_reference_is_not(faults: dict[str, Probe]) -> None:
    assert {name.partition(".")[0] for name in faults} == {"good", "crashes", "wrong_on_nan"}


def test_the_import_is_timed(faults: dict[str, Probe]) -> None:
    (good,) = (one for name, one in faults.items() if name.startswith("good."))
    assert (good.import_ns or 0) > 0


def test_what_does_not_import_is_not_seen_and_the_reason_is_said(
    row_sum: Kernel, tmp_path: Path
) -> None:
    for one in watch(row_sum, tmp_path).values():
        assert one.releases_gil is None
        assert (one.unseen or "").startswith("ModuleNotFoundError")


def test_without_anything_built_nobody_is_watched(row_sum: Kernel) -> None:
    contestants = choose_contestants(row_sum, Options())
    assert probe_all(row_sum, contestants, {}, SilentProgress()) == ()


def test_who_lacks_a_package_is_left_out(row_sum: Kernel, tmp_path: Path) -> None:
    lacking = [
        replace(contestant, requires=("no-such-package",))
        for contestant in choose_contestants(row_sum, Options())
    ]
    sites = {contestant.name: tmp_path for contestant in lacking}
    assert probe_all(row_sum, tuple(lacking), sites, SilentProgress()) == ()


def test_who_does_not_answer_the_cases_dtype_is_called_with_one_that_it_answers(
    row_sum: Kernel, tmp_path: Path
) -> None:
    module = tmp_path / "only_int8.py"
    module.write_text(
        "def row_sum(values):\n    assert values.dtype == 'int8'\n    return values.sum(1)\n"
    )
    picky = [
        replace(c, module="only_int8", function="row_sum", dtypes=("int8",))
        for c in choose_contestants(row_sum, Options())
    ]
    sites = {contestant.name: tmp_path for contestant in picky}

    seen = probe_all(row_sum, tuple(picky), sites, SilentProgress())

    assert all("AssertionError" not in (one.unseen or "") for one in seen)
    assert seen
