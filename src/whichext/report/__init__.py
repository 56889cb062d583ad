"""Stage 7, report: pure functions from a scorecard to text, one file a format."""

from __future__ import annotations

from whichext.model.scorecard import Scorecard
from whichext.report import as_json, as_text


def render(scorecard: Scorecard, form: str = "text") -> str:
    """The scorecard in a form.

    Args:
        scorecard: The result of a run.
        form: "text" or "json".

    Raises:
        ValueError: The form is neither.

    """
    match form:
        case "text":
            return as_text.render(scorecard)
        case "json":
            return as_json.render(scorecard)
        case _:
            raise ValueError(f"expected form 'text' or 'json', got {form!r}")
