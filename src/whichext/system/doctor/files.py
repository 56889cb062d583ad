"""Reads what the kernel tells in files; whatever stands in them, nothing here raises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_MOST_DIGITS = 18  # still below 2**63, so quotients of two numbers are always finite


@dataclass(frozen=True)
class Files:
    """The files of a system."""

    root: Path
    """What stands for "/"."""

    def text(self, path: str) -> str:
        """Content without the white space around it; empty where it cannot be read."""
        try:
            content = (self.root / path.lstrip("/")).read_bytes()
        except (OSError, ValueError):  # ValueError: a path with a null character in it
            return ""
        return content.decode(errors="replace").strip()

    def texts(self, folder: str, pattern: str) -> tuple[str, ...]:
        """Contents of the files in a folder that match, as `text` gives them."""
        start = self.root / folder.lstrip("/")
        paths = sorted(start.glob(pattern))
        return tuple(self.text(str(path.relative_to(self.root))) for path in paths)

    def number(self, path: str) -> int | None:
        """The whole number that the file holds; None where it holds anything else."""
        return whole_number(self.text(path))


def whole_number(text: str) -> int | None:
    """A number of decimal digits alone; None for any other text."""
    # int() takes too much ("1_0", other scripts' digits) and raises on very long numbers.
    plain = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if plain else None
