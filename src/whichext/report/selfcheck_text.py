"""What `whichext selfcheck` prints."""

from __future__ import annotations

from whichext.judge.selfcheck import FEWEST_CELLS, MOST_EXCLUDED, MOST_MISCALLED, SelfCheck
from whichext.report.notes import stolen_rounds


def render_selfcheck(found: SelfCheck) -> str:
    """The outcome, what it means, and what to do when it is not good."""
    share = found.excluded / found.cells if found.cells else 0.0
    lost = stolen_rounds(found.rounds_spoiled, found.rounds_dropped, found.rounds)
    lines = [
        f"{found.cells} pairs of identical code were raced, with a median interval of "
        f"±{found.half_width:.1%}.",
        f"{found.excluded} intervals exclude 1 ({share:.1%}; 95 % intervals may at 5 %, and up to "
        f"{MOST_EXCLUDED:.0%} pass); {found.miscalled} pairs were called faster or slower.",
        f"Noise floor of this machine: {found.noise_floor:.1%} (95 % of the ratios were closer "
        f"to 1). {lost}",
        _outcome(found),
    ]
    return "\n".join(lines)


def _outcome(found: SelfCheck) -> str:
    if found.passed:
        return "passed: a verdict of a race on this machine may be believed."
    if found.stopped:
        return (
            f"inconclusive: the check ended after {found.cells} of {found.asked} pairs: "
            f"{found.stopped}. Next: whichext selfcheck, and let it finish."
        )
    if not found.conclusive:
        return (
            f"inconclusive: expected at least {FEWEST_CELLS} pairs, got {found.cells}, of which "
            "chance alone may make one look different. Next: whichext selfcheck --cells 100."
        )
    return (
        f"FAILED: more than {MOST_EXCLUDED:.0%} of the intervals exclude 1, or more than "
        f"{MOST_MISCALLED:.0%} of the pairs were called faster or slower. Do not act on verdicts "
        "from this machine now. Next: whichext doctor tells what disturbs it."
    )
