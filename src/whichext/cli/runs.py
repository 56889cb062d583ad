"""`whichext.tools`: the functions that put several results side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whichext.model.runs import Skipped
    from whichext.model.view import View
    from whichext.report.diff import DiffResult
    from whichext.report.fleet import FleetResult
    from whichext.report.history import HistoryResult
    from whichext.report.result import Result


def diff(*results: str | Path | Result, baseline: str | None = None) -> DiffResult:
    """Compare the ratios of several results: which verdicts changed, and what else differs.

    Args:
        *results: Paths, or results; the first is what the others are compared with.
        baseline: Name of the contestant that ratios refer to; by default that of the results.

    Returns:
        Every ratio in every result with its change, and what is not the same: print it for its
        report.

    Example:
        >>> whichext.tools.diff("before.json", "after.json").changed

    Raises:
        UsageError: They have no race, kernel, case or baseline in common.
        ResultFileError: One of them is no result.

    """
    from msgspec.structs import asdict

    from whichext.judge.diff import find_diff
    from whichext.report.diff import DiffResult

    return DiffResult(**asdict(find_diff(_views(results, folders=False)[0], baseline)))


def fleet(
    *results: str | Path | Result, baseline: str | None = None, claims: str | Sequence[str] = ()
) -> FleetResult:
    """Judge results of many machines together: which verdicts hold on how many.

    Args:
        *results: Paths of files, or of folders with them, or results.
        baseline: Name of the contestant that ratios refer to; by default that of the results.
        claims: Such as "A is faster than B on every machine"; by default those that the results
            answer.

    Returns:
        Every ratio on every machine, its mean and where that of a further machine probably lies,
        and what the exceptions have in common: print it for its report.

    Example:
        >>> whichext.tools.fleet("results").cells[0][1].exceptions

    Raises:
        UsageError: There is none, they have no race, kernel or baseline in common, or one label is
            of different machines.
        ClaimError: A claim cannot be read, or names what none of them has.
        ResultFileError: One of them is no result, or there is none in a folder.

    """
    from msgspec.structs import asdict

    from whichext.judge.fleet import find_fleet
    from whichext.report.fleet import FleetResult

    views, skipped = _views(results, folders=True)
    texts = (claims,) if isinstance(claims, str) else claims
    return FleetResult(**asdict(find_fleet(views, baseline, texts, skipped)))


def _views(
    results: Sequence[str | Path | Result], *, folders: bool
) -> tuple[dict[str, View], list[Skipped]]:
    """The results by their names, those of folders too, and what in folders is none."""
    from whichext.load.asked import path_of
    from whichext.model.view import View
    from whichext.report import result_file

    views: dict[str, View] = {}
    skipped: list[Skipped] = []
    for number, one in enumerate(results, start=1):
        if isinstance(one, View):
            found: dict[str, View] = {f"result {number}": one}
        elif folders and result_file.is_folder(path_of("results", one)):
            found, unread = result_file.read_folder(path_of("results", one))
            skipped += unread
        else:
            found = {str(one): result_file.read(path_of("results", one))}
        for name, view in found.items():
            views[f"{name} ({number})" if name in views else name] = view
    return views, skipped


def history(
    folder: str | Path, of: str, *, over: str | None = None, case: str | None = None
) -> HistoryResult:
    """Follow one ratio over the results in a folder, the earliest first.

    Args:
        folder: The folder; files in it that are no results are named and left out.
        of: Name of a contestant.
        over: Name of the contestant to compare it with; by default the baseline.
        case: Name of a case; by default all that have the ratio.

    Returns:
        The ratio in each result, case by case and machine by machine, with its changes: print it
        for its report.

    Example:
        >>> whichext.tools.history("results", "mine.total").courses[0].points

    Raises:
        UsageError: No result has the ratio, or results of several kernels have it.
        ResultFileError: There is no such folder, or no result in it.

    """
    from msgspec.structs import asdict

    from whichext.judge.history import find_history
    from whichext.load.asked import path_of
    from whichext.report import result_file
    from whichext.report.history import HistoryResult

    views, skipped = result_file.read_folder(path_of("folder", folder))
    return HistoryResult(**asdict(find_history(views, of, over, case, skipped)))
