"""What reports say of builds: when and why they were made, and what the cache holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from support.results import SKIPPED, changed, make_build, make_built, make_view
from whichext.cli.wording import SHELL
from whichext.model.cache import CachedBuild, Explained, KeptRun, Pruned
from whichext.model.evidence import Compiling, Probe
from whichext.model.key import How, KeyChange, PartKind
from whichext.report.builds import (
    build_blocks,
    cache_document,
    changes_text,
    explained_document,
    history_texts,
    made_text,
    pruned_document,
)
from whichext.report.document import Document, Paragraph
from whichext.report.text import render_text

SWITCH = KeyChange(PartKind.VARIABLE, "MY_SLOW", How.ADDED, "1")
RUN = KeptRun(
    key="0123456789ab-0123456789ab",
    kernel="total",
    machines=("quiet", "loud"),
    size_bytes=12_345_678,
    written="2026-11-29T12:34:56Z",
    is_racing=False,
)
EDITED = KeyChange(PartKind.CONTENT, "setup.py", How.CHANGED)


def printed(document: Document) -> str:
    return render_text(document, 100, colour=False, wording=SHELL)


def said(text: str) -> str:
    """A text as a terminal shows it."""
    return printed(Document((Paragraph(text),))).strip()


def kept(**changes: Any) -> CachedBuild:
    """A build of the cache."""
    build = CachedBuild(
        key="0123456789abcdef01234567",
        project="cy",
        profile="release",
        folder="kernels/total/cy",
        size_bytes=1_234_567,
        made="2026-11-29T12:34:56Z",
        uses=3,
        because=(),
        usable=True,
    )
    return replace(build, **changes)


def test_a_build_of_this_run_says_how_long_it_took() -> None:
    assert made_text(replace(make_built(), made="2026-11-29T12:34:56Z")) == "built in 12.3 s"


def test_below_the_builds_is_what_compiles_when_it_is_called() -> None:
    kept = Compiling(compile_ns=1_920_000_000, load_ns=60_000_000)
    probes = (
        Probe(contestant="cy.find", compiling=kept),
        Probe(contestant="rs.find", compiling=replace(kept, load_ns=None)),
    )
    result = changed(make_view(), probes=probes)
    (text,) = (one.text for one in build_blocks(result) if isinstance(one, Paragraph))
    assert said(text) == snapshot("""\
Compiled when first called, in a new process with an empty cache, and in the next one: cy.find 1.92
s, 60.0 ms from its cache; rs.find 1.92 s, not cached.\
""")


def test_a_build_of_the_cache_says_on_which_day_it_was_made() -> None:
    result = replace(make_built(cached=True), made="2026-11-29T12:34:56Z", because=(SWITCH,))
    assert made_text(result) == snapshot("built in 12.3 s on 2026-11-29")


def test_a_build_of_the_cache_from_before_days_were_kept_says_none() -> None:
    assert made_text(make_built(cached=True)) == "built in 12.3 s"


def test_a_build_that_was_made_again_says_why() -> None:
    result = replace(make_built(), because=(SWITCH, EDITED))
    assert said(made_text(result)) == snapshot(
        "built in 12.3 s, built again: MY_SLOW=1 was not set then and setup.py changed"
    )


def test_an_audit_says_the_day_of_a_build_from_the_cache_and_why_another_was_made_again() -> None:
    cached = replace(make_built(cached=True), made="2026-11-29T12:34:56Z", because=(SWITCH,))
    again = replace(make_built(), made="2026-11-29T12:34:56Z", because=(SWITCH,))
    builds = [make_build(*one) for one in (("a", cached), ("b", again), ("c", SKIPPED), ("d",))]
    assert [said(text) for text in history_texts(builds)] == snapshot(
        [
            "a @release is in the cache since 2026-11-29.",
            "b @release was built again: MY_SLOW=1 was not set then.",
        ]
    )


def test_of_many_changes_the_first_are_named() -> None:
    changes = [KeyChange(PartKind.CONTENT, f"{n}.c", How.ADDED) for n in range(9)]
    assert said(changes_text(changes)) == snapshot(
        "0.c is new, 1.c is new, 2.c is new, 3.c is new and 5 more changes"
    )


def every_change() -> list[KeyChange]:
    return [KeyChange(kind, "NAME", how) for kind in PartKind for how in How]


def test_every_change_has_words() -> None:
    lines = [said(changes_text([change])) for change in every_change()]
    assert list(dict.fromkeys(lines)) == snapshot(
        [
            "another version of whichext made it",
            "Python is another one",
            "NAME was not there then",
            "NAME is not there any more",
            "NAME is another one",
            "NAME was not set then",
            "NAME was set then",
            "NAME had another value then",
            "the flags for NAME are others",
            "NAME is new",
            "NAME is gone",
            "NAME changed",
            "code for this very processor is asked for, or no longer",
            "the processor is another one",
        ]
    )


def test_a_cache_is_a_table_with_what_may_be_done() -> None:
    builds = (kept(), kept(project="", profile="", folder="", usable=False, uses=1))
    assert printed(cache_document(builds, Path("cache"), ("Next: prune",))) == snapshot("""\
