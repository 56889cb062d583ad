"""The report for a terminal: a table per case, sentences under it, and who did not race and why."""

from __future__ import annotations

from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whichext.model.contestant import Case, Role
from whichext.model.outcome import (
    Built,
    Measured,
    NotTried,
)
from whichext.model.ratio import DIFFERENCE, TIE, Ratio, Verdict, least_difference
from whichext.model.units import (
    interval_text,
    rate_text,
    ratio_text,
    shape_text,
    size_text,
    time_text,
)
from whichext.model.view import View
from whichext.report.crossovers import crossovers
from whichext.report.findings_text import finding_lines
from whichext.report.notes import hazards, limit_kind, noise, warnings
from whichext.report.outcome_words import outcome_word, reason_text
from whichext.report.sentences import case_baseline, measured_rows, sentences
from whichext.report.startup import startup_table
from whichext.report.why import confounded, effects, ladders

_MOST_HEADER = 14  # a longer name would take its width from the contestants' own
_STYLES = {Verdict.FASTER: "green", Verdict.SLOWER: "red", Verdict.UNRESOLVED: "yellow"}


def render(view: View, width: int = 100, *, colour: bool = False) -> str:
    """The view as text, with terminal colours when asked for."""
    output = StringIO()
    console = Console(
        file=output, width=width, force_terminal=colour, no_color=not colour, highlight=False
    )
    console.print(Text(f"{view.raw.kernel}: {view.raw.question}", style="bold"))
    console.print(Text(machine_text(view)))
    console.print(Text(f"{view.raw.started_at}  $ {view.raw.command}\n"))
    for warning in warnings(view):
        console.print(Text(f"WARNING: {warning}", style="bold yellow"))
    for case in view.raw.cases:
        _print_case(console, view, case)
    for sentence in (*crossovers(view), *confounded(view)):
        console.print(Text(sentence))
    for part in (ladders(view), effects(view)):
        if part is not None:
            console.print(part)
    startup = startup_table(view)
    if startup is not None:
        console.print(startup)
    _print_builds(console, view)
    _print_findings(console, view)
    _print_absent(console, view)
    for hazard in hazards(view):
        console.print(Text(hazard))
    console.print(Text(noise(view)))
    console.print(Text(_legend(view)), style="dim" if colour else "")
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines()) + "\n"


def machine_text(view: View) -> str:
    """The machine, its Python and this program, on one line."""
    machine = view.raw.machine
    cores = "core" if machine.cores == 1 else "cores"
    virtual = ", virtual" if machine.virtual else ""
    return (
        f"{machine.cpu} ({machine.cores} {cores}, {machine.isa}{virtual}), "
        f"{size_text(machine.memory_bytes)}, {machine.system}, "
        f"{machine.python}, NumPy {machine.numpy}, whichext {view.raw.whichext_version}"
    )


