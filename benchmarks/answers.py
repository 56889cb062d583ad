"""Which way of writing find_max answers what: right, refused with a clean error, or wrong.

    pip install 'whichext[peers]'
    python benchmarks/answers.py         # `whichext verify find_max`, about a minute
    python benchmarks/answers.py page    # only the page anew, from the kept result

The result goes to `docs/results/find_max_answers.json`, and from it `docs/answers.md` is written.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from whichext import Scorecard
from whichext.model.check import Check, Property
from whichext.model.outcome import Crashed, NotTried, Right, TimedOut, Unsupported, Wrong
from whichext.pipeline import verify
from whichext.report.as_json import parse

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
PLAIN = "plain"

Cells = tuple[str, ...]


def main() -> None:
    """Verify, keep the result, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["page"], help="all of it unless named")
    if parser.parse_args().what is None:
        scorecard = verify("find_max", command="whichext verify find_max")
        # Not indented, like the benchmarks' results: thousands of checks nobody reads as text.
        RESULT.write_bytes(msgspec.json.encode(scorecard))
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    """The page, from the kept result alone."""
    card = parse(RESULT.read_bytes(), str(RESULT))
    machine = card.machine
    groups = alike(card)
    return "\n".join(
        (
            "# find_max: who answers what",
            "",
            "Written by `python benchmarks/answers.py` from `docs/results/find_max_answers.json`, "
            f"the result of `{card.command}` on {card.started_at[:10]} ({machine.python}, NumPy "
            f"{machine.numpy}, {machine.cores} cores). {card.agreement} *Right*: the reference's "
            "answer, or a clean error where the reference has none to give. *Refused*: a clean "
            "error where there is an answer. Contestants that did the same on everything share a "
            "column.",
            "",
            *(f"- **{label}**: {', '.join(names)}" for label, names in groups.items()),
            *absent(card),
            "",
            "## Dtypes",
            "",
            "Plain arrays, in C order and aligned. What an entry declares it must answer.",
            "",
            *table("dtype", groups, dtype_rows(card, groups)),
            "",
            "## Layouts, values, edges",
            "",
            "Of the dtypes that a contestant answers as plain arrays; every dtype has the same "
            "inputs, as far as they make sense for it.",
            "",
            *table("input", groups, input_rows(card, groups)),
            "",
            "## All else",
            "",
            "Refusals: what the kernel lists as refused. Drawn: inputs of any dtype, shape and "
            "layout. A fault in a forked child bars nobody from a race.",
            "",
            *table("what", groups, other_rows(card, groups)),
            "",
        )
    )


def alike(card: Scorecard) -> dict[str, list[str]]:
    """Contestants by what they did on everything, under a letter each."""
    found: dict[object, list[str]] = {}
    for contestant in card.contestants:
        checks = checks_of(card, contestant.name)
        if not any(isinstance(check.result, NotTried) for check in checks):
            key = tuple(cells_of(card, [contestant.name]))
            found.setdefault(key, []).append(contestant.name)
    return {chr(ord("A") + n): names for n, names in enumerate(found.values())}


def cells_of(card: Scorecard, names: list[str]) -> Iterator[Cells]:
    """All cells of a column."""
    for rows in (dtype_rows, input_rows, other_rows):
        for _, cells in rows(card, {"A": names}):
            yield cells


def absent(card: Scorecard) -> Iterator[str]:
    """Who was not there to be asked."""
    skipped = [check for check in card.checks if isinstance(check.result, NotTried)]
    if skipped:
        yield f"- Not tried, since a package was absent: {', '.join(c.contestant for c in skipped)}"


def table(
    first: str, groups: dict[str, list[str]], rows: Iterable[tuple[str, Cells]]
) -> Iterator[str]:
    """A table in Markdown with a column for each group."""
    yield f"| {first} | {' | '.join(groups)} |"
    yield f"|---|{'---|' * len(groups)}"
    for name, cells in rows:
        yield f"| {name} | {' | '.join(cells)} |"


def dtype_rows(card: Scorecard, groups: dict[str, list[str]]) -> Iterator[tuple[str, Cells]]:
    """What became of plain arrays, dtype by dtype."""
    for dtype in dtypes(card):
        asked = [split(c.input) for c in checks_of(card, card.baseline)]
        names = {f"{dtype} {kind}" for d, kind in asked if d == dtype and kind == PLAIN}
        yield dtype, tuple(word(of_group(card, group, names)) for group in groups.values())


def input_rows(card: Scorecard, groups: dict[str, list[str]]) -> Iterator[tuple[str, Cells]]:
    """What became of each kind of input, over the dtypes that the group answers."""
    checks = [c for c in checks_of(card, card.baseline) if c.property in ONE_CALL]
    for kind in dict.fromkeys(split(check.input)[1] for check in checks):
        cells = []
        for group in groups.values():
            answered = answers(card, group)
            cells.append(by_dtype(of_group(card, group, {f"{d} {kind}" for d in answered})))
        yield kind, tuple(cells)


def other_rows(card: Scorecard, groups: dict[str, list[str]]) -> Iterator[tuple[str, Cells]]:
    """What became of everything that is not one call on one named input of a dtype."""
    others = (
        p for p in Property if p not in (*ONE_CALL, Property.PLAIN, Property.IMPORT, Property.CASES)
    )
    for property_ in others:
        cells = []
        for group in groups.values():
            checks = [c for c in checks_of(card, group[0]) if c.property is property_]
            cells.append(word(checks))
        yield property_.value, tuple(cells)


def checks_of(card: Scorecard, name: str) -> list[Check]:
    """The checks of one contestant."""
    return [check for check in card.checks if check.contestant == name]


def of_group(card: Scorecard, group: Sequence[str], names: set[str]) -> list[Check]:
    """Checks of a group, whose first contestant stands for all, on inputs of these names."""
    return [check for check in checks_of(card, group[0]) if check.input in names]


def dtypes(card: Scorecard) -> list[str]:
    """All dtypes that were tried, in order."""
    checks = (c for c in checks_of(card, card.baseline) if c.property is Property.PLAIN)
    return list(dict.fromkeys(split(check.input)[0] for check in checks))


def answers(card: Scorecard, group: Sequence[str]) -> list[str]:
    """Dtypes whose plain arrays a group answers."""
    return [
        dtype
        for dtype in dtypes(card)
        for check in of_group(card, group, {f"{dtype} {PLAIN}"})
        if isinstance(check.result, Right)
    ]


def split(name: str) -> tuple[str, str]:
    """The dtype of an input's name, and the rest."""
    dtype, _, kind = name.partition(" ")
    return dtype, kind


def word(checks: Sequence[Check]) -> str:
    """What became of some checks: one word where it is the same of all."""
    found = dict.fromkeys(WORDS[type(check.result)] for check in checks)
    return ", some ".join(found) if found else "-"


def by_dtype(checks: Sequence[Check]) -> str:
    """The same, with the dtypes where it is not the same of all."""
    found: dict[str, list[str]] = {}
    for check in checks:
        found.setdefault(WORDS[type(check.result)], []).append(split(check.input)[0])
    if len(found) < 2:
        return next(iter(found), "-")
    most = max(found, key=lambda text: len(found[text]))
    rest = (f"{text}: {', '.join(names)}" for text, names in found.items() if text != most)
    return f"{most}; {'; '.join(rest)}"


if __name__ == "__main__":
    main()
