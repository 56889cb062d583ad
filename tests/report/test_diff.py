"""What is printed of several results side by side."""

from __future__ import annotations

import re

from inline_snapshot import snapshot
from msgspec.structs import asdict, replace

from support.contestants import SMALL
from support.results import SKIPPED, changed, make_row
from support.runs import CY, NUMPY, RUST, built_as, elsewhere, run_with
from whichext.cli.wording import SHELL
from whichext.judge import view_of
from whichext.judge.diff import find_diff
from whichext.model.view import View
from whichext.report import in_form
from whichext.report.diff import DiffResult, diff_document
from whichext.report.text import render_text

FOUR = {NUMPY: 2, CY: 1, RUST: 1.5, "c.total": 1.9}
LATER = {NUMPY: 2, CY: 3, RUST: 1, "c.total": 2}


def printed(*views: View, width: int = 100) -> str:
    """The report of results called a, b, c and on, from the command line."""
    found = find_diff({f"{chr(ord('a') + n)}.json": view for n, view in enumerate(views)})
    return render_text(diff_document(found), width, wording=SHELL)


def part(text: str, *titles: str) -> str:
    """From a heading on, up to the next one of these."""
    first, last = titles
    return text[text.index(first) : text.index(last)].rstrip()


def two_runs_of_one_machine() -> tuple[View, View]:
    """The same machine with another compiler, in which one verdict changed and one may have."""
    before = built_as(run_with(FOUR, cases=("small", "tall")), "gcc 12", "one")
    after = built_as(run_with(LATER, day=2, twin=1.1), "gcc 13", "other", "d" * 40)
    return before, after


ONE_MACHINE = snapshot("""\
total: How fast is a sum?
A: a.json, 2025-01-01T03:04:05+00:00
B: b.json, 2025-01-02T03:04:05+00:00
All on one machine, as far as it describes itself: Testium 9000 (2 cores, avx2, virtual), 8.00 GB,
L2 1.05 MB, L3 33.6 MB.

What differs
┏━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┓
┃                          ┃ A            ┃ B            ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━┩
│ commit of cy             │ cccccccccccc │ dddddddddddd │
│ cc of cy                 │ gcc 12       │ gcc 13       │
│ optimisation of cy.total │ O3           │ O2           │
└──────────────────────────┴──────────────┴──────────────┘
The machine code of cy differs.

Verdicts
Verdicts against numpy: 3. The same in all runs that have them: 1. Changed: 1. With another name in
some run, but no change shown: 1.

  small, cy.total: faster in A, slower in B; its speed-up is 0.33x [0.33, 0.33] of that in A

small (20, 30) float64, C order: fits in the first cache
speed-up over numpy
┏━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┓
┃ contestant ┃                  A ┃                  B ┃             change ┃ verdict          ┃
┡━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━┩
│ cy.total   │ 2.00x [2.00, 2.00] │ 0.67x [0.67, 0.67] │ 0.33x [0.33, 0.33] │ faster -> slower │
│ rust.total │ 1.33x [1.33, 1.33] │ 2.00x [2.00, 2.00] │ 1.50x [1.50, 1.50] │ faster           │
│ c.total    │ 1.05x [1.05, 1.05] │ 1.00x [1.00, 1.00] │         none shown │ faster, tie      │
└────────────┴────────────────────┴────────────────────┴────────────────────┴──────────────────┘
Leading, of all that raced: cy.total in A; rust.total in B.

median time of a call
┏━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━┓
┃ contestant ┃       A ┃       B ┃
┡━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━┩
│ numpy      │ 2.00 us │ 2.00 us │
│ cy.total   │ 1.00 us │ 3.00 us │
│ rust.total │ 1.50 us │ 1.00 us │
│ c.total    │ 1.90 us │ 2.00 us │
└────────────┴─────────┴─────────┘

Only in some
  tall (1,000,000, 4) int64, F order: only in A

speed-up: time of numpy over the contestant's, in the same rounds, with its interval; above 1 is
faster. change: the speed-up of a run over that of the first run that has it, shown where the whole
interval of the two is over 1% and the noise away from 1. none: the interval is within 3% of 1. none
shown: the runs cannot tell. Times change from hour to hour: no verdict comes from them.
""")


def test_two_runs_of_one_machine() -> None:
    assert printed(*two_runs_of_one_machine()) == ONE_MACHINE


