"""What toolchains say where a sentence depends on what an entry is written in."""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from whichext.toolchains import freeing


@pytest.mark.parametrize(
    ("toolchains", "said"),
    [
        (
            ("python",),
            snapshot(
                "plain Python never lets go of the GIL: call it from processes instead of "
                "threads, or compile its loop"
            ),
        ),
        (("cython",), snapshot("release the GIL around the loop: nogil in Cython")),
        (
            ("cython", "python"),
            snapshot(
                "release the GIL around the loop: nogil in Cython; plain Python never lets go of "
                "the GIL: call it from processes instead of threads, or compile its loop"
            ),
        ),
        (("cffi",), snapshot("release the GIL around the loop")),
        (
            (),
            snapshot(
                "release the GIL around the loop: nogil in Cython, py.detach in Rust, "
                "nanobind::gil_scoped_release in nanobind, pybind11::gil_scoped_release in "
                "pybind11, nogil=True in Numba"
            ),
        ),
    ],
    ids=["plain Python", "Cython", "both", "something else", "unknown"],
)
def test_what_lets_other_threads_run_fits_what_an_entry_is_written_in(
    toolchains: tuple[str, ...], said: str
) -> None:
    assert freeing(toolchains) == said
