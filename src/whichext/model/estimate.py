"""What a race's samples of one contestant amount to."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Verdict(StrEnum):
    """What may be said of a contestant against the baseline."""

    FASTER = "faster"
    """The whole interval lies below 1, by more than 1 % and by more than the noise floor."""
    SLOWER = "slower"
    """The whole interval lies above 1, by more than 1 % and by more than the noise floor."""
    TIE = "tie"
    """The whole interval lies within 3 % of 1, and some of it within 1 %: no difference that is
    worth acting on."""
    UNRESOLVED = "unresolved"
    """The interval or the noise is too wide for any of these: nothing may be said yet."""
    BASELINE = "baseline"
    """What the others are compared with."""


class Estimate(Struct, frozen=True, kw_only=True):
    """What the race's samples of one contestant in one case amount to."""

    ratio: float
    """Time of the contestant / time of the baseline in the same rounds; below 1 is faster."""
    low: float | None
    """Lower end of the ratio's interval; None when one epoch is all there is."""
    high: float | None
    """Upper end of the ratio's interval; None when one epoch is all there is."""
    verdict: Verdict
    """What the interval allows to say."""
    epochs: int
    """Sets of fresh processes behind the interval."""
    median_ns: float
    """Median time of one call over all samples, ns."""
    best_ns: float
    """Least time of one call in any sample, ns; never used to rank."""
    bytes_per_s: float
    """Bytes that a call must at least move, per second of median time."""
    epochs_needed: int = 0
    """Epochs after which an unresolved ratio is likely to be resolved; 0 for the others, and where
    the noise floor and not the number of epochs leaves it open."""
    share: float | None = None
    """Share of the limit with as many threads: 1 moves its bytes as fast as the machine can."""
    share_low: float | None = None
    """Lower end of the share's interval."""
    share_high: float | None = None
    """Upper end of the share's interval."""
