"""Every way in which `new` refuses to start from a function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from support.scaffolds import SIGNAL
from whichext.load.scaffold import new_kernel
from whichext.model.errors import UsageError


@pytest.fixture(autouse=True)
def _in_a_folder_where_all_can_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("whichext.load.scaffold_toolchains.find_lacking", lambda _: None)
    Path("signal_.py").write_text(SIGNAL)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a reference without a function": (
        {"reference": "signal_.py"},
        snapshot("""\
reference="signal_.py": expected MODULE:FUNCTION or FILE.py:FUNCTION
Next: reference="filters.py:smooth"\
"""),
    ),
    "a file that is not there": (
        {"reference": "nowhere.py:f"},
        snapshot("""\
reference="nowhere.py:f": expected a file that can be read, got FileNotFoundError: [Errno 2] No such file or directory: 'nowhere.py'
Next: see that nowhere.py is a file of Python\
"""),
    ),
    "a file that is no Python": (
        {"reference": "broken.py:f"},
        snapshot("""\
reference="broken.py:f": expected a file that can be read, got SyntaxError: invalid syntax (<unknown>, line 1)
Next: see that broken.py is a file of Python\
"""),
    ),
    "a module that is not there": (
        {"reference": "nowhere:f"},
        snapshot("""\
reference="nowhere:f": expected a module with a source in Python, got no such module
Next: name the file instead, such as reference="path/nowhere.py:f"\
"""),
    ),
    "a module without source": (
        {"reference": "sys:exit"},
        snapshot("""\
reference="sys:exit": expected a module with a source in Python, got one without: built-in
Next: name the file instead, such as reference="path/sys.py:exit"\
"""),
    ),
    "a misspelt function": (
        {"reference": "signal_.py:smoth"},
        snapshot("""\
signal_.py has no function smoth at its top: expected one of smooth, _half, spread, untyped, odd, packed, nothing
Next: reference="signal_.py:smooth"\
"""),
    ),
    "a file without functions": (
        {"reference": "empty.py:f"},
        snapshot("""\
empty.py has no function f at its top: expected a file with functions
Next: name the file that defines it\
"""),
    ),
    "a parameter without a type": (
        {"reference": "signal_.py:untyped"},
        snapshot("""\
signal_.py:untyped: the type of values: expected float64[:] or float64[:,:], one of float32, int8 to int64 or uint8 to uint64 in its place, int, float, bool, str or bytes, got nothing
Next: give args="values=float64[:]"\
"""),
    ),
    "an annotation that is not supported": (
        {"reference": "signal_.py:odd"},
        snapshot("""\
signal_.py:odd: the annotation of values, list[float]: expected float64[:] or float64[:,:], one of float32, int8 to int64 or uint8 to uint64 in its place, int, float, bool, str or bytes
Next: let it take an array, and give args="values=float64[:]"\
"""),
    ),
    "any number of parameters": (
        {"reference": "signal_.py:packed"},
        snapshot("""\
signal_.py:packed: its parameters: expected parameters that are given by place, got (*values: float)
Next: write a function with plain parameters around it\
"""),
    ),
    "no parameters": (
        {"reference": "signal_.py:nothing"},
        snapshot("""\
signal_.py:nothing: its parameters: expected at least one, got none
Next: name a function that works on its arguments\
"""),
    ),
    "an argument that the function has not": (
        {"reference": "signal_.py:smooth", "args": ["windw=int"]},
        snapshot("""\
signal_.py:smooth has no parameter windw: expected one of values, window, fast, got windw
Next: args="window=int"\
"""),
    ),
    "a name that kernel.py has for something else": (
        {"reference": "module.py:tolerant"},
        snapshot("""\
the name Tolerance: expected a name that no file of a new kernel has for something else, got one of its templates'
Next: name it Tolerance_of_values or otherwise\
"""),
    ),
    "a name that a star brings": (
        {"reference": "module.py:rooted"},
        snapshot("""\
module.py:rooted needs sqrt: expected names that a statement at the top of its file makes, got none that does
Next: import or assign sqrt by its name in module.py\
"""),
    ),
    "a module beside the source": (
        {"reference": "module.py:beside"},
        snapshot("""\
