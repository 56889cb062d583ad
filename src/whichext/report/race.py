"""The report of a race: a table per case, conclusions, explanations, and skipped contestants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from whichext.model.case import Case
from whichext.model.contestant import DEBUG, Contestant, Role
from whichext.model.inline import Style, code, foreign, mark
from whichext.model.outcome import Measured, NotTried
from whichext.model.ratio import DIFFERENCE, TIE, Verdict
from whichext.model.units import (
    interval_text,
    operations_text,
    percent_text,
    rate_text,
    ratio_text,
    time_text,
)
from whichext.model.view import CaseView, View
from whichext.report.builds import build_blocks
from whichext.report.calls import call_texts, first_texts, first_words, harness_texts
from whichext.report.document import (
    Block,
    Document,
    Heading,
    Lines,
    Paragraph,
    Table,
    columns,
    section,
)
from whichext.report.explanations import confounded_texts, effect_blocks, ladder_blocks, trend_texts
from whichext.report.field import called_how, tail_blocks
from whichext.report.findings import finding_texts
from whichext.report.leaders import between_text, leaders_text, order_text
from whichext.report.memory import MEMORY_LEGEND, memory_sentence, peak_text, shows_memory
from whichext.report.notes import (
    hazards,
    head_blocks,
    kept_unseen,
    left_out_text,
    limit_kind,
    noise,
    warning_blocks,
)
from whichext.report.outcome_words import outcome_word, reason_text

_MOST_HEADER = 14  # a longer name would take its width from the contestants' own
_STYLES = {
    Verdict.FASTER: Style.GOOD,
    Verdict.SLOWER: Style.BAD,
    Verdict.UNRESOLVED: Style.DOUBTFUL,
}


def race_document(view: View) -> Document:
    """The report of a race, from the question to the legend."""
    return Document((*head_blocks(view), *warning_blocks(view), *number_blocks(view)))


def number_blocks(view: View) -> tuple[Block, ...]:
    """All that a race found, in tables and sentences: from the first case to the legend."""
    said = (*trend_texts(view), *confounded_texts(view))
    seen = (*call_texts(view), *_verified_on(view), *hazards(view), *kept_unseen(view))
    last = (*seen, noise(view), mark(Style.DIM, _legend(view)))
    return (
        *(block for case in view.cases.values() for block in case_blocks(view, case)),
        *([Paragraph("\n".join(said))] if said else []),
        *ladder_blocks(view),
        *effect_blocks(view),
        *first_call_blocks(view),
        *section("Builds", build_blocks(view)),
        *section("Audit of the builds", _findings(view)),
        *section("Not raced", _absent(view)),
        Paragraph("\n".join(last)),
    )


def _verified_on(view: View) -> Iterator[str]:
    """What answers were compared on, where nothing but the given inputs was tried."""
    if view.raw.undrawn:
        yield "Answers were compared on the inputs that were given; no others were drawn."
    if view.raw.left_out:
        yield left_out_text(view)


def case_blocks(view: View, case: CaseView) -> tuple[Block, ...]:
    """A case with its table and the sentences below it."""
    return (
        Heading(case_title(case.case)),
        _case_table(view, case),
        *tail_blocks(view, case),
        Lines(tuple(sentences(view, case))),
    )


def first_call_blocks(view: View) -> tuple[Block, ...]:
    """What the first call in a fresh process takes, apart from the calls that were raced."""
    case = next((one for one in view.judged.cases if one.first_calls), None)
    if case is None:
        return ()
    rows = tuple(
        (code(one.contestant), time_text(one.import_ns), time_text(one.first_call_ns))
        for one in case.first_calls
    )
    what, told = first_words(view)
    titles = ("contestant", "import", told)
    return (
        Heading(f"{what} in a fresh process, case {code(case.case)}"),
        Table(columns(*titles, right=titles[1:]), rows),
        *(Lines((text,)) for text in first_texts(view, case)),
    )


def case_title(case: Case) -> str:
    """A case with its parameters and what it shows."""
    summary = f": {foreign(case.summary)}" if case.summary else ""
    about = " ".join(filter(None, (code(case.name), foreign(case.text))))
    return f"{about}{called_how(case)}{summary}"


def _case_table(view: View, case: CaseView) -> Table:
    baseline = case_baseline(view, case)
    against = f"time / {code(baseline) if len(baseline) <= _MOST_HEADER else 'baseline'}"
    others = _other_columns(case)
    titles = ["contestant", "time", against, "verdict", *others]
    rows = []
    for name, outcome in case.measured.items():
        contestant = view.contestants[name]
        cells = (*_cells(contestant, outcome), *(of(contestant, outcome) for of in others.values()))
        rows.append(
            cells if contestant.is_compared else tuple(mark(Style.DIM, cell) for cell in cells)
        )
    nothing = ["-"] * len(others)
    rows += [(label, "-", "-", word, *nothing) for label, word in _without_time(view, case)]
    right = [title for title in titles[1:] if title != "verdict"]
    return Table(columns(*titles, right=right, whole=titles[1:]), tuple(rows))


def _other_columns(case: CaseView) -> dict[str, Callable[[Contestant, Measured], str]]:
    """What else a case's table has: a share and rates of what the kernel states, and memory."""
    found: dict[str, Callable[[Contestant, Measured], str]] = {}
    if case.size.bytes_moved is not None:
        found["of limit"] = _share
        found["rate"] = lambda _, outcome: rate_text(outcome.bytes_per_s)
    if case.size.operations is not None:
        found["operations"] = lambda _, outcome: operations_text(outcome.operations_per_s)
    if shows_memory(case):
        found["memory"] = lambda contestant, _: peak_text(case.memory.get(contestant.name))
    return found