2 builds of 2.47 MB in cache

┏━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━┓
┃ project ┃ profile ┃    size ┃ made (UTC)          ┃    used ┃ folder                ┃
┡━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━┩
│ cy      │ release │ 1.23 MB │ 2026-11-29 12:34:56 │ 3 times │ kernels/total/cy      │
│ -       │ -       │ 1.23 MB │ 2026-11-29 12:34:56 │  1 time │ cannot be found again │
└─────────┴─────────┴─────────┴─────────────────────┴─────────┴───────────────────────┘
Next: prune
""")


def test_a_cache_has_a_table_of_unfinished_runs_also_without_builds() -> None:
    racing = replace(RUN, kernel="", machines=(), is_racing=True)
    found = cache_document((), Path("cache"), ("Next: prune",), (RUN, racing))
    assert printed(found) == snapshot("""\
0 builds of 0 B in cache

2 unfinished runs of 24.7 MB with --on

┏━━━━━━━━┳━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┓
┃ kernel ┃ machine        ┃    size ┃ written (UTC)       ┃ now                ┃
┡━━━━━━━━╇━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━┩
│ total  │ quiet and loud │ 12.3 MB │ 2026-11-29 12:34:56 │ waits for --resume │
│ -      │ -              │ 12.3 MB │ 2026-11-29 12:34:56 │ races              │
└────────┴────────────────┴─────────┴─────────────────────┴────────────────────┘
Next: prune
""")


def test_an_empty_cache_is_one_line() -> None:
    assert printed(cache_document((), Path("cache"), ("Next: prune",))) == snapshot(
        "0 builds of 0 B in cache\n"
    )


@pytest.mark.parametrize(
    ("gone", "line"),
    [
        (Pruned(builds=(kept(), kept()), left_overs=0), snapshot("Removed 2 builds of 2.47 MB.\n")),
        (
            Pruned(builds=(), left_overs=1),
            snapshot("Removed 0 builds of 0 B, and what 1 killed build had left.\n"),
        ),
        (
            Pruned(builds=(kept(),), left_overs=0, runs=(RUN, RUN)),
            snapshot("Removed 1 build of 1.23 MB and 2 unfinished runs of 24.7 MB.\n"),
        ),
    ],
)
def test_what_was_removed_is_said(gone: Pruned, line: str) -> None:
    assert printed(pruned_document(gone)) == line


def test_every_explanation_is_a_line() -> None:
    found = (
        Explained(project="cy", profile="release", found=kept()),
        Explained(project="cy", profile="debug", found=kept(uses=1, because=(SWITCH,))),
        Explained(project="cy", profile="native", because=(SWITCH, EDITED)),
        Explained(project="cy", profile="checked"),
        Explained(project="rs", profile="release", missing=SKIPPED),
    )
    assert printed(explained_document(found)) == snapshot("""\
  cy @release: is in the cache, made on 2026-11-29, used again 3 times
  cy @debug: is in the cache, made on 2026-11-29, used again 1 time. It was built again then:
  MY_SLOW=1 was not set then
  cy @native: would be built again: MY_SLOW=1 was not set then and setup.py changed
  cy @checked: would be built, for the first time
  rs @release: skipped: Rust's cargo is missing
    Next: install Rust from https://rustup.rs
""")