def _print_case(console: Console, view: View, case: Case) -> None:
    measured = measured_rows(view, case.name)
    baseline = case_baseline(measured, view)
    table = Table(title=Text(_title(case)), title_justify="left", title_style="bold")
    table.add_column("contestant", overflow="fold")
    table.add_column("time", justify="right", no_wrap=True)
    against = baseline if len(baseline) <= _MOST_HEADER else "baseline"
    table.add_column(f"time / {against}", justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("of limit", justify="right", no_wrap=True)
    table.add_column("rate", justify="right", no_wrap=True)
    roles = {contestant.name: contestant.role for contestant in view.raw.contestants}
    for name, outcome in measured:
        yardstick = roles[name] in (Role.TWIN, Role.LIMIT)
        cells = _measured_cells(outcome, roles[name])
        table.add_row(Text(name), *cells, style="dim" if yardstick else "")
    for label, word in _absent_labels(view, case.name):
        table.add_row(Text(label), "-", "-", Text(word), "-", "-")
    console.print(table)
    for sentence in sentences(view, case.name):
        console.print(Text(sentence))
    console.print()


def _absent_labels(view: View, case: str) -> list[tuple[str, str]]:
    """Who has no time in a case, and a word for why; who was skipped, project by project.

    Somebody without a toolchain or without any of the libraries would otherwise read the same
    dozen names in every table. All of them stand below, with what is missing.
    """
    projects = {contestant.name: contestant.project for contestant in view.raw.contestants}
    absent = [r for r in view.judged.rows if r.case == case and not isinstance(r.outcome, Measured)]
    skipped: dict[str | None, list[str]] = {}
    labels = []
    for row in absent:
        if isinstance(row.outcome, NotTried):
            skipped.setdefault(projects[row.contestant], []).append(row.contestant)
        else:
            labels.append((row.contestant, outcome_word(row.outcome)))
    for project, names in skipped.items():
        label = names[0] if len(names) == 1 else f"{len(names)} contestants of {project}"
        labels.append((label, "skipped"))
    return labels


def _title(case: Case) -> str:
    summary = f": {case.summary}" if case.summary else ""
    return f"{case.name} {shape_text(case.shape)} {case.dtype}, {case.layout} order{summary}"


def _measured_cells(outcome: Measured, role: Role) -> tuple[Text, ...]:
    ratio, is_limit = outcome.ratio, role is Role.LIMIT
    verdict, is_baseline = ratio.verdict, ratio.verdict is Verdict.BASELINE
    interval = "" if is_baseline else f" {interval_text(ratio.low, ratio.high):>14}"
    return (
        Text(time_text(outcome.median_ns)),
        Text(f"{ratio_text(ratio.value)}{interval or ' ' * 15}"),
        Text("limit") if is_limit else Text(verdict, style=_STYLES.get(verdict, "")),
        Text("100%" if is_limit else _share(outcome.of_limit)),
        Text(rate_text(outcome.bytes_per_s)),
    )


def _share(of_limit: Ratio | None) -> str:
    if of_limit is None or of_limit.low is None or of_limit.high is None:
        return "-"
    spread = (of_limit.high - of_limit.low) / 2
    return f"{of_limit.value:.0%} ±{100 * spread:.{1 if spread < 0.01 else 0}f}"


def _print_builds(console: Console, view: View) -> None:
    built = [(b, b.result) for b in view.raw.builds if isinstance(b.result, Built)]
    if not built:
        return
    console.print(Text("Builds", style="bold"))
    for build, result in built:
        tools = ", ".join(f"{tool.name} {tool.version}" for tool in result.tools)
        flags = " ".join(f'{f.name}="{f.value}"' for f in result.environment) or "none added"
        line = (
            f"{build.project} @{build.profile}: wheel {size_text(result.wheel_bytes)}, "
            f"built in {time_text(result.build_ns)}; flags: {flags}; {tools}"
        )
        console.print(Padding(Text(line), (0, 0, 0, 2)))
    console.print()


def _print_findings(console: Console, view: View) -> None:
    if not view.raw.evidence:
        return  # a result from before builds were audited, or nothing was built
    console.print(Text("Audit of the builds", style="bold"))
    for line in finding_lines(view.raw.findings):
        console.print(Padding(line, (0, 0, 0, 2)))
    console.print()


def _print_absent(console: Console, view: View) -> None:
    """Who did not race and why; what holds in all cases, or for several, is said once."""
    cases: dict[tuple[str, str], list[str]] = {}
    for row in view.judged.rows:
        if not isinstance(row.outcome, Measured):
            key = (row.contestant, reason_text(row.outcome))
            cases.setdefault(key, []).append(row.case)
    if not cases:
        return
    names: dict[tuple[str, str], list[str]] = {}
    for (name, reason), found in cases.items():
        where = "" if len(found) == len(view.raw.cases) else f" ({', '.join(found)})"
        names.setdefault((where, reason), []).append(name)
    console.print(Text("Not raced", style="bold"))
    for (where, reason), alike in names.items():
        console.print(Padding(Text(f"{', '.join(alike)}{where}: {reason}"), (0, 0, 0, 2)))
    console.print()


def _legend(view: View) -> str:
    counts = {r.outcome.ratio.epochs for r in view.judged.rows if isinstance(r.outcome, Measured)}
    epochs = " to ".join(str(n) for n in sorted({min(counts), max(counts)})) if counts else "0"
    return (
        "time: median of one call. time / ...: ratio of times in the same rounds, with its "
        f"{view.judged.confidence:.0%} interval over {epochs} epochs (sets of fresh processes); "
        f"below 1 is faster. An interval more than {_borders(view)} from 1 is a difference, "
        f"one within {TIE:.1%} that reaches to within {DIFFERENCE:.1%} a tie. of limit: share of "
        f"what this machine can do with as many threads; {limit_kind(view)}. rate: bytes that "
        "a call must at least move, per second. @debug: no optimisation. [n]: n threads."
    )


def _borders(view: View) -> str:
    """Beyond what an interval is a difference; each case has its own noise."""
    found = sorted(least_difference(view.cases[case.name].noise) for case in view.raw.cases)
    least, most = (found[0], found[-1]) if found else (DIFFERENCE, DIFFERENCE)
    text = " to ".join(dict.fromkeys((f"{least:.1%}", f"{most:.1%}")))
    return f"{text} (the noise of the case)" if most > DIFFERENCE else text
