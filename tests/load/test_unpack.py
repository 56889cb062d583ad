"""Bundles: what was changed in one is named, whatever else was made to fit it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from inline_snapshot import snapshot

from support.bundles import Content, contents, make_bundle, pack, sealed, with_result
from support.cli import without_paths
from whichext.load.unpack import unpack
from whichext.model.bundle import MANIFEST, RESULT
from whichext.model.errors import BundleError, UsageError, WhichextError
from whichext.report import result_file

Files = dict[str, bytes]
KERNEL = "files/row_sum/kernel.py"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The files of a bundle."""
    return contents(make_bundle(tmp_path_factory.mktemp("bundle") / "bundle.zip"))


def opened(tmp_path: Path, files: Files, line: str | None = None) -> str:
    """What is said of a bundle of these files; its line where it is whole."""
    folder = tmp_path / "folder"
    folder.mkdir()
    path = pack(tmp_path / "bundle.zip", files)
    try:
        return unpack(path, folder, line).line
    except WhichextError as error:
        return without_paths(str(error), path)


def line_of(files: Files) -> str:
    line: str = msgspec.json.decode(files[MANIFEST])["line"]
    return line


def slower_sample(content: Content) -> None:
    """One turn takes ten times as long."""
    content["raw"]["timings"][1]["samples"][0][4] *= 10


def other_verdict(content: Content) -> None:
    for row in content["judged"]["rows"]:
        if row["outcome"].get("ratio", {}).get("verdict") == "slower":
            row["outcome"]["ratio"]["verdict"] = "faster"


def other_machine(content: Content) -> None:
    content["raw"]["machine"]["cpu"] = "another"


def other_manifest(files: Files, **changes: object) -> Files:
    return {**files, MANIFEST: msgspec.json.encode(msgspec.json.decode(files[MANIFEST]) | changes)}


def test_a_whole_bundle_has_its_files_its_result_and_its_line(tmp_path: Path, whole: Files) -> None:
    path = pack(tmp_path / "bundle.zip", whole)
    found = unpack(path, tmp_path / "folder", f" {line_of(whole)}\n")
    assert (found.line, found.whichext_version) == (line_of(whole), "0.1.0")
    assert found.kernel == tmp_path / "folder" / "files" / "row_sum"
    assert found.result == whole[RESULT]
    assert {path.relative_to(found.kernel).as_posix() for path in found.top.rglob("*.*")} == {
        "kernel.py",
        "plain/plain_sum.py",
        "plain/pyproject.toml",
    }
    assert result_file.parse(found.result, "it").raw.kernel == "row_sum"


CHANGES: dict[str, Callable[[Files], Files]] = {
    "a sample": lambda files: with_result(files, slower_sample),
    "a verdict": lambda files: with_result(files, other_verdict),
    "the machine": lambda files: with_result(files, other_machine),
    "a build": lambda files: with_result(files, lambda one: one["raw"].update(builds=[{}])),
    "the kernel": lambda files: files | {KERNEL: files[KERNEL] + b"\n"},
    "the report": lambda files: files | {"README.md": b"faster"},
    "a new file": lambda files: files | {"files/row_sum/sitecustomize.py": b""},
    "a file that is taken away": lambda files: {n: c for n, c in files.items() if n != KERNEL},
    "a file named like a part": lambda files: files | {"samples": b""},
    "no result": lambda files: files | {RESULT: b"[]"},
    "half of a result": lambda files: files | {RESULT: b'{"raw": 1, "judged": 2}'},
    "a result in a result": lambda files: files | {RESULT: b"[" * 100_000},
    "no manifest": lambda files: {n: c for n, c in files.items() if n != MANIFEST},
    "a manifest that is none": lambda files: files | {MANIFEST: b"{}"},
    "a later manifest": lambda files: other_manifest(files, format=2),
    "another kernel": lambda files: other_manifest(files, kernel="row_sum/plain"),
    "a kernel elsewhere": lambda files: sealed(other_manifest(files, kernel="../../elsewhere")),
    "the line": lambda files: other_manifest(files, line="sha256:0"),
}


