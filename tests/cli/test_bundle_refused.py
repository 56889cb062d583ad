"""Wrong uses of bundles: each ends with status 2 and a next step, and nothing is run."""

from __future__ import annotations

import re
from pathlib import Path

from inline_snapshot import snapshot

from support.bundles import (
    Content,
    contents,
    make_bundle,
    pack,
    sealed,
    with_result,
)
from support.cli import Command, in_parts, without_paths
from support.results import changed
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import result_file

WRONG = (
    "bundle row_sum --result r.json --max-time 3",
    "bundle row_sum --result other.json",
    "bundle row_sum --result verified.json",
    "bundle compare --result functions.json",
    "bundle row_sum --result r.json -o r.json",
    "bundle row_sum --result r.json -o nowhere/claim.zip",
    "bundle row_sum",
    "reproduce nowhere.zip",
    "reproduce r.json",
    "reproduce claim.zip",
    "reproduce claim.zip --line sha256:0 --yes",
    "reproduce forged.zip --yes",
    "reproduce functions.zip --yes",
    "reproduce outside.zip --yes",
)


SAID = snapshot(
    {
        "bundle row_sum --result r.json --max-time 3": [
            "--result r.json: ",
            "expected no option of a race beside it, since it races nothing",
            "Next: leave out --result, or --max-time",
        ],
        "bundle row_sum --result other.json": [
            "--result: ",
            "expected a result of the kernel row_sum, ",
            "got one of other",
            "Next: make one with whichext run PATH/row_sum -o FILE.json",
        ],
        "bundle row_sum --result verified.json": [
            "--result: ",
            "expected the result of a race of a kernel's folder as it is, ",
            "got one of verify",
            "Next: whichext run row_sum -o FILE.json",
        ],
        "bundle compare --result functions.json": [
            "--result: ",
            "expected the result of a race of a kernel's folder as it is, ",
            "got one of functions, whose source is in no folder",
            "Next: make a kernel: whichext new NAME --from MODULE:FUNCTION",
        ],
        "bundle row_sum --result r.json -o r.json": [
            "-o r.json: ",
            "expected a new file, ",
            "got one that is there already",
            "Next: name another file, or remove that one first",
        ],
        "bundle row_sum --result r.json -o nowhere/claim.zip": [
            "nowhere/claim.zip: ",
            "expected a file that can be written, ",
            "got no writable folder nowhere",
            "Next: name a file in a folder that exists and is yours",
        ],
        "bundle row_sum": [
            "PATH/row_sum/claims.toml: ",
            "expected a list of claims, ",
            "got No such file or directory",
            'Next: write it, with text = "A is faster than B" under [[claim]]',
        ],
        "reproduce nowhere.zip": [
            "nowhere.zip: ",
            "expected a bundle, ",
            "got No such file or directory",
            "Next: name a file that can be read, and see that temporary files have space",
        ],
        "reproduce r.json": [
            "r.json: ",
            "expected a bundle, ",
            "got another file",
            "Next: name a bundle, or make one with whichext bundle KERNEL",
        ],
        "reproduce claim.zip": [
            "--yes: nothing was built or run of claim.zip: ",
            "expected your consent to run code of another author",
            "Next: read in the archive what whichext reproduce claim.zip lists, ",
            "then give --yes",
        ],
        "reproduce claim.zip --line sha256:0 --yes": [
            "--line: ",
            "expected sha256:0, ",
            "got claim.zip, which has the line LINE",
            "Next: do not trust claim.zip, or give the line that belongs to it",
        ],
        "reproduce forged.zip --yes": [
            "forged.zip: its verdicts are not those of its samples: plain_sum.row_sum in small: ",
            "its samples give slower, it says faster",
            "Next: do not trust it, and ask its author for another one",
        ],
        "reproduce functions.zip --yes": [
            "functions.zip: result.json: ",
            "expected the result of a race of a kernel's folder as it is, ",
            "got one of functions, whose source is in no folder",
            "Next: do not trust it, and ask its author for another one",
        ],
        "reproduce outside.zip --yes": [
            "outside.zip: the project plain is in another folder than the bundle's",
            "Next: do not trust it, and ask its author for another one",
        ],
    }
)


def test_wrong_uses_end_with_2_and_a_next_step(command: Command, folder: Path, race: View) -> None:
    others = {"r": {}, "other": {"kernel": "other"}, "verified": {"kind": Kind.VERIFY}}
    others["functions"] = {"kind": Kind.COMPARE}
    for name, parts in others.items():
        result_file.write(changed(race, **parts), folder / f"{name}.json")
    files = contents(make_bundle(folder / "claim.zip", race))
    pack(folder / "forged.zip", sealed(with_result(files, a_faster_verdict)))
    pack(folder / "functions.zip", sealed(with_result(files, of_functions)))
    pack(folder / "outside.zip", sealed(with_project_in(folder / "row_sum" / "plain", files)))
    said = {}
    for line in WRONG:
        ended = command(*line.split())
        assert ended.code == 2, line
        found = without_paths(ended.err, folder).removeprefix("whichext: ").strip()
        said[line] = in_parts(re.sub(r"sha256:\w{64}", "LINE", found))
    assert said == SAID


def a_faster_verdict(content: Content) -> None:
    content["judged"]["rows"][1]["outcome"]["ratio"]["verdict"] = "faster"


def with_project_in(folder: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """The same with a table that is of a project on the machine that reproduces it."""
    name = next(name for name in files if name.endswith("plain/pyproject.toml"))
    table = files[name].replace(
        b"[tool.whichext]", f'[tool.whichext]\nfolder = "{folder}"'.encode()
    )
    return {**files, name: table}


def of_functions(content: Content) -> None:
    content["raw"]["kind"] = "compare"
