"""Files of schema version 2: what was not known becomes null, and what was skipped gets a type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from inline_snapshot import snapshot

from support.results import make_view
from whichext.model.contestant import DEBUG, Profile
from whichext.model.errors import ResultFileError
from whichext.model.outcome import Measured
from whichext.model.ratio import Verdict
from whichext.report import result_file
from whichext.report.former_file import upgrade

Content = dict[str, Any]
EIGHT_EPOCHS = 824
"""Turns of all entries in the three cases, over eight epochs of each or a few more."""


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
    found: Content = upgrade(former(builds=[build]))["raw"]["builds"][0]
    return found


def fault_of(content: Content) -> str:
    """Which fault a file of that content has, without its details."""
    with pytest.raises(ResultFileError) as caught:
        result_file.parse(json.dumps(content), "former.json")
    return f"{caught.value.where}: {caught.value.what.partition(':')[0]}"


def test_what_was_not_known_of_a_run_becomes_null() -> None:
    read = result_file.parse(json.dumps(former()), "former.json")
    assert (read.raw.stopped, read.raw.origin, read.raw.agreement) == (None, None, None)
    assert (read.raw.machine.l2_cache_bytes, read.raw.machine.l3_cache_bytes) == (1_048_576, None)


def test_what_was_known_of_a_run_stays() -> None:
    told = {"stopped": "it was interrupted", "origin": "numpy", "agreement": "Exactly."}
    found = upgrade(former(**told))["raw"]
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
    (found,) = upgrade(former(contestants=[names | former_fields]))["raw"]["contestants"]
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
    assert upgrade(former(checks=[check]))["raw"]["checks"] == [[*check[:3], *expected]]


def test_what_was_seen_of_an_entry_is_a_probe_now() -> None:
    seen = {"contestant": "cy.total", "import_ns": 0, "threads": 0, "unseen": "killed by SIGSEGV"}
    (probe,) = upgrade(former(watched=[seen]))["raw"]["probes"]
    assert probe == seen | {"import_ns": None, "threads": None, "gil_free": None}


@pytest.mark.parametrize(("released", "free"), [(True, None), (False, 0.0), (None, None)])
def test_that_the_gil_was_free_at_times_is_no_share(
    released: bool | None, free: float | None
) -> None:
    seen = {"contestant": "cy.total", "releases_gil": released}
    (probe,) = upgrade(former(watched=[seen]))["raw"]["probes"]
    assert probe["gil_free"] == free


def test_what_was_judged_is_left_out() -> None:
    found = result_file.parse(json.dumps(former(rows=[{}], effects=[{}])), "former.json")
    assert (found.judged.rows, found.judged.effects) == ((), ())


@pytest.mark.parametrize("part", [{"machine": None}, {"builds": [{}]}, {"checks": [[]]}])
def test_a_file_that_is_not_whole_is_an_error_of_the_file(part: Content) -> None:
    assert fault_of(former(**part)) == snapshot("former.json: not a whole result")


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
    (found,) = upgrade(former(builds=[build]))["raw"]["builds"]
    assert msgspec.convert(found["profile"], Profile) == profile


# A whole file


FORMER = Path(__file__).parent / "results" / "version_2.json"


def content() -> dict[str, Any]:
    """A small result file of version 2, as the program wrote it then."""
    found = json.loads(FORMER.read_text())
    assert isinstance(found, dict)
    return found


def test_a_former_result_is_judged_again_from_its_samples() -> None:
    view = result_file.read(FORMER)
    measured = {
        row.contestant: row.outcome.ratio
        for row in view.judged.rows
        if isinstance(row.outcome, Measured)
    }
    then = content()["rows"][1]["outcome"]["estimate"]
    found = measured["cy.total"]
    assert measured["numpy"].verdict is Verdict.BASELINE
    assert found.value == pytest.approx(then["ratio"])
    assert then["low"] < (found.low or 0) < (found.high or 0) < then["high"]  # a tenth wider then


def test_in_a_former_result_everybody_has_the_outcome_that_it_had() -> None:
    rows = {
        (row.contestant, type(row.outcome).__name__) for row in result_file.read(FORMER).judged.rows
    }
    then = {(row["contestant"], row["outcome"]["type"]) for row in content()["rows"]}
    # What was skipped has a type of its own for each reason now.
    assert {(name, kind.replace("ToolchainAbsent", "Skipped")) for name, kind in rows} == then


def test_a_former_result_is_written_as_a_present_one() -> None:
    view = result_file.read(FORMER)
    text = result_file.encode(view)
    assert json.loads(text)["schema_version"] == 4
    assert result_file.parse(text, "result.json") == view


def test_samples_lose_their_count_of_forced_switches() -> None:
    (sample, *_) = upgrade(content())["raw"]["timings"][0]["samples"]
    assert sample == [0, 0, 0, 100000, 200000000, 200000000, 0]


def test_the_content_that_was_read_stays_as_it_is() -> None:
    found = content()
    upgrade(found)
    assert found == content()


@pytest.mark.parametrize(
    "change", [{"timings": 1}, {"timings": [1]}, {"timings": [{"samples": 1}]}, {"cases": None}]
)
def test_a_former_file_that_is_no_whole_result_is_refused(change: dict[str, Any]) -> None:
    assert fault_of({**content(), **change}) == snapshot("former.json: not a whole result")


def test_a_kept_race_of_all_entries_is_small_enough_to_be_sent_around() -> None:
    kept = Path(__file__).parents[2] / "docs" / "results" / "find_max.json"
    samples = [one for its in result_file.read(kept).raw.timings for one in its.samples]
    a_sample = len(msgspec.json.encode(samples)) / len(samples)
    more = max(0, len(samples) - EIGHT_EPOCHS)  # where a machine is fast, cases have more epochs
    assert kept.stat().st_size - more * a_sample <= 140_000
