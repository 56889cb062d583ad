"""`whichext.tools.bundle` and `whichext.tools.reproduce`: bundles for a reviewer, from Python.

They import what they need when they are called, as in `whichext` itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.system.signals import interruptible_once

if TYPE_CHECKING:
    from whichext.cli.keywords import RunOptions
    from whichext.report.bundle import Plan, Written
    from whichext.report.reproduced import Reproduced
    from whichext.report.result import Result


@interruptible_once()
def bundle(
    on: str | Path | Kernel | Result,
    *claims: str,
    kernel: str | Path | Kernel | None = None,
    **options: Unpack[RunOptions],
) -> Written:
    """Write a kernel with a result into an archive that a reviewer can reproduce.

    Args:
        on: A kernel, which is raced, or the result of an earlier race.
        *claims: Sentences such as "A is 2x faster than B on CASE"; by default those of the result,
            or without one those of `claims.toml` in the kernel's folder.
        kernel: The kernel of a result, unless it is a built-in one.
        **options: `save`: the archive to write, a new file; by default "KERNEL-bundle.zip". All
            others are those of the race; see `whichext.run`.

    Returns:
        Where it is, the line that can be verified, and whether its files are those that were
        measured.

    Example:
        >>> whichext.tools.bundle(result, kernel="path/to/kernel", save="claim.zip").line

    Raises:
        UsageError: The result cannot be in a bundle, or the file is there already.
        ClaimError: A claim cannot be read, or names something that does not exist.
        BundleError: The bundle cannot be written.

    """
    from whichext.cli.bundling import make_bundle
    from whichext.cli.keywords import source_of, split
    from whichext.load.asked import path_of
    from whichext.model.view import View
    from whichext.report.bundle_file import check_result

    if isinstance(on, View):
        check_result(on)  # before its kernel is looked for: functions have none
    source, result = source_of(on, kernel, options)
    save = options.pop("save", None)
    told, how = split(Options(), options)
    path = None if save is None else path_of("save", save)
    return make_bundle(source, claims, told, result, path, **how)


@interruptible_once()
def reproduce(
    path: str | Path,
    *,
    line: str | None = None,
    yes: bool = False,
    **options: Unpack[RunOptions],
) -> Reproduced:
    """Check a bundle and repeat its race here; this builds and runs its author's code.

    Args:
        path: An archive that `bundle` wrote.
        line: The line that its author gave elsewhere, such as in a paper.
        yes: Whether to build and run what is in it. `whichext reproduce BUNDLE` shows what that is.
        **options: Options of the race; see `whichext.run`.

    Returns:
        The result here; `then` is the one of the bundle, and its report shows both.

    Example:
        >>> print(whichext.tools.reproduce("claim.zip", yes=True))

    Raises:
        UsageError: It was not agreed to, or the bundle has another line.
        BundleError: It is no bundle, or something in it was changed.
        KernelError: The kernel's author has something to fix.

    """
    from whichext.cli.bundling import not_agreed, reproduce_bundle
    from whichext.cli.keywords import split
    from whichext.load.asked import path_of

    def agree(plan: Plan) -> None:
        if not yes:
            raise not_agreed(plan)

    told, how = split(Options(), options)
    found = reproduce_bundle(path_of("path", path), line, told, agree, **how)
    if (save := options.get("save")) is not None:
        found.save(save)
    return found
