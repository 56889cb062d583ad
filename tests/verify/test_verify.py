from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.contestants import REFERENCE, imaginary, write_kernel
from support.processes import PATIENCE_S, RecordingProgress, verified
from whichext.model.check import Check, Property, find_fault
from whichext.model.contestant import Contestant
from whichext.model.errors import KernelError
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import Crashed, Right, TimedOut, Unsupported, Wrong

pytestmark = [pytest.mark.slow, pytest.mark.processes]

OPTIONS = Options(time_limit_s=PATIENCE_S, thorough=True)

CONTESTANTS = """
    import ctypes, os
    import numpy as np

    def good(values):
        return np.array(values.max(axis=1))

    def off_by_one_in_the_last_row(values):
        maxima = good(values)
        maxima[-1:] += 1
        return maxima

    def wrong_dtype(values):
        return values.max(axis=1).astype("float32")

    def wrong_shape(values):
        return values.max(axis=1, keepdims=True)

    def returns_none(values):
        values.max(axis=1)

    def wrong_on_nan(values):
        values.max(axis=1)  # refuses an empty axis
        return np.fmax.reduce(values, axis=1)

    def writes_its_input(values):
        maxima = values.max(axis=1)
        if values.flags.writeable:
            values.sort(axis=1)
        return maxima

    def raises_index_error(values):
        raise IndexError("row 3 of 3")

    def raises_system_exit(values):
        raise SystemExit("goodbye")

    class PanicException(BaseException):
        pass

    def panics(values):
        raise PanicException("attempt to add with overflow")

    def answers_an_empty_axis(values):
        return values.max(axis=1, initial=-np.inf) if values.shape[1] == 0 else good(values)

    def refuses_everything(values):
        raise ValueError("not today")

    def refuses_misaligned(values):
        if not values.flags.aligned:
            raise ValueError("expected aligned values")
        return good(values)

    def dies(values):
        os._exit(3)

    def dies_on_the_case(values):
        if values.shape == (40, 50):
            os._exit(3)
        return good(values)
"""

FAULTS: Mapping[str, Wrong] = {
    "wrong_dtype": Wrong(
        "float64 odd shape",
        "an array of shape (67,) and dtype float64",
        "an array of shape (67,) and dtype float32",
    ),
    "wrong_shape": Wrong(
        "float64 odd shape",
        "an array of shape (67,) and dtype float64",
        "an array of shape (67, 1) and dtype float64",
    ),
    "returns_none": Wrong(
        "float64 odd shape", "an array of shape (67,) and dtype float64", "nothing (None)"
    ),
    "writes_its_input": Wrong(
        "float64 odd shape",
        "its arguments as they were",
        "values changed, which mutates does not name",
    ),
    "raises_index_error": Wrong(
        "float64 odd shape",
        "an array of shape (67,) and dtype float64, or a TypeError or ValueError",
        "IndexError: row 3 of 3",
    ),
    "raises_system_exit": Wrong(
        "float64 odd shape",
        "an array of shape (67,) and dtype float64, or a TypeError or ValueError",
        "SystemExit: goodbye",
    ),
    "panics": Wrong(
        "float64 odd shape",
        "an array of shape (67,) and dtype float64, or a TypeError or ValueError",
        "PanicException: attempt to add with overflow",
    ),
    "answers_an_empty_axis": Wrong(
        "float64 axis 1 of length 0",
        "a TypeError or ValueError, since the reference raises ValueError: "
        "zero-size array to reduction operation maximum which has no identity",
        "an array of shape (7,) and dtype float64",
    ),
    "refuses_everything": Wrong(
        "float64 odd shape",
        "an array of shape (67,) and dtype float64",
        "ValueError: not today",
    ),
}
OTHERS = (
    "good",
    "off_by_one_in_the_last_row",
    "wrong_on_nan",
    "refuses_misaligned",
    "dies",
    "dies_on_the_case",
)


