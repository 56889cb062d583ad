"""Reports of claims: each with its interval, its result and the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from whichext.model.claim import (
    Amount,
    ClaimCase,
    ClaimResult,
    Missing,
    Quantity,
    Released,
    Standing,
    Statement,
    count_standings,
)
from whichext.model.contestant import Difference
from whichext.model.inline import Style, argument, call, code, foreign, mark, strong
from whichext.model.outcome import FEWEST_TAIL_CALLS
from whichext.model.ratio import Ratio, Verdict, times_text
from whichext.model.units import ratio_text
from whichext.model.view import View
from whichext.report.document import (
    Block,
    Column,
    Document,
    Lines,
    Paragraph,
    Rules,
    Table,
    codes,
    listed,
)
from whichext.report.notes import head_blocks, limit_kind, noise, warning_blocks
from whichext.report.outcome_words import outcome_line

STANDINGS = {
    Standing.HOLDS: Style.GOOD,
    Standing.REFUTED: Style.BAD,
    Standing.UNRESOLVED: Style.DOUBTFUL,
}
_UNMEASURED = {
    Quantity.SPEED: "the two share no round of the race",
    Quantity.TIME: "the two share no round of the race",
    Quantity.TAIL: "tails are known where several threads call (callers of a case), from "
    f"{FEWEST_TAIL_CALLS} calls on in the rounds that the two share",
    Quantity.SHARE: "no limit was measured beside it",
    Quantity.THREADS: "its calls were too short to count threads in",
    Quantity.MEMORY: "what its calls take was not measured",
    Quantity.MEMORY_RATIO: "what their calls take was not measured",
}
_UNITS = {
    Quantity.SPEED: " as fast",
    Quantity.TIME: " of the time",
    Quantity.TAIL: " the tail",
    Quantity.SHARE: " of the limit",
    Quantity.MEMORY: " the input",
    Quantity.MEMORY_RATIO: " the memory",
}
_VERBS = {
    Quantity.SPEED: "is",
    Quantity.TIME: "takes",
    Quantity.TAIL: "has",
    Quantity.SHARE: "reaches",
}
_UNSEEN = "1 MB"  # `SEEN_BYTES`
_MEMORY = (
    "memory: the inputs and all that a call takes beyond them and its answer, read once; nearer "
    "than 5 % to a number, a claim is unresolved"
)
_WORDS = {Verdict.TIE: "no difference worth acting on", Verdict.UNRESOLVED: ""}
_TAIL_WORDS = {Verdict.FASTER: "a shorter tail", Verdict.SLOWER: "a longer tail"}


def check_document(view: View) -> Document:
    """Claims one by one: what was measured, the result and the reason."""
    answers = [_answer(claim) for claim in view.judged.claims]
    if answers:
        answers[-1] = (*answers[-1], *_limit(view))
    return _page(view, *(Lines(answer) for answer in answers))


def claims_document(view: View) -> Document:
    """A list of claims: a table, the reasons, and the counts."""
    claims = view.judged.claims
    rows = tuple(
        (
            str(number),
            code(claim.text),
            on_one_line(claim.published),
            "\n".join(measured_lines(claim, brief=True)),
            standing_text(claim, "\n"),
        )
        for number, claim in enumerate(claims, start=1)
    )
    shape = (
        Column("", right=True),
        Column("claim"),
        Column("published", widest=16),
        Column("measured", whole=True),
        Column("verdict", whole=True),
    )
    below = [
        f"{number}. {' '.join(remarks(claim))}".rstrip()
        for number, claim in enumerate(claims, start=1)
    ]
    lines = Lines((*below, strong(_counts(claims)), *_limit(view)))
    return _page(view, Table(shape, rows, rules=Rules.CELLS), lines)


def _page(view: View, *answer: Block) -> Document:
    """An answer between where it was measured and how its intervals are to be read."""
    last = Paragraph(f"{noise(view)}\n{mark(Style.DIM, _legend(view))}")
    claims = view.judged.claims
    released = (claim.released.names for claim in claims if claim.released is not None)
    named = frozenset(chain(*(claim.names for claim in claims), *released))
    return Document((*head_blocks(view), *warning_blocks(view, named), *answer, last))


def _answer(claim: ClaimResult) -> tuple[str, ...]:
    measured = (f"  {line}" for line in measured_lines(claim))
    return "\n".join((f"{standing_text(claim)}: {foreign(claim.text)}", *measured)), *why(claim)


def remarks(claim: ClaimResult) -> Iterator[str]:
    """The source of a claim, the reason of its result, and the author's note."""
    if claim.source is not None:
        yield f"({on_one_line(claim.source)})"
    yield from why(claim)
    if claim.note is not None:
        yield on_one_line(claim.note)


