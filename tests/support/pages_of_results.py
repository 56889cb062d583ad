"""Results whose pages are opened in a browser, and by a benchmark: large, odd and hostile ones."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from support.contestants import SMALL
from support.results import (
    NOT_RACED,
    changed,
    make_build,
    make_race,
    make_raw,
    make_timing,
    noisy,
    steady,
)
from whichext.judge import view_of
from whichext.model.case import Case
from whichext.model.outcome import Crashed
from whichext.model.raw import Kind
from whichext.model.view import View
from whichext.report import result_file

_RESULTS = Path(__file__).parents[2] / "docs" / "results"
_EPOCHS = 8
PAYLOADS = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<svg onload=window.hacked=1>",
    "</script><script>window.hacked=1</script>",
    "</style><script>window.hacked=1</script>",
    "</title><script>window.hacked=1</script>",
    "</svg><script>window.hacked=1</script>",
    "--><script>window.hacked=1</script>",
    "]]><script>window.hacked=1</script>",
    '"><script>window.hacked=1</script>',
    "'><script>window.hacked=1</script>",
    '" onmouseover="window.hacked=1',
    "' autofocus onfocus='window.hacked=1",
    "<iframe src=javascript:parent.hacked=1>",
    "<a href=javascript:window.hacked=1>x</a>",
    "<details open ontoggle=window.hacked=1>",
    "<body onload=window.hacked=1>",
    "<input autofocus onfocus=window.hacked=1>",
    "<object data=javascript:window.hacked=1>",
    "<meta http-equiv=refresh content=0;url=https://example.org>",
    "<base href=https://example.org/>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<style>*{background:url(https://example.org/x)}</style>",
    "<form action=https://example.org><button>x</button></form>",
    "<math><mtext><script>window.hacked=1</script></mtext></math>",
    "<foreignObject><script>window.hacked=1</script></foreignObject>",
    "{{ 7 * 7 }}{% raw %}",
    "${window.hacked=1}`;window.hacked=1//",
    "\u202e<script>window.hacked=1</script>",
    "&lt;script&gt;window.hacked=1&lt;/script&gt;&#60;script&#62;",
)
"""Names and errors that would run something, load something or lead elsewhere as markup."""


def full() -> View:
    """The result that the documentation shows of find_max."""
    return result_file.read(_RESULTS / "find_max.json")


def sizes() -> View:
    """A result over shapes and layouts."""
    return result_file.read(_RESULTS / "find_max_shapes.json")


def verified() -> View:
    """The answers of all contestants of find_max."""
    return changed(result_file.read(_RESULTS / "find_max_answers.json"), kind=Kind.VERIFY)


def every_outcome() -> View:
    """A race in which everything happens that can become of a contestant."""
    times = {"numpy": steady(1_000), "cy.total": steady(500), "rs.total": steady(2_000)}
    times |= {"cy.same": steady(1_001), "cy.unsure": noisy(1_000)}
    view = make_race(times, {f"cy.{word}": outcome for word, outcome in NOT_RACED.items()})
    return changed(view, builds=(make_build("cy"), make_build("rs")), stopped="it was interrupted")


def hostile() -> View:
    """A race whose every text is markup: names, errors, the question, the command, the machine."""
    all_at_once = "".join(PAYLOADS)
    times = {"numpy": steady(1_000)}
    times |= {f"cy.{text}": steady(500 + number) for number, text in enumerate(PAYLOADS)}
    lost = {f"rs.{text}": Crashed("small", text, text) for text in PAYLOADS}
    view = make_race(times, lost)
    machine = replace(view.raw.machine, cpu=all_at_once)
    texts = {"question": all_at_once, "command": all_at_once, "stopped": all_at_once}
    return changed(view, machine=machine, **texts)


def many(contestants: int = 40, cases: int = 60) -> View:
    """A race of many contestants in many cases of one family, judged like any other."""
    names = ["numpy", *(f"project{n % 5}.variant_{n}" for n in range(1, contestants))]
    sizes = Case.sweep("n", over="n", values=[2**n for n in range(cases)], family="sizes")
    timings = [
        make_timing(name, steady(_time_ns(place, number), _EPOCHS), case.name)
        for number, case in enumerate(sizes)
        for place, name in enumerate(names)
    ]
    return view_of(make_raw(timings=timings, cases=sizes or (SMALL,), names=names))


def _time_ns(place: int, number: int) -> float:
    """Later contestants are slower in small cases, and faster in large ones."""
    return 1_000 * (1 + number) * (1 + place * (30 - number) / 2_000)
