"""The pytest plugin: claims as tests, which `pytest --whichext` tests with races.

Every pytest loads it beside which whichext is installed. So it imports little, and what builds,
races and judges is imported by the first claim.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from whichext.cli.wording import SHELL
from whichext.model.claim import Standing, worst
from whichext.model.errors import ClaimError, UsageError, WhichextError
from whichext.model.inline import PYTHON, argument, unmarked
from whichext.model.options import Options
from whichext.model.raw import INTERRUPTED

if TYPE_CHECKING:
    from whichext.cli.keywords import RunOptions
    from whichext.model.kernel import Kernel
    from whichext.report.result import Result
    from whichext.system.progress import KeptNotes

NAME = "whichext_claim"
"""The fixture, the marker, and the property of a test that keeps the answer."""

_FORM = f'{NAME}("A is faster than B", kernel="FOLDER")'
_KERNEL, _MAX_TIME, _PRECISION = "whichext_kernel", "whichext_max_time", "whichext_precision"
_TRACING = ("COV_CORE_SOURCE", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
_SETTINGS = {"max_time_s": _MAX_TIME, "precision": _PRECISION, "on": "result"}


class _Wording:
    """Arguments as tests and pytest's settings have them, and calls as they are typed."""

    def argument(self, name: str, value: Any) -> str:
        """An argument of a claim, or the setting of pytest."""
        return PYTHON.argument(_SETTINGS.get(name, name), value)

    def call(self, verb: str, values: tuple[Any, ...], named: Mapping[str, Any]) -> str:
        """A command."""
        return SHELL.call(verb, values, named)


_WORDING = _Wording()


@dataclass(frozen=True)
class _Stated:
    """A claim as a test states it."""

    text: str
    """The sentence."""
    kernel: str | Path | None = None
    """Name or folder of the kernel; None for the one in pytest's configuration."""
    result: str | Path | None = None
    """The result file to use instead of a race."""


def _stated(words: tuple[Any, ...], options: Mapping[str, Any]) -> _Stated:
    """The arguments of a marker, or of the function that the fixture gives.

    Raises:
        UsageError: They are no claim.

    """
    unknown = sorted(options.keys() - {"kernel", "result"})
    if unknown or len(words) != 1 or not isinstance(words[0], str):
        got = ", ".join((*map(repr, words), *(f"{name}=" for name in unknown)))
        expected = "one sentence, and kernel or result"
        raise UsageError(NAME, f"write {_FORM}", expected=expected, got=got or "nothing")
    return _Stated(words[0], **options)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that asks for races, and the settings of these."""
    group = parser.getgroup("whichext", "claims about speed")
    group.addoption("--whichext", action="store_true", help="Test claims about speed, with races.")
    parser.addini(_KERNEL, "Kernel of claims that name none: a folder, or a built-in name.")
    parser.addini(
        _MAX_TIME,
        f"Most seconds of a race, over all cases; by default {Options.max_time_s:g}.",
    )
    parser.addini(
        _PRECISION,
        "Stop a case once its intervals near a tie are this narrow; by default 1%.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Describe the marker, and begin the list of claims."""
    about = "a claim that must hold, tested with a race or with a result file of whichext."
    config.addinivalue_line("markers", f"{NAME}(text, *, kernel=None, result=None): {about}")
    config.stash[_CLAIMS] = _Claims(config)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note all claims of markers, so that those about a kernel share one race."""
    claims = session.config.stash[_CLAIMS]
    for item in session.items:
        for marker in item.iter_markers(NAME):
            claims.note(marker)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests of claims where no race was asked for."""
    if item.get_closest_marker(NAME) is not None:
        _skip_unless_asked(item.config)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Test the claims of a test's markers before its body."""
    for marker in item.iter_markers(NAME):
        item.config.stash[_CLAIMS].test(marker.args, marker.kwargs, item)


