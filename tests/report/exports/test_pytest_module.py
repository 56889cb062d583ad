"""The module of benchmarks: what is in it, and that it runs."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from support.contestants import make_contestant
from support.exports import exported, hostile, race, run_python
from support.results import changed, make_race, steady
from whichext.model.contestant import BY_ENVIRONMENT, Factor, Role
from whichext.model.view import View

KERNELS = Path(__file__).parents[2] / "kernels"
IN_PLACE = """
from whichext import Call, Case, Kernel

def sort(values, reverse):
    assert values == [2, 1, 3], "an earlier call sorted them"
    values.sort(reverse=reverse)

KERNEL = Kernel(
    question="How fast is a list sorted in place?",
    reference=sort,
    functions={"again": sort},
    inputs=lambda case: Call([2, 1, 3], reverse=case.reverse),
    mutates=("values",),
    cases=(Case("small", reverse=True),),
)
"""


def values_of(view: View) -> dict[str, Any]:
    """The constants of the module, whose functions are not made."""
    source = exported(view, "pytest")
    compile(source, "test_module.py", "exec")
    constants, _, _ = source.replace("whichext.load_kernel(", "str(").partition("\ndef find(")
    found: dict[str, Any] = {}
    exec(constants, found)
    return found


def with_contestant(name: str, **changes: Any) -> View:
    """A race with one contestant that has other fields."""
    view = make_race({"numpy": steady(1_000), name: steady(500)})
    contestants = [
        replace(one, **changes) if one.name == name else one for one in view.raw.contestants
    ]
    return changed(view, contestants=tuple(contestants))


def test_it_names_module_function_and_threads_of_each_contestant() -> None:
    found = values_of(race())
    assert found["CONTESTANTS"] == {
        "numpy": None,
        "cy.total[2]": ("cy", "total", {"threads": 2}),
        "rust.total": ("rust", "total", {}),
    }
    assert found["BENCHMARKS"] == [("small", name) for name in found["CONTESTANTS"]]


@pytest.mark.parametrize(
    ("name", "changes", "why"),
    [
        ("cy.total@debug", {}, "profile debug"),
        ("cy.total", {"factors": (Factor("revision", "HEAD~3"),)}, "no revision"),
        ("cy.total[2]", {"threads_by": BY_ENVIRONMENT}, "environment variables"),
    ],
)
def test_what_an_installed_project_cannot_be_is_left_out_with_the_reason(
    name: str, changes: dict[str, Any], why: str
) -> None:
    found = values_of(with_contestant(name, **changes))
    assert found["BENCHMARKS"] == [("small", "numpy")]
    assert [*found["LEFT_OUT"]] == [name]
    assert why in found["LEFT_OUT"][name]


def test_what_was_not_measured_is_left_out_and_odd_names_stay_data() -> None:
    found = values_of(hostile())
    assert {"WRONG", "skipped"} <= found["LEFT_OUT"].keys()
    assert len(found["BENCHMARKS"]) == 2


def test_the_kernel_is_named_as_in_the_command_that_raced_it() -> None:
    view = changed(race(), command="whichext run 'some/where/total' -o r.json")
    assert values_of(view)["KERNEL"] == "some/where/total"
    assert values_of(changed(race(), command="python article.py"))["KERNEL"] == "total"


def race_of(kernel: str, names: list[str], cases: list[str], **changes: Any) -> View:
    """A race as if of these contestants of a kernel of the tests, the reference first."""
    view = make_race({name: steady(1_000) for name in names})
    contestants = [
        make_contestant(name, factors={}, role=Role.ENTRY if number else Role.REFERENCE)
        for number, name in enumerate(names)
    ]
    one = view.raw.cases[0]
    renamed = changed(
        view,
        kernel=kernel,
        command=f"whichext run {kernel}",
        contestants=tuple(contestants),
        cases=tuple(one.but(name=case) for case in cases),
        sizes=tuple(replace(view.raw.sizes[0], case=case) for case in cases),
        timings=tuple(replace(t, case=case) for case in cases for t in view.raw.timings),
        rows=tuple(replace(row, case=case) for case in cases for row in view.judged.rows),
        courses=tuple(replace(view.judged.cases[0], case=case) for case in cases),
    )
    return changed(renamed, **changes)


def placed(folder: Path, kernel: str, view: View) -> dict[str, str]:
    """The module beside its kernel, and the environment in which its projects are installed."""
    if (KERNELS / kernel).is_dir():
        shutil.copytree(KERNELS / kernel, folder / kernel)
    (folder / "test_made.py").write_text(exported(view, "pytest"))
    (folder / "pytest.ini").write_text("[pytest]\n")
    paths = [str(path) for path in (folder / kernel).iterdir() if path.is_dir()]
    before = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join((*paths, before))}


QUIET = ("pytest", "test_made.py", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")


@pytest.mark.slow
@pytest.mark.processes
def test_pytest_benchmark_runs_it_and_groups_by_case(tmp_path: Path) -> None:
    names = ["numpy", "plain_sum.row_sum"]
    env = placed(tmp_path, "row_sum", race_of("row_sum", names, ["small", "column-major"]))
    fast = ("--benchmark-max-time=0.01", "--benchmark-min-rounds=2", "--benchmark-json=made.json")
    printed = run_python(*QUIET, "-p", "no:codspeed", *fast, cwd=tmp_path, env=env)
    assert "4 passed" in printed
    found = json.loads((tmp_path / "made.json").read_text())["benchmarks"]
    assert {one["group"] for one in found} == {"small", "column-major"}


@pytest.mark.slow
@pytest.mark.processes
def test_each_call_in_place_gets_fresh_arguments(tmp_path: Path) -> None:
    (tmp_path / "sorting").mkdir()
    (tmp_path / "sorting" / "kernel.py").write_text(IN_PLACE)
    view = race_of("sorting", ["sort", "again"], ["small"], mutates=("values",))
    env = placed(tmp_path, "sorting", view)
    assert "2 passed" in run_python(*QUIET, "-p", "no:codspeed", cwd=tmp_path, env=env)


@pytest.mark.slow
@pytest.mark.processes
def test_a_method_gets_the_whole_stream_on_a_new_object(tmp_path: Path) -> None:
    view = race_of("tallies", ["python"], ["short", "usual"], method="push")
    env = placed(tmp_path, "tallies", view)
    assert "2 passed" in run_python(*QUIET, "-p", "no:codspeed", cwd=tmp_path, env=env)


@pytest.mark.slow
@pytest.mark.processes
def test_codspeed_runs_it(tmp_path: Path) -> None:
    names = ["numpy", "plain_sum.row_sum"]
    env = placed(tmp_path, "row_sum", race_of("row_sum", names, ["small"]))
    fast = ("--codspeed", "--codspeed-max-time=0.01", "--codspeed-warmup-time=0")
    printed = run_python(*QUIET, "-p", "no:benchmark", *fast, cwd=tmp_path, env=env)
    assert "2 benchmarked" in printed


@pytest.mark.slow
@pytest.mark.processes
def test_a_project_that_is_not_installed_is_skipped_with_the_next_step(tmp_path: Path) -> None:
    env = placed(tmp_path, "row_sum", race_of("row_sum", ["numpy", "absent.total"], ["small"]))
    printed = run_python(
        *QUIET, "-rs", "-p", "no:codspeed", "--benchmark-disable", cwd=tmp_path, env=env
    )
    assert "1 passed, 1 skipped" in printed
    assert "pip install" in printed
