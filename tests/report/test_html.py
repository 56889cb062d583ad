"""Documents as HTML: what a browser makes of it, and that nothing in it is a stranger's markup."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

import whichext
from support.results import changed, make_race, steady
from whichext.cli.wording import SHELL
from whichext.model.inline import Style, argument, code, mark, strong
from whichext.model.outcome import Crashed
from whichext.model.raw import Kind
from whichext.report.document import (
    Block,
    Code,
    Column,
    Details,
    Document,
    Heading,
    Lines,
    Paragraph,
    Table,
    columns,
)
from whichext.report.html import render_fragment, render_page
from whichext.report.plots import plots_of

RESULTS = Path(__file__).parents[2] / "docs" / "results"
VOID = {"br", "meta"}
KNOWN = {
    *("html", "head", "body", "title", "style", "div", "h1", "h2", "h3", "p", "ul", "li"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "details", "summary"),
    *("pre", "code", "span", "strong", *VOID),
    *("main", "figure", "figcaption", "script"),
    *("svg", "g", "path", "line", "rect", "text", "defs", "clippath"),
}
HOSTILE = "<script>alert(1)</script>\"'&amp;<img src=x onerror=y>"
TABLE = Table(
    (Column("name"), Column("time", right=True, whole=True)),
    ((code("cy<T>"), "1 ms"), (code("rust"), "22 ms"), ("all", "23 ms")),
    title="Times",
    summary_rows=1,
)


class Page(HTMLParser):
    """What a parser sees of a page: its elements, and its text without that of the style."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []
        assert self.tags.count("script") <= 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Every element ends within the one that it began in."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note what is read."""
        if not {"style", "script"} & {*self.open}:
            self.texts.append(data)

    @property
    def tags(self) -> list[str]:
        """The names of all elements, in order."""
        return [tag for tag, _ in self.elements]

    @property
    def text(self) -> str:
        """All that is read."""
        return "".join(self.texts)


def fragment(*blocks: Block) -> str:
    """The blocks without the element and the style around them."""
    whole = render_fragment(Document(blocks))
    return whole.partition("</style>\n")[2].removesuffix("\n</div>")


def test_blocks_become_the_elements_that_they_are() -> None:
    assert fragment(Heading("One & all", 1)) == "<h1>One &amp; all</h1>"
    assert fragment(Heading("Builds")) == "<h2>Builds</h2>"
    assert fragment(Paragraph("one\ntwo")) == "<p>one<br>two</p>"
    assert fragment(Lines(("a", "b"))) == "<p>a<br>b</p>"
    assert fragment(Lines(("a", "b"), listed=True)) == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    assert fragment(Code("\na < b")) == "<pre><code>\na &lt; b</code></pre>"


def test_a_table_names_its_rows_and_columns_and_sums_up_at_its_foot() -> None:
    page = Page(fragment(TABLE))
    scopes = [(tag, told.get("scope")) for tag, told in page.elements if tag in ("th", "td")]
    assert scopes == [("th", "col")] * 2 + [("th", "row"), ("td", None)] * 3
    assert page.tags.index("caption") < page.tags.index("thead") < page.tags.index("tfoot")
    assert page.tags[page.tags.index("tfoot") :].count("tr") == 1
    assert "cy<T>" in page.text


def test_numbers_end_at_the_right_and_are_not_broken() -> None:
    page = Page(fragment(TABLE))
    classes = [(told["class"] or "").split() for tag, told in page.elements if tag == "td"]
    assert classes == [["whichext-right", "whichext-whole"]] * 3


def test_details_can_be_unfolded_and_hold_blocks() -> None:
    page = Page(fragment(Details("more", (Details("yet more", (TABLE,)), Code("x")))))
    assert page.tags[:4] == ["details", "summary", "details", "summary"]
    assert {"table", "pre"} < {*page.tags}


