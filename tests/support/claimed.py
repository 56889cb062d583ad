"""Projects whose tests state claims, and what pytest says of them."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import pytest

from support.cli import without_paths
from support.races import make_races
from support.results import changed, make_race
from whichext.model.view import View
from whichext.report import result_file

ROW_SUM = Path(__file__).parents[1] / "kernels" / "row_sum"
PLUGIN = "whichext.cli.pytest_plugin"
OURS = "plain_sum.row_sum"


def raced(ours_ns: float, epochs: int = 5, kernel: str = "speed") -> View:
    """A race in "small" and "tall" in which the reference takes 1,000 ns."""
    times = {"numpy": [1_000] * epochs, OURS: [ours_ns] * epochs}
    return changed(make_races({"small": times, "tall": times}), kernel=kernel)


def raced_in_small(ours_ns: float) -> View:
    """The same in "small" alone."""
    return changed(make_race({"numpy": [1_000] * 5, OURS: [ours_ns] * 5}), kernel="speed")


def marked(text: object, /, name: str = "marked", body: str = "pass", **options: object) -> str:
    """A test whose marker states a claim."""
    return f"@pytest.mark.whichext_claim({said(text, options)})\ndef test_{name}(): {body}\n"


def called(text: object, /, name: str = "called", **options: object) -> str:
    """A test that states a claim by the fixture."""
    return f"def test_{name}(whichext_claim): whichext_claim({said(text, options)})\n"


def said(text: object, options: dict[str, object]) -> str:
    return ", ".join((repr(text), *(f"{name}={value!r}" for name, value in options.items())))


def wrapped(text: str) -> str:
    """The text with its long lines broken."""
    return "\n".join(textwrap.fill(line, 88, break_on_hyphens=False) for line in text.splitlines())


class Project:
    """A project with a kernel, an earlier result, and tests that state claims."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester, self.path = pytester, pytester.path
        shutil.copytree(ROW_SUM, self.path / "speed")
        kernel = self.path / "speed" / "kernel.py"
        kernel.write_text(kernel.read_text().replace("column-major", "tall"))
        result_file.write(raced(400), self.path / "earlier.json")
        pytester.makeini("[pytest]\nwhichext_kernel = speed")

    def run(self, *tests: str, words: tuple[str, ...] = ("--whichext",)) -> pytest.RunResult:
        """Run these tests, with these words on the command line."""
        self.pytester.makepyfile("\n".join(("import pytest", *tests)))
        return self.pytester.runpytest_inprocess("-p", PLUGIN, "-rs", *words)

    def said(self, *tests: str, words: tuple[str, ...] = ("--whichext",)) -> str:
        """What pytest says of the only test, which is skipped or fails."""
        lines = self.run(*tests, words=words).outlines
        skipped = [line.partition(": ")[2] for line in lines if line.startswith("SKIPPED")]
        if skipped:
            return wrapped("".join(skipped))
        start = next(n for n, line in enumerate(lines) if line.startswith("____"))
        ends = (n for n, line in enumerate(lines) if n > start and line.startswith("===="))
        return wrapped(without_paths("\n".join(lines[start + 1 : next(ends)]), self.path))