module.py:beside needs `import empty`: expected imports that work in any folder, got a module that lies beside module.py
Next: install empty as a package, or move what is needed of it into module.py\
"""),
    ),
    "a relative import in the function": (
        {"reference": "module.py:inner"},
        snapshot("""\
module.py:inner needs `from .a import b`: expected imports that work in any folder, got a relative one
Next: import it by its full name, so that a copy of the function works elsewhere\
"""),
    ),
    "an async function": (
        {"reference": "module.py:waits"},
        snapshot("""\
module.py: waits: expected a function at its top, got an async function
Next: write a function beside it that calls waits, and name that\
"""),
    ),
    "a lambda": (
        {"reference": "module.py:short"},
        snapshot("""\
module.py: short: expected a function at its top, got a lambda
Next: write it as def short(...)\
"""),
    ),
    "a method": (
        {"reference": "module.py:Filter.apply"},
        snapshot("""\
module.py: Filter.apply: expected a function at its top, got a method of Filter
Next: write a function beside it that calls Filter.apply, and name that; docs/howto/a_class.md has kernels of classes\
"""),
    ),
    "a function that is imported": (
        {"reference": "module.py:join"},
        snapshot("""\
module.py: join: expected a function at its top, got imported from os.path
Next: reference="os.path:join"\
"""),
    ),
    "a path that is no file of Python": (
        {"reference": "/etc/hosts:f"},
        snapshot("""\
reference="/etc/hosts:f": expected a file that ends in .py
Next: name a file of Python, such as filters.py:smooth\
"""),
    ),
    "an optional argument": (
        {"reference": "module.py:optional"},
        snapshot("""\
module.py:optional: the annotation of x, int | None: expected float64[:] or float64[:,:], one of float32, int8 to int64 or uint8 to uint64 in its place, int, float, bool, str or bytes
Next: give args="x=int"\
"""),
    ),
    "a dtype as C has it": (
        {"reference": "module.py:doubles"},
        snapshot("""\
module.py:doubles: the annotation of x, double[:]: expected float64[:] or float64[:,:], one of float32, int8 to int64 or uint8 to uint64 in its place, int, float, bool, str or bytes
Next: give args="x=float64[:]"\
"""),
    ),
    "a class as a type": (
        {"reference": "module.py:of_filter"},
        snapshot("""\
module.py:of_filter: the annotation of x, Filter: expected float64[:] or float64[:,:], one of float32, int8 to int64 or uint8 to uint64 in its place, int, float, bool, str or bytes
Next: write a function around it that takes one of these, or a kernel.py by hand, as docs/kernels.md says\
"""),
    ),
    "a generator": (
        {"reference": "module.py:each"},
        snapshot("""\
module.py:each: expected a function that returns its answer, got a generator
Next: write a function beside it that returns list(each(...)), and name that\
"""),
    ),
    "a relative import": (
        {"reference": "relative.py:f"},
        snapshot("""\
relative.py:f needs `from .a import b`: expected imports that work in any folder, got a relative one
Next: import it by its full name, so that a copy of the function works elsewhere\
"""),
    ),
}

MODULE = """
from math import *
from os.path import join
import empty
import numpy as np

Tolerance = 1e-3


def tolerant(x: float):
    return x + Tolerance


def rooted(x: float):
    return sqrt(x)


def beside(x: float):
    return empty.f(x)


async def waits(x: int):
    return x


short = lambda x: x


class Filter:
    def apply(self, x):
        return x


def optional(x: int | None):
    return x


def doubles(x: "double[:]"):
    return x


def of_filter(x: Filter):
    return x


def each(x: int):
    yield from range(x)


def inner(x: float):
    from .a import b

    return b(x)
"""


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_what_to_do_next_and_leaves_no_file(case: str) -> None:
    Path("empty.py").touch()
    Path("broken.py").write_text("def f(:\n")
    Path("module.py").write_text(MODULE)
    Path("relative.py").write_text("from .a import b\n\n\ndef f(n: int):\n    return b(n)\n")
    stated, expected = REFUSED[case]
    before = sorted(Path().iterdir())
    with pytest.raises(UsageError) as caught:
        new_kernel("mine", **stated)
    assert str(caught.value) == expected
    assert sorted(Path().iterdir()) == before