SAID = snapshot(
    {
        "a sample": [
            "PATH: it is not as it was made: samples (changed)",
            "Next: do not trust it, and ask its author for another one",
        ],
        "a verdict": [
            "PATH: it is not as it was made: verdict (changed)",
            "Next: do not trust it, and ask its author for another one",
        ],
        "the machine": [
            "PATH: it is not as it was made: rest of the result (changed)",
            "Next: do not trust it, and ask its author for another one",
        ],
        "a build": [
            "PATH: it is not as it was made: builds (changed)",
            "Next: do not trust it, and ask its author for another one",
        ],
        "the kernel": [
            "PATH: it is not as it was made: files/row_sum/kernel.py (changed)",
            "Next: do not trust it, and ask its author for another one",
        ],
        "the report": [
            "PATH: it is not as it was made: README.md (changed)",
            "Next: do not trust it, and ask its author for another one",
        ],
        "a new file": [
            "PATH: it is not as it was made: files/row_sum/sitecustomize.py (in no list)",
            "Next: do not trust it, and ask its author for another one",
        ],
        "a file that is taken away": [
            "PATH: it is not as it was made: files/row_sum/kernel.py (missing)",
            "Next: do not trust it, and ask its author for another one",
        ],
        "a file named like a part": [
            "PATH: it is not as it was made: samples (no part of a bundle)",
            "Next: do not trust it, and ask its author for another one",
        ],
        "no result": [
            "PATH: result.json is no result: it holds no result",
            "Next: do not trust it, and ask its author for another one",
        ],
        "half of a result": [
            "PATH: result.json is no result: it holds no result",
            "Next: do not trust it, and ask its author for another one",
        ],
        "a result in a result": [
            "PATH: result.json is no result: it is nested too deeply",
            "Next: do not trust it, and ask its author for another one",
        ],
        "no manifest": [
            "PATH: expected a bundle (manifest.json, result.json), got another archive",
            'Next: make one with whichext.tools.bundle("KERNEL")',
        ],
        "a manifest that is none": [
            "PATH: manifest.json: Object missing required field `format`",
            "Next: reproduce it with the whichext version that made it",
        ],
        "a later manifest": [
            "PATH: manifest.json: Invalid enum value 2 - at `$.format`",
            "Next: reproduce it with the whichext version that made it",
        ],
        "another kernel": [
            "PATH: its line: expected ANOTHER, got LINE",
            "Next: do not trust it, and ask its author for another one",
        ],
        "a kernel elsewhere": [
            "PATH: the kernel '../../elsewhere' is not in it",
            "Next: do not trust it, and ask its author for another one",
        ],
        "the line": [
            "PATH: its line: expected LINE, got sha256:0",
            "Next: do not trust it, and ask its author for another one",
        ],
    }
)


def test_what_was_changed_in_a_bundle_is_named(tmp_path: Path, whole: Files) -> None:
    said = {}
    for number, (what, change) in enumerate(CHANGES.items()):
        place = tmp_path / str(number)
        place.mkdir()
        found = opened(place, change(whole)).replace(line_of(whole), "LINE")
        said[what] = re.sub(r"sha256:\w{64}", "ANOTHER", found).split("\n")
    assert said == SAID


def test_all_changes_together_are_counted(tmp_path: Path, whole: Files) -> None:
    changed = {name: content + b"\n" for name, content in whole.items() if name != MANIFEST}
    changed |= {f"files/{number}": b"" for number in range(3)}
    found = opened(tmp_path, {**changed, MANIFEST: whole[MANIFEST]})
    assert found.split(", ") == snapshot(
        [
            "PATH: it is not as it was made: files/0 (in no list)",
            "files/1 (in no list)",
            "files/2 (in no list)",
            "README.md (changed)",
            """\
files/row_sum/kernel.py (changed) and 2 more
Next: do not trust it\
""",
            "and ask its author for another one",
        ]
    )


def test_a_forger_who_makes_all_hashes_fit_makes_another_line(tmp_path: Path, whole: Files) -> None:
    forged = sealed(with_result(whole, slower_sample))
    assert opened(tmp_path, forged) == line_of(forged) != line_of(whole)


def test_another_line_than_the_one_in_a_paper_is_refused(tmp_path: Path, whole: Files) -> None:
    path = pack(tmp_path / "bundle.zip", sealed(with_result(whole, slower_sample)))
    with pytest.raises(UsageError) as caught:
        unpack(path, tmp_path / "folder", line_of(whole))
    assert caught.value.exit_code == 2
    assert line_of(whole) in str(caught.value)


def test_an_archive_of_something_else_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError) as caught:
        unpack(pack(tmp_path / "bundle.zip", {"a.txt": b""}), tmp_path / "folder")
    assert without_paths(str(caught.value), tmp_path) == snapshot("""\
PATH/bundle.zip: expected a bundle (manifest.json, result.json), got another archive
Next: make one with whichext.tools.bundle("KERNEL")\
""")


def test_a_change_of_blanks_in_a_result_is_none(tmp_path: Path, whole: Files) -> None:
    spaced = whole | {RESULT: msgspec.json.format(whole[RESULT])}
    assert spaced[RESULT] != whole[RESULT]
    assert opened(tmp_path, spaced) == line_of(whole)
