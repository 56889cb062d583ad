"""Pages of results as a person sees them: in Chromium, without a network.

Screenshots are kept where `WHICHEXT_SCREENSHOTS` names a folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from support import pages_of_results
from support.pages_of_results import PAYLOADS
from whichext.model.view import View
from whichext.report import render
from whichext.report.plots import plots_of

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium")
NEXT = "no chromium. Next: apt-get install --no-install-recommends chromium"
VIEWS: dict[str, Callable[[], View]] = {
    "full": pages_of_results.full,
    "sizes": pages_of_results.sizes,
    "outcomes": pages_of_results.every_outcome,
    "hostile": pages_of_results.hostile,
    "many": pages_of_results.many,
    "verified": pages_of_results.verified,
}
PHONE = {"width": 360, "height": 740}
UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"
SERIOUS = ("serious", "critical")


@dataclass
class Opened:
    """A page in the browser, and what it did."""

    page: Page
    said: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; a run of CI without it fails."""
    if CHROMIUM is None:
        assert "CI" not in os.environ, NEXT
        pytest.skip(NEXT)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of each result, as a file."""
    folder = tmp_path_factory.mktemp("pages")
    found = {name: folder / f"{name}.html" for name in VIEWS}
    for name, path in found.items():
        path.write_text(render(VIEWS[name](), "html"), "utf-8")
    return found


@pytest.fixture(params=VIEWS)
def opened(
    request: pytest.FixtureRequest, browser: Browser, files: dict[str, Path]
) -> Iterator[Opened]:
    """One of the pages, opened."""
    yield from opening(browser, files[request.param])


def opening(browser: Browser, path: Path, **options: object) -> Iterator[Opened]:
    """The page of a file, and a note of all that it says and requests."""
    context = browser.new_context(**options)  # type: ignore[arg-type]  # names of playwright's own
    found = Opened(context.new_page())
    found.page.on("console", lambda message: found.said.append(message.text))
    found.page.on("pageerror", lambda error: found.said.append(str(error)))
    found.page.on("dialog", lambda dialog: found.said.append(dialog.message))
    found.page.on("request", lambda request: found.requested.append(request.url))
    found.page.goto(path.as_uri())
    if folder := os.environ.get("WHICHEXT_SCREENSHOTS"):
        found.page.screenshot(path=Path(folder) / f"{path.stem}.png", full_page=True)
    yield found
    context.close()


def test_a_page_requests_nothing_and_reports_no_error(opened: Opened) -> None:
    opened.page.mouse.wheel(0, 4_000)
    assert opened.said == []
    assert [url for url in opened.requested if not url.startswith("file:")] == []
    assert len(opened.requested) == 1


def test_a_page_has_no_serious_fault_of_accessibility(
    opened: Opened, request: pytest.FixtureRequest
) -> None:
    if "many" not in request.node.name:  # whose thousands of rows are like those of the others
        opened.page.evaluate(UNFOLD)
    found = Axe().run(opened.page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in SERIOUS] == []


def test_text_in_the_dark_has_contrast_as_well(browser: Browser, files: dict[str, Path]) -> None:
    for dark in opening(browser, files["full"], color_scheme="dark"):
        found = Axe().run(dark.page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in SERIOUS] == []


def test_labels_of_plots_are_as_large_on_a_phone_as_elsewhere(
    browser: Browser, files: dict[str, Path]
) -> None:
    for full in opening(browser, files["full"], viewport=PHONE):
        for plot in full.page.locator("figure svg:visible").all():
            drawn, wanted = plot.bounding_box(), plot.get_attribute("width")
            assert drawn is not None
            assert drawn["width"] == pytest.approx(float(wanted or 0), abs=1)


def test_the_first_plot_fits_on_a_phone_and_the_others_scroll_by_the_keyboard(
    browser: Browser, files: dict[str, Path]
) -> None:
    for full in opening(browser, files["full"], viewport=PHONE):
        places = full.page.locator("figure .whichext-wide:visible")
        hidden = places.evaluate_all("them => them.map(one => one.scrollWidth - one.clientWidth)")
        kinds = places.evaluate_all("them => them.map(one => one.parentElement.id)")
        of_first = [by for by, kind in zip(hidden, kinds, strict=True) if kind == "speedup"]
        assert of_first
        assert max(of_first) <= 0
        place = full.page.locator("#threads .whichext-wide:visible").first
        place.focus()
        full.page.keyboard.press("ArrowRight")
        full.page.wait_for_timeout(500)  # it scrolls smoothly
        assert place.evaluate("one => one.scrollLeft") > 0


def test_plots_use_the_width_of_a_desktop(browser: Browser, files: dict[str, Path]) -> None:
    for full in opening(browser, files["full"], viewport={"width": 1280, "height": 900}):
        first, second = full.page.locator("#speedup svg:visible").all()[:2]
        left, right = first.bounding_box(), second.bounding_box()
        assert left is not None
        assert right is not None
        assert left["y"] == right["y"]
        assert right["x"] + right["width"] > 1_100


def test_a_page_is_no_wider_than_a_phone(opened: Opened) -> None:
    opened.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dict with these two keys
    width = opened.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_no_hostile_text_runs_or_becomes_an_element(
    browser: Browser, files: dict[str, Path]
) -> None:
    for hostile in opening(browser, files["hostile"]):
        page = hostile.page
        page.evaluate(UNFOLD)
        for place in page.locator("figure svg [data-says*=cy]").all()[:20]:
            place.dispatch_event("pointermove")
        assert page.evaluate("window.hacked") is None
        odd = (
            "img, iframe, object, embed, a, form, base, link, math, [onload], [onerror], [onclick]"
        )
        assert page.locator(odd).count() == 0
        assert page.locator("script").count() == 1
        text = page.locator("body").inner_text()
        assert [one for one in PAYLOADS if one not in text and "\u202e" not in one] == []
        assert hostile.said == []


def test_a_table_is_sorted_by_a_click_and_by_a_key(
    browser: Browser, files: dict[str, Path]
) -> None:
    for full in opening(browser, files["full"]):
        table = full.page.locator("#speedup table")
        full.page.locator("#speedup summary").click()
        head = table.locator("thead th").nth(2)
        cells = table.locator("tbody tr td:nth-child(3)")
        head.locator("button").click()
        up = [float(text.split("x")[0]) for text in cells.all_inner_texts()]
        assert up == sorted(up)
        assert head.get_attribute("aria-sort") == "ascending"
        head.locator("button").focus()
        full.page.keyboard.press("Enter")
        down = [float(text.split("x")[0]) for text in cells.all_inner_texts()]
        assert down == up[::-1] or down == sorted(up, reverse=True)


def test_a_filter_keeps_the_rows_that_hold_it(browser: Browser, files: dict[str, Path]) -> None:
    for full in opening(browser, files["full"]):
        full.page.locator("#speedup summary").click()
        full.page.locator("#speedup input").fill("rustpy")
        shown = [row for row in full.page.locator("#speedup tbody tr").all() if row.is_visible()]
        assert shown
        assert all("rustpy" in row.inner_text() for row in shown)


def test_the_pointer_on_a_point_shows_its_numbers(browser: Browser, files: dict[str, Path]) -> None:
    for full in opening(browser, files["full"]):
        full.page.locator("#speedup svg [data-says]").first.hover(force=True)
        assert full.page.locator(".whichext-tip").inner_text()


def test_without_its_script_a_page_has_everything(browser: Browser, files: dict[str, Path]) -> None:
    for full in opening(browser, files["full"], java_script_enabled=False):
        plots = [*plots_of(VIEWS["full"]())]
        assert full.page.locator("figure").count() == len(plots) == 7
        assert full.page.locator("figure svg:visible").count() == sum(
            len(plot.draw()) for plot in plots
        )
        assert full.page.locator("table").count() > 7
        assert full.page.locator("#speedup svg title").count() > 10


def test_a_page_prints_what_is_folded_away(browser: Browser, files: dict[str, Path]) -> None:
    for full in opening(browser, files["full"]):
        full.page.emulate_media(media="print")
        assert len(full.page.pdf()) > 100_000
        assert full.page.locator("#speedup table").is_visible()
