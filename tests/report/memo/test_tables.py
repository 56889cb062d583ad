"""The tables of speed, the crossovers, and what a call costs."""

from __future__ import annotations

from inline_snapshot import snapshot
from msgspec.structs import replace

from support.builds import built, evidence, settings
from support.races import CY, CY2, NUMPY, RS, decide, decision_of, markdown_of
from support.results import changed, make_build, make_built, make_ratio, rejudged
from whichext.model.evidence import Compiling, Probe
from whichext.model.outcome import Tool
from whichext.model.view import View
from whichext.report.memo.tables import call_blocks, cost_blocks, share_text, speed_blocks


def speed(result: View) -> str:
    return markdown_of(speed_blocks(result, decision_of(result)))


def crossings(result: View) -> list[str]:
    """What is said of them below the tables of speed."""
    return [line for line in speed(result).splitlines() if line.startswith("- ")]


def call(result: View) -> str:
    return markdown_of(call_blocks(result, decision_of(result)))


def test_each_case_has_the_reference_and_the_best_of_each_toolchain() -> None:
    times = {NUMPY: 4000, CY: 2000, "cy.slow": 3000, CY2: 1000, "rs.find@native": 10, RS: 5000}
    lines = speed(decide({"wide": times}, spread=0)).splitlines()
    case = "`wide` (20, 30) float64, C order"
    assert [line for line in lines if line.startswith("|")][2:] == [
        f"| {case} | `cy.find[2]` | 1.00 us | 4.00x [4.00, 4.00] | - |",
        "|  | `cy.find` | 2.00 us | 2.00x [2.00, 2.00] | - |",
        "|  | `numpy` | 4.00 us | 1 | - |",
        "|  | `rs.find` | 5.00 us | 0.80x [0.80, 0.80] | - |",
    ]


def test_cases_that_do_not_decide_are_folded_away() -> None:
    times = {NUMPY: 4000, CY: 2000}
    text = speed(decide({"wide": times, "tiny": times}, families={"tiny": "sweep"}))
    before, after = text.split("<details>")
    assert ("`wide`" in before, "`tiny`" in before, "`tiny`" in after) == (True, False, True)
    # Markdown within HTML is read only after an empty line.
    assert "</summary>\n\n|" in after
    assert after.rstrip().endswith("|\n\n</details>")


def test_a_crossover_is_told_as_times_as_fast() -> None:
    times = {
        "wide": {NUMPY: 4000, CY: 2000},
        "10": {NUMPY: 1000, CY: 2000},
        "1000": {NUMPY: 4000, CY: 2000},
    }
    result = decide(times, families={"10": "sweep", "1000": "sweep"}, spread=0)
    assert crossings(result) == snapshot(
        [
            "- `cy.find` overtakes `numpy` between `10` (0.50x [0.50, 0.50]) and `1000` (2.00x "
            "[2.00, 2.00])."
        ]
    )


def test_falling_behind_is_told_too() -> None:
    times = {"10": {NUMPY: 4000, CY: 2000}, "1000": {NUMPY: 1000, CY: 2000}}
    result = decide(times, families={"10": "sweep", "1000": "sweep"}, spread=0)
    assert crossings(result) == snapshot(
        [
            "- `cy.find` falls behind `numpy` between `10` (2.00x [2.00, 2.00]) and `1000` (0.50x "
            "[0.50, 0.50])."
        ]
    )


def test_without_the_reference_there_is_no_table() -> None:
    result = decide({"wide": {CY: 1000, RS: 500}})
    assert (speed(result), call(result)) == ("", "")


def test_a_share_of_the_limit_has_its_interval() -> None:
    assert share_text(None) == "-"
    assert share_text(make_ratio(0.5, 0.45, 0.55)) == "50% [45%, 55%]"


def test_what_a_call_costs_is_read_off_the_smallest_case() -> None:
    result = decide({"wide": {NUMPY: 9000, CY: 900}, "tiny": {NUMPY: 2000, CY: 200}}, spread=0)
    small = replace(result.raw.sizes[1], bytes_moved=16)
    text = call(changed(result, sizes=(result.raw.sizes[0], small)))
    assert text.splitlines()[0] == snapshot(
        "In `tiny`, the smallest case raced, a call moves 16 B."
    )
    assert "| `cy.find` | 200 ns | 10.0x [10.0, 10.0] | 50.0 us | 1.00 ms |" in text


