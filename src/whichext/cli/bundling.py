"""What the commands `bundle` and `reproduce` do, and the functions of Python with these names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Unpack

from whichext import pipeline
from whichext.build.bundled import sources_in
from whichext.build.session import How
from whichext.build.way import settings_of
from whichext.cli.wording import SHELL
from whichext.judge.claims.trials import in_full
from whichext.judge.diff import find_diff
from whichext.load.archive import NOT_TRUSTED
from whichext.load.kernel import digest_of, load_kernel
from whichext.load.project import load_project, read_toml
from whichext.load.resume import check_source
from whichext.load.unpack import Bundle, unpack
from whichext.model import __version__
from whichext.model.bundle import RESULT
from whichext.model.contestant import RELEASE
from whichext.model.errors import BundleError, UsageError
from whichext.model.inline import argument, call
from whichext.model.kernel import Kernel
from whichext.model.options import Options
from whichext.model.view import View
from whichext.report import result_file
from whichext.report.bundle import Backend, Plan, Written
from whichext.report.bundle_file import check_bundle, check_result, write_bundle
from whichext.report.reproduced import HERE, THEN, Reproduced
from whichext.toolchains import find_missing


def make_bundle(
    kernel: str | Kernel,
    claims: Sequence[str],
    options: Options,
    result: View | None,
    path: Path | None,
    **how: Unpack[How],
) -> Written:
    """Write a bundle of a kernel with a result, or with a race of all that claims name.

    Args:
        kernel: The kernel; also a built-in name, or a kernel folder.
        claims: What is claimed; without any, what the result answers, or the kernel's own file.
        options: How long a race may take, and how precise it should be.
        result: The result; None for a new race.
        path: Where to write it; None for a name of the kernel's in this folder.
        **how: See `How`.

    Raises:
        UsageError: The result cannot be in a bundle, or is of another kernel.
        ClaimError: A claim cannot be read, or names what is not there.
        BundleError: The bundle cannot be written.

    """
    if result is not None:
        check_result(result)  # before its kernel is looked for: functions have none
    kernel = kernel if isinstance(kernel, Kernel) else load_kernel(kernel)
    path = path or Path(f"{kernel.name}-bundle.zip")
    check_bundle(path)
    if result is None or claims:
        result = pipeline.check(kernel, claims, options, result, **how)
    else:
        check_source(kernel, result, how.get("progress"))
    return write_bundle(result, kernel, path, SHELL)


def reproduce_bundle(
    path: Path,
    line: str | None,
    options: Options,
    agree: Callable[[Plan], None],
    **how: Unpack[How],
) -> Reproduced:
    """Check a bundle, and repeat its race here.

    Args:
        path: The bundle.
        line: The line that its author gave elsewhere; None where none is known.
        options: How long the race may take, and how precise it should be.
        agree: Is given what would be built and run, and raises where that is not agreed to.
        **how: See `How`.

    Raises:
        BundleError: It is no bundle, or something in it was changed.
        UsageError: Its line is another one.
        KernelError: The kernel's author has something to fix.

    """
    with TemporaryDirectory(prefix="whichext-") as folder:
        bundle = unpack(path, Path(folder).resolve(), line)
        then = result_file.parse(bundle.result, f"{path}: {RESULT}")
        _check_repeatable(path, then)
        settings = options.config_settings or settings_of(then.raw.builds)
        options = replace(options, config_settings=settings)
        agree(_plan(bundle, then, options))
        now = _raced(load_kernel(bundle.kernel), then, options, how)
    try:
        diff = find_diff({THEN: then, HERE: now})
    except UsageError:  # nothing is measured here that the bundle has
        diff = None
    return Reproduced(now.raw, now.judged, then=then, line=bundle.line, diff=diff)


def _check_repeatable(path: Path, then: View) -> None:
    """Refuse a result that no command puts into a bundle."""
    try:
        check_result(then)
    except UsageError as error:
        sides = {"expected": error.expected, "got": error.got}
        raise BundleError(RESULT, NOT_TRUSTED, where=str(path), **sides) from error


def not_agreed(plan: Plan) -> UsageError:
    """Nothing was built or run: it was not agreed to."""
    return UsageError(
        f"{argument('yes')}: nothing was built or run of {plan.bundle.path}",
        f"read in the archive what {call('reproduce', str(plan.bundle.path))} lists, "
        f"then give {argument('yes', True)}",
        expected="your consent to run code of another author",
    )


def _raced(kernel: Kernel, then: View, options: Options, how: How) -> View:
    """The race of a result again: its claims, or all that it compares."""
    claims = then.judged.claims
    if claims:
        texts = [in_full(claim.text, claim.names) for claim in claims]
        return pipeline.check(kernel, texts, options, **how)
    asked = replace(
        options,
        entries=tuple(one.original for one in then.competing),
        profiles=(RELEASE.name,),
        cases=tuple(case.name for case in then.raw.cases),
        baseline=then.raw.baseline,
    )
    return pipeline.execute(kernel, asked, **how)


def _plan(bundle: Bundle, then: View, options: Options) -> Plan:
    """What would be built and run; none of its code is run to find out.

    Raises:
        BundleError: The result is not what its samples give.

    """
    altered = None if then.altered is None else then.altered.what
    if altered is not None and bundle.whichext_version == __version__:
        what = f"its verdicts are not those of its samples: {altered}"
        raise BundleError(what, NOT_TRUSTED, where=str(bundle.path))
    folder = bundle.kernel
    found = (load_project(path.parent) for path in sorted(folder.glob("*/pyproject.toml")))
    projects = [project for project in found if project is not None]
    for project in projects:
        if not project.folder.is_relative_to(bundle.top):
            what = f"the project {project.name} is in another folder than the bundle's"
            raise BundleError(what, NOT_TRUSTED, where=str(bundle.path))
    raced = {one.project for one in then.competing}
    return Plan(
        bundle=bundle,
        then=then,
        sources=sources_in(digest_of(folder), projects, then.raw, bundle.top),
        projects=tuple(
            (project, _backend(project.folder), find_missing(project.needs))
            for project in projects
            if project.name in raced
        ),
        python_files=tuple(
            path.relative_to(folder.parent).as_posix() for path in sorted(folder.glob("*.py"))
        ),
        settings=options.config_settings,
        max_time_s=options.max_time_s,
        altered=altered,
    )


def _backend(folder: Path) -> Backend:
    """The backend of a project; what pip takes where none is named."""
    table: Any = read_toml(folder / "pyproject.toml").get("build-system")
    stated = table if isinstance(table, dict) else {}
    requires = stated.get("requires", ["setuptools"])
    return Backend(
        name=str(stated.get("build-backend", "setuptools.build_meta")),
        requires=tuple(map(str, requires)) if isinstance(requires, list) else (),
    )
