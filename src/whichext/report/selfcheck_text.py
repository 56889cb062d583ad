"""What `whichext selfcheck` prints."""

from __future__ import annotations

from whichext.selfcheck import MOST_EXCLUDED, SelfCheck


def render_selfcheck(found: SelfCheck) -> str:
    """The outcome, what it means, and what to do when it is not good."""
    share = found.excluded / found.cells if found.cells else 0.0
    lines = [
        f"{found.cells} pairs of identical code were raced, with a median interval of "
        f"±{found.half_width:.1%}.",
        f"{found.excluded} intervals exclude 1 ({share:.1%}; 95 % intervals may at 5 %, and up to "
        f"{MOST_EXCLUDED:.0%} pass); {found.miscalled} pairs were called faster or slower.",
        f"Noise floor of this machine: {found.noise_floor:.1%} (95 % of the ratios were closer "
        f"to 1). Dropped for stolen time: {found.rounds_dropped} of {found.rounds} rounds.",
    ]
    if found.passed:
        lines.append("passed: a verdict of a race on this machine may be believed.")
    else:
        lines.append(
            "FAILED: do not act on verdicts from this machine now. Next: whichext doctor tells "
            "what disturbs it."
        )
    return "\n".join(lines)
