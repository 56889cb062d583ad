"""The table of a verification, and what stands below it."""

from __future__ import annotations

import re
import textwrap

import pytest
from inline_snapshot import snapshot

from support.cli import printed_verification, squeezed
from support.results import BUILD_FAILED, SKIPPED, changed, make_row, make_view
from whichext.cli.wording import SHELL
from whichext.model.check import Check, Property
from whichext.model.inline import unmarked
from whichext.model.outcome import Crashed, Outcome, Right, TimedOut, Unsupported, Wrong
from whichext.model.view import View
from whichext.report.notes import hazards
from whichext.report.outcome_words import reason_text

REFUSED = Unsupported("TypeError: no")
NAN = Wrong("float64 NaN", "nan at (1,)", "3.0 (2 of 7 values differ)")
SNIPPET = "import numpy as np\n\nvalues = np.array([[1.0, 2.0]], 'float64')"


def check(
    contestant: str,
    result: Outcome,
    property_: Property = Property.VALUES,
    *,
    where: str = "float64 NaN",
    count: int = 1,
    snippet: str = "",
) -> Check:
    return Check(
        contestant=contestant,
        input=where,
        result=result,
        property=property_,
        count=count,
        snippet=snippet,
    )


def card(*checks: Check, names: tuple[str, ...] = ("numpy", "cy.total")) -> View:
    return make_view(checks=checks, names=names)


def row(view: View, contestant: str) -> list[str]:
    """The cells of a contestant's row, its name left out."""
    lines = printed_verification(view).splitlines()
    (line,) = (line for line in lines if line.strip().startswith(f"{contestant}  "))
    return line.split()[1:]


def reason(outcome: Outcome) -> str:
    """What is said of it."""
    return unmarked(reason_text(outcome), SHELL)


def test_a_contestant_has_a_cell_for_each_property_that_was_looked_at() -> None:
    checks = (
        check("cy.total", Right(), Property.PLAIN),
        check("cy.total", Right(), Property.PLAIN),
        check("cy.total", REFUSED, Property.LAYOUTS),
        check("cy.total", Right(), Property.LAYOUTS),
        check("numpy", Right(), Property.MEMORY),
    )
    assert row(card(*checks), "cy.total") == ["2", "1+1", "-"]
    assert row(card(*checks), "numpy") == ["-", "-", "1"]


def test_a_check_counts_for_as_many_inputs_as_it_stands_for() -> None:
    checks = (
        check("cy.total", Right(), Property.DRAWN, count=83),
        check("cy.total", REFUSED, Property.DRAWN, count=17),
    )
    assert row(card(*checks), "cy.total") == ["83+17"]


def test_the_worst_of_a_property_is_what_its_cell_shows() -> None:
    wrong = (check("cy.total", NAN), check("cy.total", NAN), check("cy.total", Right()))
    hung = (*wrong, check("cy.total", TimedOut("float64 NaN", 5)))
    crashed = (*hung, check("cy.total", Crashed("float64 NaN", "killed by SIGSEGV")))
    assert row(card(*wrong), "cy.total") == ["WRONG", "2"]
    assert row(card(*hung), "cy.total") == ["HUNG"]
    assert row(card(*crashed), "cy.total") == ["CRASHED"]


def test_a_fault_stands_below_with_both_sides_and_its_input() -> None:
    text = printed_verification(card(check("cy.total", NAN, snippet=SNIPPET)))
    assert f"\ncy.total: {reason(NAN)}\n\n{SNIPPET}\n" in text


def test_the_smallest_input_is_shown_and_the_others_are_named() -> None:
    drawn = Wrong("drawn inputs", "2.0 at (0,)", "1.0 (1 of 1 values differ)")
    checks = (
        check("cy.total", NAN, snippet="values = 'long'"),
        check("cy.total", drawn, Property.DRAWN, where="drawn inputs", snippet=SNIPPET),
    )
    text = printed_verification(card(*checks))
    assert f"\ncy.total: {reason(drawn)}\n  likewise on float64 NaN\n\n{SNIPPET}\n" in text
    assert "long" not in text


def test_of_several_drawn_inputs_the_one_that_was_shrunk_is_shown() -> None:
    found = [Wrong(where, "int 2", "int 1") for where in ("drawn 3", "drawn 4", "drawn inputs")]
    snippets = ("text = 'long'", None, SNIPPET)
    checks = [
        check("cy.total", wrong, Property.DRAWN, where=wrong.where, snippet=snippet)
        for wrong, snippet in zip(found, snippets, strict=True)
    ]
    text = printed_verification(card(*checks))
    assert reason(found[2]) in text
    assert SNIPPET in text
    assert "long" not in text


