"""The grammar of claims: a text becomes a `Claim`, or an error that points at a word.

`FORMS` in `model.claim` has an example of every form, and `ADDITIONS` what it may have besides.
Each function that reads a form states its grammar, in which B is the name of a contestant and

    bound = "at least" | ">=" | "at most" | "<=" | "about"
    times = NUMBER "x" | NUMBER "times" | "twice" | "half"
    share = NUMBER | NUMBER "%" | "half"
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from whichext.judge.claims.reader import Reader, Word
from whichext.model.claim import Extent, Quantity, Range, Statement
from whichext.model.errors import UsageError
from whichext.model.ratio import Verdict

ABOUT = 0.1
"""How far off a claim with "about" may be, as a share of its number."""

_OF_TWO = (Quantity.SPEED, Quantity.TIME, Quantity.TAIL, Quantity.MEMORY_RATIO)
_LEAST, _MOST, _ABOUT = ("at least", ">=", "≥"), ("at most", "<=", "≤"), ("about",)
_BOUNDS = (*_LEAST, *_MOST, *_ABOUT)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim, with its names as they were written."""

    text: str
    """All of it, on one line."""
    one: Word
    """Contestant A."""
    statement: Statement
    """What is claimed of it."""
    other: Word | None
    """Contestant B; None where the claim compares A with no other."""
    cases: tuple[Word, ...]
    """Where it is said to be so; empty for the kernel's usual cases."""
    extent: Extent = Extent.HERE
    """On which machines it is said to be so."""


def parse_claim(text: str) -> Claim:
    """Read a claim: A, what is said of it, maybe "on" CASE "and" CASE, and on which machines.

    Raises:
        ClaimError: It has none of the forms.

    """
    told: object = text
    if not isinstance(told, str):
        example, got = "A is faster than B", repr(told)
        raise UsageError("claims", f'write "{example}"', expected="texts", got=got)
    text = " ".join(text.split())  # on one line, so that an error can point at a word
    reader = Reader(text)
    one = reader.name("a contestant")
    statement = _VERBS[reader.expect(*_VERBS)](reader)
    compares = statement.quantity in _OF_TWO
    other = reader.name("a contestant") if compares else None
    cases: list[Word] = []
    extent = Extent.HERE
    while extent is Extent.HERE and not reader.ended:
        extent = _extent(reader)
        if extent is Extent.HERE:
            _before_case(reader, "and" if cases else "on")
            cases.append(reader.name("a case"))
    if not reader.ended:
        raise reader.unfit("nothing after the machines")
    return Claim(
        text=text, one=one, statement=statement, other=other, cases=tuple(cases), extent=extent
    )


def _before_case(reader: Reader, word: str) -> None:
    """`"on" | "and" | ","`; the first case has "on" before it."""
    if not reader.accept(*(("and", ",") if word == "and" else (word,))):
        raise reader.unfit(f"{word} CASE, on {Extent.EVERY} or on {Extent.MOST}")


def _extent(reader: Reader) -> Extent:
    """`"on every machine" | "on most machines"`; here where neither is read."""
    machines = {f"on {one}": one for one in (Extent.EVERY, Extent.MOST)}
    return machines.get(reader.accept(*machines), Extent.HERE)


def _is(reader: Reader) -> Statement:
    """`"is faster than" B | "is slower than" B | "is as fast as" B | "is within" NUMBER "% of" B`.

    Or `"is not slower than" B`, which a tie is as well; so many times as fast, or by so much.
    """
    if reader.accept("not"):
        word = reader.expect("faster", "slower")
        reader.expect("than")
        verdict = Verdict.FASTER if word == "faster" else Verdict.SLOWER
        return Statement(
            quantity=Quantity.TIME, states=verdict, direction=None, words=word, negated=True
        )
    if word := reader.accept("faster", "slower"):
        reader.expect("than")
        faster = word == "faster"
        quantity = Quantity.SPEED if faster else Quantity.TIME
        return _stated(quantity, Verdict.FASTER if faster else Verdict.SLOWER, word)
    if reader.accept("as"):
        reader.phrase("fast as")
        return _stated(Quantity.TIME, Verdict.TIE, "as fast")
    first = reader.next
    if reader.accept("within"):
        per_cent, _ = reader.number("%")
        words = reader.since(first)
        reader.expect("of")
        return _stated(Quantity.TIME, Range(1 - per_cent / 100, 1 + per_cent / 100), words)
    return _is_by(reader)


def _is_by(reader: Reader) -> Statement:
    """`[bound] (times | NUMBER "%") ("faster" | "slower") "than" B | [bound] times "as fast as" B`.

    "As slow as" is the same with the time.
    """
    first = reader.next
    bound = reader.accept(*_BOUNDS)
    place = reader.here
    number, unit = reader.number(
        "x", "%", otherwise="" if bound else "faster or slower or as or within or "
    )
    words = reader.since(first)
    compared = reader.expect("faster", "slower", *(["as"] if unit == "x" else []))
    is_as = compared == "as"
    if is_as:
        compared = reader.expect("fast", "slow")
    reader.expect("as" if is_as else "than")
    if unit == "x" and not is_as and number < 1:
        raise reader.unfit(f"a number of at least 1 before {compared}", place)
    by = float if unit == "x" else _more
    quantity = Quantity.TIME if compared.startswith("slow") else Quantity.SPEED
    # "2x as fast" boasts, "0.5x as fast" complains: each means at least so.
    usual = _MOST[0] if is_as and number < 1 else _LEAST[0]
    return _stated(quantity, _range(bound or usual, number, by), words)


