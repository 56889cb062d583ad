"""What is not known of contestants, and what may not be attributed to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from msgspec.structs import replace

from support.builds import evidence, settings
from support.contestants import make_contestant, profile_of, with_factors
from support.races import race_between
from support.results import changed, make_view, rejudged
from whichext.judge.factors import differences, differing, vectors
from whichext.judge.ladders import Gaps, Ladders
from whichext.model.contestant import PYTHON_IN_LOOP, Difference, Factor, Role
from whichext.model.evidence import Code, Probe, PythonLine, Unseen
from whichext.model.process import Moment, ProcessChange, Shared
from whichext.model.view import View

COMMON_WALK = {"order": "row", "pool": "none"}


def numba_beside(**factors: str) -> View:
    """A race of two that no compiler was seen to build, in a result with an audit."""
    numpy = replace(with_factors("numpy", **factors), role=Role.REFERENCE)
    numba = with_factors("peers.rows", toolchain="numba", **COMMON_WALK)
    raced = race_between([numpy, numba], {"wide": {"numpy": 4000, "peers.rows": 1000}})
    return rejudged(changed(raced, evidence=(evidence("peers"),)))


@pytest.mark.parametrize("factors", [{}, {"toolchain": "numpy", **COMMON_WALK}, COMMON_WALK])
def test_two_libraries_differ_in_their_builds_whatever_else_they_differ_in(
    factors: dict[str, str],
) -> None:
    view = numba_beside(**factors)
    found = {one.factor: one for one in differences(view, "numpy", "peers.rows")}
    assert {"toolchain", "build"} <= set(found)
    assert found["build"].after == "numba's, unseen"
    assert view.judged.effects == ()


def test_entries_of_one_library_are_built_alike_though_nobody_saw_it() -> None:
    rows = with_factors("peers.rows", toolchain="numba", order="row")
    columns = with_factors("peers.columns", toolchain="numba", order="column")
    raced = race_between([rows, columns], {"wide": {"peers.rows": 1000, "peers.columns": 3000}})
    view = rejudged(changed(raced, evidence=(evidence("peers"),)))
    assert differences(view, rows.name, columns.name) == (Difference("order", "row", "column"),)
    assert [effect.factor for effect in view.judged.effects] == ["order"]


@pytest.mark.parametrize(("projects", "same"), [(("a", "a"), True), (("a", "b"), False)])
def test_what_a_compiler_should_have_made_is_alike_in_one_project_alone(
    projects: tuple[str, str], same: bool
) -> None:
    """Of compiled toolchains, since each project has flags of its own."""
    one, other = (
        with_factors(f"{project}.{name}", toolchain="cython", order=name)
        for project, name in zip(projects, ("row", "column"), strict=True)
    )
    raced = race_between([one, other], {"wide": {one.name: 1000, other.name: 3000}})
    view = rejudged(changed(raced, evidence=tuple(map(evidence, dict.fromkeys(projects)))))
    assert [effect.factor for effect in view.judged.effects] == (["order"] if same else [])


def test_what_was_seen_built_differs_in_its_flags_and_not_in_whose_build_it_is() -> None:
    one = with_factors("cy.find", toolchain="cython")
    other = with_factors("peers.rows", toolchain="numba")
    result = changed(make_view(), contestants=(one, other), evidence=(evidence("cy", settings()),))
    found = vectors(result.raw)
    factors = {difference.factor for difference in differing(*found.values())}
    assert factors == {"compiler", "isa", "lto", "optimisation", "toolchain"}


def test_a_value_that_is_not_stated_is_no_effect_between_two_sources() -> None:
    free, silent = with_factors("rs.free", lock="none"), with_factors("rs.silent")
    result = race_between([free, silent], {"wide": {"rs.free": 1000, "rs.silent": 4000}})
    assert differences(result, "rs.free", "rs.silent") == (Difference("lock", "none", "unstated"),)
    assert result.judged.effects == ()


def test_a_setting_beside_what_the_same_source_does_by_itself_is_an_effect() -> None:
    plain, checked = with_factors("rs.find"), with_factors("rs.find@bounds=checked")
    result = race_between([plain, checked], {"wide": {plain.name: 1000, checked.name: 2000}})
    assert [effect.factor for effect in result.judged.effects] == ["bounds"]


def test_a_setting_of_what_is_compiled_when_it_is_called_has_an_effect_where_the_code_changed() -> (
    None
):
    codes = {"release": "1", "bounds=checked": "2", "optimisation=O3": "1"}
    names = ("nb.find", "nb.find@bounds=checked", "nb.find@optimisation=O3")
    one, *others = (make_contestant(name, factors={"toolchain": "numba"}) for name in names)
    raced = race_between(
        [one, *others], {"wide": dict(zip(names, (1000, 2000, 1000), strict=True))}
    )
    builds = tuple(
        replace(evidence("nb"), profile=profile_of(name), called={"nb.find": code})
        for name, code in codes.items()
    )
    view = rejudged(changed(raced, evidence=builds))
    assert {effect.factor for effect in view.judged.effects} == {"bounds"}


HIDDEN = Unseen(what="a.pyx", reason="it was not annotated", hides_loops=True)


def test_loops_that_were_not_seen_may_differ_between_two_entries() -> None:
    rows, columns = with_factors("cy.rows", order="row"), with_factors("cy.columns", order="column")
    build = replace(evidence("cy", settings()), unseen=(HIDDEN,))
    raced = race_between([rows, columns], {"wide": {rows.name: 1000, columns.name: 3000}})
    view = rejudged(changed(raced, evidence=(build,)))
    factors = [one.factor for one in differences(view, rows.name, columns.name)]
    assert (factors, view.judged.effects) == ([PYTHON_IN_LOOP, "order"], ())


def loops(digests: Mapping[str, str], calling: Sequence[str], **factors: str) -> View:
    """A race of functions of one project, with digests of their code; some call Python in a loop.

    Each takes twice the time of the next.
    """
    entries = [with_factors(f"cy.{name}", toolchain="cython", **factors) for name in digests]
    lines = tuple(
        PythonLine(file="a.pyx", line=3, function=name, calls=("f",), functions=(name,))
        for name in calling
    )
    build = replace(
        evidence("cy", settings()),
        python_lines=lines,
        codes=tuple(Code(function=name, digest=code) for name, code in digests.items() if code),
    )
    times = {one.name: 1000 * 2.0**-place for place, one in enumerate(entries)}
    return rejudged(changed(race_between(entries, {"wide": times}), evidence=(build,)))


def test_python_in_the_loop_explains_the_step_between_two_whose_sources_say_the_same() -> None:
    view = loops({"slow": "1", "fast": "1"}, ["slow"])
    ladder = Ladders(view, view.cases["wide"]).between("cy.slow", "cy.fast")
    assert ladder is not None
    assert [(rung.factor, rung.before, rung.after) for rung in ladder.rungs] == [
        (PYTHON_IN_LOOP, "yes", "none seen")
    ]


@pytest.mark.parametrize("other", ["2", ""])
def test_python_in_the_loop_explains_nothing_between_unlike_algorithms(other: str) -> None:
    """Nor between those of which one could not be read."""
    view = loops({"slow": "1", "fast": other}, ["slow"])
    assert view.judged.effects == ()
    assert differences(view, "cy.slow", "cy.fast") == (
        Difference(PYTHON_IN_LOOP, "yes", "none seen"),
        Difference("code", "cy.slow's", "cy.fast's"),
    )
    gap = Gaps(view).between(view.cases["wide"], "cy.slow", "cy.fast")
    assert (gap.missing, gap.nearest) == ((), ("cy.slow", "cy.fast"))


def test_of_many_entries_that_declare_nothing_only_twins_show_what_python_costs() -> None:
    digests = {"a": "1", "b": "2", "c": "3", "d": "2", "e": "4", "f": ""}
    view = loops(digests, ["a", "b", "e"])
    found = {(one.contestant_before, one.contestant_after) for one in view.judged.effects}
    assert found == {("cy.b", "cy.d")}


def test_two_that_call_python_both_or_neither_differ_in_nothing_that_is_known() -> None:
    view = loops({"a": "1", "b": "2", "c": "3", "d": "4"}, ["a", "b"])
    assert differences(view, "cy.a", "cy.b") == differences(view, "cy.c", "cy.d") == ()


def test_entries_that_declare_the_same_factors_are_neighbours_whatever_their_sources_say() -> None:
    view = loops({"slow": "1", "fast": "2"}, ["slow"], order="row")
    assert [effect.factor for effect in view.judged.effects] == [PYTHON_IN_LOOP]


def beside_unseen(first: str, second: str, **factors: str) -> View:
    """A race of an entry whose library has code that nothing was seen to compile."""
    one, other = with_factors(first), with_factors(second, **factors)
    builds = tuple(
        replace(evidence(build.project or "", settings()), profile=build.profile)
        for build in {(each.project, each.profile): each for each in (one, other)}.values()
    )
    builds = (replace(builds[0], unseen_objects=("loop.o",)), *builds[1:])
    raced = race_between([one, other], {"wide": {one.name: 1000, other.name: 3000}})
    return rejudged(changed(raced, evidence=builds))


@pytest.mark.parametrize(
    ("first", "second"),
    [("a.rows", "b.rows"), ("a.rows", "a.columns"), ("a.rows", "a.rows@optimisation=O3")],
)
def test_nothing_is_attributed_to_what_has_code_that_nobody_compiled(
    first: str, second: str
) -> None:
    view = beside_unseen(first, second)
    assert "objects" in {one.factor for one in differences(view, first, second)}
    assert view.judged.effects == ()


def test_a_setting_is_not_suggested_for_code_that_nobody_compiled() -> None:
    view = beside_unseen("a.rows", "b.rows", order="row")
    gap = Gaps(view).between(view.cases["wide"], "a.rows", "b.rows")
    assert gap.settings == ()


def test_threads_of_one_entry_are_compared_whatever_compiled_it() -> None:
    one, two = with_factors("a.rows[1]"), with_factors("a.rows[2]")
    raced = race_between([one, two], {"wide": {one.name: 3000, two.name: 1000}})
    build = replace(evidence("a", settings()), unseen_objects=("loop.o",))
    view = rejudged(changed(raced, evidence=(build,)))
    assert [effect.factor for effect in view.judged.effects] == ["threads"]


def test_liberties_with_numbers_are_the_effect_where_nothing_else_differs() -> None:
    fast, plain = with_factors("fast.rows"), with_factors("plain.rows")
    raced = race_between([plain, fast], {"wide": {fast.name: 1000, plain.name: 3000}})
    builds = tuple(
        evidence(name, settings(further=(Factor("math", value),)))
        for name, value in (("fast", "fast"), ("plain", "strict"))
    )
    view = rejudged(changed(raced, evidence=builds))
    (effect,) = view.judged.effects
    assert (effect.factor, effect.before, effect.after) == ("math", "strict", "fast")


@pytest.mark.parametrize(
    ("state", "values"),
    [(Shared.SUBNORMALS, ("kept", "flushed")), (Shared.ROUNDING, ("to nearest", "otherwise"))],
)
def test_a_process_that_computes_otherwise_is_a_factor(
    state: Shared, values: tuple[str, str]
) -> None:
    plain, other = with_factors("a.rows"), with_factors("b.rows", order="row")
    raced = race_between([plain, other], {"wide": {plain.name: 3000, other.name: 1000}})
    change = ProcessChange(state=state, moment=Moment.IMPORT, what="changed")
    probes = (Probe(contestant=plain.name), Probe(contestant=other.name, changes=(change,)))
    view = rejudged(changed(raced, probes=probes))
    assert Difference(state.value, *values) in differences(view, plain.name, other.name)
    usual = rejudged(changed(raced, probes=probes[:1]))
    assert state.value not in usual.judged.factors[plain.name]