def test_a_fault_of_each_kind_is_shown_once_and_at_most_three() -> None:
    array, writes = "an array of shape (0,)", "values changed, which mutates does not name"
    results = [
        Wrong("empty", f"{array} and int64", f"{array} and bool"),
        Wrong("odd shape", "its arguments as they were", writes),
        Wrong("small", "its arguments as they were", writes),
        Wrong("big-endian", "1.0 at (0,)", "2.0 (1 of 1 values differ)"),
        Wrong("read-only", "1.0 at (0,)", "ValueError: not writeable"),
        Wrong("no shape", f"{array} and int64", f"{array} and bool"),
    ]
    checks = [check("cy.total", one, where=one.where) for one in results]
    text = printed_verification(card(*checks))
    words = squeezed(text)
    shown = [one for one in results if f"cy.total: {squeezed(reason(one))}" in words]
    assert shown == [results[0], results[1], results[3]]
    others = [line for line in text.splitlines() if re.search("likewise|other ways", line)]
    assert others == snapshot(
        ["  likewise on no shape", "  likewise on small", "cy.total: in other ways on read-only"]
    )


def test_many_other_faults_are_counted() -> None:
    checks = [check("cy.total", NAN, where=f"input {number}") for number in range(10)]
    text = printed_verification(card(*checks))
    expected = ", ".join(f"input {number}" for number in range(1, 7))
    assert f"likewise on {expected} and 3 more\n" in text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["a", "b, c", "d"], snapshot("likewise on a; b, c; d")),
        (["a", "drawn 1", "drawn 2"], snapshot("likewise on first, a, and 1 that was drawn")),
        (["drawn 7"], snapshot("likewise on first")),
    ],
    ids=["with a comma", "with drawn ones", "a drawn one alone"],
)
def test_names_of_other_faults_cannot_be_misread(names: list[str], text: str) -> None:
    checks = [
        check("cy.total", NAN, Property.DRAWN if "drawn" in name else Property.VALUES, where=name)
        for name in ("first", *names)
    ]
    (line,) = (
        line for line in printed_verification(card(*checks)).splitlines() if "likewise" in line
    )
    assert line.strip() == text


def unanswered(*checks: Check) -> str:
    """What is said of inputs that were not answered, on one line."""
    text = squeezed(printed_verification(card(*checks)))
    found = re.search(r"cy\.total did not answer .*?\)(?= [^,]|$)", text)
    return found[0] if found else ""


def test_what_was_refused_and_with_which_error_stands_below_the_table() -> None:
    other = Unsupported("ValueError: " + "too long " * 20)
    checks = (
        check("cy.total", REFUSED, Property.LAYOUTS, where="big-endian"),
        check("cy.total", REFUSED, Property.LAYOUTS, where="misaligned"),
        check("cy.total", REFUSED, Property.DRAWN, where="drawn inputs", count=14),
        check("cy.total", other, Property.EDGES, where="axis 0 of length 0"),
        check("numpy", Right()),
    )
    assert unanswered(*checks) == snapshot(
        "cy.total did not answer 2 of layouts (big-endian: TypeError: no), 14 of drawn (likewise), "
        "1 of edges (axis 0 of length 0: ValueError: too long too long too long too long too long "
        "too long t...)"
    )


def test_what_was_refused_beside_a_fault_of_its_kind_is_not_said() -> None:
    assert not unanswered(check("cy.total", REFUSED), check("cy.total", NAN))


def legend(*checks: Check) -> str:
    """What is said of the cells of a table."""
    return printed_verification(card(*checks)).rpartition("\n\n")[2]


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            [REFUSED, Right(), Right()],
            snapshot(
                "2+1: right 2 times; 1 more: refused with a clean error, as they may be, or not "
                "tried."
            ),
        ),
        (
            [NAN],
            snapshot(
                "WRONG 1: a wrong answer, or an error that is not clean, once. What is wrong does "
                "not race."
            ),
        ),
        (
            [TimedOut("float64 NaN", 5)],
            snapshot("HUNG: no answer in time. What is wrong does not race."),
        ),
        (
            [Crashed("float64 NaN", "killed by SIGSEGV")],
            snapshot("CRASHED: the process ended by itself. What is wrong does not race."),
        ),
    ],
    ids=["refused", "wrong", "hung", "crashed"],
)
def test_the_legend_explains_the_cells_that_there_are(found: list[Outcome], text: str) -> None:
    checks = [check(name, one) for name in ("numpy", "cy.total") for one in found]
    assert squeezed(legend(*checks)) == text


