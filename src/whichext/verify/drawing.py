"""Drawing inputs with Hypothesis: any shape, layout and values, and the least that shows a fault.

    draw a recipe -> the reference answers -> the contestant's process makes it, calls, compares
         ^                                                                            |
         '---------------- draw the next; after a fault, a smaller one ---------------'

It is driven from outside, so that a crash can be shrunk as well as a wrong answer: the next
smaller input goes to a new process. The draws depend on nothing but the kernel and the program.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import HealthCheck, Phase, Verbosity, given, reject, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, Unsatisfiable
from hypothesis.extra import numpy as hnp
from platformdirs import user_cache_path

from whichext.model.kernel import Kernel
from whichext.model.outcome import Outcome, Right, TimedOut, Unsupported
from whichext.verify.in_worker import NotMade
from whichext.verify.inputs.layouts import Recipe, layouts_of
from whichext.verify.inputs.nasty import tried_dtypes

Ask = Callable[[Recipe], Outcome | NotMade]

EXAMPLES = 125
"""Inputs that are drawn for a contestant."""

_SHRINK_S = 10.0
_MOST_LENGTH = 6
_MODERATE = 50

_ONE_IN = 5
_NUMBERS = "biufcmM"
_LONG = (7, 8, 11, 16, 19, 32, 35, 64, 67, 70)
_SHORT = (1, 2)
_SIDES = (*_SHORT, 3, 5, *_LONG)
_SEEDS = 1_000

# Where Hypothesis keeps what it has learnt about characters and constants: by default beside
# whatever the user is working on.
_HOME = "HYPOTHESIS_STORAGE_DIRECTORY"


@dataclass
class Drawn:
    """The result of all inputs that were drawn for a contestant."""

    right: int = 0
    """Right answers, with refusals of what must be refused."""
    refused: int = 0
    """Clean refusals of what may be refused."""
    reason: str | None = None
    """The first of them; None where there is none."""
    recipe: Recipe | None = None
    """The smallest input found that shows a fault."""
    fault: Outcome | None = None
    """What it shows."""
    ends_at: float = field(default=float("inf"))
    """When to stop looking for a smaller one, s of the monotonic clock."""


class _FaultError(Exception):
    """Makes Hypothesis look for a smaller input."""


def draw_all(kernel: Kernel, ask: Ask, examples: int = EXAMPLES) -> Drawn:
    """Draw inputs until one shows a fault, and shrink that one; small inputs come first.

    Args:
        kernel: Its dtypes and its tolerance say what is drawn.
        ask: Tries an input on the contestant.
        examples: Inputs to draw; one in five of them is long.

    """
    drawn = Drawn()
    os.environ.setdefault(_HOME, str(user_cache_path("whichext", appauthor=False) / "hypothesis"))
    long = examples // _ONE_IN
    _draw(drawn, recipes(kernel), ask, examples - long)
    if drawn.fault is None and kernel.cases[0].shape:
        _draw(drawn, long_recipes(kernel), ask, long)
    return drawn


def _draw(drawn: Drawn, strategy: st.SearchStrategy[Recipe], ask: Ask, examples: int) -> None:
    """Draw inputs of one kind, and note what they show."""

    @settings(
        max_examples=examples,
        derandomize=True,  # a verdict must not depend on luck
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=tuple(HealthCheck),
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
    @given(strategy)
    def try_one(recipe: Recipe) -> None:
        if time.monotonic() < drawn.ends_at:
            _note(drawn, recipe, ask(recipe))

    # A fault is in `drawn`. One is flaky when time was up, so that it did not show again. None can
    # be satisfied where the kernel makes none of these inputs.
    with suppress(_FaultError, Flaky, Unsatisfiable):
        try_one()


def _note(drawn: Drawn, recipe: Recipe, result: Outcome | NotMade) -> None:
    match result:
        case NotMade():
            reject()
        case Right():
            drawn.right += drawn.fault is None
        case Unsupported(reason=reason):
            drawn.refused += drawn.fault is None
            drawn.reason = drawn.reason or reason
        case _:  # a fault
            if drawn.fault is None:
                # Each smaller input may hang as long as the first: one is enough.
                patience_s = 0.0 if isinstance(result, TimedOut) else _SHRINK_S
                drawn.ends_at = time.monotonic() + patience_s
            drawn.recipe, drawn.fault = recipe, result
            raise _FaultError


def recipes(kernel: Kernel) -> st.SearchStrategy[Recipe]:
    """Inputs of every dtype that is tried, of any layout, small ones first."""
    rank = len(kernel.cases[0].shape)
    longest = _MOST_LENGTH if rank <= 3 else 2  # six to the power of eight would be too many
    own = hnp.array_shapes(min_dims=rank, max_dims=rank, min_side=1, max_side=longest)
    empty = hnp.array_shapes(min_dims=rank, max_dims=rank, min_side=0, max_side=longest)
    other = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
    exact = kernel.tolerance.is_exact

    @st.composite
    def one(draw: st.DrawFn) -> Recipe:
        dtype = np.dtype(draw(st.sampled_from(tried_dtypes(kernel))))
        # One in eight of another rank: most of these are refused, and tell no more. One in eight
        # may be empty: in memory, such an array has neither values nor a layout to be wrong on.
        shape = draw({7: other, 6: empty}.get(draw(st.integers(0, 7)), own))
        elements = _elements(dtype, exact=exact)
        # No fill: an array that is NaN all over is right whatever is done with it.
        values = draw(hnp.arrays(_drawn_as(dtype), shape, elements=elements, fill=st.nothing()))
        return draw(_laid_out(dtype, values))

    return one()


def long_recipes(kernel: Kernel) -> st.SearchStrategy[Recipe]:
    """Inputs with a long axis or two: code that takes many elements at a time does so in them.

    A few elements are drawn one by one. The others are numbers of a generator whose seed is drawn:
    to draw each of thousands would take longer than all calls together.
    """
    rank = len(kernel.cases[0].shape)
    dtypes = [dtype for dtype in map(np.dtype, tried_dtypes(kernel)) if dtype.kind in _NUMBERS]
    exact = kernel.tolerance.is_exact

    @st.composite
    def one(draw: st.DrawFn) -> Recipe:
        dtype = draw(st.sampled_from(dtypes))
        shape = [draw(st.sampled_from(_SIDES if rank <= 2 else _SHORT)) for _ in range(rank)]
        shape[draw(st.integers(0, rank - 1))] = draw(st.sampled_from(_LONG))
        values = _numbers(_drawn_as(dtype), tuple(shape), draw(st.integers(0, _SEEDS)))
        places, elements = st.integers(0, values.size - 1), _elements(dtype, exact=exact)
        odd = st.lists(st.tuples(places, elements), min_size=1, max_size=_MOST_LENGTH)
        for place, element in draw(odd):
            values.reshape(-1)[place] = element
        return draw(_laid_out(dtype, values))

    return one() if dtypes else st.nothing()


@st.composite
def _laid_out(draw: st.DrawFn, dtype: np.dtype[Any], values: npt.NDArray[Any]) -> Recipe:
    """The recipe of an array with these values in any layout."""
    return Recipe(
        dtype=str(dtype),
        shape=values.shape,
        values=values.astype(_drawn_as(dtype)).tobytes(),
        layout=draw(st.sampled_from(list(layouts_of(dtype)))),
        swapped=draw(st.booleans()),
        read_only=draw(st.booleans()),
        subclass=draw(st.integers(0, 7)) == 7,
    )


def _numbers(dtype: np.dtype[Any], shape: tuple[int, ...], seed: int) -> npt.NDArray[Any]:
    """Moderate numbers that differ from each other here and there."""
    least = 0 if dtype.kind in "bu" else -_MODERATE
    most = 1 if dtype.kind == "b" else _MODERATE
    rng = np.random.default_rng(seed)
    numbers: npt.NDArray[Any] = rng.integers(least, most, shape, endpoint=True).astype(dtype)
    return numbers


def _drawn_as(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Times are drawn as the integers that they are, so that NaT and its neighbours are likely."""
    return np.dtype(np.int64) if dtype.kind in "mM" else dtype


