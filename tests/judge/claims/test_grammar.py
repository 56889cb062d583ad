"""What a claim may say, and what is said where it says something else."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.reader import Word
from whichext.model.claim import FORMS, Quantity, Range
from whichext.model.errors import ClaimError
from whichext.model.ratio import Verdict

A, B = "rust.total", "cy.total@debug"


def refusal(text: str) -> ClaimError:
    with pytest.raises(ClaimError) as caught:
        parse_claim(text)
    return caught.value


def pointed_at(error: ClaimError) -> str:
    """What stands above the carets."""
    _, claim, carets = error.problem.splitlines()
    return "".join(
        c for c, caret in zip(claim.ljust(len(carets)), carets, strict=False) if caret == "^"
    )


@pytest.mark.parametrize(
    ("text", "quantity", "low", "high"),
    [
        ("is 2x faster than", Quantity.SPEED, 2, None),
        ("is at least 1.5x faster than", Quantity.SPEED, 1.5, None),
        ("is >= 1.5x faster than", Quantity.SPEED, 1.5, None),
        ("is >=1.5x faster than", Quantity.SPEED, 1.5, None),
        ("is <= 1.5x faster than", Quantity.SPEED, None, 1.5),
        ("is at most 1.5X faster than", Quantity.SPEED, None, 1.5),
        ("is about 2x faster than", Quantity.SPEED, 1.8, 2.2),
        ("is 2x slower than", Quantity.TIME, 2, None),
        ("is at most 2x slower than", Quantity.TIME, None, 2),
        ("is 20% faster than", Quantity.SPEED, 1.2, None),
        ("is about 20% faster than", Quantity.SPEED, 1.18, 1.22),
        ("is 150% slower than", Quantity.TIME, 2.5, None),
        ("is at most 20% slower than", Quantity.TIME, None, 1.2),
        ("is 2x as fast as", Quantity.SPEED, 2, None),
        ("is at least 0.9x as fast as", Quantity.SPEED, 0.9, None),
        ("is 0.5x as fast as", Quantity.SPEED, None, 0.5),
        ("is 1_000x faster than", Quantity.SPEED, 1000, None),
        ("is within 5% of", Quantity.TIME, 0.95, 1.05),
        ("takes <= 0.45 of the time of", Quantity.TIME, None, 0.45),
        ("takes at most 45% of the time of", Quantity.TIME, None, 0.45),
        ("takes about .5 of the time of", Quantity.TIME, 0.45, 0.55),
        ("takes >= 1.5 of the time of", Quantity.TIME, 1.5, None),
        ("has at most 2x the tail of", Quantity.TAIL, None, 2),
        ("has at least 1.5x the tail of", Quantity.TAIL, 1.5, None),
        ("has 2x the tail of", Quantity.TAIL, 2, None),
        ("has about 0.5 of the tail of", Quantity.TAIL, 0.45, 0.55),
        ("has 80% of the tail of", Quantity.TAIL, None, 0.8),
        ("uses less memory than", Quantity.MEMORY_RATIO, None, 1),
        ("uses more memory than", Quantity.MEMORY_RATIO, 1, None),
        ("uses at most 2x the memory of", Quantity.MEMORY_RATIO, None, 2),
        ("uses 2x the memory of", Quantity.MEMORY_RATIO, 2, None),
        ("uses half the memory of", Quantity.MEMORY_RATIO, None, 0.5),
        ("uses 50% of the memory of", Quantity.MEMORY_RATIO, None, 0.5),
    ],
)
def test_a_claim_with_a_number_about_two_says_where_it_lies(
    text: str, quantity: Quantity, low: float | None, high: float | None
) -> None:
    claim = parse_claim(f"{A} {text} {B}")
    assert isinstance(claim.statement.states, Range)
    found = (claim.statement.states.low, claim.statement.states.high)
    assert found == pytest.approx((low, high))
    assert claim.statement.quantity is quantity
    assert (claim.one.text, claim.other and claim.other.text) == (A, B)


@pytest.mark.parametrize(
    ("text", "quantity", "low", "high"),
    [
        ("reaches 0.9 of the limit", Quantity.SHARE, 0.9, None),
        ("reaches at least 90% of the limit", Quantity.SHARE, 0.9, None),
        ("reaches at most 0.5 of the limit", Quantity.SHARE, None, 0.5),
        ("uses at most 2 threads", Quantity.THREADS, None, 2),
        ("uses at least 1_000_000 threads", Quantity.THREADS, 1_000_000, None),
        ("uses 1 thread", Quantity.THREADS, 1, 1),
        ("uses 4 threads", Quantity.THREADS, 4, 4),
        ("uses at most 1.1x the input", Quantity.MEMORY, None, 1.1),
        ("uses 1.1x of the input", Quantity.MEMORY, None, 1.1),
        ("uses >= 1.5x the input", Quantity.MEMORY, 1.5, None),
        ("uses about twice its input", Quantity.MEMORY, 1.8, 2.2),
        ("uses at most 110% of the input", Quantity.MEMORY, None, 1.1),
        ("uses at most 2 times the inputs", Quantity.MEMORY, None, 2),
    ],
)
def test_a_claim_with_a_number_about_one_compares_with_no_other(
    text: str, quantity: Quantity, low: float | None, high: float | None
) -> None:
    claim = parse_claim(f"{A} {text}")
    assert claim.statement.states == Range(low, high)
    assert (claim.statement.quantity, claim.other) == (quantity, None)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("is faster than", Verdict.FASTER),
        ("is slower than", Verdict.SLOWER),
        ("is as fast as", Verdict.TIE),
        ("has a shorter tail than", Verdict.FASTER),
        ("has a longer tail than", Verdict.SLOWER),
    ],
)
def test_a_claim_without_a_number_is_a_verdict(text: str, verdict: Verdict) -> None:
    assert parse_claim(f"{A} {text} {B}").statement.states is verdict


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("is twice as fast as", "is 2x as fast as"),
        ("is at least twice as fast as", "is at least 2x as fast as"),
        ("is Twice faster than", "is 2x faster than"),
        ("is 2\N{MULTIPLICATION SIGN} as fast as", "is 2x as fast as"),
        ("is 2 x as fast as", "is 2x as fast as"),
        ("is 2 \N{MULTIPLICATION SIGN} faster than", "is 2x faster than"),
        ("is about 1.5 times as fast as", "is about 1.5x as fast as"),
        ("is three times slower than", "is 3x slower than"),
        ("is twice as slow as", "is 2x slower than"),
        ("is half as fast as", "is 0.5x as fast as"),
        ("is ≥2x faster than", "is >= 2x faster than"),
        ("is ≤ 2x faster than", "is at most 2x faster than"),
        ("is 20 % faster than", "is 20% faster than"),
        ("is 20 percent slower than", "is 20% slower than"),
        ("takes half of the time of", "takes 0.5 of the time of"),
        ("takes half the time of", "takes 0.5 of the time of"),
        ("has half the tail of", "has 0.5 of the tail of"),
        ("has twice the tail of", "has 2x the tail of"),
        ("takes 45 per cent of the time of", "takes 45% of the time of"),
    ],
)
def test_a_number_in_words_and_signs_is_the_number(text: str, like: str) -> None:
    found, expected = (parse_claim(f"{A} {said} {B}").statement for said in (text, like))
    assert (found.quantity, found.states) == (expected.quantity, expected.states)


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("reaches half the limit", "reaches 0.5 of the limit"),
        ("uses one thread", "uses 1 thread"),
        ("uses at most two threads", "uses at most 2 threads"),
    ],
)
def test_a_number_in_words_about_one_contestant_is_the_number(text: str, like: str) -> None:
    found, expected = (parse_claim(f"{A} {said}").statement for said in (text, like))
    assert (found.quantity, found.states) == (expected.quantity, expected.states)


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("is faster than", Verdict.FASTER),
        ("is slower than", Verdict.SLOWER),
        ("is as fast as", None),
        ("is 2x faster than", Verdict.FASTER),
        ("is at most 2x faster than", None),
        ("is half as fast as", Verdict.SLOWER),
        ("is 20% slower than", Verdict.SLOWER),
        ("is within 5% of", None),
        ("takes 0.45 of the time of", Verdict.FASTER),
        ("takes 150% of the time of", Verdict.SLOWER),
        ("has half the tail of", Verdict.FASTER),
        ("has 2x the tail of", Verdict.SLOWER),
        ("has at most 2x the tail of", None),
    ],
)
def test_a_claim_says_in_which_direction_the_two_differ(
    text: str, direction: Verdict | None
) -> None:
    assert parse_claim(f"{A} {text} {B}").statement.direction is direction


def test_a_share_of_the_time_without_a_bound_means_the_bolder_side() -> None:
    less = parse_claim(f"{A} takes 45% of the time of {B}").statement.states
    more = parse_claim(f"{A} takes 150% of the time of {B}").statement.states
    assert (less, more) == (Range(None, 0.45), Range(1.5, None))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("is 2x faster than", "2x"),
        ("is at least 2x faster than", "at least 2x"),
        ("is >=2x faster than", ">=2x"),
        ("is within 5% of", "within 5%"),
        ("takes about 45% of the time of", "about 45%"),
        ("is at least twice as fast as", "at least twice"),
        ("is 2 times as fast as", "2 times"),
        ("is as fast as", "as fast"),
    ],
)
def test_a_claim_keeps_the_words_of_its_number(text: str, words: str) -> None:
    assert parse_claim(f"{A} {text} {B}").statement.words == words


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("", []),
        (" on wide", ["wide"]),
        (" on wide and tall", ["wide", "tall"]),
        (" on wide, tall", ["wide", "tall"]),
        (" on wide,tall and 100x10", ["wide", "tall", "100x10"]),
    ],
)
def test_a_claim_is_about_the_cases_behind_on(text: str, cases: list[str]) -> None:
    claim = parse_claim(f"{A} is faster than {B}{text}")
    assert [word.text for word in claim.cases] == cases


def test_words_keep_the_place_at_which_they_stand() -> None:
    claim = parse_claim("a is faster than b on wide")
    assert (claim.one, claim.other, claim.cases) == (
        Word("a", 0),
        Word("b", 17),
        (Word("wide", 22),),
    )


def test_words_are_known_in_capitals_and_names_keep_theirs() -> None:
    claim = parse_claim("Rust.Total Is Faster Than cy.total ON Wide")
    assert (claim.one.text, claim.cases[0].text) == ("Rust.Total", "Wide")


def test_a_claim_over_several_lines_is_one_line() -> None:
    assert parse_claim(" a is\n  faster than\tb ") == parse_claim("a is faster than b")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_an_error_shows_can_be_read(form: str) -> None:
    assert parse_claim(form).text == form
    assert parse_claim(f"{form} on wide and tall").cases


def test_an_error_points_at_the_word_and_shows_the_forms_that_work() -> None:
    error = refusal("a is 2x faster then b")
    assert str(error) == snapshot("""\
