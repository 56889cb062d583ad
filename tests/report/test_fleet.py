"""What is printed of the results of many machines."""

from __future__ import annotations

from inline_snapshot import snapshot
from msgspec.structs import asdict, replace

from support.runs import CY, NUMPY, RUST, elsewhere, run_with
from whichext.cli.wording import SHELL
from whichext.judge.fleet import find_fleet
from whichext.model.ratio import Verdict
from whichext.model.runs import Skipped, Why
from whichext.model.view import View
from whichext.report.fleet import FleetResult, fleet_document
from whichext.report.text import render_text

FAST, SLOW, SAME = {NUMPY: 2, CY: 1}, {NUMPY: 2, CY: 3}, {NUMPY: 2, CY: 2.01}
CLAIMS = tuple(
    f"{CY} is faster than {NUMPY} on {where} machine{s}"
    for where, s in (("every", ""), ("most", "s"))
)


def on(
    label: str | None,
    times: dict[str, float],
    cpu: str = "Testium",
    isa: str = "avx2",
    boot: str = "b",
) -> View:
    return elsewhere(run_with(times), label=label, cpu=cpu, isa=isa, boot=boot)


def printed(*views: View, claims: tuple[str, ...] = (), unread: tuple[Skipped, ...] = ()) -> str:
    """The report of results called a, b, c and on, from the command line."""
    named = {f"{chr(ord('a') + n)}.json": view for n, view in enumerate(views)}
    return render_text(fleet_document(find_fleet(named, None, claims, unread)), 100, wording=SHELL)


UNLIKE = snapshot("""\
total: How fast is a sum?
6 machines, 6 results. Verdicts against numpy: 2. The same on every machine that has them: 1. Others
on some machine: 1.

up: Testium (2 cores, avx512, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB; a.json
via: Testium (2 cores, avx512, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB; b.json
wit: Testium (2 cores, avx512, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB; c.json
xen: Other (2 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB; d.json
yak: Other (2 cores, sse4.2, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB; e.json
zoo: Other (2 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB; f.json
Python: CPython 3.12.1. NumPy: 2.3.0. System: Linux.

Claims
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
┃ claim                               ┃ said of       ┃ verdict ┃ on each machine                  ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
│ cy.total is faster than numpy on    │ every machine │ refuted │ holds on 4: up, via, wit and zoo │
│ every machine                       │               │         │ refuted on 2: xen and yak        │
├─────────────────────────────────────┼───────────────┼─────────┼──────────────────────────────────┤
│ cy.total is faster than numpy on    │ most machines │ holds   │ holds on 4: up, via, wit and zoo │
│ most machines                       │               │         │ refuted on 2: xen and yak        │
└─────────────────────────────────────┴───────────────┴─────────┴──────────────────────────────────┘

small (20, 30) float64, C order: fits in the first cache
speed-up over numpy
┏━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ contestant ┃ verdict          ┃ not on                 ┃               mean ┃  a further machine ┃
┡━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ cy.total   │ faster on 4 of 6 │ yak: slower            │ 1.44x [0.88, 2.34] │ 1.44x [0.40, 5.21] │
│            │                  │ xen: tie               │                    │                    │
│ rust.total │ faster on 1 of 1 │ up, via, wit, xen and  │                  - │                  - │
│            │                  │ 1 more: not measured   │                    │                    │
└────────────┴──────────────────┴────────────────────────┴────────────────────┴────────────────────┘
  cy.total: what xen and yak alone have: nothing that is recorded.
  Ratios of a speed-up on one processor to that on another: 1 of 1 unresolved.

speed-up on each machine
┏━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━━━━━┓
┃contestant ┃          up ┃         via ┃         wit ┃         xen ┃         yak ┃         zoo ┃
┡━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━━━━━┩
│cy.total   │       2.00x │       2.00x │       2.00x │       1.00x │       0.67x │       1.67x │
│           │[2.00, 2.00] │[2.00, 2.00] │[2.00, 2.00] │[1.00, 1.00] │[0.67, 0.67] │[1.67, 1.67] │
│rust.total │           - │           - │           - │           - │           - │       2.00x │
│           │             │             │             │             │             │[2.00, 2.00] │
└───────────┴─────────────┴─────────────┴─────────────┴─────────────┴─────────────┴─────────────┘

speed-up: time of numpy over the contestant's, each measured on one machine. mean: over machines,
each with a true ratio of its own (random effect, interval of Hartung and Knapp). a further machine:
where the speed-up of one more machine of these kinds probably lies. Neither is given below three
machines. Machines of a fleet are no random choice: what is unlike all of them was not asked.
""")


def test_machines_that_differ() -> None:
    views = [on(name, FAST, isa="avx512") for name in ("up", "via", "wit")]
    views += [on("xen", SAME, "Other"), on("yak", SLOW, "Other", "sse4.2")]
    views += [on("zoo", {NUMPY: 2, CY: 1.2, RUST: 1}, "Other")]
    assert printed(*views, claims=CLAIMS) == UNLIKE


