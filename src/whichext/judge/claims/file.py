"""`claims.toml` of a kernel's folder: a list of claims, as somebody stated them.

It belongs to no digest: a claim that is reworded asks another question of the same measurement.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.trial import Trial, find_trial
from whichext.model.errors import ClaimError, KernelError
from whichext.model.kernel import Kernel

FILE = "claims.toml"


class Stated(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table `[[claim]]`."""

    text: Annotated[str, Meta(min_length=1)]
    """The claim."""
    source: str = ""
    """Who stated it, and where."""
    published: str = ""
    """The number as it was published."""
    note: str = ""
    """What a reader should know of it."""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    claim: Annotated[tuple[Stated, ...], Meta(min_length=1)]


@dataclass(frozen=True)
class Listed:
    """A claim of the list, ready to be held against a result."""

    stated: Stated
    """As it stands in the file."""
    trial: Trial
    """What it names."""


def load_claims(kernel: Kernel, threads: int) -> tuple[Listed, ...]:
    """Read the claims of a kernel.

    Args:
        kernel: Has the folder with the file.
        threads: Thread count of parallel entries that are named without one.

    Raises:
        KernelError: There is no such file, or something in it is not what it must be.

    """
    path = kernel.folder / FILE
    listed = []
    for number, stated in enumerate(_read(path), start=1):
        try:
            trial = find_trial(parse_claim(stated.text), kernel, threads)
        except ClaimError as error:
            raise KernelError(
                error.marked_problem, error.marked_next_step, where=f"{path}: claim {number}"
            ) from error
        listed.append(Listed(stated, trial))
    return tuple(listed)


def _read(path: Path) -> tuple[Stated, ...]:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise KernelError(
            str(path),
            'write it, with text = "A is faster than B" under [[claim]]',
            expected="a list of claims",
            got=str(error.strerror),
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KernelError(
            str(path), "fix that line", expected="TOML", got=f"an error: {error}"
        ) from error
    try:
        return msgspec.convert(content, _File).claim
    except msgspec.ValidationError as error:
        raise KernelError(
            str(error), "it takes [[claim]] with text, source, published, note", where=str(path)
        ) from error
