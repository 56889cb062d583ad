"""Numba: Python functions that are compiled when they are called, so that a build has no calls.

Its settings are variables of the processes that call. What `cache=True` keeps, Numba finds again
whatever the level and the checks were that it was compiled with: so each build, which is of one
setting, has a folder of its own for it. The user's own cache is neither read nor written.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from whichext.toolchains.base import Toolchain, Topic
from whichext.toolchains.calls import Setting
from whichext.toolchains.flags import BOUNDS, LEVELS, processors

_LEVEL, _BOUNDS = "NUMBA_OPT", "NUMBA_BOUNDSCHECK"
_PROCESSOR, _INSTRUCTIONS = "NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES"


def _isa(value: str, processor: str) -> Setting:
    """A processor, with no more than its own instructions; this very one is what Numba takes."""
    named = {_PROCESSOR: processor, _INSTRUCTIONS: ""}
    return Setting(factor="isa", value=value, variables={} if value == "native" else named)


class Numba(Toolchain):
    """Functions under Numba's decorators, in a project that compiles nothing by itself."""

    name = "numba"
    imports = ("numba",)
    reserved = frozenset({"njit", "_compiled"})
    compiles_python = True
    settings = (
        *(
            Setting(factor="optimisation", value=value, variables={_LEVEL: digit})
            for value, digit in LEVELS.items()
        ),
        *(_isa(value, name) for value, name in processors("generic").items()),
        *(
            Setting(factor=BOUNDS, value=value, variables={_BOUNDS: switch})
            for value, switch in (("checked", "1"), ("unchecked", "0"))
        ),
    )
    compiles_into = "NUMBA_CACHE_DIR"
    # Of a bare @njit, which compiles for the types of a call before anything of it runs. None is a
    # TypeError: not its TypingError either, nor its LoweringError.
    refusals = ("numba.core.errors.NumbaError",)
    variables = frozenset(
        {
            *(_LEVEL, _BOUNDS, _PROCESSOR, _INSTRUCTIONS),
            *("NUMBA_LOOP_VECTORIZE", "NUMBA_SLP_VECTORIZE", "NUMBA_ENABLE_AVX"),
            *("NUMBA_DISABLE_INTEL_SVML", "NUMBA_DEBUGINFO", "NUMBA_DISABLE_JIT"),
        }
    )
    places = frozenset({compiles_into})
    words: Mapping[Topic, str] = {
        Topic.FREEING: "nogil=True in Numba",
        Topic.FIRST: "it compiles for the types of a process's first call; with cache=True, a "
        "later process loads what an earlier one compiled, which is all that is timed then",
    }

    def compiled_here(self) -> Iterator[str]:
        """The assembly of all functions of this process; Numba does not have that of loaded ones.

        In the order of the texts, since nothing else of two processes is alike.
        """
        numba = sys.modules.get("numba.core.dispatcher")
        if numba is None:
            return
        mine = [one for one in gc.get_objects() if issubclass(type(one), numba.Dispatcher)]
        yield from sorted(text for one in mine for text in one.inspect_asm().values())

    def outside_files(self, environment: Mapping[str, str], *folders: Path) -> tuple[Path, ...]:  # noqa: ARG002  # the interface has it
        """Its file of settings, which it reads in the folder that a process was started in."""
        return (Path.cwd() / ".numba_config.yaml",)