def _elements(dtype: np.dtype[Any], *, exact: bool) -> st.SearchStrategy[Any]:
    """Elements of a dtype: small ones, special ones, and where the kernel is exact any at all.

    A kernel that rounds has no one answer where sums overflow or cancel.
    """
    dtype = _drawn_as(dtype)
    small = {"u": st.integers(0, _MODERATE), "i": st.integers(-_MODERATE, _MODERATE)}
    match dtype.kind:
        case "i" | "u":
            limits = np.iinfo(dtype)
            low, high = int(limits.min), int(limits.max)
            special = st.sampled_from((low, low + 1, high - 1, high))
            few = small[dtype.kind]
            return few | special | st.integers(low, high) if exact else few
        case "f":
            moderate = small["i"].map(float)
            odd = st.sampled_from((float("nan"), float("inf"), float("-inf"), -0.0))
            if not exact or dtype.itemsize > 8:
                return moderate | odd
            tiny = float(np.finfo(dtype).smallest_subnormal)
            any_ = st.floats(width=8 * dtype.itemsize)  # type: ignore[arg-type]  # 16, 32 or 64
            return moderate | odd | st.sampled_from((tiny, -tiny)) | any_
        case "c":
            return st.builds(complex, small["i"], small["i"])
        case _:
            return hnp.from_dtype(dtype)