@pytest.fixture
def whichext_claim(request: pytest.FixtureRequest) -> Callable[..., Result]:
    """Test a claim: `whichext_claim("mine is 2x faster than numpy on large", kernel="speed")`.

    It fails where the claim is refuted, skips where it is unresolved, and returns the result.
    """
    _skip_unless_asked(request.config)

    def claim(
        text: str, *, kernel: str | Path | None = None, result: str | Path | None = None
    ) -> Result:
        __tracebackhide__ = True
        options = {"kernel": kernel, "result": result}
        return request.config.stash[_CLAIMS].test((text,), options, request.node)

    return claim


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the answers, also of claims that hold."""
    reports = [one for several in terminalreporter.stats.values() for one in several]
    called = [one for one in reports if getattr(one, "when", None) == "call"]
    lines = [text for one in called for name, text in one.user_properties if name == NAME]
    if lines:
        terminalreporter.section("claims")
    for line in dict.fromkeys(lines):  # one race may have several answers, and a warning once
        terminalreporter.write_line(line)
    for path in terminalreporter.config.stash[_CLAIMS].kept:
        terminalreporter.write_line(f"The race is kept. Next: whichext show {_shown(path)}")


def _shown(path: Path) -> str:
    """A path as it is typed in this folder."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))


def _skip_unless_asked(config: pytest.Config) -> None:
    if not config.getoption("--whichext"):
        limit = config.getini(_MAX_TIME) or f"{Options.max_time_s:g}"
        pytest.skip(
            f"claims are tested on request, since a race takes up to {limit} s beside builds. "
            "Next: pytest --whichext"
        )


