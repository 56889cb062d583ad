"""What a contestant declares decides what it must answer and whether it is tried at all."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from inline_snapshot import snapshot

from support.contestants import imaginary
from support.processes import PATIENCE_S, RecordingProgress, verified
from support.repositories import write_files
from whichext.model.check import Check, Property, find_fault
from whichext.model.contestant import Contestant
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.outcome import PackageAbsent, Right, Unsupported, Wrong
from whichext.verify.behaviour import BEHAVIOURS

pytestmark = [pytest.mark.slow, pytest.mark.processes]

OPTIONS = Options(time_limit_s=PATIENCE_S)


@pytest.fixture
def refusing(tmp_path: Path) -> Contestant:
    """A contestant that refuses everything, and declares no dtypes."""
    code = 'def run(values):\n    raise ValueError("not today")\n'
    (tmp_path / "refusing.py").write_text(code, encoding="utf-8")
    return imaginary("refusing", "run")


def found_of(
    kernel: Kernel, one: Contestant, site: Path, progress: RecordingProgress | None = None
) -> tuple[Check, ...]:
    """What verify finds of it on nasty inputs and cases."""
    return verified(kernel, (one,), {one.name: site}, kernel.cases, OPTIONS, progress)


def test_a_plain_array_of_a_dtype_that_is_declared_must_be_answered(
    faulty: Kernel, refusing: Contestant, tmp_path: Path
) -> None:
    declaring = msgspec.structs.replace(refusing, dtypes=("int8", "float64"))
    checks = found_of(faulty, declaring, tmp_path)
    wrong = [check.input for check in checks if isinstance(check.result, Wrong)]
    assert [name for name in wrong if name not in BEHAVIOURS] == [
        "float64 odd shape",
        "float64 plain",
    ]


def test_who_refuses_what_must_be_answered_is_wrong_in_all_that_is_done_with_it(
    faulty: Kernel, refusing: Contestant, tmp_path: Path
) -> None:
    declaring = msgspec.structs.replace(refusing, dtypes=("float64",))
    checks = found_of(faulty, declaring, tmp_path)
    done = {check.input for check in checks if check.input in BEHAVIOURS}
    assert done
    assert done <= {check.input for check in checks if isinstance(check.result, Wrong)}


def test_everything_of_a_dtype_that_is_not_declared_may_be_refused(
    faulty: Kernel, refusing: Contestant, tmp_path: Path
) -> None:
    declaring = msgspec.structs.replace(refusing, dtypes=("int8",))
    checks = found_of(faulty, declaring, tmp_path)
    assert {check.result for check in checks if check.input not in BEHAVIOURS} == {
        Right(),
        Unsupported("ValueError: not today"),
    }
    assert "small" in {check.input for check in checks}


def test_a_contestant_whose_wheel_requires_what_is_not_here_is_skipped(
    faulty: Kernel, tmp_path: Path
) -> None:
    info = "Metadata-Version: 2.1\nName: a\nVersion: 1\nRequires-Dist: no-such-package>=2\n"
    site = write_files(tmp_path, {"a-1.dist-info/METADATA": info})
    checks = found_of(faulty, imaginary("absent_module", "run"), site)
    assert [(check.property, check.result) for check in checks] == [
        (Property.IMPORT, PackageAbsent(("no-such-package>=2",)))
    ]


def test_a_contestant_that_lacks_a_package_is_skipped_and_its_module_not_imported(
    faulty: Kernel, tmp_path: Path
) -> None:
    needy = msgspec.structs.replace(
        imaginary("absent_module", "run"), requires=("whichext", "no-such-package")
    )
    progress = RecordingProgress()
    checks = found_of(faulty, needy, tmp_path, progress)
    missing = PackageAbsent(("no-such-package",))
    assert [(check.input, check.property, check.result) for check in checks] == [
        ("import", Property.IMPORT, missing)
    ]
    assert find_fault(needy.name, checks) == missing
    (said,) = progress.said
    assert said == snapshot(
        "absent_module.run in 93 nasty ways: skipped: the Python package no-such-package not found"
    )
