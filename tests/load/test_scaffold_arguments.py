"""Arguments of new kernels: as they are typed, and as annotations say them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from whichext.load.scaffold import new_kernel
from whichext.load.scaffold_arguments import Argument, annotated_arguments, typed_arguments
from whichext.load.scaffold_source import read_source
from whichext.model.errors import UsageError

FLOATS = Argument("x", "array", "float64", 1)


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("x=float64[:]", FLOATS),
        (" x = float64[ : ] ", FLOATS),
        ("x=int32[:,:]", Argument("x", "array", "int32", 2)),
        ("x=uint8[:, :]", Argument("x", "array", "uint8", 2)),
        ("x=int", Argument("x", "int")),
        ("x=bytes", Argument("x", "bytes")),
    ],
)
def test_what_is_typed_is_an_argument(text: str, argument: Argument) -> None:
    assert typed_arguments([text]) == (argument,)


@pytest.mark.parametrize(
    ("annotation", "argument"),
    [
        ("np.ndarray", FLOATS),
        ("numpy.ndarray", FLOATS),
        ("NDArray[np.float64]", FLOATS),
        ("npt.NDArray[numpy.int64]", Argument("x", "array", "int64", 1)),
        ("np.ndarray[tuple[int, int], np.dtype[np.float32]]", Argument("x", "array", "float32", 1)),
        ("'float64[:,:]'", Argument("x", "array", "float64", 2)),
        ("'int'", Argument("x", "int")),
        ("float", Argument("x", "float")),
    ],
)
def test_an_annotation_is_an_argument(annotation: str, argument: Argument) -> None:
    (function,) = ast.parse(f"def f(x: {annotation}): pass").body
    assert isinstance(function, ast.FunctionDef)
    assert annotated_arguments(function, (), "a.py:f") == (argument,)


@pytest.mark.parametrize("annotation", ["list[float]", "np.ndarray[int]", "np.complex128", "None"])
def test_another_annotation_is_refused(annotation: str) -> None:
    (function,) = ast.parse(f"def f(x: {annotation}): pass").body
    assert isinstance(function, ast.FunctionDef)
    with pytest.raises(UsageError):
        annotated_arguments(function, (), "a.py:f")


@pytest.mark.parametrize(
    ("toolchain", "word"),
    [("rust", "fn"), ("cython", "bint"), ("numba", "njit"), ("pythran", "größe")],
)
def test_a_word_of_a_language_is_no_name_there_and_one_elsewhere(
    toolchain: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whichext.load.scaffold_toolchains.find_lacking", lambda _: None)
    with pytest.raises(UsageError, match=word):
        new_kernel("mine", args=[f"{word}=int"], toolchains=[toolchain], into=tmp_path)
    made = new_kernel("mine", args=[f"{word}=int"], into=tmp_path)
    assert toolchain in dict(made.left_out)
    assert {"c", "nanobind", "pybind11"} <= set(made.toolchains)


def test_the_page_on_toolchains_names_all_that_templates_can_ask_an_argument_for() -> None:
    page = (Path(__file__).parents[2] / "docs" / "howto" / "add_a_toolchain.md").read_text()
    names = [*FLOATS.__dataclass_fields__, "text", "typed"]
    assert [name for name in names if f"`{name}`" not in page] == []


# Sources


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ("t = 0.0\n    for i in range(len(x)):\n        t += x[i]\n    return t", True),
        ("return math.sqrt(abs(x[0]))", True),
        ("out = np.zeros(x.shape[0])\n    return out", True),
        ("while x[0] > 1:\n        x = x[1:]\n    return x.size", True),
        ("return sum(x)", False),
        ("return x.sum()", False),
        ("return np.percentile(x, 90)", False),
        ("return [v for v in x]", False),
        ("return {v: 1 for v in x}", False),
        ("for v in x:\n        pass\n    else:\n        return 1", False),
        ("return f'{x}'", False),
        ("return helper(x)", False),
        ("try:\n        return x[0]\n    except IndexError:\n        return 0", False),
    ],
)
def test_loops_over_numbers_and_arrays_are_plain(tmp_path: Path, body: str, plain: bool) -> None:
    path = tmp_path / "a.py"
    head = "import math\nimport numpy as np\n\n\ndef helper(x):\n    return x\n\n\n"
    path.write_text(f"{head}def f(x):\n    {body}\n")
    assert read_source(f"{path}:f").is_plain is plain


def test_a_name_that_is_bound_in_a_branch_comes_with_the_whole_branch(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "try:\n    import fast as np\nexcept ImportError:\n    import numpy as np\n"
        "OTHER = 1\n\n\ndef f(x):\n    return np.sum(x)\n"
    )
    branch, function = ast.parse(read_source(f"{path}:f").text).body
    assert isinstance(branch, ast.Try)
    assert isinstance(function, ast.FunctionDef)


def test_comments_and_decorators_stay_where_nothing_is_annotated(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("import functools\n\n\n@functools.cache\ndef f(x):\n    return x  # as it is\n")
    found = read_source(f"{path}:f")
    assert found.text == found.bare == path.read_text().rstrip("\n")