def _cells(contestant: Contestant, outcome: Measured) -> tuple[str, ...]:
    """The cells that every table has."""
    ratio = outcome.ratio
    verdict = verdict_text(ratio.verdict)
    interval = f" {interval_text(ratio.low, ratio.high):>14}"
    return (
        code(contestant.name),
        time_text(outcome.median_ns),
        f"{ratio_text(ratio.value)}{'' if ratio.verdict is Verdict.BASELINE else interval}",
        verdict if contestant.answers else contestant.role,
    )


def verdict_text(verdict: Verdict) -> str:
    """A verdict as it is marked everywhere."""
    return mark(_STYLES[verdict], verdict) if verdict in _STYLES else str(verdict)


def _share(contestant: Contestant, outcome: Measured) -> str:
    of_limit = outcome.of_limit
    if contestant.role is Role.LIMIT:
        return "100%"
    if of_limit is None or of_limit.spread is None:
        return "-"
    return percent_text(of_limit.value, of_limit.spread)


def _without_time(view: View, case: CaseView) -> Iterator[tuple[str, str]]:
    """Those without a time in a case, and a word for why; those skipped, project by project.

    Without a toolchain or any of the libraries, a reader would otherwise see the same dozen names
    in every table. All of them are listed below, with what is missing. A function of no project has
    a row of its own.
    """
    skipped: dict[str, list[str]] = {}
    for name, outcome in case.outcomes.items():
        if isinstance(outcome, NotTried):
            skipped.setdefault(view.contestants[name].project or name, []).append(name)
        elif not isinstance(outcome, Measured):
            yield code(name), outcome_word(outcome)
    for project, names in skipped.items():
        several = f"{len(names)} contestants of {code(project)}"
        yield code(names[0]) if len(names) == 1 else several, "skipped"


def case_baseline(view: View, case: CaseView) -> str:
    """Name of the contestant that a case's ratios refer to."""
    return case.judged.baseline or view.raw.baseline


def sentences(view: View, case: CaseView) -> list[str]:
    """The conclusions from the rows of a case, as sentences."""
    leaders = case.judged.leaders
    if leaders is None:
        return ["Nothing could be measured in this case."]
    texts = (
        leaders_text(case, leaders, case_baseline(view, case)),
        between_text(case.judged.between),
        order_text(case),
        _unresolved(view, case),
        _few_epochs(case),
        _efficiency(case),
        memory_sentence(case),
        *harness_texts(case, view),
    )
    return [text for text in texts if text]