def test_a_case_that_takes_long_shows_nothing_of_a_call() -> None:
    text = call(decide({"wide": {NUMPY: 9_000_000, CY: 900_000}}))
    assert text.splitlines()[0] == snapshot(
        "The smallest case raced, `wide`, moves 4.80 kB: too much to show what a call itself "
        "costs. Next: race a small one as well, with `--case`."
    )


def test_times_that_an_old_result_lacks_are_a_dash() -> None:
    result = decide({"wide": {NUMPY: 9000, CY: 900}}, spread=0)
    bare = tuple(replace(one, import_ns=(), first_call_ns=()) for one in result.raw.timings)
    text = call(rejudged(changed(result, timings=bare)))
    assert "| `cy.find` | 900 ns | 10.0x [10.0, 10.0] | - | - |" in text


# What it costs to have it.


def cost(result: View) -> str:
    return markdown_of(cost_blocks(decision_of(result)))


def test_a_build_has_its_tools_with_versions_its_time_and_its_size() -> None:
    text = cost(decide({"wide": {NUMPY: 4000, CY: 1000, RS: 2000}}))
    assert [line for line in text.splitlines() if line.startswith("|")] == snapshot(
        [
            "| contestant | toolchains | fetched to build | its users need | build | wheel | lines of code |",  # noqa: E501
            "| --- | --- | --- | --- | ---: | ---: | ---: |",
            "| `cy.find` | cc 1.0 | cython 1.0 | - | 10.0 s | 50.0 kB | 123 |",
            "| `rs.find` | cargo 1.0, cc 1.0, rustc 1.0 | maturin 1.0 | - | 10.0 s | 50.0 kB | 123 |",  # noqa: E501
        ]
    )


def test_those_of_one_build_share_a_row() -> None:
    text = cost(decide({"wide": {NUMPY: 4000, CY: 2000, CY2: 1000}}))
    assert "| `cy.find[2]` and `cy.find` | cc 1.0 |" in text


def test_a_library_costs_its_users_a_package_and_nobody_a_compiler() -> None:
    builds = [built("libs", "numba", "flit-core")]
    result = decide(
        {"wide": {NUMPY: 4000, "libs.fast": 1000}},
        builds=builds,
        requires={"libs.fast": ["numba"]},
    )
    assert "| `libs.fast` | none | flit-core 1.0 | numba 1.0 |" in cost(result)


def test_a_program_that_tells_its_own_name_is_not_named_twice() -> None:
    receipt = replace(make_built(), tools=(Tool("cc", "cc (Debian) 12.2.0"),))
    named = make_build("cy", receipt)
    text = cost(decide({"wide": {NUMPY: 4000, CY: 1000}}, builds=[named]))
    assert "| `cy.find` | cc (Debian) 12.2.0 | - |" in text


def test_below_the_costs_is_what_compiles_when_it_is_called() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000, RS: 2000}})
    kept = Compiling(compile_ns=1_920_000_000, load_ns=60_000_000)
    probes = (Probe(contestant=CY, compiling=kept), Probe(contestant=RS))
    text = cost(changed(result, probes=probes))
    (said,) = (line for line in text.splitlines() if line.startswith("Compiled"))
    assert said.split(": ") == snapshot(
        [
            "Compiled when first called, in a new process with an empty cache, and in the next one",
            "`cy.find` 1.92 s, 60.0 ms from its cache.",
        ]
    )


def test_where_nobody_is_eligible_there_is_no_table() -> None:
    assert cost(decide({"wide": {NUMPY: 4000}})) == ""


def test_a_shared_library_that_not_every_system_has_is_what_its_users_need() -> None:
    result = decide({"wide": {NUMPY: 4000, CY: 1000}})
    audited = changed(result, evidence=(evidence("cy", settings(), openmp=True),))
    assert "| `cy.find` | cc 1.0 | cython 1.0 | libgomp.so.1 |" in cost(audited)
