"""How often is identical code called different? Ours, pyperf, pytest-benchmark, asv, hyperfine.

    pip install -e . pyperf pytest-benchmark asv && apt install git hyperfine
    python benchmarks/rivals.py --repetitions 20 --seconds 5 -o docs/results/rivals.json

The pair: two copies of `values.max(axis=0)` of a (300, 1000) float64 array; for hyperfine, commands
that call it for about 0.3 s. In each repetition every tool, in random order, measures the pair for
`--seconds` of wall time, start to end, and says by its own rule whether the two differ:

    whichext          faster or slower: the interval of the ratio lies beyond 1 % (no twin widens
                      that, as it would in `whichext run`); counted apart: it excludes 1
    pyperf            pooled t-test at 95 %: anything but "Not significant!"
    pytest-benchmark  has no test: --benchmark-compare-fail=min:5%, whichever of the two is current
    asv               Mann-Whitney p < 0.002; counted apart: what `asv compare` marks, factor 1.1
    hyperfine         has no test: 1 is outside of "1.40 +- 0.03", the ratio of means and its sd

Equal time: three trials, and after them every repetition, correct the time that a tool is given by
the time that it took, never by what it found. `spread` is the sd of ln(ratio) and `worst` the ratio
furthest from 1, of the ratio that the tool itself shows. Ctrl-C ends it early and still reports.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from importlib import metadata
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import msgspec
from scipy.stats import binomtest

from whichext.build.session import Lineup
from whichext.judge.ratios import CONFIDENCE, direct_ratio, find_theft
from whichext.judge.selfcheck import KERNEL, copy_of_reference
from whichext.load.kernel import load_kernel
from whichext.model.options import Options
from whichext.model.ratio import Ratio, Verdict
from whichext.model.view import without
from whichext.pipeline import INPUTS
from whichext.race.epoch import run_epoch
from whichext.race.track import Entrant, Epoch, Track
from whichext.race.visits import FEWEST_EPOCHS
from whichext.system.machine import describe_machine
from whichext.system.workers.crew import Crew

TRIALS = 3
PAIR = """import numpy as np
VALUES = np.random.default_rng(0).integers(1_000, size=(300, 1_000)).astype("float64")
def one(): return VALUES.max(axis=0)
def other(): return VALUES.max(axis=0)
"""
FILES = {
    "pair.py": PAIR,
    "with_pyperf.py": "import pair, pyperf\nrunner = pyperf.Runner()\n"
    "for name in ('one', 'other'): runner.bench_func(name, getattr(pair, name))\n",
    "test_pair.py": "import pair\ndef test_one(benchmark): benchmark(pair.one)\n"
    "def test_other(benchmark): benchmark(pair.other)\n",
    ".gitconfig": "[user]\nname = me\nemail = me@localhost\n",
    "benchmarks/__init__.py": PAIR.replace("def ", "def time_"),
    "asv.conf.json": '{"version": 1, "project": "", "repo": ".", "environment_type": "existing"}',
}


@dataclass(frozen=True)
class Finding:
    """What a tool said of the pair once."""

    wall_s: float
    ratio: float  # the tool's own figure, the second over the first
    different: Mapping[str, bool]  # by rule
    knobs: str
    raw: Any


@dataclass(frozen=True)
class Bench:
    """The folder with the pair, and about how long a call takes."""

    folder: Path
    call_s: float

    def run(self, *command: str) -> float:
        """Run a tool there; gives its wall time, s."""
        home = {**os.environ, "HOME": str(self.folder)}  # for asv and its git
        start = time.perf_counter()
        done = subprocess.run(command, cwd=self.folder, env=home, capture_output=True)
        wall_s = time.perf_counter() - start
        if done.returncode:
            raise SystemExit((done.stdout + done.stderr)[-2000:].decode(errors="replace"))
        return wall_s


def prepare(folder: Path) -> Bench:
    """Write the pair as each tool wants it, and time a call."""
    (folder / "benchmarks").mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    bench = Bench(folder, statistics.median(timeit.repeat("one()", PAIR, number=100)) / 100)
    if version("asv"):  # it has results of commits alone
        bench.run("git", "init")
        bench.run("git", "commit", "--allow-empty", "--message=pair")
        bench.run(sys.executable, "-m", "asv", "machine", "--yes")
    return bench


def race_copies(seconds: float, seed: int) -> Ratio:
    """Race two copies: epoch by epoch as in `whichext run`, but time alone ends it."""
    kernel = load_kernel(KERNEL)
    case = next(case for case in kernel.cases if case.name == "300x1000-float64-C")
    copies = tuple(Entrant(copy_of_reference(number), None) for number in range(2))
    track = Track(case.name, copies, Options.rounds, Options.time_limit_s)
    with Crew(kernel, INPUTS) as crew:
        crew.prepare(case)
        start, took_s = time.monotonic(), 0.0
        while track.raced < FEWEST_EPOCHS or time.monotonic() - start + took_s <= seconds:
            began = time.monotonic()
            rng = random.Random(f"{seed} {track.raced}")
            run_epoch(crew, track, Epoch(track.raced, copies, rng, Lineup(track.names)))
            took_s = time.monotonic() - began
    spoiled = find_theft(track.timings()).dropped
    first, second = (without(timing, spoiled) for timing in track.timings())
    ratio = direct_ratio(second, first, CONFIDENCE, noise=None)
    assert ratio is not None, "no round was raced"
    return ratio


def with_ours(_: Bench, seconds: float) -> Finding:
    """A race in an interpreter of its own, as the others have."""
    start = time.perf_counter()
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        ratio = pool.submit(race_copies, seconds, random.getrandbits(32)).result()
    wall_s = time.perf_counter() - start
    called = ratio.verdict in (Verdict.FASTER, Verdict.SLOWER)
    excludes = abs(ratio.centre) > ratio.half_width
    different = {"faster or slower": called, "interval excludes 1": excludes}
    raw = msgspec.structs.asdict(ratio)
    return Finding(wall_s, ratio.value, different, f"max_time_s={seconds:.2f}", raw)


def with_pyperf(bench: Bench, seconds: float) -> Finding:
    """As many processes as fit with values of about 0.1 s, its default; 1 warm-up and 3 values."""
    import pyperf
    from pyperf._compare import is_significant_benchs

    processes = max(2, round(seconds / 2 / 0.65))
    value_s = max(0.02, (seconds / 2 / processes - 0.25) / 4)
    knobs = f"-p {processes} -w 1 -n 3 --loops {max(1, round(value_s / bench.call_s))}"
    path = bench.folder / f"{time.time_ns()}.json"
    wall_s = bench.run(sys.executable, "with_pyperf.py", "-q", "-o", path.name, *knobs.split())
    suite = pyperf.BenchmarkSuite.load(str(path))
    one, other = suite.get_benchmark("one"), suite.get_benchmark("other")
    different = {"t-test significant": bool(is_significant_benchs(one, other)[0])}
    raw = {"one": one.get_values(), "other": other.get_values()}
    return Finding(wall_s, other.mean() / one.mean(), different, knobs, raw)


def with_pytest_benchmark(bench: Bench, seconds: float) -> Finding:
    """It finds its rounds itself."""
    knobs = f"--benchmark-max-time={seconds / 2:.2f}"
    quiet = ("-q", "-p", "no:cacheprovider", "--rootdir=.", "--benchmark-json=pytest.json")
    wall_s = bench.run(sys.executable, "-m", "pytest", *quiet, knobs, "test_pair.py")
    found = json.loads((bench.folder / "pytest.json").read_text())["benchmarks"]
    fields = ("min", "median", "mean", "stddev", "rounds")
    one, other = raw = [{field: each["stats"][field] for field in fields} for each in found]
    ratio = other["min"] / one["min"]
    return Finding(
        wall_s, ratio, {"gate min:5% (no test)": max(ratio, 1 / ratio) > 1.05}, knobs, raw
    )


def with_asv(bench: Bench, seconds: float) -> Finding:
    """As many rounds of processes as fit with about 5 samples of 10 ms, its default."""
    from asv._stats import is_different
    from asv.commands.compare import _is_result_better as is_better
    from asv.results import Results

    rounds = max(2, round(seconds / 0.74))
    repeat = max(2, round((seconds / 2 / rounds - 0.3) / 0.01))
    knobs = f"-a rounds={rounds} -a repeat={repeat}"
    fixed = ("run", "-E", "existing:same", "--set-commit-hash", "HEAD", "--record-samples")
    wall_s = bench.run(sys.executable, "-m", "asv", *fixed, *knobs.split())
    results = Results.load(str(next(bench.folder.glob("results/*/*existing*.json"))))
    names = ("time_one", "time_other")
    one, other = (results.get_result_value(name, [])[0] for name in names)
    stats = [results.get_result_stats(name, [])[0] for name in names]
    samples = [results.get_result_samples(name, [])[0] for name in names]
    both = tuple(zip(stats, samples, strict=True))
    marked = is_better(one, other, *both, 1.1) or is_better(other, one, *both[::-1], 1.1)
    different = {"Mann-Whitney": is_different(*samples, *stats), "that and factor 1.1": marked}
    return Finding(wall_s, other / one, different, knobs, {"stats": stats, "samples": samples})


def with_hyperfine(bench: Bench, seconds: float) -> Finding:
    """As many runs as fit with calls for about 0.3 s each, after one to warm up."""
    runs = max(2, round(seconds / 2 / 0.45) - 1)
    calls = round(max(0.02, seconds / 2 / (runs + 1) - 0.15) / bench.call_s)
    knobs = ("--shell=none", "--warmup=1", f"--runs={runs}")
    work = f"'{sys.executable}' -c 'import pair; [pair.{{}}() for _ in range({calls})]'"
    commands = map(work.format, ("one", "other"))
    wall_s = bench.run("hyperfine", *knobs, "--export-json=hyperfine.json", *commands)
    one, other = json.loads((bench.folder / "hyperfine.json").read_text())["results"]
    ratio = other["mean"] / one["mean"]
    shown = max(ratio, 1 / ratio)  # the slower over the faster
    sd = shown * math.hypot(*(each["stddev"] / each["mean"] for each in (one, other)))
    different = {"1 outside +- sd (no test)": shown - 1 > sd}
    raw = {"one": one["times"], "other": other["times"], "sd": sd}
    return Finding(wall_s, ratio, different, f"{' '.join(knobs)}, {calls} calls a run", raw)


TOOLS: dict[str, Callable[[Bench, float], Finding]] = {
    "whichext": with_ours,
    "pyperf": with_pyperf,
    "pytest-benchmark": with_pytest_benchmark,
    "asv": with_asv,
    "hyperfine": with_hyperfine,
}


def version(tool: str) -> str:
    """Its version; empty where it is absent."""
    with contextlib.suppress(metadata.PackageNotFoundError, FileNotFoundError):
        if tool == "hyperfine":
            return subprocess.check_output([tool, "--version"], text=True).split()[1]
        return metadata.version(tool)
    return ""


def table(result: Mapping[str, Any]) -> str:
    """One line for every tool and rule."""
    form = "{:24} {:26} {:>6}  {:15} {:>7} {:>6} {:>6}"
    head = ("tool", "rule", "called", "95 % interval", "spread", "worst", "wall")
    lines = [f"$ {result['command']}\n{result['date']}; {result['machine']}", form.format(*head)]
    for tool, number in result["versions"].items():
        found = [each[tool] for each in result["repetitions"] if tool in each]
        if not number:
            get = f"{'apt' if tool == 'hyperfine' else 'pip'} install {tool}"
            lines.append(f"{tool:24} not installed: {get}")
        for rule in found[0]["different"] if found else ():
            logs = [math.log(each["ratio"]) for each in found]
            called = sum(each["different"][rule] for each in found)
            low, high = binomtest(called, len(found)).proportion_ci(method="wilson")
            spread = f"{statistics.stdev(logs):.2%}" if len(logs) > 1 else "-"
            wall_s = statistics.median(each["wall_s"] for each in found)
            shares = (f"{called}/{len(found)}", f"[{low:.1%}, {high:.1%}]", spread)
            rest = (f"{math.exp(max(map(abs, logs))):.3f}", f"{wall_s:.2f} s")
            lines.append(form.format(f"{tool} {number}", rule, *shares, *rest))
    return "\n".join(lines)


def main() -> None:
    """Measure with every tool in turn, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("-o", "--output", type=Path, help="JSON, written after every repetition")
    options = parser.parse_args()
    asked = f"--repetitions {options.repetitions} --seconds {options.seconds:g}"
    result: dict[str, Any] = {
        "command": f"python benchmarks/rivals.py {asked}",
        "date": time.strftime("%Y-%m-%d"),
        "machine": str(describe_machine()),
        "versions": {tool: version(tool) for tool in TOOLS},
        "repetitions": [],
    }
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(KeyboardInterrupt):
        bench = prepare(Path(folder))
        told = {tool: options.seconds for tool in TOOLS if result["versions"][tool]}
        for number in range(-TRIALS, options.repetitions):
            found = {}
            for tool in random.sample(list(told), len(told)):
                finding = TOOLS[tool](bench, told[tool])
                found[tool] = asdict(finding)
                over_s = finding.wall_s - options.seconds
                told[tool] = max(0.2, told[tool] - over_s * (1 if number < 0 else 0.3))
            walls = ", ".join(f"{tool} {each['wall_s']:.2f} s" for tool, each in found.items())
            print(f"{number + 1 if number >= 0 else 'trial'}: {walls}", file=sys.stderr, flush=True)
            if number < 0:
                continue
            result["repetitions"].append({"load": os.getloadavg()[0], **found})
            if options.output:
                options.output.parent.mkdir(parents=True, exist_ok=True)
                options.output.write_text(json.dumps(result))
    print(table(result))


if __name__ == "__main__":
    main()
