"""Elements of arrays that are drawn: usual ones, and those on which code goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.strategies import SearchStrategy

from whichext.verify.inputs.layouts import Array

_MODERATE = 50
_MOST_TEXT = 6
_KINDS_SEEDED = 20  # different elements of an array that is too long to draw each by itself


@dataclass(frozen=True)
class Domain:
    """Which elements an array may have."""

    min_value: float | None = None
    """The least one; None for that of the dtype."""
    max_value: float | None = None
    """The greatest one; None for that of the dtype."""
    nan: bool = True
    """Whether NaN and NaT are among them."""
    elements: SearchStrategy[Any] | None = None
    """Strategy of a single one; None for any within the bounds."""

    @property
    def bounded(self) -> bool:
        """Whether there are bounds beyond those of the dtype."""
        return self.min_value is not None or self.max_value is not None

    def limits(self, dtype: np.dtype[Any]) -> tuple[float, float]:
        """Least and greatest element of a dtype within the bounds."""
        least, most = _limits(drawn_as(dtype))
        return (
            least if self.min_value is None else max(least, self.min_value),
            most if self.max_value is None else min(most, self.max_value),
        )

    def clipped(self, values: Array) -> Array:
        """The same values, those beyond the bounds brought back to them; no NaN where none may be.

        Where there are no bounds, the array itself.
        """
        if not self.nan and values.dtype.kind in "fc":
            values = np.where(np.isnan(values), values.dtype.type(0), values)
        if not self.bounded or values.dtype.kind not in "iuf":
            return values
        clipped: Array = np.clip(values, *self.limits(values.dtype)).astype(values.dtype)
        return clipped


def drawn_as(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Times are drawn as the integers that they are, so that NaT and its neighbours are likely."""
    return np.dtype(np.int64) if dtype.kind in "mM" else dtype


def numbers(
    dtype: np.dtype[Any], lengths: tuple[int, ...], seed: int, domain: Domain, *, exact: bool
) -> Array:
    """Moderate numbers, shape `lengths`; where the kernel is exact, as many different ones as fit.

    Where it rounds, sums of larger ones would be less precise.
    """
    rng, drawn_dtype, size = np.random.default_rng(seed), drawn_as(dtype), int(np.prod(lengths))
    if drawn_dtype.kind == "b":
        return rng.integers(0, 1, lengths, endpoint=True).astype(bool)
    least, most = moderate(drawn_dtype, domain, max(_MODERATE, size * exact))
    values = rng.permutation(np.linspace(least, most, size)).reshape(lengths)
    whole: Array = np.clip(np.rint(values), least, most).astype(drawn_dtype)
    return domain.clipped(whole.view(dtype))


def texts(dtype: np.dtype[Any], lengths: tuple[int, ...]) -> Array:
    """Texts of every length that fits, which differ from their neighbours, shape `lengths`."""
    most = _longest(dtype)
    some = [chr(ord("a") + n % 26) * (n % (most + 1)) for n in range(int(np.prod(lengths)))]
    return np.array(some, dtype).reshape(lengths)


def _longest(dtype: np.dtype[Any]) -> int:
    """Length of the longest texts that are drawn of a dtype."""
    return dtype.itemsize // 4 if dtype.kind == "U" else _MOST_TEXT


def moderate(dtype: np.dtype[Any], domain: Domain, most: int = _MODERATE) -> tuple[int, int]:
    """Bounds of whole numbers around 0, or of those in the domain that are nearest to it."""
    least, greatest = domain.limits(dtype)
    low, high = max(least, 0 if dtype.kind == "u" else -most), min(greatest, most)
    if least > high:  # all of the domain lies beyond
        low, high = least, min(greatest, least + 2 * most)
    if greatest < low:
        low, high = max(least, greatest - 2 * most), greatest
    return int(np.ceil(low)), max(int(np.ceil(low)), int(np.floor(high)))


def some_elements(
    one: SearchStrategy[Any], count: int, *, seeded: bool
) -> SearchStrategy[list[Any]]:
    """So many elements: each drawn by itself, or from a few that are, by a seed.

    To draw each of thousands would take longer than all calls together.
    """
    if not seeded:
        return st.lists(one, min_size=count, max_size=count)

    def spread(drawn: tuple[list[Any], int]) -> list[Any]:
        few, seed = drawn
        return [few[place] for place in np.random.default_rng(seed).integers(0, len(few), count)]

    few = st.lists(one, min_size=1, max_size=_KINDS_SEEDED)
    return st.tuples(few, st.integers(0, 1_000)).map(spread)


def any_elements(dtype: np.dtype[Any], domain: Domain, *, exact: bool) -> SearchStrategy[Any]:
    """Elements of a dtype: small ones, special ones, and where the kernel is exact any at all.

    A kernel that rounds has no one answer where sums overflow or cancel.
    """
    if domain.elements is not None:
        return domain.elements
    dtype = drawn_as(dtype)
    match dtype.kind:
        case "i" | "u":
            return _integers(dtype, domain, exact=exact)
        case "f":
            return _floats(dtype, domain, exact=exact)
        case "c":
            part = st.integers(-_MODERATE, _MODERATE)
            return st.builds(complex, part, part)
        case "U" | "T":
            # No surrogates, which are no text, and no NUL, which NumPy drops at the end.
            letters = st.characters(codec="utf-8", exclude_characters="\0")
            return st.text(letters, max_size=_longest(dtype))
        case _:
            return hnp.from_dtype(dtype)


def _integers(dtype: np.dtype[Any], domain: Domain, *, exact: bool) -> SearchStrategy[int]:
    low, high = map(int, domain.limits(dtype))
    few = st.integers(*moderate(dtype, domain))
    special = st.sampled_from(sorted({low, min(low + 1, high), max(low, high - 1), high}))
    if domain.bounded:
        return few | special | st.integers(low, high)
    return few | special | st.integers(low, high) if exact else few


def _floats(dtype: np.dtype[Any], domain: Domain, *, exact: bool) -> SearchStrategy[float]:
    low, high = domain.limits(dtype)
    missing = st.just(float("nan")) if domain.nan else st.nothing()
    if domain.bounded:
        near = st.floats(low, high).map(lambda value: float(dtype.type(value)))
        within = near.filter(lambda value: low <= value <= high)
        return within | st.sampled_from((low, high)) | missing
    moderate = st.integers(-_MODERATE, _MODERATE).map(float)
    found = moderate | st.sampled_from((high, low, -0.0)) | missing
    if not exact or dtype.itemsize > 8:
        return found
    tiny = float(np.finfo(dtype).smallest_subnormal)
    width: Any = 8 * dtype.itemsize  # 16, 32 or 64
    return found | st.sampled_from((tiny, -tiny)) | st.floats(width=width, allow_nan=domain.nan)


def _limits(dtype: np.dtype[Any]) -> tuple[float, float]:
    """Least and greatest element of a dtype; of floats, the infinities."""
    if dtype.kind in "iu":
        return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
    return -np.inf, np.inf
