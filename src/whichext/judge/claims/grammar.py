"""What a claim may say: its text becomes a `Claim`, or an error that points at the word.

    claim = A "is faster than" B | A "is slower than" B | A "is as fast as" B
          | A "is" [bound] factor "faster than" B
          | A "is" [bound] factor "slower than" B
          | A "is" [bound] NUMBER "x as fast as" B
          | A "is within" NUMBER "% of" B
          | A "takes" [bound] share "of the time of" B
          | A "reaches" [bound] share "of the limit"
          | A "uses" [bound] NUMBER "threads"
    factor = NUMBER "x" | NUMBER "%"
    share = NUMBER | NUMBER "%"
    bound = "at least" | ">=" | "at most" | "<=" | "about"

Behind each of them may stand "on CASE and CASE"; otherwise the kernel's usual cases are meant.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from whichext.judge.claims.claim import Claim, Quantity, Range, Statement
from whichext.judge.claims.reader import Reader
from whichext.model.ratio import Verdict

ABOUT = 0.1
"""How far off a claim with "about" may be, as a share of its number."""

_LEAST, _MOST, _ABOUT = ("at least", ">="), ("at most", "<="), ("about",)


def parse_claim(text: str) -> Claim:
    """Read a claim.

    Raises:
        ClaimError: It has none of the forms.

    """
    text = " ".join(text.split())  # on one line, so that an error can point at a word
    reader = Reader(text)
    one = reader.name("a contestant")
    statement = _VERBS[reader.expect(*_VERBS)](reader)
    compares = statement.quantity in (Quantity.SPEED, Quantity.TIME)
    other = reader.name("a contestant") if compares else None
    cases = []
    if not reader.ended:
        reader.expect("on")
        cases.append(reader.name("a case"))
    while not reader.ended:
        reader.expect("and", ",")
        cases.append(reader.name("a case"))
    return Claim(text=text, one=one, statement=statement, other=other, cases=tuple(cases))


def _is(reader: Reader) -> Statement:
    if word := reader.accept("faster", "slower"):
        reader.expect("than")
        faster = word == "faster"
        quantity = Quantity.SPEED if faster else Quantity.TIME
        return Statement(quantity, Verdict.FASTER if faster else Verdict.SLOWER, word)
    if reader.accept("as"):
        reader.phrase("fast as")
        return Statement(Quantity.TIME, Verdict.TIE, "as fast")
    first = reader.next
    if reader.accept("within"):
        per_cent, _ = reader.number("%")
        words = reader.since(first)
        reader.expect("of")
        return Statement(Quantity.TIME, Range(1 - per_cent / 100, 1 + per_cent / 100), words)
    return _is_by(reader)


def _is_by(reader: Reader) -> Statement:
    """So much faster or slower, or so many times as fast."""
    first = reader.next
    bound = reader.accept(*_LEAST, *_MOST, *_ABOUT)
    place = reader.here
    number, unit = reader.number(
        "x", "%", otherwise="" if bound else "faster or slower or as or within or "
    )
    words = reader.since(first)
    compared = reader.expect("faster", "slower", *(["as"] if unit == "x" else []))
    reader.phrase("fast as" if compared == "as" else "than")
    if unit == "x" and compared != "as" and number < 1:
        raise reader.unfit(f"a number of at least 1 before {compared}", place)
    by = _times if unit == "x" else _more
    quantity = Quantity.TIME if compared == "slower" else Quantity.SPEED
    # "2x as fast" boasts, "0.5x as fast" complains: each means at least so.
    usual = _MOST[0] if compared == "as" and number < 1 else _LEAST[0]
    return Statement(quantity, _range(bound or usual, number, by), words)


def _takes(reader: Reader) -> Statement:
    first = reader.next
    bound, share = _share(reader)
    words = reader.since(first)
    reader.phrase("of the time of")
    # "Takes 0.45 of the time" boasts, "takes 1.5 of the time" complains: each means at least so.
    usual = _MOST[0] if share <= 1 else _LEAST[0]
    return Statement(Quantity.TIME, _range(bound or usual, share, _times), words)


def _reaches(reader: Reader) -> Statement:
    first = reader.next
    bound, share = _share(reader)
    words = reader.since(first)
    reader.phrase("of the limit")
    return Statement(Quantity.SHARE, _range(bound or _LEAST[0], share, _times), words)


def _uses(reader: Reader) -> Statement:
    first = reader.next
    bound = reader.accept(*_LEAST, *_MOST, *_ABOUT)
    count, _ = reader.number("")
    words = reader.since(first)
    reader.expect("threads", "thread")
    within = _range(bound, count, _times) if bound else Range(count, count)
    return Statement(Quantity.THREADS, within, words)


_VERBS: dict[str, Callable[[Reader], Statement]] = {
    "is": _is,
    "takes": _takes,
    "reaches": _reaches,
    "uses": _uses,
}


def _share(reader: Reader) -> tuple[str, float]:
    bound = reader.accept(*_LEAST, *_MOST, *_ABOUT)
    number, unit = reader.number("", "%")
    return bound, number / 100 if unit == "%" else number


def _range(bound: str, number: float, of: Callable[[float], float]) -> Range:
    """Where the quantity lies that `of` makes of a number."""
    if bound in _LEAST:
        return Range(of(number), math.inf)
    if bound in _MOST:
        return Range(0.0, of(number))
    return Range(of(number * (1 - ABOUT)), of(number * (1 + ABOUT)))


def _times(number: float) -> float:
    return number


def _more(per_cent: float) -> float:
    return 1 + per_cent / 100