DIFFERENT_MACHINES = snapshot("""\
total: How fast is a sum?
A: a.json, 2025-01-01T03:04:05+00:00, Testium 9000 (2 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3
33.6 MB
B: b.json, 2025-01-02T03:04:05+00:00, Testium 9000 (2 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3
33.6 MB
C: c.json, 2025-01-03T03:04:05+00:00, Other 3 (4 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3 33.6
MB
The machines are different, so no times are compared: only ratios, which each were measured on one
machine.

What differs
┏━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃           ┃ A            ┃ B            ┃ C       ┃
┡━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ processor │ Testium 9000 │ Testium 9000 │ Other 3 │
│ cores     │ 2            │ 2            │ 4       │
└───────────┴──────────────┴──────────────┴─────────┘

Verdicts
Verdicts against numpy: 3. The same in all runs that have them: 1. Changed: 2. With another name in
some run, but no change shown: 0.

  small, cy.total: faster in A, slower in C; its speed-up is 0.33x [0.33, 0.33] of that in A
  small, c.total: faster in A, tie in C; its speed-up is 0.95x [0.95, 0.95] of that in A

small (20, 30) float64, C order: fits in the first cache
speed-up over numpy
┏━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━┓
┃ contestant ┃            A ┃            B ┃            C ┃                change ┃ verdict        ┃
┡━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━┩
│ cy.total   │        2.00x │        2.00x │        0.67x │ C: 0.33x [0.33, 0.33] │ faster 2,      │
│            │ [2.00, 2.00] │ [2.00, 2.00] │ [0.67, 0.67] │                       │ slower 1       │
│ rust.total │        1.33x │            - │        2.00x │ C: 1.50x [1.50, 1.50] │ faster 2 of 2  │
│            │ [1.33, 1.33] │              │ [2.00, 2.00] │                       │                │
│ c.total    │        1.05x │        1.05x │        1.00x │ C: 0.95x [0.95, 0.95] │ faster 2, tie  │
│            │ [1.05, 1.05] │ [1.05, 1.05] │ [1.00, 1.00] │                       │ 1              │
└────────────┴──────────────┴──────────────┴──────────────┴───────────────────────┴────────────────┘
Leading, of all that raced: cy.total in A and B; rust.total in C.

Only in some
  rust.total: measured in A and C; skipped in B

speed-up: time of numpy over the contestant's, in the same rounds, with its interval; above 1 is
faster. change: the speed-up of a run over that of the first run that has it, shown where the whole
interval of the two is over 1% and the noise away from 1. none: the interval is within 3% of 1. none
shown: the runs cannot tell.
""")


def test_of_different_machines_no_time_is_printed() -> None:
    first, last = run_with(FOUR), elsewhere(run_with(LATER, day=3), cores=4)
    skipped = run_with({NUMPY: 2, CY: 1, "c.total": 1.9}, day=2)
    skipped = changed(
        skipped,
        contestants=first.raw.contestants,
        rows=(*skipped.judged.rows, make_row(RUST, SKIPPED)),
    )
    text = printed(first, skipped, last)
    assert text == DIFFERENT_MACHINES
    assert " us" not in text


def test_a_result_that_holds_the_race_of_another_is_named() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    assert printed(view, view).splitlines()[2].endswith("race as A")


def test_where_nothing_changed_that_is_said_in_a_sentence() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    text = printed(view, run_with({NUMPY: 2, CY: 1}, day=2))
    assert part(text, "What differs", "small") == snapshot("""\
What differs
Nothing that is recorded differs.

Verdicts
Verdicts against numpy: 1. The same in all runs that have them: 1. Changed: 0. With another name in
some run, but no change shown: 0.\
""")


def test_where_the_intervals_overlap_no_change_is_claimed() -> None:
    text = printed(run_with({NUMPY: 2, CY: 1.9}), run_with({NUMPY: 2, CY: 2.2}, twin=1.3))
    assert part(text, "Verdicts", "Leading") == snapshot("""\
Verdicts
Verdicts against numpy: 1. The same in all runs that have them: 0. Changed: 0. With another name in
some run, but no change shown: 1.

small (20, 30) float64, C order: fits in the first cache
speed-up over numpy
┏━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ contestant ┃                  A ┃                  B ┃     change ┃ verdict            ┃
┡━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ cy.total   │ 1.05x [1.05, 1.05] │ 0.91x [0.91, 0.91] │ none shown │ faster, unresolved │
└────────────┴────────────────────┴────────────────────┴────────────┴────────────────────┘\
""")


def test_a_kernel_whose_text_changed_and_a_case_with_other_parameters_are_said() -> None:
    view = run_with({NUMPY: 2, CY: 1}, cases=("small", "tall"))
    cases = (SMALL.but(shape=(7, 7)), *view.raw.cases[1:])
    other = view_of(replace(view.raw, cases=cases, kernel_digest="e" * 24))
    text = printed(view, other)
    assert part(text, "What differs", "Verdicts") == snapshot("""\
What differs
┏━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┓
┃                  ┃ A            ┃ B            ┃
┡━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━┩
│ kernel.py (hash) │ dddddddddddd │ eeeeeeeeeeee │
└──────────────────┴──────────────┴──────────────┘\
""")
    assert part(text, "Only in some", "speed-up: time") == snapshot("""\
Only in some
  small (20, 30) float64, C order: fits in the first cache: only in A
  small (7, 7) float64, C order: fits in the first cache: only in B\
""")


def test_names_of_strangers_are_no_markup_in_a_page() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    machine = replace(view.raw.machine, cpu="<script>alert(1)</script>")
    bad = view_of(replace(view.raw, machine=machine, question="<img src=x onerror=alert(2)>"))
    found = find_diff({"<b>a": bad, "b": view})
    page = in_form(diff_document(found), "html")
    assert [tag for tag in ("<script>alert", "<img src=x", "<b>a") if tag in page] == []
    text = in_form(diff_document(found), "markdown")
    unescaped = re.sub(r"\\<|`<b>a`", "", text)
    assert [tag for tag in ("<script", "<img", "<b>") if tag in unescaped] == []


def test_a_result_in_python_prints_its_report_and_shows_it_in_a_notebook() -> None:
    view = run_with({NUMPY: 2, CY: 1})
    found = DiffResult(**asdict(find_diff({"a": view, "b": view})))
    assert str(found) == render_text(diff_document(found))
    assert "<table" in found._repr_html_()
    assert found.cells[0][1].contestant == CY


def test_runs_beyond_the_alphabet_have_letters_with_numbers() -> None:
    views = {f"{n}": run_with({NUMPY: 2, CY: 1}, epochs=2) for n in range(27)}
    text = render_text(diff_document(find_diff(views)), 400)
    assert "A1: 26" in text
