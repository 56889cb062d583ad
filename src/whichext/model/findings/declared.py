"""What a kernel's author declared and is not so."""

from __future__ import annotations

from msgspec import Struct

from whichext.model.findings.severity import Severity, listed
from whichext.model.findings.words import Advice


class FactorContradicted(Struct, frozen=True, kw_only=True, tag=True):
    """An entry declares a factor, and its build says otherwise."""

    contestants: tuple[str, ...]
    """Whose entries declare it."""
    factor: str
    """Name of the factor."""
    declared: str
    """Its value in the project's pyproject.toml."""
    seen: str
    """What the build says."""

    severity = Severity.AUTHOR
    why = ("differences would be put down to a factor that does not differ as declared",)

    @property
    def what(self) -> str:
        """One line on what was found."""
        declared = f'{self.factor} = "{self.declared}"'
        return f"{listed(self.contestants)}: declared {declared}, built with {self.seen}"

    @property
    def remedy(self) -> Advice:
        """What to do."""
        return (f"mend factors.{self.factor} in the project's pyproject.toml, or its build files",)
