"""Which entry of find_max is right on which input, refuses it with a clean error, or is wrong.

    pip install '.[peers]'
    python benchmarks/answers.py         # `whichext verify find_max`, about a minute
    python benchmarks/answers.py page    # only write the page again, from the kept result

The result goes to `docs/results/find_max_answers.json`, and from it `docs/answers.md` is written.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from textwrap import fill
from typing import NamedTuple

from whichext import verify
from whichext.load.kernel import load_kernel
from whichext.model.check import Check, Property
from whichext.model.outcome import Crashed, NotTried, Right, TimedOut, Unsupported, Wrong
from whichext.model.view import View
from whichext.report import result_file
from whichext.verify.inputs.nasty import nasty_inputs

ROOT = Path(__file__).parents[1]
RESULT = ROOT / "docs" / "results" / "find_max_answers.json"
PAGE = ROOT / "docs" / "answers.md"

WORDS = {
    Right: "right",
    Unsupported: "refused",
    Wrong: "**wrong**",
    Crashed: "**crashed**",
    TimedOut: "**hung**",
}
ONE_CALL = (Property.LAYOUTS, Property.VALUES, Property.EDGES)
OTHERS = (
    Property.REFUSALS,
    Property.DRAWN,
    Property.STATE,
    Property.THREADS,
    Property.MEMORY,
    Property.FORK,
)
PLAIN = "plain"

Cells = tuple[str, ...]
Inputs = Mapping[str, Property]
"""Names of inputs that consist of a dtype and a kind, in the order in which they are asked."""


class Answers(NamedTuple):
    """What a contestant did, in words."""

    on_inputs: Mapping[str, str]
    """By the input's name, in the order of asking."""
    otherwise: Mapping[Property, str]
    """By what is not one call on one input of a dtype."""

    def on_plain(self, dtype: str) -> str:
        """What it did on a dtype's plain array."""
        return self.on_inputs.get(f"{dtype} {PLAIN}", "-")

    def on_kind(self, kind: str) -> str:
        """What it did on a kind of input, over the dtypes whose plain arrays it answers.

        One word where it is the same for all dtypes, and else with those where it is another.
        """
        found: dict[str, list[str]] = {}
        for name, answer in self.on_inputs.items():
            dtype, of_kind = split(name)
            if of_kind == kind and self.on_plain(dtype) == WORDS[Right]:
                found.setdefault(answer, []).append(dtype)
        if len(found) < 2:
            return next(iter(found), "-")
        most = max(found, key=lambda answer: len(found[answer]))
        rest = (f"{answer}: {', '.join(d)}" for answer, d in found.items() if answer != most)
        return f"{most}; {'; '.join(rest)}"


def main() -> None:
    """Verify, keep the result, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["page"], help="all of it unless named")
    if parser.parse_args().what is None:
        verify("find_max", save=RESULT)
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    """The page, from the kept result and the names of the kernel's inputs."""
    view = result_file.read(RESULT)
    inputs = inputs_of(view)
    groups = alike(view, inputs)
    columns = tuple(answers_of(view, names[0], inputs) for names in groups.values())
    return "\n".join(
        (
            "# find_max: which entry answers which input",
            "",
            origin(view),
            "",
            "- *Right*: the reference's answer, or a clean error where the reference has none.",
            "- *Refused*: a clean error where the reference has an answer.",
            "",
            "Contestants with the same results on all inputs share a column:",
            "",
            *(filled(f"- **{label}**: {', '.join(names)}") for label, names in groups.items()),
            *map(filled, absent(view)),
            "",
            "## Dtypes",
            "",
            "Aligned arrays in C order. An entry must answer the dtypes that it declares.",
            "",
            *table("dtype", groups, dtype_rows(inputs, columns)),
            "",
            "## Layouts, values, edges",
            "",
            filled(
                "Of the dtypes that a contestant answers as plain arrays. Every dtype has the same "
                "inputs, as far as they make sense for it."
            ),
            "",
            *table("input", groups, input_rows(inputs, columns)),
            "",
            "## Other tests",
            "",
            filled(
                "Refusals: inputs that the kernel lists as refused. Drawn: inputs of any dtype, "
                "shape and layout. A fault in a forked child excludes no contestant from a race."
            ),
            "",
            *table("what", groups, other_rows(columns)),
            "",
        )
    )


def origin(view: View) -> str:
    """What the page is made from, and how answers compare."""
    raw, machine = view.raw, view.raw.machine
    return filled(
        "Written by `python benchmarks/answers.py` from "
        "`docs/results/find_max_answers.json`, the result of "
        f"`{raw.command}` on {raw.started_at[:10]} ({machine.python}, NumPy "
        f"{machine.numpy}, {machine.cores} cores). {raw.agreement}"
    )