def test_machines_that_may_be_one() -> None:
    views = [on(None, FAST, boot="b1"), on(None, FAST, boot="b2")]
    unread = (Skipped(name="n.json", why=Why.UNREAD, detail="no result"),)
    assert printed(*views, views[0], unread=unread) == snapshot("""\
total: How fast is a sum?
2 machines, 2 results. Verdicts against numpy: 1. The same on every machine that has them: 1.

A: Testium (2 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB; a.json
B: Testium (2 cores, avx2, virtual), 8.00 GB, L2 1.05 MB, L3 33.6 MB; b.json
Python: CPython 3.12.1. NumPy: 2.3.0. System: Linux.

WARNING: A and B describe themselves alike: they may be one machine that was started again.
WHICHEXT_MACHINE=NAME before a run names one.

small (20, 30) float64, C order: fits in the first cache
speed-up over numpy
┏━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━┳━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ contestant ┃ verdict          ┃ not on ┃           speed-up ┃
┡━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━╇━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ cy.total   │ faster on 2 of 2 │        │ 2.00x [2.00, 2.00] │
│            │                  │        │ 2.00x [2.00, 2.00] │
└────────────┴──────────────────┴────────┴────────────────────┘

speed-up on each machine
┏━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ contestant ┃                  A ┃                  B ┃
┡━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ cy.total   │ 2.00x [2.00, 2.00] │ 2.00x [2.00, 2.00] │
└────────────┴────────────────────┴────────────────────┘

Left out
  n.json: no result
  c.json: the same race as in a.json

speed-up: time of numpy over the contestant's, each measured on one machine. mean: over machines,
each with a true ratio of its own (random effect, interval of Hartung and Knapp). a further machine:
where the speed-up of one more machine of these kinds probably lies. Neither is given below three
machines. Machines of a fleet are no random choice: what is unlike all of them was not asked.
""")


def test_effects_of_unlike_processors_are_said_where_resolved_and_else_counted() -> None:
    times = {NUMPY: 2, "rust.same": 1, "rust.loud": 1}
    views = [on(name, times | {CY: 1, "rust.loud": 1 + n / 2}) for n, name in enumerate("uvw")]
    views += [on(name, times | {CY: 3}, "Other") for name in "xyz"]
    shown = printed(*views)
    assert [line for line in shown.splitlines() if "speed-up on" in line] == snapshot(
        [
            "  rust.same: its speed-up on Other is 1.00x [1.00, 1.00] of that on Testium: tie.",
            "  cy.total: its speed-up on Other is 0.33x [0.33, 0.33] of that on Testium: slower.",
            "  Ratios of a speed-up on one processor to that on another: 1 of 3 unresolved.",
            "speed-up on each machine",
        ]
    )


def test_no_number_is_broken_and_no_table_is_cut_however_many_machines_and_contestants() -> None:
    names = [f"rust.the_maximum_of_columns_{n}[2]" for n in range(11)]
    times = {NUMPY: 2, **{name: 51.0 + n for n, name in enumerate(names)}}
    shown = printed(*(on(f"machine-{n}", times) for n in range(20)))
    assert max(map(len, shown.splitlines())) <= 100
    (each,) = shown.split("speed-up on each machine\n")[1:]
    assert each.count("0.0392x") == 20
    assert each.count("[0.0392, 0.0392]") == 20
    assert all(f" machine-{n} " in each for n in range(20))


def test_one_machine_says_nothing_of_others() -> None:
    assert "of one machine" in printed(on(None, FAST))


def test_a_fleet_prints_its_report() -> None:
    fleet = find_fleet({"a": on("up", FAST)})
    result = FleetResult(**asdict(fleet))
    assert str(result) == render_text(fleet_document(fleet))
    assert "<table" in result._repr_html_()


def test_results_of_several_versions_of_a_kernel_are_warned_of() -> None:
    other = on("vee", SLOW)
    other = View(replace(other.raw, kernel_digest="another"), other.judged)
    text = printed(on("up", FAST), other)
    assert text[text.index("WARNING") : text.index("\n\nsmall")] == snapshot("""\
WARNING: The results are of 2 versions of kernel.py, so one name may stand for different work or
inputs: a.json; b.json. Next: race one version on all machines.\
""")
    assert "versions of kernel.py" not in printed(on("up", FAST), on("vee", SLOW))


def test_every_machine_that_refutes_a_claim_is_named() -> None:
    labels = ("up", "via", "wit", "xen", "yak", "zoo")
    views = (on(label, FAST if label == "up" else SLOW) for label in labels)
    table = printed(*views, claims=CLAIMS[:1]).partition("┃ claim")[2].partition("└")[0]
    assert [label for label in labels if label not in table] == []


def test_a_draw_is_the_same_in_whatever_order_the_machines_are() -> None:
    verdicts = {
        find_fleet({one.raw.machine.label or "": one for one in views}).cases[0].cells[0].most
        for views in ((on("up", FAST), on("via", SLOW)), (on("via", SLOW), on("up", FAST)))
    }
    assert verdicts == {Verdict.FASTER}