NO_PLAIN = Unsupported("there is no plain array that it must answer")
"""What is said of who declares no dtype, where it must not refuse."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all of them."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "subjects.py").write_text(textwrap.dedent(CONTESTANTS), encoding="utf-8")
    return folder


def subject(function: str) -> Contestant:
    return replace(imaginary("subjects", function), dtypes=("float64",))


@pytest.fixture(scope="module")
def checks(faulty: Kernel, site: Path) -> tuple[Check, ...]:
    """What verify finds of all of them and of the reference, in one run."""
    contestants = (REFERENCE, *(subject(function) for function in (*FAULTS, *OTHERS)))
    sites = {c.name: site if c.project else None for c in contestants}
    return verified(faulty, contestants, sites, faulty.cases, OPTIONS)


@pytest.fixture
def results(checks: tuple[Check, ...]) -> Callable[[str], dict[str, object]]:
    """Results of a function by input."""

    def of(function: str) -> dict[str, object]:
        name = subject(function).name
        return {check.input: check.result for check in checks if check.contestant == name}

    return of


Results = Callable[[str], dict[str, object]]


@pytest.mark.parametrize("function", FAULTS)
def test_each_fault_is_found_on_the_first_input_that_shows_it(
    checks: tuple[Check, ...], function: str
) -> None:
    assert find_fault(subject(function).name, checks) == FAULTS[function]


def test_one_wrong_value_is_found_and_its_place_named(checks: tuple[Check, ...]) -> None:
    fault = find_fault(subject("off_by_one_in_the_last_row").name, checks)
    assert isinstance(fault, Wrong)
    assert fault.where == "float64 odd shape"
    assert fault.expected.endswith(" at (66,)")
    assert fault.got.endswith(" (1 of 67 values differ)")


def test_a_good_contestant_is_right_on_everything(results: Results) -> None:
    assert set(results("good").values()) == {Right()}


def test_a_good_contestant_is_tried_on_nasty_inputs_and_cases(results: Results) -> None:
    assert {"float64 plain", "float64 NaN", "float64 big-endian", "small"} <= set(results("good"))


def test_a_contestant_that_fails_on_nan_alone_is_right_on_all_other_nasty_inputs(
    results: Results,
) -> None:
    found = results("wrong_on_nan")
    wrong = {name for name, result in found.items() if result != Right()}
    assert {"float64 NaN", "float64 NaN (61 x 27)", "drawn inputs"} <= wrong
    assert all("NaN" in name for name in wrong - {"drawn inputs"})


def test_an_input_that_may_be_refused_is_unsupported_and_no_fault(
    checks: tuple[Check, ...], results: Results
) -> None:
    found = results("refuses_misaligned")
    refusal = Unsupported("ValueError: expected aligned values")
    refused = {name for name, result in found.items() if result == refusal}
    assert {name.partition(" (")[0] for name in refused} == {
        "float64 misaligned",
        "float64 packed field",
        "drawn inputs",
    }
    assert find_fault(subject("refuses_misaligned").name, checks) is None


def test_a_contestant_with_a_fault_is_not_tried_on_the_cases(results: Results) -> None:
    assert "small" not in results("wrong_on_nan")


def test_a_crash_leaves_the_inputs_after_it_untried(results: Results) -> None:
    crash = Crashed("float64 odd shape", "exit status 3")
    assert results("dies")["float64 odd shape"] == crash
    assert set(results("dies")) == {"float64 odd shape", "drawn inputs"}


def test_a_crash_on_a_case_is_found_after_the_nasty_inputs(
    checks: tuple[Check, ...], results: Results
) -> None:
    assert results("dies_on_the_case")["float64 NaN"] == Right()
    name = subject("dies_on_the_case").name
    assert find_fault(name, checks) == Crashed("small", "exit status 3")


def test_the_reference_is_right_on_everything(checks: tuple[Check, ...]) -> None:
    found = {check.result for check in checks if check.contestant == REFERENCE.name}
    assert found == {Right(), NO_PLAIN}


def one_check(kernel: Kernel, folder: Path, code: str, options: Options) -> tuple[Check, ...]:
    """What verify finds of one module that has a function `run`."""
    (folder / "single.py").write_text(textwrap.dedent(code), encoding="utf-8")
    single = imaginary("single", "run")
    return verified(kernel, (single,), {single.name: folder}, (), options)


def test_a_module_that_does_not_import_is_a_row(faulty: Kernel, tmp_path: Path) -> None:
    checks = one_check(faulty, tmp_path, "raise ImportError('no libfoo.so')", OPTIONS)
    crash = Crashed("import", "ImportError: no libfoo.so")
    assert [(check.input, check.result) for check in checks] == [("import", crash)]


def test_a_hang_is_a_row_with_its_limit(faulty: Kernel, tmp_path: Path) -> None:
    code = "import signal\nsignal.pause()"
    checks = one_check(faulty, tmp_path, code, Options(time_limit_s=0.2))
    hang = TimedOut("import", 200_000_000)
    assert [(check.input, check.result) for check in checks] == [("import", hang)]


def test_a_check_tells_how_long_the_call_took(checks: tuple[Check, ...]) -> None:
    single = {Property.CASES, Property.PLAIN, Property.VALUES, Property.LAYOUTS}
    answered = [c for c in checks if not isinstance(c.result, (Crashed, TimedOut))]
    assert min(c.took_ns or 0 for c in answered if c.property in single) > 0


def test_a_lost_worker_took_no_time_that_could_be_told(checks: tuple[Check, ...]) -> None:
    assert {c.took_ns for c in checks if isinstance(c.result, Crashed)} == {None}


def test_the_time_of_a_call_that_waits_is_at_least_that_long(
    faulty: Kernel, tmp_path: Path
) -> None:
    code = "import time\ndef run(*_):\n    time.sleep(0.002)\n    raise TypeError('no')"
    found = one_check(faulty, tmp_path, code, OPTIONS)
    assert min(c.took_ns or 0 for c in found if c.property is Property.LAYOUTS) >= 2_000_000


def test_a_kernel_at_fault_is_no_contestants_fault(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path, inputs="raise RuntimeError('no data')")
    with pytest.raises(KernelError, match="no data"):
        verified(kernel, (), {}, kernel.cases, OPTIONS)


TAKES_NO_NONE = "{'no values': lambda: (None,)}"


def test_the_reference_is_not_asked_what_the_kernel_lists_as_refused(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path, refused=TAKES_NO_NONE)
    sites = {REFERENCE.name: None}
    checks = verified(kernel, (REFERENCE,), sites, kernel.cases, OPTIONS)
    assert "no values" not in {check.input for check in checks}
    assert {check.result for check in checks} == {Right(), NO_PLAIN}


def test_an_entry_must_refuse_what_the_kernel_lists_as_refused(tmp_path: Path) -> None:
    kernel = write_kernel(tmp_path, refused=TAKES_NO_NONE)
    checks = one_check(kernel, tmp_path, "def run(values): return 4.0", OPTIONS)
    expected = "a TypeError or ValueError, since the kernel lists it as refused"
    assert find_fault("single.run", checks) == Wrong("no values", expected, "float 4.0")


def test_a_contestant_that_is_through_leaves_no_worker_beside_the_next(
    faulty: Kernel, site: Path
) -> None:
    staff: list[int] = []
    before = len(psutil.Process().children(recursive=True))

    def count() -> None:
        staff.append(len(psutil.Process().children(recursive=True)) - before)

    contestants = tuple(map(subject, ("good", "refuses_misaligned", "dies")))
    sites = {c.name: site for c in contestants}
    verified(faulty, contestants, sites, faulty.cases, OPTIONS, RecordingProgress(count))
    assert set(staff) == {1}  # the host


def test_progress_tells_what_came_of_each_contestant(faulty: Kernel, site: Path) -> None:
    progress = RecordingProgress()
    contestants = tuple(map(subject, ("good", "refuses_misaligned", "wrong_on_nan", "dies")))
    sites = {c.name: site for c in contestants}
    options = Options(time_limit_s=PATIENCE_S)
    verified(faulty, contestants, sites, faulty.cases, options, progress)
    assert progress.said == snapshot(
        [
            "subjects.good in 93 nasty ways: 93 right, 0 refused",
            "subjects.refuses_misaligned in 93 nasty ways: 83 right, 10 refused",
            "subjects.wrong_on_nan in 93 nasty ways: wrong on float64 NaN",
            "subjects.dies in 93 nasty ways: crashed on float64 odd shape: exit status 3",
            "subjects.good on small: 1 right, 0 refused",
            "subjects.refuses_misaligned on small: 1 right, 0 refused",
        ]
    )
