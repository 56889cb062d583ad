"""Texts of an outcome: a word for the table, and the reason in parts.

The only place that words outcomes for readers. A terminal has room for all of a reason; a memo
says it briefly, on one line, with names and foreign texts as code.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from whichext.model.inline import Style, argument, call, code, foreign, mark
from whichext.model.outcome import (
    EARLIER,
    INCOMPARABLE,
    OF_ANOTHER_THREAD,
    SAID_AFTER,
    UNSTEADY,
    BuildFailed,
    Built,
    Crashed,
    Measured,
    NotApplicable,
    NotReached,
    NotRequested,
    NotTried,
    Outcome,
    PackageAbsent,
    Right,
    TimedOut,
    ToolchainAbsent,
    Unsupported,
    Wrong,
)
from whichext.model.units import time_text
from whichext.report.environment_words import shown, without_variables

_CALL = r"(, epoch \d+)?(, called from \d+ threads at once)?(, in a forked child.*)?$"
"""Which call on an input it was, after the input's name."""

_NO_MODULE = r"ModuleNotFoundError: No module named '(\w+)"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why an outcome is what it is."""

    said: str
    """One line, with names and foreign texts marked."""
    output: str | None = None
    """What a compiler or a process printed, maybe several lines; None where it printed nothing."""
    next_step: str | None = None
    """What the reader can do; None where there is nothing to say."""


@dataclass(frozen=True, kw_only=True)
class Lack:
    """Why a contestant was not tried."""

    why: str
    """What is missing, or what ended the run before, as a clause."""
    remedy: str
    """The next step."""


def outcome_word(outcome: Outcome) -> str:
    """One word for a table."""
    match outcome:
        case Measured(ratio=ratio):
            return ratio.verdict
        case Built():
            return "built"
        case Right():
            return "right"
        case Wrong():
            return "WRONG"
        case BuildFailed():
            return "BUILD FAILED"
        case Crashed():
            return "CRASHED"
        case TimedOut():
            return "TIMED OUT"
        case Unsupported():
            return "unsupported"
        case ToolchainAbsent() | PackageAbsent() | NotApplicable():
            return "skipped"
        case NotReached() | NotRequested():
            return "skipped"


def outcome_reason(outcome: Outcome, *, brief: bool = False) -> Reason:
    """Why a contestant was not raced, with both sides and the next step where there is one.

    Args:
        outcome: What became of the contestant.
        brief: Whether to omit what is useful only at a terminal.

    """
    match outcome:
        case Measured():
            return Reason(said="measured")
        case Built(build_ns=build_ns):
            return Reason(said=f"built in {time_text(build_ns)}")
        case Right():
            return Reason(said="right")
        case Wrong(where=where, expected=expected, got=got):
            sides = f"expected {code(expected)}, got {_answer(got)}"
            return Reason(
                said=f"wrong on {_place(where)}: {sides}", next_step=_after_wrong(where, got)
            )
        case BuildFailed():
            return _not_built(outcome)
        case Crashed():
            return _crashed(outcome, brief=brief)
        case TimedOut():
            return _timed_out(outcome, brief=brief)
        case Unsupported(reason=reason):
            return Reason(said=f"refused it: {code(reason)}")
        case ToolchainAbsent() | PackageAbsent() | NotApplicable() | NotReached() | NotRequested():
            lack, verb = find_lack(outcome), "did not race" if brief else "skipped"
            return Reason(said=f"{verb}: {lack.why}", next_step=lack.remedy)


def _not_built(outcome: BuildFailed) -> Reason:
    """The error, with the variables of the environment that it may come from."""
    variables, hint = outcome.inherited, outcome.hint
    if not variables:
        return Reason(said="did not build:", output=outcome.error, next_step=hint)
    said = f"did not build with {shown(variables)} of this environment:"
    clean = without_variables(variables)
    step = clean if outcome.blamed else f"{hint}; or {clean}"
    return Reason(said=said, output=outcome.error, next_step=step)


def _crashed(outcome: Crashed, *, brief: bool) -> Reason:
    """How a process ended, and what it printed last unless that is omitted."""
    return Reason(
        said=f"crashed on {_place(outcome.where)}: {code(outcome.how)}",
        output=None if brief else outcome.stderr or None,
        next_step=_of_crash(outcome.how) or _excuse(outcome.where),
    )


_WRITTEN = r"(?:it wrote to )?(argument (\d+)|\w+)(?: changed)?, which mutates does not name"
"""What is said of an argument that a call changed, also in older results."""

_ARRAY, _ERROR = "an array of shape", r"(\w+(?:Error|Exception|Exit|Warning)): "


def fault_kind(outcome: Outcome) -> str:
    """What is the same of faults of one kind, which differ in their values and inputs alone."""
    if not isinstance(outcome, Wrong):
        return type(outcome).__name__
    got = outcome.got
    if re.fullmatch(_WRITTEN, got) or got.endswith(" changed"):
        return got
    said = next((one for one in SAID_AFTER if one in got), None)
    if said is not None:
        return said
    error = re.match(_ERROR, got)
    if error is not None:
        return error[1]
    return _ARRAY if outcome.expected.startswith(_ARRAY) else "value"


_STEPS = {
    INCOMPARABLE: (
        f"return what can be compared, such as {code('list(...)')} of an iterator, or say when two "
        f"answers agree: {code('equal=')} of compare, {code('tolerance=')} of a kernel, a function "
        "of both"
    ),
    UNSTEADY: (
        "let it give one answer to an input, such as from a seed that it sets itself: others are "
        "compared with it"
    ),
}
"""What to do about an answer of which that is said."""


def _after_wrong(where: str, got: str) -> str | None:
    """What to do about a wrong answer; None where the answer alone says it."""
    for said, step in _STEPS.items():
        if got.endswith(f", {said}"):
            return step
    written = re.fullmatch(_WRITTEN, got)
    if written is None:
        return _excuse(where)
    named = repr(written[1]) if written[2] is None else str(int(written[2]) - 1)
    allowed = code(f"mutates=({named},)".replace("'", '"'))
    return f"let it work on a copy; or, where calls may change that argument, give {allowed}"


def _excuse(where: str) -> str | None:
    """How a class is excused from what it does wrong; None where nothing excuses it."""
    if where != OF_ANOTHER_THREAD:
        return None
    key = code('single_threaded = "..."')
    return (
        "let its objects be called from any thread; or, where they are for the thread that makes "
        f"them, say why in its entry in pyproject.toml: {key}"
    )


def _of_crash(how: str) -> str | None:
    """What to do where a module is missing that the entry did not state; None of other crashes."""
    found = re.match(_NO_MODULE, how)
    if found is None:
        return None
    requires = code(f'requires = ["{found[1]}"]')
    return (
        f"pip install {found[1]}, or the package that has it. With {requires} in its table of "
        f"{code('pyproject.toml')}, an entry is skipped where that is absent"
    )


def _timed_out(outcome: TimedOut, *, brief: bool) -> Reason:
    said = f"gave no answer on {_place(outcome.where)} within {time_text(outcome.limit_ns)}"
    if brief:
        return Reason(said=said)
    remedy = (
        "a pool or lock of the parent is not there in the child: start the pool after the fork, or "
        "anew with os.register_at_fork"
        if outcome.in_child
        else f"if it is only slow, allow more with {argument('time_limit_s')}"
    )
    return Reason(said=f"{said} and was killed", next_step=remedy)


def _place(where: str) -> str:
    """The input as code, and which call on it."""
    found = re.search(_CALL, where)
    name = where[: found.start()] if found else where
    return f"{code(name)}{foreign(where[len(name) :])}"


def _answer(got: str) -> str:
    """A value as code, with the words about it, which stand before or after it."""
    before = f"{EARLIER}, "
    if got.startswith(before):
        return f"{before}{code(got.removeprefix(before))}"
    value = got
    for said in SAID_AFTER:
        value = value.removesuffix(f", {said}")
    return f"{code(value)}{got[len(value) :]}"


def find_lack(outcome: NotTried) -> Lack:
    """What a skipped contestant lacks."""
    match outcome:
        case ToolchainAbsent(what=what, remedy=remedy):
            return Lack(why=f"{what} is missing", remedy=remedy)
        case PackageAbsent(packages=packages, remedy=told):
            why = f"{outcome.what} {'is' if len(packages) == 1 else 'are'} missing"
            named = " ".join(map(shlex.quote, packages))
            return Lack(why=why, remedy=told or f"pip install {named}")
        case NotApplicable(factor=factor, remedy=told):
            usual = f"compare entries whose sources differ in {factor} and in nothing else"
            return Lack(why=outcome.why, remedy=told or usual)
        case NotReached(stopped=None):
            more, resume = argument("max_time_s"), argument("resume")
            remedy = f"give it more with {more}, or go on with {resume}"
            return Lack(why="there was no time left to race it", remedy=remedy)
        case NotReached():
            remedy = f"go on with {argument('resume')}; why it stopped stands above"
            return Lack(why="the race was stopped before", remedy=remedy)
        case NotRequested():
            return Lack(why="no race was asked for", remedy=call("run"))


def reason_text(outcome: Outcome) -> str:
    """The whole reason, on as many lines as it takes."""
    reason = outcome_reason(outcome)
    output = f"\n{_indented(reason.output)}" if reason.output else ""
    next_step = f"\n  Next: {reason.next_step}" if reason.next_step else ""
    return f"{reason.said}{output}{next_step}"


def outcome_line(outcome: Outcome, *, brief: bool = False) -> str:
    """The whole reason on one line."""
    reason = outcome_reason(outcome, brief=brief)
    said = f"{reason.said} {code(reason.output)}" if reason.output else reason.said
    return f"{said}. Next: {reason.next_step}" if reason.next_step else said


def _indented(text: str) -> str:
    lines = foreign(text).splitlines()
    return "\n".join(f"  | {mark(Style.CODE, line)}" if line else "  |" for line in lines)
