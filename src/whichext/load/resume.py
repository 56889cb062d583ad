"""Continues an earlier run, only if it measured exactly the same things."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from whichext.load.kernel import asked_as
from whichext.model.case import Case
from whichext.model.contestant import WORKING, Contestant
from whichext.model.errors import UsageError
from whichext.model.inline import argument, call
from whichext.model.kernel import Kernel
from whichext.model.outcome import Built
from whichext.model.raw import Raw
from whichext.model.view import View
from whichext.system.progress import Progress

_MACHINE = ("cpu", "cores", "isa", "l2_cache_bytes", "l3_cache_bytes", "system", "python", "numpy")


def resume(earlier: Raw | None, now: Raw) -> Raw:
    """A run with what an earlier one measured of the same contestants and cases.

    Args:
        earlier: What the earlier run left; None when there was none.
        now: The run as far as it is: what it does not know yet, its builds, twin or limit, is
            not compared, so that a run can be refused before it builds.

    Raises:
        UsageError: The earlier run was of another program, kernel, machine, case, contestant or
            build.

    """
    if earlier is None:
        return now
    _same("whichext", earlier.whichext_version, now.whichext_version)
    _same("kernel", earlier.kernel, now.kernel)
    _same("text of kernel.py (hash)", earlier.kernel_digest, now.kernel_digest)
    _same("baseline", earlier.baseline, now.baseline)
    for name in _MACHINE:
        _same(name, getattr(earlier.machine, name), getattr(now.machine, name))
    _same_parts("case", _contents(earlier.cases), _contents(now.cases))
    # By all of its parts: a limit that C read then and NumPy reads now has the same name.
    _same_parts("contestant", _contents(earlier.contestants), _contents(now.contestants))
    _same_parts("revision of", _commits(earlier), _commits(now))
    _same_parts("build of", _keys(earlier), _keys(now))
    cases = {case.name for case in now.cases}
    order = {contestant.name: n for n, contestant in enumerate(now.contestants)}
    kept = [t for t in earlier.timings if t.case in cases and t.contestant in order]
    input_bytes = {size.case: size.input_bytes for size in earlier.sizes}
    return replace(
        now,
        timings=tuple(sorted(kept, key=lambda timing: order[timing.contestant])),
        sizes=tuple(replace(size, input_bytes=input_bytes.get(size.case)) for size in now.sizes),
        uncompared=tuple(name for name in earlier.uncompared if name in cases),
        unchanging=tuple(name for name in earlier.unchanging if name in cases),
    )


def _contents(parts: Iterable[Case | Contestant]) -> dict[str, str]:
    """What a file keeps of each, by name: one that was read back is equal, though of plain text."""
    return {part.name: msgspec.json.encode(part).decode() for part in parts}


def _commits(raw: Raw) -> dict[str, str]:
    """The commits of projects at revisions; what "working" is based on may be another by now."""
    return {one.project: one.commit or "none" for one in raw.revisions if one.name != WORKING}


def _keys(raw: Raw) -> dict[str, str]:
    return {
        f"{build.project} @{build.profile}": build.result.key
        for build in raw.builds
        if isinstance(build.result, Built)
    }


def _same_parts(what: str, then: dict[str, str], now: dict[str, str]) -> None:
    """What both runs have must be the same; what one of them alone has is no obstacle."""
    for name, part in then.items():
        if name in now:
            _same(f"{what} {name}", part, now[name])


def _same(what: str, then: object, now: object) -> None:
    if then != now:
        raise UsageError(
            f"{argument('resume')}: the earlier run had another {what}",
            f"run without {argument('resume')}, since ratios from two different set-ups say "
            "nothing together",
            expected=str(now),
            got=str(then),
        )


def check_source(kernel: Kernel, result: View, progress: Progress | None) -> None:
    """Refuse an earlier result that answers another question; say where its kernel was another.

    Raises:
        UsageError: It is of another kernel, or of a verb that does not race.

    """
    again = call("run", asked_as(kernel), save="FILE.json")
    if result.raw.kernel != kernel.name:
        raise UsageError(
            argument("on"),
            f"make one with {again}",
            expected=f"a result of the kernel {kernel.name}",
            got=f"one of {result.raw.kernel}",
        )
    if not result.raw.raced:
        raise UsageError(
            argument("on"),
            f"make one with {again}",
            expected="the result of a race",
            got=f"one of {call(result.raw.kind)}",
        )
    if result.raw.kernel_digest != kernel.digest and progress is not None:
        progress.note(
            f"whichext: the result is of another version of {kernel.name}'s kernel.py: its cases "
            f"may have been others. Next: make a new one with {again}"
        )
