"""Where a worker's memory lies: drawn anew, since a fork inherits its host's addresses.

Without this all workers of a run would find the same free places, so that an accident of placement
(a loop across a cache line, a library whose branches collide) would pass for a property of the
contestant. What the host itself holds stays where it is: the inputs, the stack, Python and NumPy.
"""

from __future__ import annotations

import mmap
import random

import numpy as np

_MAPPINGS = 64
_MOST_PAGES_LOG2 = 12
_MOST_BLOCKS = 1024
_MOST_WORDS_LOG2 = 13
_WORD_BYTES = 8

_taken: list[object] = []
"""What holds the places: nobody gives them back while the process lives."""


def draw_placement() -> None:
    """Take random places, so that libraries and arrays that come later lie elsewhere.

    Many of all sizes: a single one leaves the small holes that the host's own imports have left,
    and most libraries and short arrays then go where they always went. Nothing is written to them,
    so that they cost a worker about one megabyte.
    """
    rng = random.SystemRandom()
    _taken.extend(
        mmap.mmap(-1, mmap.PAGESIZE * int(2 ** rng.uniform(0, _MOST_PAGES_LOG2)))
        for _ in range(_MAPPINGS)
    )
    _taken.extend(
        np.empty(_WORD_BYTES * int(2 ** rng.uniform(0, _MOST_WORDS_LOG2)), np.uint8)
        for _ in range(rng.randrange(_MOST_BLOCKS))
    )
