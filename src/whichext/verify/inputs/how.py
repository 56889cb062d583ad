"""How arrays are drawn while something is drawn: what verify wants of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from whichext.verify.inputs.layouts import Array

Change = Callable[[Array], Array]


@dataclass(frozen=True)
class How:
    """How arrays are drawn."""

    dtypes: tuple[str, ...] = ("float64",)
    """Dtypes of arrays that state none."""
    exact: bool = True
    """Whether any value of a dtype may be drawn: sums that are rounded have no one answer there."""
    long: bool = False
    """Whether an axis is long: code that takes many elements at a time does so in long ones."""
    lengths: tuple[int, ...] | None = None
    """Lengths of the axes; None where these are drawn as well."""
    values: Change | None = None
    """What makes special values of usual ones; None where values are drawn."""
    layout: Change | None = None
    """What puts an array elsewhere in memory."""

    @property
    def fixed(self) -> bool:
        """Whether nothing about an array is left to be drawn."""
        return self.lengths is not None


HOW: ContextVar[How] = ContextVar("how arrays are drawn", default=How())  # noqa: B039  # frozen


def current() -> How:
    """How arrays are drawn now. By name, so that a strategy can be sent to another process."""
    return HOW.get()


@contextmanager
def drawing(**how: Any) -> Iterator[None]:
    """Draw arrays in a certain way; the fields of `How`, of which those not given stay."""
    token = HOW.set(replace(HOW.get(), **how))
    try:
        yield
    finally:
        HOW.reset(token)
