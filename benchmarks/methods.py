"""Whether methods of about 40 ns that differ by some 5 ns are told apart, and equal ones are not.

    python benchmarks/methods.py [--repetitions 10] [--max-time 20]

Each repetition races a class against itself under another name and against one whose method adds
one number more. The method that does nothing is what the race itself adds to each call.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from whichext import Result, run
from whichext.system.machine import describe_machine

REFERENCE, SAME, MORE = "python", "sums.Same", "sums.More"
METHOD = """\
    __slots__ = ("last",)

    def update(self, value):
        self.last = {expression}
"""
KERNEL = f"""\
from whichext import Case, Kernel, Stateful


class Sum:
{METHOD.format(expression="value + value")}

KERNEL = Kernel(
    question="How fast is an addition?",
    reference=Sum,
    reference_name="python",
    inputs=lambda case: [float(n) for n in range(case.n)],
    cases=(Case("thousand", n=1_000),),
    stateful=Stateful(method="update", state=lambda made: made.last),
)
"""
PROJECT = """\
[build-system]
requires = ["flit_core>=3.10,<4"]
build-backend = "flit_core.buildapi"

[project]
name = "sums"
version = "0.1.0"
description = "Methods that add"

[tool.whichext]
module = "sums"
toolchain = "python"

[[tool.whichext.entries]]
function = "Same"

[[tool.whichext.entries]]
function = "More"
"""
MODULE = f'''\
"""Methods that add."""


class Same:
{METHOD.format(expression="value + value")}

class More:
{METHOD.format(expression="value + value + 0.0")}'''


def write_kernel(folder: Path) -> Path:
    """The kernel with its project."""
    home = folder / "sum"
    (home / "sums").mkdir(parents=True)
    (home / "kernel.py").write_text(KERNEL)
    (home / "sums" / "pyproject.toml").write_text(PROJECT)
    (home / "sums" / "sums.py").write_text(MODULE)
    return home


def median_ns(result: Result, name: str) -> float:
    """Time of a call of a method, ns."""
    table = result.to_pandas()
    return float(table.loc[table["contestant"] == name, "median_ns"].iloc[0])


def main() -> None:
    """Race, and print the times and the verdicts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=10)
    parser.add_argument("--max-time", type=float, default=20.0)
    asked = parser.parse_args()
    print(f"{describe_machine().cpu}; at most {asked.max_time:g} s each")
    verdicts: dict[str, Counter[str]] = {SAME: Counter(), MORE: Counter()}
    with tempfile.TemporaryDirectory() as folder:
        home = write_kernel(Path(folder))
        for seed in range(asked.repetitions):
            result = run(home, max_time_s=asked.max_time, seed=seed)
            times = {name: median_ns(result, name) for name in (REFERENCE, SAME, MORE, "nothing")}
            for name, found in verdicts.items():
                found[str(result.ratio(name).verdict)] += 1
            ratios = "; ".join(f"{name} {result.ratio(name)}" for name in verdicts)
            print(", ".join(f"{name} {ns:.1f} ns" for name, ns in times.items()), "|", ratios)
    for name, found in verdicts.items():
        print(name, dict(found))


if __name__ == "__main__":
    main()
