"""Results to export: an ordinary race, and one with every outcome and names of strangers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from support.absent import race_without
from support.results import NOT_RACED, changed, make_race, noisy, rejudged, steady, stolen_from
from whichext.model.view import View
from whichext.report.exports import EXPORTS

HOSTILE = 'total "a", <b>\n| `=1+1`\x1b[31m'
"""A name with all that CSV, HTML, Markdown and a terminal take for something else."""


def race() -> View:
    """A baseline, one that is faster, one of which nothing is known, and a limit."""
    times = {"numpy": steady(1_000), "cy.total[2]": steady(500), "limit[2]": steady(100)}
    return make_race({**times, "rust.total": noisy(990, 2)})


def hostile() -> View:
    """A race with every outcome, and a contestant and a case with odd names."""
    view = race_without({"numpy": steady(1_000), "cy.total": steady(500)}, NOT_RACED)
    text = json.dumps("cy.total"), json.dumps(HOSTILE)
    return renamed(renamed(view, *text), json.dumps("small"), json.dumps(f"case, {HOSTILE}"))


def renamed(view: View, old: str, new: str) -> View:
    """The result with another name wherever it has one."""
    from whichext.report.result_file import encode, parse

    return parse(encode(view).decode().replace(old, new), "FILE.json")


def with_dropped_round() -> View:
    """A race in which a second contestant lost time to another guest in one round."""
    view = make_race({"numpy": steady(1_000), "cy.total": steady(500)})
    first, second = view.raw.timings
    stolen = stolen_from(second, {(1, 1): 0.5})
    return rejudged(View(replace(view.raw, timings=(first, stolen)), view.judged))


def measured_elsewhere() -> View:
    """A race of another program."""
    view = make_race({"a": steady(1_000, 1), "b": steady(500, 1)})
    return rejudged(changed(view, measured_by="pytest-benchmark 5.3.1"))


def exported(view: View, to: str) -> str:
    """The text of an export."""
    content = EXPORTS[to](view)
    assert isinstance(content, str)
    return content


def json_of(view: View, to: str) -> Any:
    """The content of an export that is JSON."""
    return json.loads(exported(view, to))


def run_python(*words: str, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """What a module of Python prints, which must end well."""
    command = (sys.executable, "-m", *words)
    given = os.environ if env is None else env
    # In a worker of pytest-xdist, pytest-benchmark would measure nothing.
    alone = {name: value for name, value in given.items() if "XDIST" not in name}
    ended = subprocess.run(command, cwd=cwd, env=alone, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
