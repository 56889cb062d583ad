"""Answers that are found again: seen by what calls on known content take."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from whichext.audit import remembering
from whichext.audit.remembering import is_faster_again, remembers_content
from whichext.model.change import Change

Array = npt.NDArray[Any]


class Clock:
    """Time that only calls move on."""

    def __init__(self) -> None:
        self.now_ns = 0

    def perf_counter_ns(self) -> int:
        """What the clock says."""
        return self.now_ns


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of what is tested."""
    made = Clock()
    monkeypatch.setattr(remembering, "time", SimpleNamespace(perf_counter_ns=made.perf_counter_ns))
    return made


def taking(clock: Clock, fresh_us: int, again_us: int) -> tuple[Callable[[Array], None], list[int]]:
    """An entry with other times for what it has seen before, and its calls."""
    kept: set[bytes] = set()
    calls: list[int] = []

    def call(values: Array) -> None:
        calls.append(1)
        clock.now_ns += US * (again_us if values.tobytes() in kept else fresh_us)
        kept.add(values.tobytes())

    return call, calls


class Incomparable:
    """Raises where it is compared."""

    def __repr__(self) -> str:
        return "Incomparable()"

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("who knows")

    def __hash__(self) -> int:
        return 0


US = 1_000
VALUES = np.arange(1_000.0)


@pytest.mark.parametrize(("again_us", "remembers"), [(9, True), (34, False), (90, False)])
def test_less_than_a_third_of_the_time_is_remembering(
    clock: Clock, again_us: int, remembers: bool
) -> None:
    call, _ = taking(clock, 100, again_us)
    assert remembers_content(call, (VALUES,)) == remembers


def test_one_that_does_not_remember_is_called_five_times(clock: Clock) -> None:
    call, calls = taking(clock, 100, 100)
    remembers_content(call, (VALUES,))
    assert len(calls) == 5


def test_one_slow_call_among_those_that_are_alike_is_no_remembering(clock: Clock) -> None:
    times = iter([100, 900, 100, 100, *[100] * 20])

    def call(_: Array) -> None:
        clock.now_ns += US * next(times)

    assert remembers_content(call, (VALUES,)) is False


def test_one_slow_call_on_what_was_seen_does_not_hide_remembering(clock: Clock) -> None:
    call, calls = taking(clock, 100, 1)

    def stalled_once(values: Array) -> None:
        call(values)
        clock.now_ns += 900 * US * (len(calls) == 8)

    assert remembers_content(stalled_once, (VALUES,))


SEEDS = 4_000


@pytest.mark.parametrize("kind", ["spawns", "sleeps", "alternates"])
def test_times_with_heavy_tails_are_no_remembering(clock: Clock, kind: str) -> None:
    named = 0
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        calls: list[int] = []

        def call(_: Array, rng: np.random.Generator = rng, calls: list[int] = calls) -> None:
            calls.append(1)
            slow = {"spawns": rng.random() < 0.5, "sleeps": False}.get(kind, len(calls) % 2 == 0)
            spread = rng.pareto(0.5) if kind == "sleeps" else 9 * slow
            clock.now_ns += round(US * 100 * (1 + spread))

        named += bool(is_faster_again(call, (VALUES[:20].copy(),), rng=rng))
    assert named == 0


def test_one_that_remembers_is_seen_whatever_the_order(clock: Clock) -> None:
    for seed in range(100):
        call, _ = taking(clock, 100, 9)
        values = VALUES + seed
        call(values)
        assert is_faster_again(call, (values,), rng=np.random.default_rng(seed))


def test_where_all_elements_are_alike_the_known_change_tells(clock: Clock) -> None:
    call, _ = taking(clock, 100, 9)
    ones = np.ones(50)
    call(ones)
    change = Change(argument=0, place=(0,), before=1.0, after=0.5, answer=None)
    assert is_faster_again(call, (ones,), rng=np.random.default_rng(0)) is None
    assert is_faster_again(call, (ones,), rng=np.random.default_rng(0), change=change)
    assert (ones == 1).all()


def test_what_takes_long_is_not_called_again(clock: Clock) -> None:
    call, calls = taking(clock, 10**6, 10**6)
    assert remembers_content(call, (VALUES,)) is None
    assert len(calls) == 1


@pytest.mark.parametrize(
    "values",
    [
        np.ones(50),
        np.empty(0),
        np.array([None, 1]),
        "text",
        "a" * 50,
        7,
        0.0,
        True,
        (),
        b"",
        [],
        [1, 1],
        [[1], [2]],
        [Incomparable(), Incomparable()],
    ],
    ids=str,
)
def test_without_an_element_to_change_nothing_is_said(clock: Clock, values: Any) -> None:
    assert remembers_content(lambda _: None, (values,)) is None
    assert clock.now_ns == 0


def test_the_arguments_stay_as_they_are(clock: Clock) -> None:
    values = VALUES.copy()
    call, _ = taking(clock, 100, 1)
    assert remembers_content(call, (values,))
    np.testing.assert_array_equal(values, VALUES)


