"""The machines of a fleet in words: what they are, what runs on them, and what is doubtful."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from whichext.model.fleet import Fleet
from whichext.model.inline import code, foreign
from whichext.model.raw import Machine
from whichext.report.document import Block, capital, listed, some
from whichext.report.notes import hardware_text, warned
from whichext.report.runs import label_of, machine_text

_MOST_NAMED = 4
_FEWEST_IN_RANGE = 3
_SOFTWARE: Mapping[str, Callable[[Machine], str | None]] = {
    "Python": lambda machine: machine.python,
    "NumPy": lambda machine: machine.numpy,
    "system": lambda machine: machine.system.partition(" ")[0],
}


def machine_name(fleet: Fleet, number: int) -> str:
    """What its owner calls a machine; else a letter that is no label of another."""
    label = fleet.machines[number].machine.label
    if label is not None:
        return foreign(label)
    labels = frozenset(one.machine.label for one in fleet.machines if one.machine.label)
    return _letters_beside(labels, len(fleet.machines))[number]


@lru_cache
def _letters_beside(labels: frozenset[str], count: int) -> tuple[str, ...]:
    """So many letters that are none of the labels."""
    free = (letter for letter in map(label_of, itertools.count()) if letter not in labels)
    return tuple(islice(free, count))


def machine_names(fleet: Fleet, numbers: Sequence[int], most: int = _MOST_NAMED) -> str:
    """Machines in a sentence, the first of them where there are many."""
    names = _in_ranges(fleet, numbers)
    return listed(names) if len(names) <= most else some(names, most)


def machine_lines(fleet: Fleet) -> Iterator[str]:
    """What each machine is, with its results, and below them what runs on all."""
    for number, one in enumerate(fleet.machines):
        names = some([code(fleet.runs[run].name) for run in one.runs], _MOST_NAMED)
        yield f"{machine_name(fleet, number)}: {machine_text(one.machine)}; {names}"
    yield " ".join(
        f"{capital(what)}: {_values_text(fleet, _by_value(fleet, value_of))}."
        for what, value_of in _SOFTWARE.items()
    )


def _by_value(fleet: Fleet, value_of: Callable[[Machine], str | None]) -> dict[str, list[int]]:
    """The machines that have each value in some result of theirs; most have the first."""
    found: dict[str, list[int]] = {}
    for number, one in enumerate(fleet.machines):
        values = (value_of(fleet.runs[run].machine) for run in one.runs)
        for value in dict.fromkeys(values):
            found.setdefault(foreign(value) if value else "not known", []).append(number)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def _values_text(fleet: Fleet, found: Mapping[str, Sequence[int]]) -> str:
    """One value alone, or several with their machines; those of the usual one are counted."""
    (usual, having), *others = found.items()
    if not others:
        return usual
    texts = [f"{usual} on {len(having)}"]
    texts += [f"{value} on {len(its)} ({machine_names(fleet, its)})" for value, its in others]
    return some(texts, _MOST_NAMED)


def machine_warnings(fleet: Fleet) -> tuple[Block, ...]:
    """What makes doubtful how many machines there are, or what they measured."""
    found = [*_ended_early(fleet)]
    found += [_alike_text(fleet, its) for its in _alike(fleet.alike)]
    if len(fleet.machines) == 1:
        found.append("All results are of one machine, which says nothing of others.")
    return warned(found)


def _alike_text(fleet: Fleet, numbers: Sequence[int]) -> str:
    """That machines may be one, and how to tell them apart."""
    names, named = machine_names(fleet, numbers), code("WHICHEXT_MACHINE=NAME")
    boots = {fleet.machines[number].machine.boot for number in numbers}
    if len(boots) == 1 and None not in boots:
        return (
            f"{names} are one machine, since their boot is the same. Only a label tells them apart."
        )
    return (
        f"{names} describe themselves alike: they may be one machine that was started again. "
        f"{named} before a run names one."
    )


def _ended_early(fleet: Fleet) -> Iterator[str]:
    """The runs that ended before they were done, by why they did."""
    reasons: dict[str, list[str]] = {}
    for number, one in enumerate(fleet.machines):
        for run in (fleet.runs[run] for run in one.runs):
            if run.stopped is not None:
                name = f"{machine_name(fleet, number)} ({code(run.name)})"
                reasons.setdefault(run.stopped, []).append(name)
    for reason, names in reasons.items():
        yield f"{some(names, _MOST_NAMED)}: the run ended before it was done: {foreign(reason)}."


def _alike(pairs: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """Groups of machines of which each is like all others, until every pair is in one."""
    known, left = set(pairs), list(pairs)
    while left:
        group = list(left[0])
        for number in sorted({other for one, other in pairs if one == group[0]}):
            if all((member, number) in known for member in group):
                group.append(number)
        yield group
        left = [pair for pair in left if not set(pair) <= set(group)]


def letters_text(fleet: Fleet) -> str:
    """What the machines are that have a letter alone: "A to C: Zen 4 (8 cores). D: ..."."""
    found: dict[str, list[int]] = {}
    for number, one in enumerate(fleet.machines):
        if one.machine.label is None:
            found.setdefault(foreign(hardware_text(one.machine)), []).append(number)
    return " ".join(f"{listed(_in_ranges(fleet, its))}: {what}." for what, its in found.items())


def _in_ranges(fleet: Fleet, numbers: Sequence[int]) -> list[str]:
    """Names of machines; letters that follow each other by the first and the last."""
    rows: list[list[int]] = []
    for number in numbers:
        follows = rows and rows[-1][-1] == number - 1
        if follows and not any(fleet.machines[n].machine.label for n in (number - 1, number)):
            rows[-1].append(number)
        else:
            rows.append([number])
    names: list[str] = []
    for row in rows:
        its = [machine_name(fleet, number) for number in row]
        names += its if len(row) < _FEWEST_IN_RANGE else [f"{its[0]} to {its[-1]}"]
    return names
