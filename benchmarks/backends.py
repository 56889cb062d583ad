"""Which build backends compile as a profile says, from the recorded calls of their builds.

    python benchmarks/backends.py [PROJECTS [PROFILES]]

Builds each project of `benchmarks/kernels/backends` under the release, every other profile and
every single setting, in a cache of its own; those that patterns fit, where some are given. Each has
flags of its own where its backend lets it, such as -O3 in a setup.py. A cell is one of these:

- as told: the calls that compile are those of the release, and those behind the wheel have the
  flags of the profile at their end, or call another compiler where that is the setting.
- skipped: with the reason that a report gives.
- NOT AS TOLD: with the calls that differ from both.

Ends with 1 if there is a cell of the last kind, or a build that failed. Takes about 20 minutes on
an idle machine.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

from whichext.build import build_project
from whichext.build.store import Store
from whichext.load.kernel import load_kernel
from whichext.model.contestant import NAMED, RELEASE, Profile
from whichext.model.kernel import Project
from whichext.model.outcome import Built
from whichext.report.outcome_words import outcome_reason
from whichext.toolchains.base import Command
from whichext.toolchains.profiles import single_settings, telling_of

KERNEL = Path(__file__).parent / "kernels" / "backends"
PROFILES = (*NAMED, *single_settings())

# Folders that each build has for itself, and names that are made up anew.
OWN = re.compile(
    r"[^\s=]*/(?:work-|build-env-)\w+|(?:tmp|TryCompile-|cmTC_|mesonpy-)\w+|(?<=metadata=)\w+|-[0-9a-f]{16}\b"
)
SOURCE = re.compile(r"[^-].*\.(c|cc|cpp|cxx|rs|pyx)")

MOST_CHARACTERS = 600

Calls = Counter[tuple[str, ...]]


def main() -> None:
    """Print one line for each project and profile."""
    wanted, under, *_ = (*sys.argv[1:], "*", "*")
    projects = [one for one in load_kernel(KERNEL).projects if fnmatchcase(one.name, wanted)]
    profiles = [one for one in PROFILES if fnmatchcase(one.name, under)]
    cells: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="backends-") as folder:
        store = Store(Path(folder))
        for project in projects:
            release = calls_of(project, RELEASE, store)
            for profile in profiles:
                text = cell(project, profile, release, store)
                cells[text.partition(":")[0]] += 1
                print(f"{project.name:18} {profile.name:18} {text}", flush=True)
    print(", ".join(f"{count} {name}" for name, count in sorted(cells.items())))
    sys.exit(1 if {*cells} - {"as told", "skipped"} else 0)


def cell(project: Project, profile: Profile, release: Calls, store: Store) -> str:
    """What came of one project under one profile."""
    result = build_project(project, profile, store).result
    if not isinstance(result, Built):
        return outcome_reason(result).said.partition("\n")[0]
    noted = store.record(result.key).commands
    return compared(project, profile, noted, release)


def compared(project: Project, profile: Profile, noted: tuple[Command, ...], release: Calls) -> str:
    """The calls of a build against those of the release."""
    telling = telling_of(profile, project)
    wrong = [one for one in noted if one.appended and one.appended != telling.flags[one.toolchain]]
    given = Counter((one.toolchain, " ".join(one.appended)) for one in noted if one.appended)
    beside = asked(noted) - release
    if not telling.variables and (wrong or beside):
        texts = [" ".join(words) for words in (*beside, *(one.arguments for one in wrong))]
        return f"NOT AS TOLD: {' | '.join(texts)[:MOST_CHARACTERS]}"
    flags = (f"{flags} in {count} of {name}" for (name, flags), count in sorted(given.items()))
    variables = (f"{name}={value}" for name, value in telling.variables.items())
    return f"as told: {', '.join((*variables, *flags)) or 'nothing was added'}"


def calls_of(project: Project, profile: Profile, store: Store) -> Calls:
    """How often each call of a build was asked for."""
    result = build_project(project, profile, store).result
    return asked(store.record(result.key).commands) if isinstance(result, Built) else Counter()


def asked(noted: tuple[Command, ...]) -> Calls:
    """How often each call that compiles was asked for, without names that every build makes up."""
    return Counter(
        (one.toolchain, *(OWN.sub("_", word) for word in one.asked))
        for one in noted
        if any(map(SOURCE.fullmatch, one.asked))
    )


if __name__ == "__main__":
    main()
