"""Which of all that was seen in calls is a finding."""

from __future__ import annotations

from msgspec.structs import replace

from support.contestants import make_contestant
from whichext.audit.behaviour import judge_probes
from whichext.model.evidence import Probe
from whichext.model.finding import (
    GilHeld,
    LeavesFiles,
    LeavesThreads,
    ProcessChanged,
    StartsProcesses,
    WorksOn,
    WritesOutput,
    spoils,
)
from whichext.model.process import Moment, Output, ProcessChange, Processes, Shared

GOOD = Probe(
    contestant="cy.a",
    import_ns=1,
    gil_free=0.81,
    threads=2,
    cpu_ns=10_000_000,
    after_ns=0,
    threads_left=3,
    threads_a_call=0.0,
)
CHANGE = ProcessChange(state=Shared.FOLDER, moment=Moment.CALL, what="/a -> /b")
OUTPUT = Output(first_bytes=20, later_bytes=0, line="hello")


def found(*probes: Probe) -> list[object]:
    return list(judge_probes(probes))


def test_a_good_one_has_no_finding() -> None:
    assert found(GOOD, Probe(contestant="cy.b", unseen="too short")) == []


def test_those_that_keep_the_gil_to_the_end_are_one_finding() -> None:
    probes = (replace(GOOD, gil_free=0.0), replace(GOOD, contestant="cy.b", gil_free=0.004), GOOD)
    assert found(*probes) == [GilHeld(contestants=("cy.a", "cy.b"))]


def test_each_that_lets_go_of_it_for_a_part_has_its_share() -> None:
    probes = (replace(GOOD, gil_free=0.04), replace(GOOD, contestant="cy.b", gil_free=0.49))
    assert found(*probes) == [
        GilHeld(contestants=("cy.a",), free=0.04),
        GilHeld(contestants=("cy.b",), free=0.49),
    ]


def test_what_they_are_written_in_is_there_for_what_can_be_done() -> None:
    python = make_contestant("py.a", factors={"toolchain": "python"})
    cython = make_contestant("cy.a", factors={"toolchain": "cython"})
    probes = tuple(replace(GOOD, contestant=f"{name}.a", gil_free=0.0) for name in ("py", "cy"))
    (held,) = judge_probes(probes, (python, cython))
    assert isinstance(held, GilHeld)
    assert held.toolchains == ("python", "cython")


def test_work_after_a_call_counts_by_the_work_in_it() -> None:
    assert found(replace(GOOD, after_ns=900_000)) == []
    (finding,) = found(replace(GOOD, after_ns=1_100_000))
    assert finding == WorksOn(contestants=("cy.a",), after_ns=1_100_000, call_ns=10_000_000)
    assert found(replace(GOOD, after_ns=600_000, cpu_ns=0)) != []


def test_output_is_a_finding_also_when_only_the_first_call_writes() -> None:
    assert found(replace(GOOD, output=OUTPUT)) == [
        WritesOutput(contestants=("cy.a",), output=OUTPUT)
    ]


def test_a_pool_that_grew_is_none_and_a_thread_in_each_call_is_one() -> None:
    assert found(replace(GOOD, threads_left=8, threads_a_call=0.2)) == []
    assert found(replace(GOOD, threads_a_call=1.0)) == [
        LeavesThreads(contestants=("cy.a",), threads_a_call=1.0)
    ]


def test_files_are_counted_like_threads_and_any_process_counts() -> None:
    assert found(replace(GOOD, files_a_call=0.2)) == []
    processes = Processes(left=0, ended=True)
    assert found(replace(GOOD, files_a_call=1.0, processes=processes)) == [
        LeavesFiles(contestants=("cy.a",), files_a_call=1.0),
        StartsProcesses(contestants=("cy.a",), processes=processes),
    ]


def test_many_files_of_some_calls_are_a_finding() -> None:
    assert found(replace(GOOD, files_kept=64)) == []
    assert found(replace(GOOD, files_kept=500, files_a_call=0.0)) == [
        LeavesFiles(contestants=("cy.a",), files_a_call=0.0, files_kept=500)
    ]


def test_those_that_change_the_same_are_one_finding() -> None:
    probes = (replace(GOOD, changes=(CHANGE,)), replace(GOOD, contestant="cy.b", changes=(CHANGE,)))
    assert found(*probes) == [ProcessChanged(contestants=("cy.a", "cy.b"), change=CHANGE)]


def test_none_of_them_takes_the_meaning_out_of_a_ratio() -> None:
    probe = replace(
        GOOD,
        gil_free=0.0,
        after_ns=GOOD.cpu_ns,
        output=OUTPUT,
        threads_a_call=2.0,
        changes=(CHANGE,),
    )
    findings = list(judge_probes((probe,)))
    assert len(findings) == 5
    assert not any(map(spoils, findings))


def test_what_is_left_by_a_class_is_left_by_each_of_its_objects() -> None:
    probe = replace(
        GOOD, of_objects=True, threads_a_call=1.0, files_a_call=1.0, output=OUTPUT, after_ns=10**9
    )
    assert [getattr(one, "of_objects", None) for one in found(probe)] == [True] * 4