def test_every_class_of_block_has_a_form() -> None:
    blocks: dict[type, Block] = {
        type(block): block
        for block in (
            *(Heading("a"), Paragraph("b"), Lines(("c",)), Code("d"), TABLE),
            Details("e", ()),
            *plots_of(make_race({"numpy": steady(1_000), "cy.total": steady(500)})),
        )
    }
    assert {*blocks} == {*get_args(Block)}
    assert all(Page(fragment(block)).text.strip() for block in blocks.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (code("a<b"), "<code>a&lt;b</code>"),
        (strong(f"see {code('x')}"), "<strong>see </strong><code><strong>x</strong></code>"),
        (mark(Style.BAD, "slower"), '<span class="whichext-bad">slower</span>'),
        (strong("one\ntwo"), "<strong>one<br>two</strong>"),
        (strong("  ") + "x", "  x"),
        ("a\x1b[31mb\u202e", "a\N{REPLACEMENT CHARACTER}[31mb\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_marks_become_elements_and_nothing_else_does(text: str, expected: str) -> None:
    assert fragment(Paragraph(text)) == f"<p>{expected}</p>"


def test_characters_that_turn_the_order_around_are_signs_in_code_too() -> None:
    assert "\u202e" not in fragment(Code("return\u202e x"))


def test_arguments_are_said_as_the_reader_types_them() -> None:
    document = Document((Paragraph(argument("max_time_s", 7)),))
    assert "<code>max_time_s=7</code>" in render_page(document)
    assert "<code>--max-time 7</code>" in render_page(document, SHELL)


def hostile_blocks() -> tuple[Block, ...]:
    """A stranger's text in every place that there is."""
    table = Table(columns(HOSTILE, code(HOSTILE)), ((HOSTILE, code(HOSTILE)),), title=HOSTILE)
    inner = (Heading(HOSTILE), Paragraph(HOSTILE), Lines((HOSTILE,)), Code(HOSTILE), table)
    return (Heading(HOSTILE, 1), Details(HOSTILE, inner), Lines((code(HOSTILE),), listed=True))


def test_no_text_in_any_place_becomes_markup() -> None:
    page = Page(render_page(Document(hostile_blocks())))
    assert {*page.tags} <= KNOWN
    assert page.text.count(HOSTILE) == 13  # the title of the page is the first one


def test_a_hostile_name_and_error_of_a_contestant_are_texts() -> None:
    lost = {f"cy.{HOSTILE}": Crashed("small", HOSTILE, f"{HOSTILE}\n</pre></style>{HOSTILE}")}
    page = Page(whichext.render(make_race({"numpy": steady(1_000)}, lost), "html"))
    assert {*page.tags} <= KNOWN
    assert f"cy.{HOSTILE}" in page.text


def test_a_page_loads_nothing_and_forbids_it() -> None:
    page = render_page(Document((TABLE,)))
    (policy,) = (
        told["content"]
        for _, told in Page(page).elements
        if "Policy" in (told.get("http-equiv") or "")
    )
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    allowed = ["default-src 'none'", "style-src 'unsafe-inline'", f"script-src 'sha256-{digest}'"]
    assert (policy or "").split("; ") == allowed
    assert not re.search(r"https?:|url\((?!#)|@import|<link|\bsrc=|\bhref=", page)


def test_the_script_of_a_page_is_small() -> None:
    page = render_page(Document((TABLE,)))
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert 1_000 < len(script) < 20_000


def test_a_fragment_for_a_notebook_has_no_script() -> None:
    assert "<script" not in render_fragment(Document((TABLE,)))


def test_a_page_says_its_characters_its_title_and_that_it_can_be_dark() -> None:
    page = render_page(Document((Heading(f"total: {code('x')}", 1), Heading("Builds"))))
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">')
    assert "<title>total: x</title>" in page
    assert "color-scheme: light dark" in page
    assert "<title>whichext</title>" in render_page(Document(()))


def test_the_style_of_a_fragment_concerns_nothing_outside_of_it() -> None:
    style = render_fragment(Document(())).partition("<style>\n")[2].partition("\n</style>")[0]
    selectors = [one.strip() for rule in style.split("}") for one in rule.split("{")[0].split(",")]
    assert [one for one in selectors if one and not one.startswith("div.whichext")] == []


def test_a_fragment_has_no_colour_of_its_own_for_text_or_ground() -> None:
    # It is read on a white ground and on a black one: tones are mixed with the colour of the text.
    style = render_fragment(Document(())).partition("</style>")[0]
    colours = re.findall(r"(?<![-\w])(?:color|background): ([^;]+);", style)
    plain = ("inherit", "none")
    grounds = ("color-mix(in srgb,", "rgb(128 128 128 /")
    assert colours
    assert [one for one in colours if one not in plain and not one.startswith(grounds)] == []


@pytest.mark.parametrize("kind", [Kind.RUN, Kind.VERIFY, Kind.AUDIT])
def test_each_kind_of_result_is_well_formed(kind: Kind) -> None:
    view = changed(make_race({"numpy": steady(1_000), "cy.total": steady(500)}), kind=kind)
    assert {*Page(whichext.render(view, "html")).tags} <= KNOWN


@pytest.mark.slow
@pytest.mark.parametrize("name", ["find_max", "article_claims", "find_max_answers"])
def test_a_large_result_is_well_formed(name: str) -> None:
    result = whichext.read(RESULTS / f"{name}.json")
    page = Page(whichext.render(result, "html"))
    assert {*page.tags} <= KNOWN
    assert page.tags.count("table") >= 1
