"""The recommendation: what to do, why, how sure that is, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whichext.model.circumstances import (
    AnotherMachine,
    BetterInCase,
    Change,
    FewerCases,
    KnownBetter,
    Mended,
    MostlyCase,
    NotTriedYet,
    ToolchainThere,
    WithOneThread,
)
from whichext.model.decision import (
    GREATEST_MIN_SPEEDUP,
    Answer,
    Candidate,
    Choice,
    Cost,
    Decision,
    Doubt,
    DoubtKind,
)
from whichext.model.inline import Style, argument, code, mark, strong
from whichext.model.outcome import NotTried
from whichext.model.ratio import Comparison, Side, speed_up_text, times_text
from whichext.model.units import ratio_text
from whichext.report.document import Block, Lines, Paragraph, capital, codes, listed
from whichext.report.memo.tables import share_text
from whichext.report.memory import extra_text
from whichext.report.outcome_words import Lack, find_lack

_DEFINITION = (
    "High: the answer holds in every case with the whole interval, by more than the noise, and "
    "nothing disturbs the comparison. Medium: it does in the geometric mean of the cases. Low: a "
    "case speaks against it, something that could change it is not known, or its build does not "
    "run on every processor."
)
_DOUBTS = {
    DoubtKind.NOT_KNOWN: "whether {names} is worth it is not known",
    DoubtKind.AGAINST: "{names} speaks against it",
    DoubtKind.NOT_TOLD_APART: "these cannot be told apart well enough",
    DoubtKind.MISSING: "{names} {was} not measured",
    DoubtKind.NOT_ALONE: "{names} did not race with one thread",
    DoubtKind.DISTURBED: "the race of {names} was disturbed",
    DoubtKind.NOT_ASKED: "{names} did not race",
    DoubtKind.TAIL: "{names} {has} a longer tail latency than the reference",
    DoubtKind.STOPPED: "the run ended before it was done",
    DoubtKind.REMEMBERED: "{names} found answers again that were computed before",
    DoubtKind.BEYOND_LIMIT: "{names} cannot have done all of the work, or bytes_moved is wrong",
    DoubtKind.UNLIKE_BUILDS: 'some are built differently, see "Safety"',
    DoubtKind.IN_THE_MEAN: "it does not hold in every single case",
}
_KINDS = {
    Side.ABOVE: "worth it",
    Side.OPEN: "perhaps not worth it",
    Side.BELOW: "not worth it",
}


def answer_blocks(found: Decision) -> Iterator[Block]:
    """The answer with any number of threads, then the one with a single thread."""
    overall, serial = found.overall, found.serial
    yield Paragraph(f"{strong(sentence_text(found, overall))} {_advice(found, overall)}".rstrip())
    yield Paragraph(_reason(found, overall))
    yield Paragraph(f"Confidence: {confidence_text(found, overall)}")
    if serial is not None:
        yield Paragraph(
            f"Where a call may use one thread only: {strong(sentence_text(found, serial))} "
            f"{_reason(found, serial)} Confidence: {confidence_text(found, serial)}"
        )
    yield Paragraph(mark(Style.DIM, _DEFINITION))


def change_blocks(found: Decision) -> Iterator[Block]:
    """One point for each thing that would change the answer."""
    points = [_change_text(found, change) for change in found.changes]
    yield Lines((*points, _thresholds_text(found)), listed=True)


def min_speedup_text(min_speedup: float) -> str:
    """The threshold as the argument that sets it."""
    return f"{min_speedup:g}"


def sentence_text(found: Decision, choice: Choice) -> str:
    """What to do."""
    match choice.answer:
        case Answer.USE:
            return f"Use {codes(choice.equals)}."
        case Answer.NO_DIFFERENCE:
            names = codes(choice.equals, "or")
            return f"Use {names}: no difference worth a toolchain was found between them."
        case Answer.USE_REFERENCE:
            return f"Use {code(found.reference)}."
        case Answer.UNRESOLVED:
            what = "this race" if found.cases else "this result"
            return f"Unresolved: whether anything is worth it cannot be told from {what}."


def _advice(found: Decision, choice: Choice) -> str:
    """Which of several to take, for users without any of their toolchains."""
    if choice.answer is not Answer.NO_DIFFERENCE:
        return ""
    costs = (f"{code(name)} {needs_text(found.candidate(name).cost)}" for name in choice.equals)
    best, *others = (found.candidate(name) for name in choice.equals)
    leaner = not best.takes_more and any(one.takes_more for one in others)
    why = "takes less memory" if leaner else "costs least"
    return (
        "Take the one that your project builds already; if it builds none, "
        f"{code(best.contestant)} {why} ({'; '.join(costs)})."
    )


def needs_text(cost: Cost) -> str:
    """The toolchains and packages that a contestant needs, in a few words."""
    brought = [f"the package {code(tool.name)}" for tool in cost.requires]
    parts = [*(code(name) for name in cost.toolchains), *brought]
    return f"needs {listed(parts)}" if parts else "needs no compiler"


def _reason(found: Decision, choice: Choice) -> str:
    """The ratios behind the answer, with intervals."""
    match choice.answer:
        case Answer.USE | Answer.NO_DIFFERENCE:
            return " ".join(_why_use(found, choice))
        case Answer.USE_REFERENCE:
            return _why_reference(found, choice)
        case Answer.UNRESOLVED:
            return _why_unresolved(found, choice)


def _why_use(found: Decision, choice: Choice) -> Iterator[str]:
    first, *others = (found.candidate(name) for name in choice.equals)
    times = [f"{code(one.contestant)} {speed_up_text(one.mean)}" for one in others]
    also = f" ({', '.join(times)})" if times else ""
    yield f"{capital(_where(found))} {_gain(found, first)}{also}."
    if len(found.cases) > 1:
        least, most = (speed_up_text(first.by_case[case]) for case in (first.least, first.most))
        yield f"Least in {code(first.least)}: {least}; most in {code(first.most)}: {most}."
    for pair in choice.between:
        yield f"Measured against each other, {_comparison(pair)}."
    if choice.ahead_of is not None:
        times_as_fast = speed_up_text(choice.ahead_of.ratio)
        other = code(choice.ahead_of.other)
        yield f"It is {times_as_fast} as fast as {other}, the best with another toolchain."
    elif len(choice.toolchains) == 1:
        yield "Nothing with another toolchain could be compared."
    for name in choice.spared:
        yield f"As fast, and not recommended for its memory: {_memory_text(found, name)}."
    for one in (first, *others):
        for case in one.losses:
            yield (
                f"But in {code(case)}, {code(one.contestant)} is slower than "
                f"{code(found.reference)}: {speed_up_text(one.by_case[case])}."
            )
        for case, ratio in one.longer_tails.items():
            yield (
                f"But in {code(case)}, some calls of {code(one.contestant)} take longer: its tail "
                f"latency is {times_text(ratio)} that of {code(found.reference)}."
            )


def _why_reference(found: Decision, choice: Choice) -> str:
    if choice.best is None:
        return "Nothing else that was asked for gives the right answer in all cases."
    best = found.candidate(choice.best)
    text = (
        f"{capital(_where(found))} nothing is {min_speedup_text(found.min_speedup)} times as fast. "
        f"The best, {code(best.contestant)}, is {speed_up_text(best.mean)} as fast as "
        f"{code(found.reference)}."
    )
    against = f" But something is in {codes(choice.against)}; see below."
    return text + (against if choice.against else "")


def _why_unresolved(found: Decision, choice: Choice) -> str:
    if not found.cases:
        return f"{code(found.reference)} itself was not measured in any case that decides."
    alone = (
        f"{codes(choice.unseen)} can use any number of threads and did not race with one: race "
        f"again with {mark(Style.CODE, argument('threads', (1,)))} beside the other counts."
    )
    if choice.contestant is None:
        nothing = 'There was nothing to compare: see "Safety" for the reasons.'
        return alone if choice.unseen else nothing
    one = found.candidate(choice.contestant)
    text = (
        f"{capital(_where(found))} the best that raced, {code(one.contestant)}, is "
        f"{speed_up_text(one.mean)} as fast as {code(found.reference)}."
    )
    if one.side is not Side.BELOW:
        return f"{text} {_what_it_takes(one, found.min_speedup)}"
    if choice.unseen:
        return f"{text} But {alone}"
    verbs = ("decides", "was") if len(found.missing) == 1 else ("decide", "were")
    return f"{text} But {codes(found.missing)} {verbs[0]} as well and {verbs[1]} not measured."


def _where(found: Decision) -> str:
    """The cases of a mean."""
    if len(found.cases) == 1:
        return f"in {code(found.cases[0])}, the only case that decides,"
    return f"in the geometric mean of {len(found.cases)} cases"


def _what_it_takes(one: Candidate, min_speedup: float) -> str:
    """What would resolve an unresolved candidate; a sentence."""
    if one.mean.low is None:
        longer = mark(Style.CODE, argument("max_time_s"))
        return f"One epoch gives no interval: race longer, with {longer}."
    if one.growth_to_tell is None:
        return (
            f"That is as close to {min_speedup_text(min_speedup)} as two copies of the same code "
            "are to each other here: more epochs will not resolve it."
        )
    return (
        f"About {max(2, round(one.growth_to_tell)):,} times as many epochs as there were would "
        f"probably resolve it (a case had {one.mean.epochs} at least)."
    )


def confidence_text(found: Decision, choice: Choice) -> str:
    """The confidence of an answer and the reasons against a higher one."""
    doubts = "; ".join(_doubt_text(found, doubt) for doubt in choice.doubts)
    return f"{strong(choice.confidence)}{f': {doubts}' if doubts else ''}."


def _doubt_text(found: Decision, doubt: Doubt) -> str:
    if doubt.kind is DoubtKind.BUILT_FOR:
        built = ((code(name), listed(found.candidate(name).built_for)) for name in doubt.names)
        texts = (
            f"{name} is built for {isa}, so that its wheel may crash on other processors"
            for name, isa in built
        )
        return "; ".join(texts)
    if doubt.kind is DoubtKind.MEMORY:
        return "; ".join(_memory_text(found, name) for name in doubt.names)
    was, has = ("was", "has") if len(doubt.names) == 1 else ("were", "have")
    return _DOUBTS[doubt.kind].format(names=codes(doubt.names), was=was, has=has)


def _memory_text(found: Decision, name: str) -> str:
    """What a candidate takes that takes more memory than the reference."""
    extra = found.candidate(name).memory
    assert extra is not None  # else it is not known to take more
    return f"{code(name)} {extra_text(extra, found.reference)}"


def _change_text(found: Decision, change: Change) -> str:
    match change:
        case WithOneThread():
            return _with_one_thread(found, change)
        case MostlyCase(case=case, side=side, gains=gains):
            times = (f"{code(one.contestant)} is {speed_up_text(one.ratio)}" for one in gains)
            reference = code(found.reference)
            return f"{_mostly(case)}: {_KINDS[side]}, {', '.join(times)} as fast as {reference}."
        case BetterInCase(case=case, gain=gain):
            return f"{_mostly(case)}: {_comparison(gain)}."
        case ToolchainThere():
            return _toolchain_there(change)
        case KnownBetter(contestant=name):
            one = found.candidate(name)
            now = f"now it is {speed_up_text(one.mean)} as fast as {code(found.reference)}"
            known = strong(f"{code(name)} known better")
            return f"{known}: {now}. {_what_it_takes(one, found.min_speedup)}"
        case NotTriedYet():
            return _not_tried(found, change)
        case FewerCases(contestants=names):
            might = f'then {codes(names)} might do, see "Safety"'
            return f"{strong('Not all cases needed')}: {might}."
        case Mended(contestants=names):
            return f"{strong(f'{codes(names)} fixed')}: how fast that would be is not known yet."
        case AnotherMachine():
            return _another_machine(change)


def _with_one_thread(found: Decision, change: WithOneThread) -> str:
    serial = found.serial
    assert serial is not None  # threads make a difference where this is a change
    names = serial.equals or [found.reference] * (serial.answer is Answer.USE_REFERENCE)
    text = ", ".join((_what_to_do(names), *map(_comparison, change.gains)))
    return f"{strong('No threads allowed')}: {text} (confidence: {serial.confidence})."


def _toolchain_there(change: ToolchainThere) -> str:
    gain = _comparison(change.gain)
    if change.losses:
        gain += f" (slower in {codes(change.losses)})"
    if change.recommended is not None:
        times = speed_up_text(change.recommended.ratio)
        gain += f", and {code(change.recommended.contestant)} {times} as fast as that"
    return f"{strong(f'{capital(change.toolchain)} is there already')}: {gain}."


def _not_tried(found: Decision, change: NotTriedYet) -> str:
    absent: dict[Lack, list[str]] = {}
    for one in found.barred:
        if one.contestant in change.contestants and isinstance(one.outcome, NotTried):
            absent.setdefault(find_lack(one.outcome), []).append(one.contestant)
    lacking = (f"{codes(names)} ({lack.why}: {lack.remedy})" for lack, names in absent.items())
    return f"{strong('What did not race')} might be faster: {'; '.join(lacking)}."


def _another_machine(change: AnotherMachine) -> str:
    near: dict[str, list[str]] = {}
    for one in change.shares:
        share = f"{code(one.case)} {share_text(one.of_limit)}"
        near.setdefault(one.contestant, []).append(share)
    shares = "; ".join(f"{code(name)}: {', '.join(cases)}" for name, cases in near.items())
    return (
        f"{strong('Not another language')}: this is at the limit of the machine ({shares}). "
        "Only another machine makes it faster."
    )


def _thresholds_text(found: Decision) -> str:
    """The answers for other thresholds."""
    first, *rest = found.thresholds
    courses = [_what_to_do(first.contestants)]
    courses += [
        f"from about {ratio_text(one.min_speedup)} on, {_what_to_do(one.contestants)}"
        for one in rest
    ]
    if not rest:
        courses[0] += f", from 1 to {min_speedup_text(GREATEST_MIN_SPEEDUP)}"
    other = strong(f"Another {mark(Style.CODE, argument('min_speedup'))}")
    return f"{other} (here {min_speedup_text(found.min_speedup)}): {'; '.join(courses)}."


def _what_to_do(names: Sequence[str]) -> str:
    """An answer in a few words."""
    return f"use {codes(names, 'or')}" if names else "unresolved"


def _gain(found: Decision, one: Candidate) -> str:
    return f"{code(one.contestant)} is {speed_up_text(one.mean)} as fast as {code(found.reference)}"


def _comparison(pair: Comparison) -> str:
    return f"{code(pair.contestant)} is {speed_up_text(pair.ratio)} as fast as {code(pair.other)}"


def _mostly(case: str) -> str:
    return strong(f"Mostly {code(case)}")
