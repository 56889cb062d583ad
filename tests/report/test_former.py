"""Files of schema version 2: what was not known becomes null, and what was skipped gets a type."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from builders import make_view
from whichext.model.contestant import DEBUG, Profile
from whichext.model.errors import ResultFileError
from whichext.report import result_file
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
    written = json.loads(result_file.encode(make_view()))
    content: Content = {
        **written["raw"],
        "schema_version": 2,
        "stopped": "",
        "origin": "",
        "agreement": "",
        "machine": machine,
        "cases": [],
        "courses": [],
        "watched": [],
    }
    del content["probes"], content["sizes"], content["entries"]
    return content | parts


def skipped(missing: str, remedy: str) -> Content:
    return {"type": "Skipped", "missing": missing, "remedy": remedy}


def of_build(result: Content) -> Content:
    build = {"project": "cy", "profile": "release", "result": result, "took_ns": 0}
    found: Content = upgrade(former(builds=[build]))["builds"][0]
    return found


def test_what_was_not_known_of_a_run_becomes_null() -> None:
    read = result_file.parse(json.dumps(former()), "former.json")
    assert (read.raw.stopped, read.raw.origin, read.raw.agreement) == (None, None, None)
    assert (read.raw.machine.l2_cache_bytes, read.raw.machine.l3_cache_bytes) == (1_048_576, None)


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
        "profile": {"name": "release"},
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


def test_what_was_judged_is_left_out() -> None:
    found = result_file.parse(json.dumps(former(rows=[{}], effects=[{}])), "former.json")
    assert (found.judged.rows, found.judged.effects) == ((), ())


@pytest.mark.parametrize("part", [{"machine": None}, {"builds": [{}]}, {"checks": [[]]}])
def test_a_file_that_is_not_whole_is_an_error_of_the_file(part: Content) -> None:
    with pytest.raises(ResultFileError, match="not a whole result"):
        result_file.parse(json.dumps(former(**part)), "former.json")


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("debug", DEBUG),
        ("optimisation=O2", Profile.setting("optimisation", "O2")),
        ("isa=of-another-machine", Profile.setting("isa", "of-another-machine")),
    ],
)
def test_a_profile_that_was_a_name_is_the_profile_of_that_name(name: str, profile: Profile) -> None:
    build = {"project": "cy", "profile": name, "result": {"type": "Built"}, "took_ns": 0}
    (found,) = upgrade(former(builds=[build]))["builds"]
    assert msgspec.convert(found["profile"], Profile) == profile
