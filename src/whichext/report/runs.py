"""Several results in words: what they are called, and what differs between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from whichext.model.inline import code, foreign
from whichext.model.raw import Machine
from whichext.model.runs import Run, RunDifference, Skipped, Subject, Why
from whichext.model.units import size_text
from whichext.report.document import Block, Document, Lines, Table, codes, columns, listed, some
from whichext.report.html import render_fragment
from whichext.report.notes import altered_text, hardware_text, warned
from whichext.report.text import render_text

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HASH_DIGITS = 12
_MOST_NAMED = 3
_BYTES = (Subject.MEMORY, Subject.L2_CACHE, Subject.L3_CACHE)
_HASHES = (Subject.KERNEL, Subject.REVISION)
_SUBJECTS: Mapping[Subject, str] = {
    Subject.CPU: "processor",
    Subject.CORES: "cores",
    Subject.MEMORY: "memory",
    Subject.L2_CACHE: "L2 cache",
    Subject.L3_CACHE: "L3 cache",
    Subject.ISA: "vector instructions",
    Subject.VIRTUAL: "virtual machine",
    Subject.SYSTEM: "system",
    Subject.PYTHON: "Python",
    Subject.NUMPY: "NumPy",
    Subject.WHICHEXT: "whichext",
    Subject.KERNEL: "kernel.py (hash)",
    Subject.REVISION: "commit of {name}",
    Subject.TOOL: "{name}",
    Subject.FACTOR: "{name}",
    Subject.MACHINE_CODE: "machine code of {name}",
}


class Printed:
    """What prints its report: as text, and in a notebook."""

    __slots__ = ()

    def document(self) -> Document:
        """The report."""
        raise NotImplementedError

    def __str__(self) -> str:
        """The report as text."""
        return render_text(self.document())

    def _repr_html_(self) -> str:
        """The report for a notebook."""
        return render_fragment(self.document())


def altered_blocks(runs: Sequence[Run]) -> tuple[Block, ...]:
    """The runs whose files say other verdicts than their samples give."""
    found = ((one, one.altered) for one in runs if one.altered is not None)
    texts = (f"{code(one.name)}: {altered_text(what, one.whichext_version)}" for one, what in found)
    return warned(tuple(texts))


def kernels_block(runs: Sequence[Run]) -> tuple[Block, ...]:
    """That the runs are not all of one kernel.py, where names may stand for different work."""
    texts: dict[str, list[str]] = {}
    for run in runs:
        texts.setdefault(run.kernel_digest, []).append(code(run.name))
    if len(texts) < 2:
        return ()
    sides = "; ".join(some(its, _MOST_NAMED) for its in texts.values())
    return warned(
        (
            f"The results are of {len(texts)} versions of kernel.py, so one name may stand for "
            f"different work or inputs: {sides}. Next: race one version on all machines.",
        )
    )


def reason_text(skipped: Skipped) -> str:
    """Why a file was left out that is no result of its own."""
    if skipped.why is Why.COPY:
        return f"{code(skipped.name)}: the same race as in {code(skipped.detail)}"
    return f"{code(skipped.name)}: {skipped.detail}"


def label_of(run: int) -> str:
    """A letter for a run; with a number from the 27th on."""
    rounds, place = divmod(run, len(_LETTERS))
    return f"{_LETTERS[place]}{rounds or ''}"


def labels_of(runs: Sequence[int]) -> str:
    """Runs in a sentence: "A, B and C"."""
    return listed([label_of(run) for run in runs])


def machine_text(machine: Machine) -> str:
    """What a machine is, with all in which it must agree with others to be the same one."""
    caches = (("L2", machine.l2_cache_bytes), ("L3", machine.l3_cache_bytes))
    texts = (f", {name} {size_text(size)}" for name, size in caches if size is not None)
    return foreign(f"{hardware_text(machine)}{''.join(texts)}")


def difference_blocks(
    differences: Sequence[RunDifference], same_code: Sequence[str], runs: int
) -> Iterator[Block]:
    """What is not the same in all runs, as a table; machine code in a sentence.

    Args:
        differences: What is not the same.
        same_code: Builds whose machine code is.
        runs: How many there are.

    """
    told = [one for one in differences if one.subject is not Subject.MACHINE_CODE]
    if told:
        rows = tuple((subject_text(one), *value_texts(one)) for one in told)
        yield Table(columns("", *map(label_of, range(runs))), rows)
    other = [one.name for one in differences if one.subject is Subject.MACHINE_CODE]
    texts = [f"The machine code of {codes(other)} differs."] * bool(other)
    texts += [f"The machine code of {codes(same_code)} is the same."] * bool(same_code)
    texts += ["Nothing that is recorded differs."] * (not differences)
    if texts:
        yield Lines((" ".join(texts),))


def difference_text(difference: RunDifference) -> str:
    """What differs between two runs, in a clause: "NumPy: 2.3.0 -> 2.4.6"."""
    if difference.subject is Subject.MACHINE_CODE:
        return subject_text(difference)
    return f"{subject_text(difference)}: {' -> '.join(value_texts(difference))}"


def subject_text(difference: RunDifference) -> str:
    """What it is that differs, and of what."""
    name = code(difference.name) if difference.name else ""
    of = some([code(one) for one in difference.of], _MOST_NAMED)
    return _SUBJECTS[difference.subject].format(name=name) + (f" of {of}" if of else "")


def value_texts(difference: RunDifference) -> tuple[str, ...]:
    """What it is in each run."""
    return tuple(_value(difference.subject, value) for value in difference.values)


def _value(subject: Subject, value: str | int | bool | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if subject in _BYTES and isinstance(value, int):
        return size_text(value)
    if subject not in _HASHES:
        return foreign(str(value))
    digits, *changed = str(value).split("-")
    return f"{foreign(digits)[:_HASH_DIGITS]}{', changed' if changed else ''}"