def on_one_line(text: str | None) -> str:
    """An author's words; nothing where there are none."""
    return " ".join(foreign(text or "").split())


def _counts(claims: tuple[ClaimResult, ...]) -> str:
    counts = (f"{standing}: {number}" for standing, number in count_standings(claims).items())
    return f"Of {len(claims)} claims, {', '.join(counts)}."


def standing_text(claim: ClaimResult, gap: str = " ") -> str:
    """The result of a claim; "but confounded" or "but not attributable" is part of it."""
    words = str(claim.standing)
    if claim.standing is Standing.HOLDS and claim.spoiled:
        words += f",{gap}but not attributable"
    elif claim.standing is Standing.HOLDS and claim.is_confounded:
        words += f",{gap}but confounded"
    style = STANDINGS[claim.standing]
    return "\n".join(strong(mark(style, line)) for line in words.split("\n"))


def _limit(view: View) -> tuple[str, ...]:
    """The reader behind a limit, since NumPy may be slower than the machine; and what memory is."""
    quantities = {claim.statement.quantity for claim in view.judged.claims}
    return (
        *((limit_kind(view),) if Quantity.SHARE in quantities else ()),
        *((_MEMORY,) if quantities & {Quantity.MEMORY, Quantity.MEMORY_RATIO} else ()),
    )


def _legend(view: View) -> str:
    return (
        f"[..]: {view.judged.confidence:.0%} interval over fresh processes. A claim holds where "
        "the whole interval agrees with it, in every case; it is refuted where the whole interval "
        "contradicts it, in any case, both by more than the noise; otherwise it is unresolved."
    )


def answer_line(claim: ClaimResult, more: str) -> str:
    """The answer on one line, with what was measured or with the reasons."""
    return f"{standing_text(claim)}: {foreign(claim.text)}; {more}"


def measured_lines(claim: ClaimResult, *, brief: bool = False) -> list[str]:
    """The claim's quantity with its interval, case by case; briefly, where the claim is beside."""
    quantity = claim.statement.quantity
    text = brief_text if brief else measured_text
    return [
        f"{code(case.case)}: {'-' if case.measured is None else text(quantity, case.measured)}"
        for case in claim.cases
    ]


def why(claim: ClaimResult, *, differences: bool = True) -> list[str]:
    """The reasons for the result of a claim, in sentences.

    Args:
        claim: The claim.
        differences: Whether to say in what A and B differ.

    """
    confounding = _confounding(claim) if differences else ()
    return [*_cases(claim), *_elsewhere(claim), *_spoiling(claim), *confounding, *_released(claim)]


def measured_text(quantity: Quantity, measured: Amount) -> str:
    """A quantity with its interval and its unit, for example "1.26x [1.08, 1.47] as fast"."""
    unit = " for" if _says_nothing(quantity, measured) else ""
    return f"{brief_text(quantity, measured)}{unit}{_UNITS.get(quantity, '')}"


def brief_text(quantity: Quantity, measured: Amount) -> str:
    """A quantity with its interval, for example "1.26x [1.08, 1.47]"."""
    if isinstance(measured, tuple):
        return " to ".join(f"{ratio_text(end)}x" for end in measured)
    if isinstance(measured, float):
        return f"{ratio_text(measured)}x"
    if isinstance(measured, int):  # threads are counted, so without an interval
        return "1 thread" if measured == 1 else f"{measured} threads"
    if _says_nothing(quantity, measured):
        return "too few epochs"
    is_times = quantity in (Quantity.SPEED, Quantity.TAIL)
    return times_text(measured) if is_times else str(measured)


def _says_nothing(quantity: Quantity, measured: Amount) -> bool:
    """Whether it is a tail of which too few epochs are known."""
    return quantity is Quantity.TAIL and isinstance(measured, Ratio) and measured.is_vague


def _cases(claim: ClaimResult) -> Iterator[str]:
    statement = claim.statement
    for case in claim.cases:
        match case.standing:
            case Standing.REFUTED:
                yield f"On {code(case.case)}: {_refuted(statement, case)}."
            case Standing.UNRESOLVED:
                larger = "" if claim.names_cases else f": {code('on CASE')}"
                yield f"On {code(case.case)}: {_unresolved(statement, case, larger)}."
            case Standing.HOLDS:
                pass