def _takes(reader: Reader) -> Statement:
    """`"takes" [bound] share "of the time of" B`."""
    first = reader.next
    bound, share = _share(reader)
    words = reader.since(first)
    _of(reader, words)
    reader.phrase("the time of")
    # "Takes 0.45 of the time" boasts, "takes 1.5 of the time" complains: each means at least so.
    usual = _MOST[0] if share <= 1 else _LEAST[0]
    return _stated(Quantity.TIME, _range(bound or usual, share), words)


def _reaches(reader: Reader) -> Statement:
    """`"reaches" [bound] share "of the limit"`."""
    first = reader.next
    bound, share = _share(reader)
    words = reader.since(first)
    _of(reader, words)
    reader.phrase("the limit")
    return _stated(Quantity.SHARE, _range(bound or _LEAST[0], share), words)


def _uses(reader: Reader) -> Statement:
    """`"uses" [bound] (NUMBER "threads" | (times | NUMBER "%") ["of"] "the input")`.

    Or `"uses" ("less" | "more") "memory than" B | "uses" [bound] share ["of"] "the memory of" B`.
    """
    first = reader.next
    if word := reader.accept("less", "more"):
        reader.phrase("memory than")
        beyond = _MOST[0] if word == "less" else _LEAST[0]
        return _stated(Quantity.MEMORY_RATIO, _range(beyond, 1), word)
    bound = reader.accept(*_BOUNDS)
    place = reader.here
    number, unit = reader.number("", "x", "%", otherwise="" if bound else "less or more or ")
    words = reader.since(first)
    share = number / 100 if unit == "%" else number
    if reader.accept("the memory of", "of the memory of"):
        usual = _MOST[0] if share <= 1 else _LEAST[0]
        return _stated(Quantity.MEMORY_RATIO, _range(bound or usual, share), words)
    if not unit:
        reader.expect("threads", "thread")
        within = _range(bound, number) if bound else Range(number, number)
        return _stated(Quantity.THREADS, within, words)
    if share < 1:
        raise reader.unfit("a number of at least 1, since the input counts as well", place)
    reader.accept("of")
    reader.expect("the", "its")
    reader.expect("input", "inputs")
    # "Uses 1.1x the input" boasts: it means at most so.
    return _stated(Quantity.MEMORY, _range(bound or _MOST[0], share), words)


def _has(reader: Reader) -> Statement:
    """`"has a" ("shorter" | "longer") "tail than" B | "has" [bound] times "the tail of" B`.

    Or, instead of the times, a share.
    """
    first = reader.next
    if reader.accept("a"):
        word = reader.expect("shorter", "longer")
        words = reader.since(first)
        reader.phrase("tail than")
        shorter = word == "shorter"
        return _stated(Quantity.TAIL, Verdict.FASTER if shorter else Verdict.SLOWER, words)
    bound = reader.accept(*_BOUNDS)
    number, unit = reader.number("x", "", "%", otherwise="" if bound else "a shorter or longer or ")
    share = number / 100 if unit == "%" else number
    words = reader.since(first)
    reader.accept("of")
    reader.phrase("the tail of")
    # As with the time: each means at least so.
    usual = _MOST[0] if share <= 1 else _LEAST[0]
    return _stated(Quantity.TAIL, _range(bound or usual, share), words)


_VERBS: dict[str, Callable[[Reader], Statement]] = {
    "is": _is,
    "takes": _takes,
    "has": _has,
    "reaches": _reaches,
    "uses": _uses,
}


def _share(reader: Reader) -> tuple[str, float]:
    bound = reader.accept(*_BOUNDS)
    number, unit = reader.number("", "%")
    return bound, number / 100 if unit == "%" else number


def _of(reader: Reader, words: str) -> None:
    """Read the "of" after a share; optional after "half"."""
    if not reader.accept("of") and not words.lower().endswith("half"):
        reader.expect("of")


def _stated(quantity: Quantity, states: Range | Verdict, words: str) -> Statement:
    return Statement(
        quantity=quantity, states=states, direction=_direction(quantity, states), words=words
    )


def _direction(quantity: Quantity, states: Range | Verdict) -> Verdict | None:
    """The direction that the claim states, faster or slower; None if it states none."""
    if isinstance(states, Verdict):
        return None if states is Verdict.TIE else states
    if quantity not in (Quantity.SPEED, Quantity.TIME, Quantity.TAIL):
        return None
    above = states.low is not None and states.low >= 1
    below = states.high is not None and states.high <= 1
    faster, slower = (above, below) if quantity is Quantity.SPEED else (below, above)
    return Verdict.FASTER if faster else Verdict.SLOWER if slower else None


def _range(bound: str, number: float, of: Callable[[float], float] = float) -> Range:
    """The range of the quantity that a claim states, from its number."""
    if bound in _LEAST:
        return Range(of(number), None)
    if bound in _MOST:
        return Range(None, of(number))
    return Range(of(number * (1 - ABOUT)), of(number * (1 + ABOUT)))


def _more(per_cent: float) -> float:
    return 1 + per_cent / 100
