"""Every way in which `new` refuses to make a kernel."""

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
    "a name with a dash": (
        {"name": "My-Kernel"},
        snapshot("""\
the name 'My-Kernel': expected a name of at most 40 small letters, figures and _, a letter first
Next: name it my_kernel\
"""),
    ),
    "a keyword": (
        {"name": "class"},
        snapshot("""\
the name 'class': expected a name of at most 40 small letters, figures and _, a letter first
Next: name it moving_average\
"""),
    ),
    "a word of Rust": (
        {"name": "match", "toolchains": ["rust"]},
        snapshot("""\
the toolchain rust: match is a word that it needs for itself
Next: give match another name\
"""),
    ),
    "a letter that Pythran's names cannot have": (
        {"args": ["größe=int"], "toolchains": ["pythran"]},
        snapshot("""\
the toolchain pythran: größe has letters that its names cannot have
Next: give größe another name\
"""),
    ),
    "no name": (
        {"name": ""},
        snapshot("""\
the name '': expected a name of at most 40 small letters, figures and _, a letter first
Next: name it moving_average\
"""),
    ),
    "a folder that is there": (
        {"name": "there"},
        snapshot("""\
there is there already, and nothing is written over
Next: give another name, or remove it first\
"""),
    ),
    "no folder to make it in": (
        {"into": "nowhere"},
        snapshot("""\
into="nowhere": expected a folder that is there
Next: make that folder, or give into="."\
"""),
    ),
    "a folder in which nobody can write": (
        {"into": "/proc"},
        snapshot("""\
into="/proc": expected a folder in which files can be written, got No such file or directory
Next: into="."\
"""),
    ),
    "neither reference nor arguments": (
        {"args": ()},
        snapshot("""\
args: expected a reference, or the arguments of one, got neither
Next: give reference="filters.py:smooth", or args="values=float64[:]" for each argument\
"""),
    ),
    "an unknown toolchain": (
        {"toolchains": ["nanobnd"]},
        snapshot("""\
toolchains="nanobnd" is none: expected one of cython, c, rust, nanobind, pybind11, numba, pythran
Next: toolchains="nanobind"\
"""),
    ),
    "a toolchain without templates": (
        {"toolchains": ["fortran"]},
        snapshot("""\
toolchains="fortran": there are no templates for fortran: expected one of cython, c, rust, nanobind, pybind11, numba, pythran
Next: leave fortran out, and write its project as docs/reference/projects.md says\
"""),
    ),
    "a language with templates of other names": (
        {"toolchains": ["c++"]},
        snapshot("""\
toolchains="c++": there are no templates for c++: expected one of cython, c, rust, nanobind, pybind11, numba, pythran
Next: toolchains="nanobind"\
"""),
    ),
    "no toolchain": (
        {"toolchains": []},
        snapshot("""\
toolchains="": expected some of cython, c, rust, nanobind, pybind11, numba, pythran, got none
Next: leave toolchains out for all that can be built here\
"""),
    ),
    "what a toolchain cannot take": (
        {"args": ["data=bytes"], "toolchains": ["pythran"]},
        snapshot("""\
the toolchain pythran: it takes no bytes, as data is
Next: leave pythran out of toolchains\
"""),
    ),
    "an argument without a type": (
        {"args": ["values"]},
        snapshot("""\
args="values": expected NAME=TYPE
Next: args="values=float64[:]"\
"""),
    ),
    "a keyword as an argument": (
        {"args": ["class=int"]},
        snapshot("""\
args="class=int": expected a name that a parameter can have, got class, a word of Python's own
Next: args="class_=int"\
"""),
    ),
    "an unknown dtype": (
        {"args": ["values=flot64[:]"]},
        snapshot("""\
args="values=flot64[:]": expected float64[:] or float64[:,:], one of float32, int8 to int64 or uint8 to uint64 in its place, int, float, bool, str or bytes
Next: give args="values=float64[:]"\
"""),
    ),
    "an unknown type": (
        {"args": ["values=integer"]},
        snapshot("""\
args="values=integer": expected float64[:] or float64[:,:], one of float32, int8 to int64 or uint8 to uint64 in its place, int, float, bool, str or bytes
Next: give args="values=int"\
"""),
    ),
    "too many axes": (
        {"args": ["values=float64[:,:,:]"]},
        snapshot("""\
args="values=float64[:,:,:]": expected float64[:] or float64[:,:], one of float32, int8 to int64 or uint8 to uint64 in its place, int, float, bool, str or bytes
Next: write a function around it that takes one of these, or a kernel.py by hand, as docs/kernels.md says\
"""),
    ),
    "an argument twice": (
        {"args": ["n=int", "n=float"]},
        snapshot("""\
args="n=float": expected each name once
Next: leave out one of the two\
"""),
    ),
    "an argument named as in the templates": (
        {"args": ["total=int"]},
        snapshot("""\
the name total: expected a name that no file of a new kernel has for something else, got one of its templates'
Next: name it total_of_values or otherwise\
"""),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_what_to_do_next_and_leaves_no_file(case: str) -> None:
    Path("there").mkdir()
    stated, expected = REFUSED[case]
    before = sorted(Path().iterdir())
    with pytest.raises(UsageError) as caught:
        new_kernel(**{"name": "mine", "args": ["values=float64[:]"], **stated})
    assert str(caught.value) == expected
    assert sorted(Path().iterdir()) == before
