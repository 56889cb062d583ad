"""A factor in which two contestants differ."""

from __future__ import annotations

from msgspec import Struct


class Difference(Struct, frozen=True):
    """A factor in which two contestants differ."""

    factor: str
    """Name of the factor."""
    before: str
    """Its value for the first of the two."""
    after: str
    """Its value for the second."""

    def __str__(self) -> str:
        return f"{self.factor}: {self.before} -> {self.after}"

    def reversed(self) -> Difference:
        """The same difference, seen from the other contestant."""
        return Difference(self.factor, self.after, self.before)
