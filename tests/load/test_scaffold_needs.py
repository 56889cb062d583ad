"""What a function needs of its module: also what fills a table, or changes it otherwise."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from whichext.load.scaffold import new_kernel
from whichext.load.scaffold_needs import binds, needed, reads
from whichext.load.scaffold_source import read_source


def copied(text: str) -> str:
    """What is copied with the last function of a module, without it."""
    tree = ast.parse(text)
    function = tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    return ast.unparse(ast.Module(needed(tree, function)[:-1], []))


F = "\ndef f(n):\n    return T[n]"


@pytest.mark.parametrize(
    "text",
    [
        "T = [0] * 4\nfor i in range(4):\n    T[i] = i * 3",
        "T = {}\nT['gain'] = 2.0",
        "T = []\nfor k in range(4):\n    T.append(k)",
        "T = []\nT += [1]",
        "T = [1, 2]\ndel T[0]",
        "T = [1, 2]\nU = T\nU.append(3)",
        "T = [[0], [0]]\nfor row in T:\n    row.append(1)",
        "T = [[0], [0]]\nfor i, row in enumerate(T):\n    row[0] = i",
        "import numpy as np\nT = np.zeros(4)\nview = T[1:]\nview[:] = 1",
        "import numpy as np\nT = np.zeros(4)\nnp.copyto(T, 1)",
        "import random\nT = [1, 2]\nrandom.shuffle(T)",
        "T = [1, 2]\nlast = T.pop()",
        "T = []\n\ndef fill():\n    T.append(1)\nfill()",
        "T = []\n\ndef fill(to):\n    to.append(1)\nfill(T)",
        "T = []\n\ndef inner():\n    T.append(1)\n\ndef outer():\n    inner()\nouter()",
        "T = ()\n\ndef fill():\n    global T\n    T = (1, 2)\nfill()",
        "def fill():\n    global T\n    T = (1, 2)\nfill()",
        "T = {}\n\ndef register(g):\n    T[g.__name__] = g\n    return g\n\n@register\ndef g():\n"
        "    pass",
        "T = {}\n\nclass Table:\n\n    def fill(self):\n        T[0] = 1\ntable = Table()\n"
        "table.fill()",
        "class T:\n    pass\nT.gain = 2",
        "import contextlib\nT = []\nwith contextlib.suppress(TypeError):\n    T.append(1)",
        "T = []\n[T.append(k) for k in range(3)]",
        "T = []\nwhile len(T) < 3:\n    T.append(1)",
    ],
)
def test_a_statement_that_changes_what_the_function_reads_is_copied(text: str) -> None:
    assert copied(text + F) == ast.unparse(ast.parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "print(T)",
        "U = []\nU.append(len(T))",
        "length = len(T)",
        "def g():\n    return T",
        "if __name__ == '__main__':\n    T.append(1)",
        "i = 3",
        "import sys\nsys.exit(1)",
    ],
)
def test_what_changes_nothing_of_it_stays_where_it_is(text: str) -> None:
    assert copied(f"T = [1]\n{text}{F}") == "T = [1]"


def test_a_number_is_changed_by_no_call() -> None:
    text = "SCALE = -2.0\n\ndef main():\n    print(f(SCALE))\nmain()\n\n"
    assert copied(text + "def f(n):\n    return n * SCALE") == "SCALE = -2.0"


def test_a_name_of_the_function_itself_is_none_of_the_module() -> None:
    (function,) = ast.parse("def f(x):\n    y = x\n    return [y + SCALE for y in x]").body
    assert reads(function) == {"SCALE"}


def test_branches_and_loops_bind_names() -> None:
    text = "for i in x:\n    a = 1\nwith o() as b:\n    c = 1\ntry:\n    pass\nexcept E:\n    d = 1"
    assert [name for one in ast.parse(text).body for name in binds(one)] == [*"aicbd"]


def test_of_a_line_with_several_statements_each_is_copied_once(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("T = []; U = 1; T.append(2)  # two\n\n\ndef f(n):\n    return T[n]\n")
    head, _, _ = read_source(f"{path}:f").text.partition("\n\n\n")
    assert head == "T = []\nT.append(2)"


def test_imports_and_functions_stand_apart_in_what_is_copied(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "import math\nE = math.e\ndef g(n):\n    return E\ndef f(n):\n    return g(n)\n"
    )
    text = read_source(f"{path}:f").text
    assert [n for n, line in enumerate(text.split("\n")) if not line] == [1, 3, 4, 7, 8]


def test_a_table_that_a_loop_fills_is_whole_in_the_new_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whichext.load.scaffold_toolchains.find_lacking", lambda _: None)
    path = tmp_path / "crc.py"
    path.write_text(
        "TABLE = [0] * 256\nfor i in range(256):\n    TABLE[i] = i * 3\n\n\n"
        "def crc(data: bytes):\n    total = 0\n    for b in data:\n        total += TABLE[b]\n"
        "    return total\n"
    )
    made = new_kernel("mine", f"{path}:crc", toolchains=["c"], into=tmp_path)
    for name in ("kernel.py", "mine_c/mine_c_reference.py"):
        space: dict[str, object] = {}
        text = (made.folder / name).read_text()
        exec(compile(text, name, "exec"), space)  # what was just written
        assert space["crc"](bytes([1, 2])) == 9  # type: ignore[operator]
