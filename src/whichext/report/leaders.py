"""Which contestants lead in a case, and the fastest of each toolchain against each other."""

from __future__ import annotations

from collections.abc import Sequence

from whichext.model.inline import code
from whichext.model.insight import Leaders
from whichext.model.ratio import Comparison, Verdict, speed_up_text
from whichext.model.units import ratio_text
from whichext.model.view import CaseView
from whichext.report.document import codes, listed

_MOST_PAIRS = 6
"""Pairs of four toolchains; of more toolchains, the fastest is compared with each other one."""

_ALIKE = ratio_text(1.0)


def leaders_text(case: CaseView, leaders: Leaders, baseline: str) -> str:
    """The fastest contestants, by direct comparison with each other contestant."""
    return _leading(case, leaders, baseline) + _reservation(case, leaders, baseline)


def _reservation(case: CaseView, leaders: Leaders, baseline: str) -> str:
    """What to make of leaders whose rows tell them from the baseline; else empty."""
    found = _by_verdict(case, leaders)
    if baseline not in leaders.names:  # else it is shown that those are faster
        found.pop(Verdict.FASTER, None)
    texts = [
        f"{codes(names)} {'are' if len(names) > 1 else 'is'} {verdict} than {code(baseline)}"
        for verdict, names in found.items()
        if verdict in (Verdict.SLOWER, Verdict.FASTER)
    ]
    if not texts:
        return ""
    return (
        f" {listed(texts)} where the two alone are compared; {leaders.compared} comparisons at "
        "once do not show it."
    )


def _by_verdict(case: CaseView, leaders: Leaders) -> dict[Verdict, list[str]]:
    """The leaders by their rows' verdicts."""
    found: dict[Verdict, list[str]] = {}
    for name in leaders.names:
        if name in case.measured:
            found.setdefault(case.measured[name].ratio.verdict, []).append(name)
    return found


def _leading(case: CaseView, leaders: Leaders, baseline: str) -> str:
    leader, against = code(leaders.leader), code(baseline)
    if not leaders.compared:
        return f"Only {leader} could be raced, so there is nothing to compare it with."
    if leaders.rivals and not any(rival.ratio and rival.ratio.low for rival in leaders.rivals):
        return "Which is the fastest is unresolved: a single epoch gives no interval."
    group = (
        f"{codes(leaders.names)} lead and cannot be told apart"
        if leaders.rivals
        else f"{leader} is the fastest"
    )
    if leaders.leader == baseline:
        if _by_verdict(case, leaders).keys() <= {Verdict.BASELINE, Verdict.TIE, Verdict.SLOWER}:
            return f"{group}: nothing beats {against} here."
        return f"{group}; whether anything beats {against} is unresolved."
    ratio = case.measured[leaders.leader].ratio
    if ratio.verdict is Verdict.FASTER:
        times = f"{speed_up_text(ratio)} as fast as {against}."
        return f"{group}; {leader} is {times}" if leaders.rivals else f"{group}: {times}"
    if ratio.verdict is Verdict.TIE:
        return f"{group}; against {against} there is no difference worth acting on."
    return f"{group}; whether {leader} differs from {against} is unresolved."


def between_text(pairs: Sequence[Comparison]) -> str:
    """The fastest of each toolchain against each other, in one sentence; empty without a pair."""
    said = pairs_text(pairs)
    return f"The fastest of each toolchain: {said}." if said else ""


def pairs_text(pairs: Sequence[Comparison]) -> str:
    """The same in clauses, one for each that is compared with slower ones."""
    against: dict[str, list[str]] = {}
    for pair in _shown(pairs):
        against.setdefault(pair.contestant, []).append(_pair_text(pair))
    return "; ".join(f"{code(name)} is {listed(texts)}" for name, texts in against.items())


def order_text(case: CaseView) -> str:
    """Why a direct ratio is against the order of the rows; empty where none that is shown is."""
    found = [
        f"{code(pair.contestant)} stands above {code(pair.other)}"
        for pair in _shown(case.judged.between)
        if pair.ratio.value > 1 and ratio_text(pair.ratio.inverse.value) != _ALIKE
    ]
    if not found:
        return ""
    return (
        f"{listed(found)}, though the direct ratio is below 1: rows are in the order of the ratios "
        "to the baseline. Each ratio is of the paired turns of its two, so it is not the quotient "
        "of two others. Of a pair, its direct ratio says more."
    )


def _shown(pairs: Sequence[Comparison]) -> Sequence[Comparison]:
    """The pairs that are said: of many, those with the first one."""
    if len(pairs) <= _MOST_PAIRS:
        return pairs
    return [pair for pair in pairs if pair.contestant == pairs[0].contestant]


def _pair_text(pair: Comparison) -> str:
    return f"{speed_up_text(pair.ratio)} as fast as {code(pair.other)} ({pair.ratio.verdict})"
