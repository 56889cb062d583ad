"""The report of results of many machines: which verdicts hold on how many, and where not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from whichext.model.claim import Standing
from whichext.model.errors import UsageError
from whichext.model.fleet import (
    RESOLVED,
    Fleet,
    FleetCase,
    FleetCell,
    FleetClaim,
    Holding,
    KindEffect,
)
from whichext.model.inline import Style, code, foreign, mark, strong, unmarked
from whichext.model.ratio import Ratio, Verdict, speed_up_text
from whichext.report.claims import STANDINGS
from whichext.report.document import (
    Block,
    Column,
    Details,
    Document,
    Heading,
    Lines,
    Paragraph,
    Rules,
    Table,
    columns,
    section,
    some,
)
from whichext.report.fleet_machines import (
    letters_text,
    machine_lines,
    machine_name,
    machine_names,
    machine_warnings,
)
from whichext.report.pictured import Pictured, PrintedWithPicture
from whichext.report.plots.forest import plot as forest_plot
from whichext.report.race import case_title, verdict_text
from whichext.report.runs import (
    altered_blocks,
    kernels_block,
    reason_text,
    subject_text,
    value_texts,
)

_MOST_SHARED = 3
_MOST_ON_ONE_LINE = 2  # machines whose intervals stand beside their speed-ups
_HOLDING: Mapping[Holding, str] = {
    Holding.EVERY: "The same on every machine that has them",
    Holding.DIFFERS: "Others on some machine",
    Holding.OPEN: "Unresolved on some machine, and contradicted on none",
}


class FleetResult(PrintedWithPicture, Fleet, frozen=True, kw_only=True):
    """A `Fleet` that prints its report."""

    def pictured(self) -> Pictured:
        """The report and the speed-ups of each machine as a picture."""
        names = [unmarked(machine_name(self, number)) for number in range(len(self.machines))]
        plot = forest_plot(self, names, letters_text(self))
        return Pictured(fleet_document(self), plot, _one_machine())


def _one_machine() -> UsageError:
    return UsageError(
        "a picture of machines",
        "give results of more machines",
        expected="a contestant that two machines have measured",
        got="none",
    )


def fleet_document(fleet: Fleet) -> Document:
    """The report of many machines, from what they are to the legend."""
    return Document(
        (
            Heading(f"{code(fleet.kernel)}: {foreign(fleet.question)}", level=1),
            Paragraph(" ".join(_answer(fleet))),
            Lines(tuple(machine_lines(fleet))),
            *altered_blocks(fleet.runs),
            *kernels_block(fleet.runs),
            *machine_warnings(fleet),
            *section("Claims", _claims(fleet)),
            *(block for case in fleet.cases for block in _case_blocks(fleet, case)),
            *section("Left out", _skipped(fleet)),
            Paragraph(mark(Style.DIM, _legend(fleet))),
        )
    )


def _answer(fleet: Fleet) -> Iterator[str]:
    """How many verdicts hold on how many machines."""
    machines, results = len(fleet.machines), len(fleet.runs)
    yield strong(f"{_counted(machines, 'machine')}, {_counted(results, 'result')}.")
    found = [cell.holding for _, cell in fleet.cells]
    yield f"Verdicts against {code(fleet.baseline)}: {len(found)}."
    for holding, words in _HOLDING.items():
        if count := found.count(holding):
            style = Style.BAD if holding is Holding.DIFFERS else None
            text = f"{words}: {count}."
            yield mark(style, text) if style else text


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _claims(fleet: Fleet) -> Iterator[Block]:
    if fleet.claims:
        rows = tuple(_claim_row(fleet, claim) for claim in fleet.claims)
        titles = columns("claim", "said of", "verdict", "on each machine", whole=["verdict"])
        yield Table(titles, rows, rules=Rules.CELLS)


def _claim_row(fleet: Fleet, claim: FleetClaim) -> tuple[str, ...]:
    texts = []
    for standing in Standing:
        its = [number for number, one in enumerate(claim.standings) if one is standing]
        if its:
            names = machine_names(fleet, its, most=len(its))  # which refute it is the question
            texts.append(f"{standing} on {len(its)}: {names}")
    absent = claim.standings.count(None)
    texts += [f"not asked on {absent}"] * bool(absent)
    verdict = strong(mark(STANDINGS[claim.standing], str(claim.standing)))
    return code(claim.text), str(claim.extent), verdict, "\n".join(texts)


def _case_blocks(fleet: Fleet, case: FleetCase) -> Iterator[Block]:
    yield Heading(case_title(case.case))
    yield _case_table(fleet, case)
    remarks = [text for cell in case.cells for text in _remarks(fleet, cell)]
    remarks += _unresolved_kinds(case)
    if remarks:
        yield Lines(tuple(remarks), listed=True)
    if len(fleet.machines) > 1:
        yield Details("speed-up on each machine", (_each_machine(fleet, case),))


def _case_table(fleet: Fleet, case: FleetCase) -> Table:
    several = any(cell.mean is not None for cell in case.cells)
    shape = [
        Column("contestant"),
        Column("verdict", whole=True),
        Column("not on"),
        *([Column("mean", True, True), Column("a further machine", True, True)] * several),
        *([Column("speed-up", True, True)] * (not several)),
    ]
    rows = tuple(_row(fleet, cell, several=several) for cell in case.cells)
    return Table(tuple(shape), rows, f"speed-up over {code(fleet.baseline)}")


def _row(fleet: Fleet, cell: FleetCell, *, several: bool) -> tuple[str, ...]:
    numbers = (
        [_speed_up(cell.mean), _speed_up(cell.further)]
        if several
        else ["\n".join(_speed_up(one) for one in cell.ratios)]
    )
    return code(cell.contestant), _verdict(cell), _not_on(fleet, cell), *numbers


def _speed_up(ratio: Ratio | None) -> str:
    return "-" if ratio is None else speed_up_text(ratio)


def _verdict(cell: FleetCell) -> str:
    """The verdict that most machines come to, and how many do: "faster on 5 of 6"."""
    return f"{verdict_text(cell.most)} on {len(cell.on)} of {len(cell.measured)}"


def _not_on(fleet: Fleet, cell: FleetCell) -> str:
    """The other machines by their verdicts."""
    texts = []
    for verdict in (Verdict.FASTER, Verdict.SLOWER, Verdict.TIE, Verdict.UNRESOLVED):
        its = [number for number, one in enumerate(cell.verdicts) if one is verdict]
        if its and verdict is not cell.most:
            texts.append(f"{machine_names(fleet, its)}: {verdict_text(verdict)}")
    absent = [number for number, one in enumerate(cell.ratios) if one is None]
    texts += [f"{machine_names(fleet, absent)}: not measured"] * bool(absent)
    return "\n".join(texts)


def _remarks(fleet: Fleet, cell: FleetCell) -> Iterator[str]:
    """What the exceptions have in common, and what different processors make of a ratio."""
    if cell.exceptions:
        where = machine_names(fleet, cell.exceptions)
        shared = [f"{subject_text(one)} {value_texts(one)[0]}" for one in cell.shared]
        alone = some(shared, _MOST_SHARED) if shared else "nothing that is recorded"
        yield f"{code(cell.contestant)}: what {where} alone {_has(cell.exceptions)}: {alone}."
    for effect in cell.kinds:
        if effect.ratio.verdict in RESOLVED:
            yield f"{code(cell.contestant)}: {_effect(fleet, effect)}."


def _unresolved_kinds(case: FleetCase) -> Iterator[str]:
    """How many speed-ups may or may not be others on different processors."""
    effects = [effect for cell in case.cells for effect in cell.kinds]
    unresolved = sum(effect.ratio.verdict not in RESOLVED for effect in effects)
    if unresolved:
        yield (
            "Ratios of a speed-up on one processor to that on another: "
            f"{unresolved} of {len(effects)} unresolved."
        )


def _has(numbers: Sequence[int]) -> str:
    return "has" if len(numbers) == 1 else "have"


def _effect(fleet: Fleet, effect: KindEffect) -> str:
    kind, base = (foreign(fleet.kinds[number].cpu) for number in (effect.kind, effect.base))
    verdict = verdict_text(effect.ratio.verdict)
    return f"its speed-up on {kind} is {speed_up_text(effect.ratio)} of that on {base}: {verdict}"


def _each_machine(fleet: Fleet, case: FleetCase) -> Table:
    """Contestants below each other, and machines beside each other, of which there may be many."""
    several = len(fleet.machines) > _MOST_ON_ONE_LINE
    rows = []
    for cell in case.cells:
        texts = (_speed_up(one) for one in cell.ratios)
        below = (text.replace(" [", "\n[", 1) if several else text for text in texts)
        rows.append((code(cell.contestant), *below))
    machines = (machine_name(fleet, number) for number in range(len(fleet.machines)))
    shape = (Column("contestant"), *(Column(name, right=True, whole=True) for name in machines))
    return Table(shape, tuple(rows), folds=True)


def _skipped(fleet: Fleet) -> Iterator[Block]:
    texts = [reason_text(one) for one in fleet.skipped]
    if texts:
        yield Lines(tuple(texts), listed=True)


def _legend(fleet: Fleet) -> str:
    return (
        f"speed-up: time of {code(fleet.baseline)} over the contestant's, each measured on one "
        "machine. mean: over machines, each with a true ratio of its own (random effect, interval "
        "of Hartung and Knapp). a further machine: where the speed-up of one more machine of these "
        "kinds probably lies. Neither is given below three machines. Machines of a fleet are no "
        "random choice: what is unlike all of them was not asked."
    )
