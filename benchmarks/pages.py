"""How large pages of results are, how long they take to make, and to open in a browser.

    python benchmarks/pages.py

Makes each page in a fresh process, as `whichext show FILE --to html` does, and opens it in Chromium
without a network. "interactive" is the time from the start of the navigation to the first answer of
the page's own script; "scrolled" is that of a jump to its end and the next two frames.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support import pages_of_results
from whichext.model.view import View
from whichext.report import result_file

RUNS = 3
VIEWS: dict[str, Callable[[], View]] = {
    "find_max": pages_of_results.full,
    "find_max over shapes": pages_of_results.sizes,
    "every outcome": pages_of_results.every_outcome,
    "40 contestants x 60 cases": pages_of_results.many,
}
SCROLL = """async () => {
  const start = performance.now();
  window.scrollTo(0, document.body.scrollHeight);
  for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""


def main() -> None:
    """Print a row for each page."""
    print(f"$ python {' '.join(sys.argv)}")
    print("| page | kB | made in, s | requests | interactive, s | scrolled, s |")
    print("|---|---|---|---|---|---|")
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for title, make in VIEWS.items():
            page = Path(name) / "page.html"
            made_s = made(make(), page)
            opened = [timed(browser, page) for _ in range(RUNS)]
            requests = max(count for count, _, _ in opened)
            seconds = (statistics.median(values) for values in list(zip(*opened, strict=True))[1:])
            size = page.stat().st_size / 1e3
            shown = " | ".join(f"{value:.2f}" for value in seconds)
            print(f"| {title} | {size:.0f} | {made_s:.2f} | {requests} | {shown} |")
        browser.close()


def made(view: View, page: Path) -> float:
    """Median seconds of the command that makes the page."""
    result = page.with_name("result.json")
    result_file.write(view, result)
    command = [sys.executable, "-m", "whichext", "show", str(result), str(page), "--to", "html"]
    return statistics.median(seconds_of(command) for _ in range(RUNS))


def seconds_of(command: list[str]) -> float:
    """Wall time of a command."""
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def timed(browser: Browser, path: Path) -> tuple[int, float, float]:
    """Requests beside the page itself, and seconds until it answers and until it has scrolled."""
    page = browser.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.locator(".whichext-tip").wait_for(state="attached")
    interactive = time.perf_counter() - start
    scrolled_ms: float = page.evaluate(SCROLL)
    page.close()
    return len(requests) - 1, interactive, scrolled_ms / 1e3


if __name__ == "__main__":
    main()
