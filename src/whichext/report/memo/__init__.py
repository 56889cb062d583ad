"""The memo that maintainers write by hand before they take on a toolchain, as Markdown."""

from __future__ import annotations

from whichext.judge import judge_again
from whichext.judge.recommendation import WORTH, recommend
from whichext.model.contestant import Role
from whichext.model.scorecard import Scorecard
from whichext.report.memo.answer import answer_blocks
from whichext.report.memo.changes import change_blocks
from whichext.report.memo.costs import cost_blocks
from whichext.report.memo.markdown import code, plain, section
from whichext.report.memo.measured import measured_blocks
from whichext.report.memo.safety import safety_blocks
from whichext.report.memo.speed import call_blocks, speed_blocks
from whichext.report.memo.why import why_blocks


def render(scorecard: Scorecard, worth: float = WORTH, entries: tuple[str, ...] = ()) -> str:
    """The memo, ready for an issue or a pull request.

    Args:
        scorecard: A result, whatever its baseline was: a memo's ratios refer to the reference.
        worth: How many times as fast something must be to be worth a toolchain; at least 1.
        entries: All entries that the kernel has; who of them did not race is named.

    """
    reference = next(c.name for c in scorecard.contestants if c.role is Role.REFERENCE)
    judged = judge_again(scorecard, reference)
    found = recommend(judged, worth, entries)
    blocks = [
        f"# {plain(judged.question)}",
        f"A memo on the kernel {code(judged.kernel)}, written by whichext "
        f"{judged.whichext_version} from a race on {judged.started_at[:10]}. 2x as fast: it takes "
        "half of the time. In brackets: the interval of each ratio.",
        *section("Recommendation", answer_blocks(found)),
        *section("Speed", speed_blocks(judged, found)),
        *section("The cost of a call", call_blocks(judged, found)),
        *section("What it costs", cost_blocks(judged, found)),
        *section("Safety", safety_blocks(judged, found)),
        *section("Why", why_blocks(judged, found)),
        *section("What would change this answer", change_blocks(judged, found)),
        *section("How it was measured", measured_blocks(judged, found)),
    ]
    return "\n\n".join(blocks) + "\n"
