"""The view as a file, and back again."""

from __future__ import annotations

import errno
import json
import os
import types
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from msgspec import Struct

from support.absent import race_without
from support.cli import refusal_of
from support.results import NOT_RACED, make_view, rejudged, steady
from whichext.model.case import Case
from whichext.model.errors import ResultFileError, ResultNotWrittenError
from whichext.model.judged import Judged
from whichext.model.outcome import Outcome, Wrong
from whichext.model.raw import Raw
from whichext.model.view import View
from whichext.report import result_file
from whichext.report.result_file import SCHEMA_VERSION, ResultFile

LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(max_size=8),
    bool: st.booleans(),
    type(None): st.none(),
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that a view holds."""
    if kind in LEAVES:
        return LEAVES[kind]
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of([values(member) for member in get_args(kind)])
    if get_origin(kind) is tuple and get_args(kind)[-1] is not Ellipsis:
        return st.tuples(*map(values, get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0]), max_size=2).map(tuple)
    if get_origin(kind) in (dict, Mapping):
        return st.dictionaries(*map(values, get_args(kind)), max_size=2)
    if kind is Case:
        return st.builds(
            Case,
            LEAVES[str],
            summary=LEAVES[str],
            family=st.none() | st.text(min_size=1, max_size=8),
            forked=st.booleans(),
            n=json_values(),
        )
    if issubclass(kind, Struct):
        hints = get_type_hints(kind)
        return st.builds(kind, **{name: values(hints[name]) for name in kind.__struct_fields__})
    return st.sampled_from(list(kind))  # the enums


def json_values() -> st.SearchStrategy[Any]:
    """Values of a case's parameter."""
    leaves = LEAVES[int] | LEAVES[float] | LEAVES[str] | st.booleans() | st.none()

    def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.lists(one, max_size=2) | st.dictionaries(LEAVES[str], one, max_size=2)

    return st.recursive(leaves, several, max_leaves=4)


def any_scorecard() -> st.SearchStrategy[View]:
    return st.builds(View, values(Raw), values(Judged))


def typical() -> View:
    return race_without({"numpy": steady(1_000), "cy.total[2]": steady(500)}, NOT_RACED)


def content() -> dict[str, Any]:
    """What a result file of a typical result holds."""
    found: dict[str, Any] = json.loads(result_file.encode(typical()))
    return found


def error_of(text: bytes | str) -> str:
    """What is said of a result file with that content."""
    with pytest.raises(ResultFileError) as caught:
        result_file.parse(text, "result.json")
    return str(caught.value)


@pytest.mark.slow
@given(any_scorecard())
def test_any_scorecard_comes_back_as_it_went(view: View) -> None:
    found = msgspec.json.decode(result_file.encode(view), type=ResultFile)
    assert view == View(found.raw, found.judged)


def test_a_typical_scorecard_comes_back_as_it_went() -> None:
    assert typical() == result_file.parse(result_file.encode(typical()), "memory")


def test_a_result_file_is_exactly_the_structs_of_the_scorecard() -> None:
    assert list(content()) == ["schema_version", "raw", "judged"]
    assert list(content()["raw"]) == list(Raw.__struct_fields__)
    assert list(content()["judged"]) == list(Judged.__struct_fields__)


def test_a_sample_is_a_short_list_of_numbers() -> None:
    assert content()["raw"]["timings"][0]["samples"][0] == [
        0,
        0,
        0,
        100_000,
        100_000_000,
        100_000_000,
        0,
    ]


@pytest.mark.parametrize(("word", "outcome"), NOT_RACED.items())
def test_an_outcome_names_its_kind(word: str, outcome: Outcome) -> None:
    (row,) = (row for row in content()["judged"]["rows"] if row["contestant"] == word)
    assert type(outcome).__name__ == row["outcome"]["type"]


def test_the_file_is_one_line() -> None:
    assert result_file.encode(typical()).endswith(b"}\n")
    assert result_file.encode(typical()).count(b"\n") == 1


def test_characters_beyond_ascii_survive(tmp_path: Path) -> None:
    wrong = Wrong("small", "1 \u00b1 0", "\u221e")
    view = race_without({"numpy": steady(1_000)}, {"cy.total": wrong})
    result_file.write(view, tmp_path / "result.json")
    assert view == result_file.read(tmp_path / "result.json")


def test_what_is_not_json_is_told_with_the_place() -> None:
    assert error_of("contestant  time").splitlines() == snapshot(
        [
            (
                "result.json: expected a result file (JSON), got an error: JSON is malformed: "
                "invalid character (byte 0)"
            ),
            'Next: make one with whichext.run("KERNEL", save="FILE.json")',
        ]
    )


def test_a_file_that_was_cut_off_is_told() -> None:
    assert error_of(result_file.encode(typical())[:-10]) == snapshot("""\
result.json: expected a result file (JSON), got an error: Input data was truncated
Next: make one with whichext.run("KERNEL", save="FILE.json")\
""")


def test_an_empty_file_is_told() -> None:
    assert error_of(b"") == snapshot("""\
result.json: expected a result file (JSON), got an error: Input data was truncated
Next: make one with whichext.run("KERNEL", save="FILE.json")\
""")


