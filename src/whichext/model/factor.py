"""A factor: one property in which contestants can differ."""

from __future__ import annotations

from msgspec import Struct

CHOSEN_AT_RUN_TIME = "dispatch"
"""The value of the factor isa of an entry that looks at the processor before it chooses."""


class Factor(Struct, frozen=True, order=True):
    """One property in which contestants can differ."""

    name: str
    """For example "order"."""
    value: str
    """For example "column"."""