def _unresolved(view: View, case: CaseView) -> str:
    """What would resolve the unresolved contestants."""
    found = [
        f"{code(name)} ({_remedy(outcome)})"
        for name, outcome in case.measured.items()
        if outcome.ratio.verdict is Verdict.UNRESOLVED and view.contestants[name].is_compared
    ]
    against = code(case_baseline(view, case))
    if not found or view.raw.measured_by is not None:  # a warning says that nothing resolves it
        return ""
    hidden = case.case.name in view.raw.hidden
    ended = " The time that was left could not have changed that, so this case ended early."
    return f"Unresolved against {against}: {', '.join(found)}.{ended if hidden else ''}"


def _few_epochs(case: CaseView) -> str:
    """Those whose ratio rests on fewer epochs than it should, with their number."""
    few = [
        f"{code(name)} ({outcome.ratio.epochs})"
        for name, outcome in case.measured.items()
        if outcome.ratio.epochs < case.least_epochs
    ]
    return f"Over fewer than {case.least_epochs} epochs: {', '.join(few)}." if few else ""


def _remedy(outcome: Measured) -> str:
    ratio = outcome.ratio
    if ratio.is_loud and ratio.noise is not None:
        return (
            "the race was too short or the machine too noisy: two copies of the same code are up "
            f"to {ratio.noise:.0%} apart"
        )
    if outcome.epochs_needed is None:
        return "closer than this case's noise, so more epochs would not resolve it"
    if not outcome.ratio.tells_epochs:
        return "more epochs may resolve it; so few do not tell how many"
    return f"about {outcome.epochs_needed} epochs would probably resolve it"


def _efficiency(case: CaseView) -> str:
    """Parallel efficiency, relative to the best with one thread."""
    found = case.judged.efficiency
    if not found:
        return ""
    serial = code(found[0].serial)
    shares = ", ".join(f"{code(one.contestant)} {one.ratio}" for one in found)
    return f"Parallel efficiency against the best serial contestant, {serial}: {shares}."


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
    cases = view.cases.values()
    parts = [
        "of limit: share of what this machine can do with as many threads; "
        f"{limit_kind(view)}. rate: bytes that a call must at least move, per second."
    ] * any(case.size.bytes_moved is not None for case in cases)
    if any(case.size.operations is not None for case in cases):
        parts.append("operations: those that a call must at least do, per second.")
    contestants = view.raw.contestants
    parts += ["@debug: no optimisation."] * any(one.profile == DEBUG for one in contestants)
    parts += ["[n]: n threads."] * any(one.parallel for one in contestants)
    parts.append("*: over few epochs.")
    parts += [MEMORY_LEGEND] * any(map(shows_memory, cases))
    if view.raw.measured_by is not None:
        return (
            "time: median of one call. time / ...: median ratio of rounds at which both benchmarks "
            "had come equally far; below 1 is faster."
        )
    return (
        "time: median of one call. time / ...: ratio of times in the same rounds, with its "
        f"{view.judged.confidence:.0%} interval over {_span(view.epochs)} epochs (sets of fresh "
        f"processes); below 1 is faster. An interval more than {_borders(view)} from 1 is a "
        f"difference, one within {TIE:.1%} that reaches to within {DIFFERENCE:.1%} a tie. "
        f"{' '.join(parts)}"
    )


def _borders(view: View) -> str:
    """The distance from 1 that counts as a difference; each case has its own noise."""
    text = _span(f"{border:.1%}" for border in view.borders)
    return f"{text} (the noise of the case)" if view.borders[-1] > DIFFERENCE else text


def _span(ends: Iterable[object]) -> str:
    """The least and the greatest; one alone where they are the same."""
    return " to ".join(dict.fromkeys(map(str, ends)))