def test_a_file_of_a_later_version_is_told_with_both_versions() -> None:
    later = json.dumps({**content(), "schema_version": SCHEMA_VERSION + 1})
    assert error_of(later) == snapshot("""\
result.json: schema_version: expected 4, got 5
Next: show it with the whichext version that made it\
""")


@pytest.mark.parametrize("text", ["{}", "[]", "7", '"a view"'])
def test_json_of_something_else_is_told(text: str) -> None:
    assert error_of(text) == snapshot("""\
result.json: expected a result file, got JSON without schema_version
Next: make one with whichext.run("KERNEL", save="FILE.json")\
""")


def test_a_scorecard_with_a_missing_part_is_told_with_its_name() -> None:
    without = {name: value for name, value in content().items() if name != "judged"}
    assert error_of(json.dumps(without)) == snapshot("""\
result.json: not a whole result: Object missing required field `judged`
Next: make it again with whichext.run("KERNEL", save="FILE.json")\
""")


def test_a_scorecard_with_a_part_of_another_type_is_told_with_its_path() -> None:
    raw = {**content()["raw"], "seed": "zero"}
    assert error_of(json.dumps({**content(), "raw": raw})) == snapshot("""\
result.json: not a whole result: Expected `int`, got `str` - at `$.raw.seed`
Next: make it again with whichext.run("KERNEL", save="FILE.json")\
""")


def test_an_outcome_of_an_unknown_kind_is_told_with_its_path() -> None:
    rows = [{"case": "small", "contestant": "numpy", "outcome": {"type": "Vanished"}}]
    judged = {**content()["judged"], "rows": rows}
    assert error_of(json.dumps({**content(), "judged": judged})) == snapshot("""\
result.json: not a whole result: Invalid value 'Vanished' - at `$.judged.rows[0].outcome.type`
Next: make it again with whichext.run("KERNEL", save="FILE.json")\
""")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "missing.json", result_file.read) == snapshot("""\
PATH: expected a result file, got No such file or directory
Next: make one with whichext.run("KERNEL", save="FILE.json")\
""")


def test_a_folder_in_place_of_a_result_file_is_told(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, result_file.read) == snapshot("""\
PATH: expected a result file, got Is a directory
Next: make one with whichext.run("KERNEL", save="FILE.json")\
""")


def test_a_folder_as_output_is_refused(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, result_file.check_writable) == snapshot("""\
save="PATH": expected a file that can be written, got a folder
Next: name a file in a folder that exists and is yours\
""")


def test_a_device_or_a_pipe_as_output_is_refused_since_a_file_would_take_its_place(
    tmp_path: Path,
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/null")):
        assert refusal_of(path, result_file.check_writable) == snapshot("""\
save="PATH": expected a file that can be written, got a device or a pipe
Next: name a file in a folder that exists and is yours\
""")


def test_a_result_that_is_there_may_be_written_again(tmp_path: Path) -> None:
    result_file.write(typical(), tmp_path / "result.json")
    result_file.check_writable(tmp_path / "result.json")


def test_an_output_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "result.json"
    told = refusal_of(path, result_file.check_writable)
    assert told.replace(str(path.parent), "FOLDER") == snapshot("""\
save="PATH": expected a file that can be written, got no writable folder FOLDER
Next: name a file in a folder that exists and is yours\
""")


def test_a_file_in_a_folder_of_ours_can_be_written_and_is_not_made_yet(tmp_path: Path) -> None:
    result_file.check_writable(tmp_path / "result.json")
    assert list(tmp_path.iterdir()) == []


def test_a_written_file_can_be_read(tmp_path: Path) -> None:
    result_file.write(typical(), tmp_path / "result.json")
    assert typical() == result_file.read(tmp_path / "result.json")


def test_writing_leaves_nothing_beside_the_file(tmp_path: Path) -> None:
    result_file.write(typical(), tmp_path / "result.json")
    assert [tmp_path / "result.json"] == list(tmp_path.iterdir())


def test_a_second_result_takes_the_place_of_the_first(tmp_path: Path) -> None:
    result_file.write(rejudged(make_view()), tmp_path / "result.json")
    result_file.write(typical(), tmp_path / "result.json")
    assert typical() == result_file.read(tmp_path / "result.json")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which half of a file still fits."""
    write_bytes = Path.write_bytes

    def write_half(path: Path, content: bytes) -> int:
        write_bytes(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", write_half)


def test_a_full_disk_is_told_with_what_is_still_there(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "result.json"
    result_file.write(typical(), path)
    request.getfixturevalue("full_disk")
    assert refusal_of(path, partial(result_file.write, make_view())) == snapshot("""\
PATH: could not be written: No space left on device
Next: free some space or name another file with save; what was written before is still there\
""")


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "result.json"
    result_file.write(typical(), path)
    request.getfixturevalue("full_disk")
    with pytest.raises(ResultFileError):
        result_file.write(make_view(), path)
    assert typical() == result_file.read(path)
    assert [path] == list(tmp_path.iterdir())


def test_a_failure_to_put_the_file_in_place_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "result.json"
    result_file.write(typical(), path)

    def fail(*_: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(ResultNotWrittenError, match=os.strerror(errno.EIO)):
        result_file.write(make_view(), path)
    assert typical() == result_file.read(path)
    assert [path] == list(tmp_path.iterdir())