def _elsewhere(claim: ClaimResult) -> Iterator[str]:
    """Why one machine does not decide a claim about several."""
    if claim.standing is not claim.here:
        here = "it holds" if claim.here is Standing.HOLDS else f"it is {claim.here}"
        others = f"takes results of others: {call('fleet', 'FILE.json')}"
        yield f"On this machine {here}; what is so on {claim.extent} {others}."


def _refuted(statement: Statement, case: ClaimCase) -> str:
    """The measured quantity, and whether the direction was right."""
    assert case.measured is not None  # nothing is refuted unseen
    measured = measured_text(statement.quantity, case.measured)
    words = _WORDS | (_TAIL_WORDS if statement.quantity is Quantity.TAIL else {})
    word = words.get(case.verdict, case.verdict) if case.verdict else ""
    if isinstance(statement.states, Verdict):
        return f"{word}, {measured}"
    against = f"{measured} and not {foreign(statement.words)}"
    if not word:
        return against
    return f"{word}, {'but ' if case.verdict is statement.direction else ''}{against}"


def _unresolved(statement: Statement, case: ClaimCase, larger: str) -> str:
    if case.missing:
        return "; ".join(_absence(missing, case.case) for missing in case.missing)
    if case.measured is None:
        return _UNMEASURED[statement.quantity]
    measured = measured_text(statement.quantity, case.measured)
    words = foreign(statement.words)
    if isinstance(case.measured, tuple):
        return (
            f"{measured}, since less than {_UNSEEN} is too small to see; {words} was claimed. "
            f"A case with larger inputs may tell{larger}"
        )
    if isinstance(case.measured, float):
        if statement.quantity is Quantity.MEMORY_RATIO and case.measured == 1:
            return f"the difference is too small to see; {words} was claimed"
        return f"{measured} is too near to tell, since memory is read once; {words} was claimed"
    more = _more_text(case)
    beyond = (
        f" by more than the noise of this case, {case.noise:.1%}" if case.noise is not None else ""
    )
    if _says_nothing(statement.quantity, case.measured):
        measured += ", which"
    return f"{measured} neither shows nor excludes {words}{beyond}; {more}"


def _more_text(case: ClaimCase) -> str:
    """How many epochs would probably resolve a claim."""
    if case.epochs_needed is None:
        return "more epochs would not resolve it"
    how = f"({argument('max_time_s')}, {argument('precision')})"
    ratio = case.measured if isinstance(case.measured, Ratio) else None
    if ratio is not None and (ratio.is_loud or not ratio.tells_epochs):
        return f"more epochs may resolve it {how}; so few or noisy ones do not tell how many"
    return f"about {case.epochs_needed} epochs would probably resolve it {how}"


def _absence(missing: Missing, case: str) -> str:
    what = f"the case {code(case)}" if missing.contestant is None else code(missing.contestant)
    if missing.outcome is None:
        return f"{what} is not in this result"
    return f"{what} {' '.join(outcome_line(missing.outcome).split())}"


def _spoiling(claim: ClaimResult) -> Iterator[str]:
    if claim.spoiled and claim.is_measured:
        who = codes(claim.spoiled)
        yield f"Not attributable: what was found of {who} may be all of the difference."


def _confounding(claim: ClaimResult) -> Iterator[str]:
    found = claim.differences
    if found is None or not claim.is_measured:
        return
    if not found:
        yield "The two differ in no factor that is known."
    elif len(found) == 1:
        yield f"The two differ in {factors_text(found)} alone."
    else:
        yield (
            f"Confounded: the two differ in {factors_text(found)}, so this ratio says nothing "
            "about any one of them."
        )


def _released(claim: ClaimResult) -> Iterator[str]:
    released = claim.released
    if released is None or not released.measured:
        return
    quantity = claim.statement.quantity
    one, *others = map(code, released.names)
    than = "".join(f" {'as' if quantity is Quantity.SPEED else 'of'} {other}" for other in others)
    places = ", ".join(
        f"{measured_text(quantity, amount)}{than} on {code(case)}"
        for case, amount in released.measured
    )
    yield f"With {_settings(released)}: {one} {_VERBS.get(quantity, 'uses')} {places}."


def _settings(released: Released) -> str:
    """The settings that were made equal, with their names."""
    both = " for both" if len(released.names) == 2 else ""
    if not released.is_told:
        return f"the release's settings{both}"
    return " and ".join(f"{c.factor} {foreign(c.after)}" for c in released.changes) + both


def factors_text(found: Sequence[Difference]) -> str:
    """Factors in a sentence, each with the value before and after."""
    return listed([f"{c.factor} ({foreign(f'{c.before} -> {c.after}')})" for c in found])