def test_where_all_is_right_no_cell_is_explained() -> None:
    assert "not tried" not in legend(check("numpy", Right()), check("cy.total", Right()))


def test_a_long_line_of_python_is_not_broken() -> None:
    line = f"values = np.array({list(range(200))})"
    assert line in printed_verification(card(check("cy.total", NAN, snippet=line)))


def test_a_hang_in_a_forked_child_is_a_hazard_and_no_fault() -> None:
    view = card(check("cy.total", TimedOut("in a forked child", 5), Property.FORK))
    text = printed_verification(view)
    assert row(view, "cy.total") == ["HUNG"]
    (hazard,) = hazards(view)
    assert squeezed(unmarked(hazard, SHELL)) in squeezed(text)
    assert "gave no answer" not in text


def test_who_is_wrong_without_a_fork_as_well_gets_no_advice_on_forks() -> None:
    wrong = Wrong("plain", "1", "2")
    plain, forked = (check("cy.total", wrong, of) for of in (Property.PLAIN, Property.FORK))
    texts = [printed_verification(card(*checks)) for checks in ((forked,), (plain, forked))]
    assert ["multiprocessing" in text for text in texts] == [True, False]


def test_who_was_not_built_is_named_with_the_reason_and_has_no_row() -> None:
    view = make_view(
        rows=(make_row("numpy", SKIPPED), make_row("cy.total", BUILD_FAILED)),
        checks=(check("numpy", Right()),),
    )
    text = printed_verification(view)
    expected = textwrap.indent(f"cy.total: {reason(BUILD_FAILED)}", "  ")
    assert f"\nNot verified\n{expected}\n" in text
    assert text.count("cy.total") == 1


def test_who_lacks_a_package_is_named_once_with_those_who_lack_the_same() -> None:
    names = ("peers.one", "peers.two")
    checks = [check(name, SKIPPED, Property.IMPORT, where="import") for name in names]
    text = printed_verification(card(*checks, names=names))
    expected = textwrap.indent(f"{', '.join(names)}: {reason(SKIPPED)}", "  ")
    assert f"\n{expected}\n" in text


def test_an_import_that_fails_is_a_row_without_results_and_a_reason() -> None:
    crashed = Crashed("import", "ImportError: no libfoo")
    crash = check("cy.total", crashed, Property.IMPORT, where="import")
    view = card(crash, check("numpy", Right()))
    assert row(view, "cy.total") == ["-"]
    assert f"\ncy.total: {reason(crashed)}\n" in printed_verification(view)


def test_the_report_says_what_was_asked_and_where() -> None:
    view = card(check("numpy", Right()))
    raw, text = view.raw, printed_verification(view)
    assert text.startswith(f"{raw.kernel}: {raw.question}\n{raw.machine.cpu} (2 cores")
    assert f"$ {raw.command}\n" in text


def test_colour_is_used_only_when_asked_for() -> None:
    view = card(check("cy.total", NAN))
    assert "\x1b[" not in printed_verification(view)
    assert "\x1b[" in printed_verification(view, colour=True)


def test_the_report_says_how_answers_were_compared() -> None:
    agreement = "Answers must be exactly the reference's."
    view = changed(card(check("numpy", Right())), agreement=agreement)
    assert f"\n{view.raw.agreement}\n" in printed_verification(view)


def test_no_name_and_no_word_of_the_table_is_cut_off_however_narrow_the_terminal() -> None:
    name = "a_long_module.and_a_function_with_a_long_name[32]"
    checks = [check(name, Crashed("x", "y"), property_) for property_ in Property]
    lines = printed_verification(card(*checks, names=(name,)), width=40).splitlines()
    (line,) = (line for line in lines if line.startswith(f" {name} "))
    assert line.split()[1:] == ["CRASHED"] * (len(Property) - 1)
    (header,) = (line for line in lines if line.startswith(" contestant"))
    assert header.split()[1:] == [p for p in Property if p is not Property.IMPORT]
