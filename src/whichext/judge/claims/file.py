"""`claims.toml` of a kernel's folder: a list of claims, as their authors stated them.

It belongs to no digest: a claim that is reworded asks another question of the same measurement.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from whichext.judge.claims.grammar import parse_claim
from whichext.judge.claims.resolve import Trial, resolve_claim
from whichext.model.errors import ClaimError, KernelError
from whichext.model.kernel import Kernel

FILE = "claims.toml"


class _Stated(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One table `[[claim]]`."""

    text: Annotated[str, Meta(min_length=1)]
    source: str = ""
    published: str = ""
    note: str = ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    claim: Annotated[tuple[_Stated, ...], Meta(min_length=1)]


def load_claims(kernel: Kernel, threads: int) -> tuple[Trial, ...]:
    """Read the claims of a kernel.

    Args:
        kernel: Has the folder with the file.
        threads: Thread count of parallel entries that are named without one.

    Raises:
        KernelError: There is no such file, or something in it is not what it must be.

    """
    path = kernel.folder / FILE
    trials = []
    for number, stated in enumerate(_read(path), start=1):
        try:
            trial = resolve_claim(parse_claim(stated.text), kernel, threads)
        except ClaimError as error:
            raise KernelError(
                error.marked_problem, error.marked_next_step, where=f"{path}: claim {number}"
            ) from error
        trials.append(
            replace(
                trial,
                source=stated.source or None,
                published=stated.published or None,
                note=stated.note or None,
            )
        )
    return tuple(trials)


def _read(path: Path) -> tuple[_Stated, ...]:
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