def filled(text: str) -> str:
    """A paragraph or an item of a list, on lines that fit a screen."""
    indent = "  " if text.startswith("- ") else ""
    return fill(text, 100, subsequent_indent=indent, break_on_hyphens=False)


def inputs_of(view: View) -> Inputs:
    """The kernel's inputs, since a result has only the number of those that were answered right.

    The reference was asked all of them, and is right by definition.
    """
    looked_at = (*ONE_CALL, Property.PLAIN)
    nasty = nasty_inputs(load_kernel(view.raw.kernel))
    inputs = {name: one.property for name, one in nasty.items() if one.property in looked_at}
    of_reference = (check for check in view.raw.checks if check.contestant == view.raw.baseline)
    asked = {check.property: check.count for check in of_reference if check.property in looked_at}
    if asked != Counter(inputs.values()):
        raise SystemExit(f"{RESULT.name} is of other inputs than the kernel has now: verify anew")
    return inputs


def answers_of(view: View, contestant: str, inputs: Inputs) -> Answers:
    """What a contestant did: its right answers have their inputs' names again."""
    checks = [check for check in view.raw.checks if check.contestant == contestant]
    kept = {check.input: word([check]) for check in checks if check.input in inputs}
    right: set[str] = set()
    for check in checks:
        if isinstance(check.result, Right):
            # Inputs are asked in order until a process is lost, and all that was not right is kept.
            left = (n for n, of in inputs.items() if of is check.property and n not in kept)
            right.update(islice(left, check.count))
    found = {name: kept.get(name, WORDS[Right]) for name in inputs if name in kept or name in right}
    others = {p: word([check for check in checks if check.property is p]) for p in OTHERS}
    return Answers(found, others)


def alike(view: View, inputs: Inputs) -> dict[str, list[str]]:
    """Contestants by what they did on everything, under a letter each."""
    skipped = {check.contestant for check in view.raw.checks if isinstance(check.result, NotTried)}
    found: dict[object, list[str]] = {}
    for name in view.contestants:
        if name not in skipped:
            did = (answers_of(view, name, inputs),)
            cells = (*dtype_rows(inputs, did), *input_rows(inputs, did), *other_rows(did))
            found.setdefault(cells, []).append(name)
    return {chr(ord("A") + n): names for n, names in enumerate(found.values())}


def absent(view: View) -> Iterator[str]:
    """Contestants that were not tried."""
    skipped = [check for check in view.raw.checks if isinstance(check.result, NotTried)]
    if skipped:
        yield f"- Not tried, since a package was absent: {', '.join(c.contestant for c in skipped)}"


def table(
    first: str, groups: Mapping[str, list[str]], rows: Iterable[tuple[str, Cells]]
) -> Iterator[str]:
    """A table in Markdown with a column for each group."""
    yield f"| {first} | {' | '.join(groups)} |"
    yield f"|---|{'---|' * len(groups)}"
    for name, cells in rows:
        yield f"| {name} | {' | '.join(cells)} |"


def dtype_rows(inputs: Inputs, columns: Sequence[Answers]) -> Iterator[tuple[str, Cells]]:
    """What became of plain arrays, dtype by dtype."""
    for dtype in dict.fromkeys(split(name)[0] for name in inputs):
        yield dtype, tuple(answers.on_plain(dtype) for answers in columns)


def input_rows(inputs: Inputs, columns: Sequence[Answers]) -> Iterator[tuple[str, Cells]]:
    """What became of each kind of input, over the dtypes that the group answers."""
    kinds = (split(name)[1] for name, looks_at in inputs.items() if looks_at in ONE_CALL)
    for kind in dict.fromkeys(kinds):
        yield kind, tuple(answers.on_kind(kind) for answers in columns)


def other_rows(columns: Sequence[Answers]) -> Iterator[tuple[str, Cells]]:
    """What became of everything that is not one call on one named input of a dtype."""
    for looks_at in OTHERS:
        yield looks_at.value, tuple(answers.otherwise[looks_at] for answers in columns)


def split(name: str) -> tuple[str, str]:
    """The dtype of an input's name, and the rest."""
    dtype, _, kind = name.partition(" ")
    return dtype, kind


def word(checks: Sequence[Check]) -> str:
    """What became of some checks: one word where it is the same of all."""
    found = dict.fromkeys(WORDS[type(check.result)] for check in checks)
    return ", some ".join(found) if found else "-"


if __name__ == "__main__":
    main()