def test_an_argument_that_may_not_be_written_to_is_no_hindrance(clock: Clock) -> None:
    values = VALUES.copy()
    values.flags.writeable = False
    call, _ = taking(clock, 100, 1)
    assert remembers_content(call, (values,))


def test_of_calls_of_some_microseconds_nothing_is_said(clock: Clock) -> None:
    call, _ = taking(clock, 19, 1)
    assert remembers_content(call, (VALUES,)) is False


def test_where_the_time_of_other_calls_is_known_one_call_is_enough(clock: Clock) -> None:
    call, calls = taking(clock, 100, 100)
    assert is_faster_again(call, (VALUES.copy(),), 100 * US) is False
    assert len(calls) == 1


def test_a_known_time_alone_makes_no_finding(clock: Clock) -> None:
    call, _ = taking(clock, 100, 100)
    assert is_faster_again(call, (VALUES.copy(),), 9 * US) is False


@pytest.mark.parametrize("may_write", [False, True])
def test_what_is_changed_in_place_is_put_back(clock: Clock, may_write: bool) -> None:
    values = VALUES.reshape(4, -1).T.copy(order="F")
    before = values.copy()
    values.flags.writeable = may_write
    call, _ = taking(clock, 100, 9)
    assert is_faster_again(call, (values,), 9 * US)
    np.testing.assert_array_equal(values, before)
    assert values.flags.writeable is may_write


def test_what_is_changed_in_place_is_put_back_after_an_error() -> None:
    values = VALUES.copy()

    def call(_: Array) -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  # the call's own
        is_faster_again(call, (values,))
    np.testing.assert_array_equal(values, VALUES)


def test_memory_that_cannot_be_written_to_is_left_alone(clock: Clock) -> None:
    values = np.frombuffer(VALUES.tobytes())
    assert is_faster_again(lambda _: None, (values,)) is None
    assert clock.now_ns == 0


# Lists and texts


def taking_any(clock: Clock, again_us: int) -> Callable[[Any], None]:
    """An entry that takes 100 us for what it has not seen before."""
    kept: set[Any] = set()

    def call(values: Any) -> None:
        key = tuple(values) if isinstance(values, list) else values
        clock.now_ns += US * (again_us if key in kept else 100)
        kept.add(key)

    return call


TEXT = "a text of some words, each of its own, and not of one letter alone"
ANY = [
    [*range(50)],
    [str(n) for n in range(50)],
    [(n, "x") for n in range(50)],
    TEXT,
    TEXT.encode(),
    TEXT.replace("e", "\N{GREEK SMALL LETTER EPSILON}"),
    TEXT.replace("e", "\udc80"),
    10_000,
    -10_000,
    np.int32(1000),
    2.5,
    (TEXT, 3),
    (1, 2, 3000),
]


@pytest.mark.parametrize(("again_us", "remembers"), [(9, True), (90, False)])
@pytest.mark.parametrize("values", ANY, ids=ascii)
def test_what_is_found_again_of_a_list_a_text_or_a_number_is_seen(
    clock: Clock, values: Any, again_us: int, remembers: bool
) -> None:
    before = values.copy() if isinstance(values, list) else values
    assert remembers_content(taking_any(clock, again_us), (values,)) is remembers
    assert values == before


def test_what_is_found_again_of_a_small_number_is_seen_where_a_cache_keeps_it(clock: Clock) -> None:
    def slow(number: int) -> int:
        clock.now_ns += 100 * US
        return number

    cached = functools.lru_cache(slow)
    assert remembers_content(cached, (3,)) is True
    assert remembers_content(lambda number: cached(number), (3,)) is True
    assert remembers_content(slow, (3,)) is None


def test_what_another_function_keeps_of_little_is_no_remembering(clock: Clock) -> None:
    weight = functools.lru_cache(lambda number: number + 1)

    def slow(number: int) -> int:
        clock.now_ns += 100 * US
        return weight(number)

    assert remembers_content(slow, (3,)) is False


def test_an_option_is_no_text_to_change(clock: Clock) -> None:
    seen: set[tuple[str, str]] = set()

    def call(text: str, mode: str) -> None:
        seen.add((text, mode))
        clock.now_ns += 100 * US

    assert remembers_content(call, (TEXT, "words")) is False
    assert {mode for _, mode in seen} == {"words"}
    assert len(seen) == 3


def test_where_an_array_can_be_changed_texts_stay_as_they_are(clock: Clock) -> None:
    seen: set[tuple[str, bytes]] = set()

    def call(text: str, values: Array) -> None:
        seen.add((text, values.tobytes()))
        clock.now_ns += 100 * US

    assert remembers_content(call, (TEXT, VALUES)) is False
    assert {text for text, _ in seen} == {TEXT}
    assert len(seen) == 3


def test_a_changed_text_that_is_refused_says_nothing(clock: Clock) -> None:
    def call(text: str) -> None:
        clock.now_ns += 100 * US
        if text != TEXT:
            raise ValueError("no such text")

    assert remembers_content(call, (TEXT,)) is None
