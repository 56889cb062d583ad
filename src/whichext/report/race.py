"""The report of a race: a table per case with what it says, why, and what did not race."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whichext.model.inline import Style, code, foreign, mark
from whichext.model.outcome import Built, Measured
from whichext.model.ratio import DIFFERENCE, TIE, least_difference
from whichext.model.raw import Build
from whichext.model.units import size_text, time_text
from whichext.model.view import View
from whichext.report.cases import case_blocks, first_call_blocks
from whichext.report.document import Block, Document, Lines, Paragraph, section
from whichext.report.explanations import confounded_texts, effect_blocks, ladder_blocks, trend_texts
from whichext.report.findings import finding_texts
from whichext.report.notes import hazards, head_blocks, limit_kind, noise, warning_blocks
from whichext.report.outcome_words import reason_text


def race_document(view: View) -> Document:
    """What a race says, from the question to how its tables are to be read."""
    said = (*trend_texts(view), *confounded_texts(view))
    last = (*hazards(view), noise(view), mark(Style.DIM, _legend(view)))
    return Document(
        (
            *head_blocks(view),
            *warning_blocks(view),
            *(block for case in view.cases.values() for block in case_blocks(view, case)),
            *([Paragraph("\n".join(said))] if said else []),
            *ladder_blocks(view),
            *effect_blocks(view),
            *first_call_blocks(view),
            *section("Builds", _builds(view)),
            *section("Audit of the builds", _findings(view)),
            *section("Not raced", _absent(view)),
            Paragraph("\n".join(last)),
        )
    )


def _builds(view: View) -> Iterator[Block]:
    built = [(b, b.result) for b in view.raw.builds if isinstance(b.result, Built)]
    if built:
        yield Lines(tuple(_build(build, result) for build, result in built), listed=True)


def _build(build: Build, result: Built) -> str:
    tools = ", ".join(f"{tool.name} {foreign(tool.version)}" for tool in result.tools)
    flags = " ".join(f'{f.name}="{f.value}"' for f in result.environment)
    return (
        f"{code(f'{build.project} @{build.profile}')}: wheel {size_text(result.wheel_bytes)}, "
        f"built in {time_text(result.build_ns)}; "
        f"flags: {code(flags) if flags else 'none added'}; {tools}"
    )


def _findings(view: View) -> Iterator[Block]:
    if view.raw.evidence:  # else it is a result from before audits, or nothing was built
        yield Lines(finding_texts(view.raw.findings), listed=True)


def _absent(view: View) -> Iterator[Block]:
    """Those that did not race and why; what holds in all cases, or for several, is said once."""
    cases: dict[tuple[str, str], list[str]] = {}
    for row in view.judged.rows:
        if not isinstance(row.outcome, Measured):
            key = (row.contestant, reason_text(row.outcome))
            cases.setdefault(key, []).append(row.case)
    names: dict[tuple[str, str], list[str]] = {}
    for (name, reason), found in cases.items():
        where = "" if len(found) == len(view.raw.cases) else f" ({', '.join(map(code, found))})"
        names.setdefault((where, reason), []).append(name)
    texts = tuple(
        f"{', '.join(map(code, alike))}{where}: {reason}"
        for (where, reason), alike in names.items()
    )
    if texts:
        yield Lines(texts, listed=True)


def _legend(view: View) -> str:
    return (
        "time: median of one call. time / ...: ratio of times in the same rounds, with its "
        f"{view.judged.confidence:.0%} interval over {_epochs(view)} epochs (sets of fresh "
        f"processes); below 1 is faster. An interval more than {_borders(view)} from 1 is a "
        f"difference, one within {TIE:.1%} that reaches to within {DIFFERENCE:.1%} a tie. "
        "of limit: share of what this machine can do with as many threads; "
        f"{limit_kind(view)}. rate: bytes that a call must at least move, per second. "
        "@debug: no optimisation. [n]: n threads."
    )


def _epochs(view: View) -> str:
    counts = {r.outcome.ratio.epochs for r in view.judged.rows if isinstance(r.outcome, Measured)}
    return _span([f"{n}" for n in sorted(counts)]) if counts else "0"


def _borders(view: View) -> str:
    """Beyond what an interval is a difference; each case has its own noise."""
    borders = sorted(least_difference(case.noise) for case in view.cases.values())
    if not borders:
        return f"{DIFFERENCE:.1%}"
    text = _span([f"{border:.1%}" for border in borders])
    return f"{text} (the noise of the case)" if borders[-1] > DIFFERENCE else text


def _span(ordered: Sequence[str]) -> str:
    """The first and the last of several; one alone where they are the same."""
    return " to ".join(dict.fromkeys((ordered[0], ordered[-1])))
