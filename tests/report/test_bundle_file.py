"""Bundles as they are written: the same bytes for the same content, and refused before a race."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.bundles import ROW_SUM, contents, make_bundle, row_sum_race
from support.cli import in_parts, printed, without_paths
from support.results import changed
from whichext.cli.wording import SHELL
from whichext.load.kernel import load_kernel
from whichext.load.unpack import unpack
from whichext.model.bundle import FILES, MOST_TIMES_SMALLER, Measured
from whichext.model.errors import BundleError, ResultFileError, UsageError
from whichext.model.kernel import Kernel
from whichext.model.outcome import Measured as MeasuredOutcome
from whichext.model.ratio import Verdict
from whichext.model.raw import Kind, Revision
from whichext.model.view import View
from whichext.report import bundle_file as module
from whichext.report import result_file
from whichext.report.bundle import written_document
from whichext.report.bundle_file import check_bundle, check_result, write_bundle


@pytest.fixture
def kernel(tmp_path: Path) -> Kernel:
    """A copy of row_sum."""
    shutil.copytree(ROW_SUM, tmp_path / "row_sum")
    return load_kernel(tmp_path / "row_sum")


def refused(view: View) -> list[str]:
    with pytest.raises(UsageError) as caught:
        check_result(view)
    return in_parts(str(caught.value))


def not_written(kernel: Kernel, path: Path) -> list[str]:
    """What is said of a kernel that cannot be in a bundle; none is written."""
    with pytest.raises(BundleError) as caught:
        write_bundle(row_sum_race(kernel), kernel, path, SHELL)
    assert not list(path.parent.glob("*.zip")) + list(path.parent.glob(".*.zip*"))
    return in_parts(without_paths(str(caught.value), path.parent))


def test_the_same_content_is_the_same_bytes(tmp_path: Path, kernel: Kernel) -> None:
    view = row_sum_race()
    one, other = make_bundle(tmp_path / "1.zip", view), tmp_path / "2.zip"
    write_bundle(view, kernel, other, SHELL)
    assert one.read_bytes() == other.read_bytes()


def test_another_sample_gives_another_line(tmp_path: Path, kernel: Kernel) -> None:
    view = row_sum_race()
    timings = tuple(
        replace(one, samples=tuple(replace(s, wall_ns=s.wall_ns + 1) for s in one.samples))
        for one in view.raw.timings
    )
    lines = {
        write_bundle(one, kernel, tmp_path / f"{number}.zip", SHELL).line
        for number, one in enumerate((view, changed(view, timings=timings)))
    }
    assert len(lines) == 2


def test_a_bundle_says_what_it_is(tmp_path: Path, kernel: Kernel) -> None:
    written = write_bundle(row_sum_race(kernel), kernel, tmp_path / "bundle.zip", SHELL)
    found = contents(written.path)
    assert list(found) == [
        "README.md",
        "files/row_sum/kernel.py",
        "files/row_sum/plain/plain_sum.py",
        "files/row_sum/plain/pyproject.toml",
        "result.json",
        "manifest.json",
    ]
    assert written.files == tuple(name for name in found if name.startswith(FILES))
    assert written.size_bytes == written.path.stat().st_size
    assert {one.what: one.measured for one in written.sources} == {
        "row_sum/kernel.py": Measured.YES
    }
    assert (written.altered, written.line[:7]) == (None, "sha256:")


def test_all_times_in_an_archive_are_the_same_and_programs_stay_programs(
    tmp_path: Path, kernel: Kernel
) -> None:
    script = kernel.folder / "configure"
    script.touch()
    script.chmod(0o700)
    path = make_bundle(tmp_path / "bundle.zip", row_sum_race(kernel))
    write_bundle(row_sum_race(kernel), kernel, tmp_path / "with.zip", SHELL)
    with zipfile.ZipFile(path) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    found = unpack(tmp_path / "with.zip", unpacked)
    assert (found.kernel / "configure").stat().st_mode & 0o777 == 0o755


def test_the_result_in_a_bundle_says_what_its_samples_give(tmp_path: Path, kernel: Kernel) -> None:
    view = row_sum_race(kernel)
    row = view.judged.rows[1]
    assert isinstance(row.outcome, MeasuredOutcome)
    ratio = replace(row.outcome.ratio, verdict=Verdict.FASTER)
    wrong = replace(row, outcome=replace(row.outcome, ratio=ratio))
    encoded = result_file.encode(changed(view, rows=(view.judged.rows[0], wrong)))
    written = write_bundle(result_file.parse(encoded, "it"), kernel, tmp_path / "bundle.zip", SHELL)
    assert written.altered is not None
    kept = result_file.parse(contents(written.path)["result.json"], "it")
    assert kept.altered is None


def test_what_compresses_like_a_bomb_is_stored_as_it_is(tmp_path: Path, kernel: Kernel) -> None:
    (kernel.folder / "zeros.bin").write_bytes(bytes(2_000_000))
    written = write_bundle(row_sum_race(kernel), kernel, tmp_path / "bundle.zip", SHELL)
    with zipfile.ZipFile(written.path) as archive:
        zeros = archive.getinfo("files/row_sum/zeros.bin")
    assert zeros.file_size <= zeros.compress_size * MOST_TIMES_SMALLER


def test_a_result_that_cannot_be_repeated_is_refused_with_the_next_step() -> None:
    view = row_sum_race()
    revision = Revision(project="plain@HEAD~3", name="HEAD~3", commit="c" * 40)
    found = {str(kind): refused(changed(view, kind=kind)) for kind in _WITHOUT_A_RACE}
    found["revisions"] = refused(changed(view, revisions=(revision,)))
    assert found == snapshot(
        {
            "compare": [
                "on: ",
                "expected the result of a race of a kernel's folder as it is, ",
                "got one of functions, whose source is in no folder",
                'Next: make a kernel: whichext.tools.new("NAME", reference="MODULE:FUNCTION")',
            ],
            "selfcheck": [
                "on: ",
                "expected the result of a race of a kernel's folder as it is, ",
                "got one of selfcheck",
                'Next: whichext.run("row_sum", save="FILE.json")',
            ],
            "verify": [
                "on: ",
                "expected the result of a race of a kernel's folder as it is, ",
                "got one of verify",
                'Next: whichext.run("row_sum", save="FILE.json")',
            ],
            "audit": [
                "on: ",
                "expected the result of a race of a kernel's folder as it is, ",
                "got one of audit",
                'Next: whichext.run("row_sum", save="FILE.json")',
            ],
            "revisions": [
                "on: ",
                "expected the result of a race of a kernel's folder as it is, ",
                "got one of projects at revisions: plain@HEAD~3",
                "Next: check out the revision that matters, and race the folder as it is",
            ],
        }
    )


_WITHOUT_A_RACE = (Kind.COMPARE, Kind.SELFCHECK, Kind.VERIFY, Kind.AUDIT)


@pytest.mark.parametrize("kind", [Kind.RUN, Kind.CHECK, Kind.MEMO])
def test_every_other_result_can_be_in_a_bundle(kind: Kind) -> None:
    check_result(changed(row_sum_race(), kind=kind))


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_text("mine")
    with pytest.raises(UsageError) as caught:
        check_bundle(path)
    assert in_parts(without_paths(str(caught.value), tmp_path)) == snapshot(
        [
            'save="PATH/bundle.zip": ',
            "expected a new file, ",
            "got one that is there already",
            "Next: name another file, or remove that one first",
        ]
    )
    with pytest.raises(ResultFileError):
        check_bundle(tmp_path / "nowhere" / "bundle.zip")


def test_files_whose_names_collide_elsewhere_are_named(tmp_path: Path, kernel: Kernel) -> None:
    (kernel.folder / "KERNEL.py").touch()
    assert not_written(kernel, tmp_path / "out.zip") == snapshot(
        [
            "PATH/out.zip: 'files/row_sum/kernel.py': ",
            "expected names that no system takes for the same, ",
            "got 'files/row_sum/KERNEL.py' too",
            "Next: give that file another name, or leave it out with .gitignore",
        ]
    )


def test_a_name_that_is_no_text_is_no_fault_of_this_program(tmp_path: Path, kernel: Kernel) -> None:
    Path(f"{kernel.folder}/\udcff.txt").touch()
    assert not_written(kernel, tmp_path / "out.zip") == snapshot(
        [
            "PATH/out.zip: a file's name is no text: got 'files/row_sum/\\udcff.txt'",
            "Next: give that file another name",
        ]
    )


def test_a_kernel_that_is_too_large_is_refused_before_it_is_read(
    tmp_path: Path, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 2_000)
    assert not_written(kernel, tmp_path / "out.zip") == snapshot(
        [
            "PATH/out.zip: the kernel's files in PATH/row_sum are too many for a bundle: ",
            "expected at most 10,000 with 2.00 kB, ",
            "got 3 with 2.29 kB",
            "Next: leave out what is no source with .gitignore",
        ]
    )


def test_what_cannot_be_written_is_no_bundle(
    tmp_path: Path, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.zipfile.ZipFile, "writestr", full)
    assert not_written(kernel, tmp_path / "out.zip") == snapshot(
        [
            "PATH/out.zip: could not be written: No space left on device",
            "Next: see that all files of the kernel can be read, and free some space",
        ]
    )


def test_what_lies_outside_of_the_kernel_is_named(tmp_path: Path, kernel: Kernel) -> None:
    (tmp_path / "shared.h").touch()
    (kernel.folder / "plain" / "sum.c").write_text('#include "../../shared.h"')
    written = write_bundle(row_sum_race(kernel), kernel, tmp_path / "bundle.zip", SHELL)
    assert written.outside == ("files/shared.h",)
    assert printed(written_document(written).blocks[1]) == snapshot(
        "Outside of the kernel's folder, since a project reads them: files/shared.h.\n"
    )
