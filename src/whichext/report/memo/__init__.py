"""The memo: a recommendation for maintainers, before they add a toolchain."""

from __future__ import annotations

from whichext.model.errors import UsageError
from whichext.model.inline import call, code
from whichext.model.view import View
from whichext.report.document import Document, Heading, Paragraph, section
from whichext.report.memo.answer import answer_blocks, change_blocks
from whichext.report.memo.reasons import measured_blocks, safety_blocks, why_blocks
from whichext.report.memo.tables import call_blocks, cost_blocks, speed_blocks


def memo_document(view: View) -> Document:
    """The memo, for an issue or a pull request.

    Args:
        view: The result of a race, judged with the reference as its baseline.

    Raises:
        UsageError: It is not the result of a race.

    """
    found = view.judged.decision
    if found is None:
        raise UsageError(
            "there is no decision without a race",
            f"make one with {call('run', view.raw.kernel)}",
            where=view.raw.kernel,
        )
    blocks = (
        Heading(view.raw.question, level=1),
        Paragraph(
            f"A memo on the kernel {code(view.raw.kernel)}, written by whichext "
            f"{view.raw.whichext_version} from a race on {view.raw.started_at[:10]}. Speed-ups "
            "are times as fast: at 2x, a call takes half of the time. In brackets: their intervals."
        ),
        *section("Recommendation", answer_blocks(found)),
        *section("Speed", speed_blocks(view, found)),
        *section("The cost of a call", call_blocks(view, found)),
        *section("What it costs", cost_blocks(found)),
        *section("Safety", safety_blocks(view, found)),
        *section("Why", why_blocks(view, found)),
        *section("What would change this answer", change_blocks(found)),
        *section("How it was measured", measured_blocks(view, found)),
    )
    return Document(blocks)