the claim cannot be read: expected than, got 'then'
  a is 2x faster then b
                 ^^^^
Next: use one of these forms:
  A is faster than B
  A is slower than B
  A is as fast as B
  A is not slower than B
  A is 2x faster than B
  A is 20% slower than B
  A is 2x as fast as B
  A is twice as fast as B
  A is within 5% of B
  A takes at most 0.45 of the time of B
  A has a shorter tail than B
  A has at most 2x the tail of B
  A reaches 90% of the limit
  A uses at most 2 threads
  A uses at most 1.1x the input
  A uses less memory than B
  A uses at most 2x the memory of B
  before a number: at least, >=, at most, <= or about
  then: on CASE and CASE, on every machine or on most machines\
""")
    assert pointed_at(error) == "then"
    assert {f"  {form}" for form in FORMS} < set(error.next_step.splitlines())


@pytest.mark.parametrize(
    ("text", "expected", "got"),
    [
        ("", "a contestant", ""),
        ("a", "is or takes or has or reaches or uses", ""),
        ("a beats b", "is or takes or has or reaches or uses", "beats"),
        (
            "a is quicker than b",
            "faster or slower or as or within or a number above 0, such as 2x or 20%",
            "quicker",
        ),
        ("a is at least faster than b", "a number above 0, such as 2x or 20%", "faster"),
        ("a is > 2x faster than b", "faster or slower or as or within or a number", ">"),
        ("a is 2 faster than b", "faster or slower or as or within or a number", "2"),
        ("a is 0x faster than b", "faster or slower or as or within or a number above 0", "0x"),
        ("a is 0.5x faster than b", "a number of at least 1 before faster", "0.5x"),
        ("a is 1_x faster than b", "faster or slower or as or within or a number above 0", "1_x"),
        ("a uses 1__0 threads", "less or more or a number above 0", "1__0"),
        ("a is 0.5x slower than b", "a number of at least 1 before slower", "0.5x"),
        ("a is 2x quicker than b", "faster or slower or as", "quicker"),
        ("a is 20% as fast as b", "faster or slower", "as"),
        ("a is as quick as b", "fast", "quick"),
        ("a is faster b", "than", "b"),
        ("a is faster than", "a contestant", ""),
        ("a is faster than, b", "a contestant", ","),
        ("a is within 5 of b", "a number above 0, such as 20%", "5"),
        ("a is within 5% to b", "of", "to"),
        ("a takes most of the time of b", "a number above 0, such as 0.45 or 20%", "most"),
        ("a is half faster than b", "a number of at least 1 before faster", "half"),
        ("a is two faster than b", "faster or slower or as or within or a number", "two"),
        ("a is 2x as quick as b", "fast or slow", "quick"),
        ("a uses twice threads", "the or its", "threads"),
        ("a takes 0.45 the time of b", "of", "the"),
        ("a takes 2x of the time of b", "a number above 0, such as 0.45 or 20%", "2x"),
        ("a takes 45% of b", "the", "b"),
        ("a has many of b", "a shorter or longer or a number above 0", "many"),
        ("a has a long tail", "shorter or longer", "long"),
        ("a has 2x b", "the", "b"),
        ("a reaches 0.9 of a limit", "the", "a"),
        ("a uses many threads", "less or more or a number above 0, such as 0.45", "many"),
        ("a uses 2 cores", "threads or thread", "cores"),
        ("a uses 1.1 the input", "threads or thread", "the"),
        ("a uses 1.1x of", "the or its", ""),
        ("a uses 1.1x the output", "input or inputs", "output"),
        ("a uses half the input", "threads or thread", "the"),
        ("a uses 0.1x the input", "a number of at least 1", "0.1x"),
        ("a is faster than b in wide", "on", "in"),
        ("a is faster than b on", "a case", ""),
        (
            "a is faster than b on wide tall",
            "and CASE, on every machine or on most machines",
            "tall",
        ),
        ("a is faster than b on wide,", "a case", ""),
    ],
)
def test_what_has_no_form_is_refused_at_the_word_that_does_not_fit(
    text: str, expected: str, got: str
) -> None:
    error = refusal(text)
    assert error.expected.startswith(expected)
    assert error.got == (repr(got) if got else "the end")
    assert pointed_at(error).strip() == got


def test_a_claim_that_ends_too_soon_is_pointed_at_behind_its_end() -> None:
    assert refusal("a is faster than ").problem == snapshot("""\
the claim cannot be read: expected a contestant, got the end
  a is faster than
                   ^\
""")
