"""A report of several results with its picture: as text, as a page, or the picture alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from whichext.model.errors import UnknownNameError, UsageError
from whichext.model.inline import PYTHON, Wording
from whichext.report import REPORTS, in_form
from whichext.report.document import Document, Plot
from whichext.report.html import render_fragment
from whichext.report.plots.canvas import check_parts, explained, png, svg
from whichext.report.runs import Printed

FORMS = (*REPORTS, "svg", "png")
"""What it can be turned into."""


@dataclass(frozen=True)
class Pictured:
    """A report and its picture."""

    document: Document
    """The report without the picture."""
    plot: Plot | None
    """The picture; None where there is nothing to draw."""
    lacking: UsageError
    """What to say then."""

    @property
    def page(self) -> Document:
        """The report with the picture below its title, for a page or a notebook."""
        title, *rest = self.document.blocks
        return Document((title, *([] if self.plot is None else [self.plot]), *rest))

    def chart(self) -> Any:
        """The picture as one chart, with what it shows above it.

        Raises:
            UsageError: There is nothing to draw, or it cannot be drawn here.

        """
        check_parts()
        if self.plot is None:
            raise self.lacking
        return explained(self.plot)

    def content(self, to: str, wording: Wording = PYTHON) -> str | bytes:
        """The content of a file with it.

        Args:
            to: "text", "markdown" or "html" for the report, "svg" or "png" for its picture.
            wording: How arguments and calls are said.

        Raises:
            UsageError: `to` is no such form, or there is nothing to draw, or it cannot be drawn.

        """
        match to:
            case "svg":
                return svg(self.chart())
            case "png":
                return png(self.chart())
            case "html":
                return in_form(self.page, to, wording=wording)
            case _ if to in REPORTS:
                return in_form(self.document, to, wording=wording)
            case _:
                raise UnknownNameError("to", to, "is no form", FORMS)


class PrintedWithPicture(Printed):
    """What prints its report, with its picture in a notebook."""

    __slots__ = ()

    def pictured(self) -> Pictured:
        """The report and its picture."""
        raise NotImplementedError  # histories and fleets have one

    def document(self) -> Document:
        """The report."""
        return self.pictured().document

    def _repr_html_(self) -> str:
        """The report for a notebook, with its picture."""
        return render_fragment(self.pictured().page)

    def plot(self) -> Any:
        """The picture as an Altair chart, which a notebook shows.

        Raises:
            UsageError: There is nothing to draw, or Altair and vl-convert are not installed.

        """
        return self.pictured().chart()
