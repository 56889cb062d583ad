"""Files of schema version 2: what was not known becomes null, and what was skipped gets a type."""

from __future__ import annotations

import json
from typing import Any

import pytest

from builders import make_scorecard
from whichext.model.errors import ResultFileError
from whichext.report import as_json
from whichext.report.former import upgrade

Content = dict[str, Any]


def former(**parts: Any) -> Content:
    """What a file of version 2 held of a run without anything, but for these parts."""
    machine = {
        "cpu": "Testium 9000",
        "cores": 2,
        "memory_bytes": 8_000_000_000,
        "l2_cache_bytes": 1_048_576,
        "l3_cache_bytes": 0,
        "isa": "avx2",
        "governor": "",
        "virtual": True,
        "system": "Linux",
        "python": "CPython 3.12.1",
        "numpy": "2.3.0",
    }
    content: Content = {
        **json.loads(as_json.render(make_scorecard())),
        "schema_version": 2,
        "stopped": "",
        "origin": "",
        "agreement": "",
        "machine": machine,
        "cases": [],
        "courses": [],
        "watched": [],
    }
    del content["probes"]
    return content | parts


def skipped(missing: str, remedy: str) -> Content:
    return {"type": "Skipped", "missing": missing, "remedy": remedy}


def of_build(result: Content) -> Content:
    build = {"project": "cy", "profile": "release", "result": result, "took_ns": 0}
    found: Content = upgrade(former(builds=[build]))["builds"][0]
    return found


def test_what_was_not_known_of_a_run_becomes_null() -> None:
    read = as_json.parse(json.dumps(former()), "former.json")
    assert (read.stopped, read.origin, read.agreement) == (None, None, None)
    assert (read.machine.l2_cache_bytes, read.machine.l3_cache_bytes) == (1_048_576, None)


def test_what_was_known_of_a_run_stays() -> None:
    told = {"stopped": "it was interrupted", "origin": "numpy", "agreement": "Exactly."}
    found = upgrade(former(**told))
    assert {name: found[name] for name in told} == told


@pytest.mark.parametrize(
    ("former_fields", "threads_by"),
    [
        ({"parallel": False, "threads_argument": ""}, None),
        ({"parallel": True, "threads_argument": ""}, "environment"),
        ({"parallel": True, "threads_argument": "n_threads"}, "n_threads"),
        ({}, None),
    ],
)
def test_two_fields_on_threads_become_one(former_fields: Content, threads_by: str | None) -> None:
    names = {"entry": "numpy", "project": "", "module": "", "function": "", "profile": "release"}
    (found,) = upgrade(former(contestants=[names | former_fields]))["contestants"]
    assert (found["threads_by"], found["project"], found["remedy"]) == (threads_by, None, None)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (
            skipped("Rust's cargo", "install Rust"),
            {"type": "ToolchainAbsent", "what": "Rust's cargo", "remedy": "install Rust"},
        ),
        (
            skipped("a setting of rust for bounds", "compare entries"),
            {"type": "NotApplicable", "toolchain": "rust", "factor": "bounds"},
        ),
        (
            skipped("the Python package numba", "pip install numba"),
            {"type": "PackageAbsent", "packages": ["numba"], "remedy": None},
        ),
        (
            skipped("the Python packages numba, torch", "ask the librarian"),
            {
                "type": "PackageAbsent",
                "packages": ["numba", "torch"],
                "remedy": "ask the librarian",
            },
        ),
    ],
)
def test_what_was_skipped_gets_the_type_that_its_text_stood_for(
    result: Content, expected: Content
) -> None:
    assert of_build(result) == {
        "project": "cy",
        "profile": "release",
        "result": expected,
        "took_ns": None,
    }


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ([], [None, "plain", 1, None]),
        ([0, "drawn", 3, ""], [None, "drawn", 3, None]),
        ([9, "drawn", 3, "x = 1"], [9, "drawn", 3, "x = 1"]),
    ],
)
def test_a_check_keeps_what_it_knew(rest: list[Any], expected: list[Any]) -> None:
    check = ["numpy", "small", {"type": "Right"}, *rest]
    assert upgrade(former(checks=[check]))["checks"] == [[*check[:3], *expected]]


def test_what_was_seen_of_an_entry_is_a_probe_now() -> None:
    seen = {"contestant": "cy.total", "import_ns": 0, "threads": 0, "unseen": "killed by SIGSEGV"}
    (probe,) = upgrade(former(watched=[seen]))["probes"]
    assert probe == seen | {"import_ns": None, "threads": None}


def test_rows_are_left_to_be_judged_again() -> None:
    found = upgrade(former(rows=[{"case": "small"}], effects=[{"case": "small"}]))
    assert (found["rows"], found["effects"]) == ([], [])


@pytest.mark.parametrize("part", [{"machine": None}, {"builds": [{}]}, {"checks": [[]]}])
def test_a_file_that_is_not_whole_is_an_error_of_the_file(part: Content) -> None:
    with pytest.raises(ResultFileError, match="not a whole scorecard"):
        as_json.parse(json.dumps(former(**part)), "former.json")
