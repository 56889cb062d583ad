"""The entries of peers: right or refused, whichever libraries are installed.

They are called in processes of their own, as in a run: their libraries start threads, and Polars
warns of every later fork.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from support.processes import PATIENCE_S, verified
from whichext.build import build_project
from whichext.build.store import Store
from whichext.load.kernel import load_kernel
from whichext.load.select import choose_contestants
from whichext.model.case import Case, Layout
from whichext.model.check import Check, find_fault
from whichext.model.contestant import RELEASE
from whichext.model.kernel import Entry
from whichext.model.options import Options
from whichext.model.outcome import Built, PackageAbsent, Right, Unsupported
from whichext.toolchains.needs import find_absent

pytestmark = [pytest.mark.slow, pytest.mark.compiler]

KERNEL = load_kernel("find_max")
(PEERS,) = (project for project in KERNEL.projects if project.name == "peers")
SOURCE = PEERS.folder / "src" / "peers"
DECLARED = {entry.function: entry for entry in PEERS.entries}
CONTESTANTS = {
    contestant.function: contestant
    for contestant in choose_contestants(KERNEL, Options(entries=("peers.*",), threads=(2,)))
    if contestant.project
}
# More columns than a block of Numba's has, and more rows than columns; nasty inputs have the rest.
CASES = (
    Case(name="flat", shape=(3, 70_000), dtype="int32"),
    Case(name="high", shape=(70_000, 3), dtype="int32", layout=Layout.F),
)

each = pytest.mark.parametrize("function", DECLARED)


@pytest.fixture(scope="module")
def checks() -> tuple[Check, ...]:
    """What verify finds of all of them, built in the user's cache: Numba compiles for a minute."""
    store = Store()
    build = build_project(PEERS, RELEASE, store)
    assert isinstance(build.result, Built), build.result
    site = store.site(build.result.key)
    sites = {contestant.name: site for contestant in CONTESTANTS.values()}
    options = Options(time_limit_s=PATIENCE_S)
    everyone = tuple(CONTESTANTS.values())
    return verified(KERNEL, everyone, sites, CASES, options)


@pytest.fixture
def results(function: str, checks: tuple[Check, ...]) -> dict[str, object]:
    """What became of a function by input; the test is skipped where its library is absent."""
    name = CONTESTANTS[function].name
    fault = find_fault(name, checks)
    if isinstance(fault, PackageAbsent):
        pytest.skip(f"needs {fault.what}")
    assert fault is None, fault
    return {check.input: check.result for check in checks if check.contestant == name}


@each
def test_every_input_gets_the_right_answer_or_a_clean_refusal(
    function: str, results: dict[str, object]
) -> None:
    dtypes = DECLARED[function].dtypes or ()
    assert {"a list", "float64 NaN", *(case.name for case in CASES)} <= set(results)
    assert {results[f"{dtype} plain"] for dtype in dtypes} == {Right()}


@each
@pytest.mark.parametrize("case", [case.name for case in CASES])
def test_a_large_array_is_answered_in_either_shape(case: str, results: dict[str, object]) -> None:
    assert results[case] == Right()


INTEGERS_ALONE = ("bottleneck_nanmax", "numbagg_nanmax", "polars_max", "pyarrow_max")


@pytest.mark.parametrize("function", INTEGERS_ALONE)
def test_who_ignores_nan_refuses_floats_and_says_why(
    results: dict[str, object], function: str
) -> None:
    refusal = results["float64 plain"]
    assert isinstance(refusal, Unsupported)
    assert re.match(
        f"TypeError: {function} supports .*, got float64: .* ignores NaN", refusal.reason
    )


REFUSED = (
    ([[1, 2]], TypeError, "f expects a NumPy array, got list"),
    (
        np.ma.masked_array([[1]]),
        TypeError,
        "f expects a plain NumPy array, got the subclass MaskedArray: pass numpy.asarray(values)",
    ),
    (np.arange(3), ValueError, "f expects a 2-D array, got 1-D with shape (3,)"),
    (
        np.zeros((2, 2), ">i8"),
        TypeError,
        "f supports int64, int8 in native byte order, got >i8: no room",
    ),
    (np.zeros((0, 5), "int8"), ValueError, "f needs at least one value, got shape (0, 5)"),
)


@pytest.fixture(scope="module")
def check_module() -> ModuleType:
    """The module that checks arguments, which needs none of the libraries."""
    spec = importlib.util.spec_from_file_location("peers_check", SOURCE / "_check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("values", "kind", "text"), REFUSED)
def test_wrong_input_gets_an_exception_that_says_both_sides(
    check_module: ModuleType, values: Any, kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind, match=f"^{re.escape(text)}$"):
        check_module.check("f", values, check_module.dtypes("int8", "int64"), "no room")


def run(code: str) -> str:
    """What Python prints that has the package on its path."""
    found = subprocess.run(
        [sys.executable, "-B", "-c", code],
        env={"PYTHONPATH": str(SOURCE.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.strip()


def test_the_package_has_the_functions_that_are_declared() -> None:
    assert sorted(run("import peers; print(*peers.__all__)").split()) == sorted(DECLARED)


def test_importing_the_package_imports_none_of_the_libraries() -> None:
    libraries = {name for entry in PEERS.entries for name in entry.requires}
    assert run(f"import sys, peers; print({libraries} & set(sys.modules))") == "set()"


def test_a_name_that_the_package_does_not_have_is_no_attribute() -> None:
    assert run("import peers; print(hasattr(peers, 'numba_diagonals'))") == "False"


@pytest.mark.parametrize("entry", PEERS.entries, ids=lambda entry: entry.function)
def test_every_peer_names_its_library_and_is_skipped_without_it(
    entry: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whichext.toolchains.needs._version", lambda _: None)
    (library,) = entry.requires
    assert find_absent(entry.requires, entry.remedy) == PackageAbsent((library,), entry.remedy)
    assert entry.factors["toolchain"] == library