class _Claims:
    """The claims of a session, and the races and results with which they are tested."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        # Without a configuration, pytest's root depends on which tests are named.
        settings = config.inipath
        self._folder = settings.parent if settings else config.invocation_params.dir
        self._noted: list[_Stated] = []
        self._kernels: dict[str, Kernel] = {}
        self._races: dict[str, list[Result]] = {}
        self.kept: list[Path] = []
        """The files of the races."""

    def note(self, marker: pytest.Mark) -> None:
        """Keep the claim of a marker for the race of its kernel; one that is wrong fails later."""
        with suppress(UsageError):
            self._noted.append(_stated(marker.args, marker.kwargs))

    def test(self, words: tuple[Any, ...], options: Mapping[str, Any], item: pytest.Item) -> Result:
        """Find the answer to a claim, and end the test with it unless the claim holds."""
        __tracebackhide__ = True
        from whichext.report import render
        from whichext.report.claims import answer_line, measured_lines, why
        from whichext.report.notes import warnings
        from whichext.system.progress import KeptNotes

        kept = KeptNotes()
        answer = self._answer_or_error(words, options, kept)
        if isinstance(answer, WhichextError):
            _list(item, [f"WARNING: {doubt}" for doubt in kept.notes])
            pytest.fail(f"whichext: {answer.text(_WORDING)}", pytrace=False)
        claims, doubts = answer.claims, kept.notes + warnings(answer)
        lines = [answer_line(one, ", ".join(measured_lines(one))) for one in claims]
        _list(item, [*lines, *(f"WARNING: {doubt}" for doubt in doubts)])
        standing = worst(one.standing for one in claims)
        if standing is Standing.HOLDS:
            return answer
        worst_ones = (one for one in claims if one.standing is standing)
        reasons = "\n".join(answer_line(one, " ".join(why(one))) for one in worst_ones)
        said = unmarked(reasons, _WORDING)
        if standing is Standing.UNRESOLVED and not any(one.is_broken for one in claims):
            pytest.skip(said)
        # pytest repeats the first line in its own summary.
        pytest.fail(f"{said}\n\n{render(answer, wording=_WORDING)}", pytrace=False)

    def _answer_or_error(
        self, words: tuple[Any, ...], options: Mapping[str, Any], notes: KeptNotes
    ) -> Result | WhichextError:
        """The answer, or what is wrong: in `except`, a test would fail with both of two errors."""
        try:
            return self._answer(_stated(words, options), notes)
        except WhichextError as error:
            return error

    def _answer(self, stated: _Stated, notes: KeptNotes) -> Result:
        from whichext import check, read

        named = self._named(stated)
        if stated.result is not None:
            result = read(self._folder / stated.result)
            kernel = self._kernel(named or result.raw.kernel)
            return check(result, stated.text, kernel=kernel, progress=notes)
        if not named:
            raise UsageError(
                f"{NAME}: no kernel is named",
                f'write {_FORM}, or set {_KERNEL} = "FOLDER" for pytest',
            )
        kernel = self._kernel(named)
        known = (_answered(race, stated.text, kernel) for race in self._races.get(named, ()))
        answer = next(filter(None, known), None)
        return answer or check(self._race(named, stated.text, notes), stated.text, kernel=kernel)

    def _named(self, stated: _Stated) -> str:
        """A folder of the project, or else the name as it is; empty where there is none."""
        name = str(stated.kernel or self._config.getini(_KERNEL))
        folder = self._folder / name
        return str(folder) if name and (folder / "kernel.py").is_file() else name

    def _kernel(self, named: str) -> Kernel:
        from whichext import load_kernel

        if named not in self._kernels:
            self._kernels[named] = load_kernel(named)
        return self._kernels[named]

    def _race(self, named: str, text: str, notes: KeptNotes) -> Result:
        """Race what the claim names; the first time, what all markers claim of the kernel too."""
        _skip_where_disturbed(self._config)
        races = self._races.setdefault(named, [])
        noted = () if races else (one for one in self._noted if one.result is None)
        texts = (text, *(one.text for one in noted if self._named(one) == named))
        race = _raced(self._kernel(named), tuple(dict.fromkeys(texts)), self._options(notes))
        if race.raw.stopped == INTERRUPTED:
            raise KeyboardInterrupt
        races.append(race)
        self._keep(race)
        return race

    def _options(self, notes: KeptNotes) -> RunOptions:
        from whichext.cli.arguments import share

        max_time, precision = map(self._config.getini, (_MAX_TIME, _PRECISION))
        options: RunOptions = {"progress": notes}
        if max_time:
            options["max_time_s"] = _seconds(max_time)
        if precision:
            options["precision"] = share(precision)
        return options

    def _keep(self, race: Result) -> None:
        """Write the race where pytest keeps what is of use later."""
        cache = getattr(self._config, "cache", None)
        if cache is not None:
            number = f"-{len(self.kept) + 1}" if self.kept else ""
            path = cache.mkdir("whichext") / f"{race.raw.kernel}{number}.json"
            race.save(path)
            self.kept.append(path)


def _list(item: pytest.Item, lines: list[str]) -> None:
    item.user_properties += [(NAME, unmarked(line, _WORDING)) for line in lines]


def _raced(kernel: Kernel, texts: tuple[str, ...], options: RunOptions) -> Result:
    """The race for all of these claims; a wrong one is an error only where it is the first."""
    from whichext import check

    try:
        return check(kernel, *texts, **options)
    except ClaimError as error:
        first, *others = texts
        if not others or error.claim == first:
            raise
        left = tuple(text for text in others if text != error.claim)
        return _raced(kernel, (first, *left) if len(left) < len(others) else (first,), options)


def _answered(race: Result, text: str, kernel: Kernel) -> Result | None:
    """The answer of a race to a claim; None where it names what did not race."""
    from whichext import check

    try:
        answer = check(race, text, kernel=kernel)
    except ClaimError:
        return None
    missing = (one for claim in answer.claims for case in claim.cases for one in case.missing)
    return None if any(one.outcome is None for one in missing) else answer


def _skip_where_disturbed(config: pytest.Config) -> None:
    """Skip where other tests would run beside a race, or what races would be traced."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    if workers > 1:
        pytest.skip(
            f"a race needs the machine for itself, and {workers} processes run tests. "
            "Next: pytest --whichext -n 0"
        )
    traced = next(filter(os.environ.get, _TRACING), None)
    if traced is not None:
        pytest.skip(
            f"what races would be slowed down by coverage ({traced} is set). "
            "Next: pytest --whichext --no-cov"
        )


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        name = "max_time_s"
        expected = "a number of seconds"
        raise UsageError(argument(name, text), argument(name, 60), expected=expected) from error


_CLAIMS = pytest.StashKey[_Claims]()
