"""What became of a claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from whichext.judge.claims.trial import Trial
from whichext.judge.factors import Difference
from whichext.model.outcome import Outcome
from whichext.model.ratio import Ratio, Verdict


class Standing(StrEnum):
    """What may be said of a claim."""

    HOLDS = "holds"
    """In every case, the whole interval agrees with it."""
    REFUTED = "refuted"
    """In some case, the whole interval contradicts it."""
    UNRESOLVED = "unresolved"
    """Nothing of these: the interval is too wide, or something was not measured."""


def worst(standings: Iterable[Standing]) -> Standing:
    """What may be said of several together: one that is refuted refutes them all."""
    found = set(standings)
    order = (Standing.REFUTED, Standing.UNRESOLVED)
    return next((standing for standing in order if standing in found), Standing.HOLDS)


Amount = Ratio | int
"""What a claim is about: a ratio with its interval, or a counted number of threads."""


@dataclass(frozen=True)
class Missing:
    """A contestant or a case without which nothing can be said."""

    what: str
    """The contestant's name, or "the case" and its name."""
    outcome: Outcome | None
    """What became of it; None where it was never asked for."""


@dataclass(frozen=True, kw_only=True)
class CaseFinding:
    """What became of a claim in a case."""

    case: str
    """Name of the case."""
    standing: Standing
    """What may be said."""
    measured: Amount | None = None
    """The quantity that the claim is about; None where it could not be measured."""
    verdict: Verdict | None = None
    """What a report would say of A against B; None without B."""
    epochs_needed: int | None = None
    """Epochs after which an unresolved claim is likely to be resolved; None where unknown."""
    noise: float | None = None
    """How far apart identical code was, where nothing else keeps the claim from an answer, as a
    share (0.1 is 10 %); else None."""
    missing: tuple[Missing, ...] = ()
    """Who was not measured."""


@dataclass(frozen=True, kw_only=True)
class Released:
    """The same entries under the compiler's settings of the release."""

    names: tuple[str, ...]
    """Names of A and, where there is one, B under the release's settings."""
    changes: tuple[Difference, ...]
    """What these settings change, for A, B or both."""
    differences: tuple[Difference, ...]
    """In what A differs from B then; empty without B."""
    measured: tuple[tuple[str, Amount], ...]
    """The claim's quantity in each case in which it was measured, by the case's name."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What became of a claim, and what is to be said of it."""

    trial: Trial
    """The claim with its contestants and cases."""
    standing: Standing
    """What may be said of all cases together."""
    cases: tuple[CaseFinding, ...]
    """What became of it in each case."""
    differences: tuple[Difference, ...] | None
    """In what A differs from B; None without B, or where the result does not have both."""
    released: Released | None
    """What the release's settings give; None where A and B have them, or only they differ."""

    @property
    def confounded(self) -> bool:
        """Whether A and B differ in several factors, so that the ratio tells of none of them."""
        return self.differences is not None and len(self.differences) > 1
