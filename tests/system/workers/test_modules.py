"""Where the host and its workers find modules."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support.contestants import REFERENCE, case_of, write_kernel
from support.processes import PATIENCE_S, hired

pytestmark = [pytest.mark.slow, pytest.mark.processes]

SERVER = "whichext.verify.in_worker"


def test_a_module_in_the_working_folder_is_not_taken_for_pythons_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "signal.py").write_text("raise RuntimeError('not this one')")
    monkeypatch.chdir(tmp_path)
    with hired(write_kernel(tmp_path)) as staffed:
        staffed.crew.spawn(REFERENCE, None, SERVER, PATIENCE_S)


def test_what_the_conductor_finds_is_found_there_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").write_text("ANSWER = 4.0")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    kernel = write_kernel(tmp_path, reference="import only_here; return only_here.ANSWER")
    with hired(kernel) as staffed:
        assert staffed.crew.prepare(case_of(kernel, "one")).names == ("one",)
