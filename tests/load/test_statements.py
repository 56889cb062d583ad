"""What a kernel's author got wrong, said when the kernel is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.cli import without_paths
from whichext.load import kernel as loading
from whichext.load.kernel import load_kernel
from whichext.model.errors import KernelError

HEAD = """
import time, sys, os
import numpy as np
from whichext import Case, Kernel, Stateful, Tolerance, strategies

def small(**more):
    return Case(**{"name": "small", "shape": (2,), "dtype": "int64", **more})

def kernel(**more):
    usual = dict(
        question="How fast?",
        reference=sum,
        inputs=lambda case: ([1, 2],),
        bytes_moved=lambda case: 16,
        dtypes=("int64",),
        cases=(small(),),
    )
    return Kernel(**{**usual, **more})
"""

TABLE = '[tool.whichext]\nmodule = "fast"\ntoolchain = "c"\nentries = [{ function = "f" }]\n'


def problem(tmp_path: Path, ending: str, head: str = HEAD) -> str:
    """What is said of a kernel.py; the name of its folder is `sums`."""
    folder = tmp_path / "sums"
    folder.mkdir()
    (folder / "kernel.py").write_text(f"{head}\n{ending}\n", "utf-8")
    with pytest.raises(KernelError) as caught:
        load_kernel(folder)
    assert caught.value.next_step
    return caught.value.problem


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (
            'kernel(dtypes=("flot64",))',
            "sums: dtypes: expected NumPy's names of dtypes, such as int64 or datetime64[ns], "
            "got 'flot64'",
        ),
        (
            "kernel(bytes_moved=lambda case: None)",
            "sums: case small: bytes_moved(case): expected a whole number from 0 on, got None",
        ),
        (
            "kernel(bytes_moved=lambda case: -1)",
            "sums: case small: bytes_moved(case): expected a whole number from 0 on, got -1",
        ),
        (
            "kernel(bytes_moved=lambda case: 16.0)",
            "sums: case small: bytes_moved(case): expected a whole number from 0 on, got 16.0",
        ),
        (
            "kernel(bytes_moved=lambda case: 1 // 0)",
            "sums: case small: bytes_moved(case): expected a whole number from 0 on, "
            "got ZeroDivisionError: integer division or modulo by zero",
        ),
        ("kernel(bytes_moved=16)", "sums: bytes_moved: expected a function, got 16"),
        (
            'kernel(cases=("small",))',
            "sums: cases: expected only whichext.Case(...), got 'small'",
        ),
        ("kernel(cases=None)", "sums: cases: expected a tuple of whichext.Case, got None"),
        (
            "kernel(cases=(small(), small()))",
            "sums: case names: expected each once, got 'small' twice",
        ),
        (
            'kernel(cases=(small(dtype="flot64"),))',
            "sums: case small: dtype: expected NumPy's name of a dtype, got 'flot64'",
        ),
        (
            "kernel(cases=(small(shape=(-2,)),))",
            "sums: case small: shape: expected whole numbers from 0 on, got (-2,)",
        ),
        (
            "kernel(cases=(small(shape=2),))",
            "sums: case small: shape: expected whole numbers from 0 on, got 2",
        ),
        ("kernel(reference=3)", "sums: reference: expected a function, got 3"),
        ("kernel(inputs=(1, 2))", "sums: inputs: expected a function, got (1, 2)"),
        ("kernel(question=None)", "sums: question: expected a text, got None"),
        ("kernel(question=' ')", "sums: question: expected a text, got ' '"),
        ("kernel(origin=5)", "sums: origin: expected a text, got 5"),
        (
            "kernel(functions=[sum])",
            "sums: functions: expected functions by names, got [<built-in function sum>]",
        ),
        (
            'kernel(functions={"a@b": sum})',
            "sums: functions: expected a name without any of @[],*?, got 'a@b'",
        ),
        (
            'kernel(functions={"sum": max})',
            "sums: functions: expected names that the reference does not have, got 'sum'",
        ),
        ('kernel(functions={"fast": 3})', "sums: fast: functions: expected a function, got 3"),
        (
            'kernel(functions={"fast": sum}, reference=list, stateful=Stateful(method="append"))',
            "sums: fast: functions: expected classes, since stateful is given, "
            "got <built-in function sum>",
        ),
        (
            'kernel(functions={"fast": set}, reference=list, stateful=Stateful(method="append"))',
            "sums: fast: functions: expected classes with the method append, got <class 'set'>",
        ),
        (
            "kernel(refused=[1])",
            "sums: refused: expected functions without arguments by names, got [1]",
        ),
        (
            "kernel(reference_factors={'order': 1})",
            "sums: reference_factors: expected texts by names, got {'order': 1}",
        ),
        (
            "kernel(reference=lambda labels, values: 0, arguments={'vals': strategies.array()})",
            "sums: arguments: expected names of the reference's arguments (labels, values), "
            "got 'vals'",
        ),
        (
            "kernel(tolerance=1e-9)",
            "sums: tolerance: expected a Tolerance, or a function of two answers, got 1e-09",
        ),
        (
            "kernel(tolerance=Tolerance)",
            "sums: tolerance: expected a Tolerance, or a function of two answers, "
            "got <class 'whichext.model.kernel.Tolerance'>",
        ),
    ],
)
def test_a_statement_that_is_not_right_is_told_with_both_sides(
    tmp_path: Path, ending: str, expected: str
) -> None:
    assert problem(tmp_path, f"KERNEL = {ending}") == expected


@pytest.mark.parametrize("dtypes", [(), ("T",), ("<U6", "int64")])
def test_a_kernel_may_name_no_dtypes_or_those_of_texts(
    tmp_path: Path, dtypes: tuple[str, ...]
) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "kernel.py").write_text(f"{HEAD}\nKERNEL = kernel(dtypes={dtypes!r})")
    assert load_kernel(folder).dtypes == dtypes


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ('dtypes=("flot64",)', "float64"),
        ('dtypes=("StringDType()",)', "T"),
        ('cases=(small(dtype="StringDType"),)', "T"),
        ('cases=(small(dtype="f64"),)', "float64"),
    ],
)
def test_a_misspelt_dtype_gives_the_name_that_looks_like_it(
    tmp_path: Path, told: str, name: str
) -> None:
    folder = tmp_path / "sums"
    folder.mkdir()
    (folder / "kernel.py").write_text(f"{HEAD}\nKERNEL = kernel({told})")
    with pytest.raises(KernelError) as caught:
        load_kernel(folder)
    assert caught.value.next_step == f'write "{name}"'


def test_an_array_of_a_case_may_have_any_byte_order(tmp_path: Path) -> None:
    folder = tmp_path / "sums"
    folder.mkdir()
    (folder / "kernel.py").write_text(f'{HEAD}\nKERNEL = kernel(cases=(small(dtype=">f8"),))')
    assert load_kernel(folder).cases[0].dtype == ">f8"


@pytest.mark.parametrize(
    ("param", "known"),
    [
        ("caller", "callers"),
        ("forkd", "forked"),
        ("sumary", "summary"),
        ("familly", "family"),
        ("shap", "shape"),
        ("dtyp", "dtype"),
        ("layuot", "layout"),
    ],
)
def test_a_misspelt_keyword_of_a_case_is_no_parameter(
    tmp_path: Path, param: str, known: str
) -> None:
    (tmp_path / "kernel.py").write_text(f"{HEAD}\nKERNEL = kernel(cases=(small({param}=4),))")
    with pytest.raises(KernelError) as caught:
        load_kernel(tmp_path)
    assert f"parameter {param}:" in caught.value.problem
    assert f"did you mean {known}?" in caught.value.next_step


def test_a_parameter_may_have_all_of_a_keyword_in_its_name(tmp_path: Path) -> None:
    params = "shapes=((2,), (3,)), shape_b=(2,), dtype2='int8', n=4, fork=1, layer=2"
    (tmp_path / "kernel.py").write_text(f"{HEAD}\nKERNEL = kernel(cases=(small({params}),))")
    assert load_kernel(tmp_path).cases[0].params["shape_b"] == (2,)


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ("sys.exit(3)", "does not import: SystemExit: 3"),
        ("raise ValueError('no')", "does not import: ValueError: no"),
        ("raise GeneratorExit", "does not import: GeneratorExit: "),
        ("def broken(:", "does not import: SyntaxError: "),
        ("import no_such_module", "does not import: ModuleNotFoundError: "),
        ("KERNEL = kernel(qestion='How?')", "does not import: TypeError: "),
    ],
)
def test_a_kernel_py_that_does_not_import_is_told(
    tmp_path: Path, ending: str, expected: str
) -> None:
    assert expected in problem(tmp_path, ending)


def test_a_kernel_py_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "kernel.py").write_bytes(b"KERNEL = '\xff\xfe'\n")
    with pytest.raises(KernelError, match="does not import: SyntaxError"):
        load_kernel(tmp_path)


def test_a_kernel_py_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LOAD_LIMIT_S", 0.05)
    found = problem(tmp_path, "while True: pass")
    assert without_paths(found, tmp_path) == snapshot(
        "PATH/sums/kernel.py is not loaded within 0.05 s"
    )


def test_what_a_kernel_py_prints_does_not_get_into_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kernel.py").write_text(f"{HEAD}\nprint('hello')\nKERNEL = kernel()")
    load_kernel(tmp_path)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "hello\n")


def test_a_whole_number_of_numpy_is_as_good(tmp_path: Path) -> None:
    text = f"{HEAD}\nKERNEL = kernel(bytes_moved=lambda case: np.int64(16))"
    (tmp_path / "kernel.py").write_text(text)
    assert load_kernel(tmp_path).cases[0].name == "small"


def project_problem(tmp_path: Path, table: str) -> KernelError:
    (tmp_path / "kernel.py").write_text(f"{HEAD}\nKERNEL = kernel()")
    (tmp_path / "fast").mkdir()
    (tmp_path / "fast" / "pyproject.toml").write_text(table)
    with pytest.raises(KernelError) as caught:
        load_kernel(tmp_path)
    return caught.value


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('"c"', '"rsut"', "toolchain: expected one of "),
        ('"c"', '"Cython"', "toolchain: expected one of "),
        ('module = "fast"', 'module = "fa-st"', "module: expected a name, got 'fa-st'"),
        ('function = "f"', 'function = ""', "entry : function: expected a name, got ''"),
        ('function = "f"', 'functoin = "f"', "did you mean `function`?"),
        ('function = "f"', 'summary = "f"', "missing required field `function`"),
        ('module = "fast"', 'modul = "fast"', "did you mean `module`?"),
        ("entries", "entrie", "did you mean `entries`?"),
        (TABLE, "[tool.whichext", "expected TOML"),
        (TABLE, TABLE.replace("]\n", "", 1), "expected TOML"),
        (
            'entries = [{ function = "f" }]',
            'entries = [{ function = "f" }, { function = "f" }]',
            "entries: expected each once, got 'fast.f' twice",
        ),
    ],
)
def test_a_project_that_is_not_right_is_told(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    error = project_problem(tmp_path, TABLE.replace(before, after))
    assert expected in error.problem
    assert error.next_step


@pytest.mark.parametrize("name", ["pythran", "zig", "fortran", "cuda"])
def test_a_toolchain_of_which_nothing_is_known_is_no_misspelt_one(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "kernel.py").write_text(f"{HEAD}\nKERNEL = kernel()")
    (tmp_path / "fast").mkdir()
    (tmp_path / "fast" / "pyproject.toml").write_text(TABLE.replace('"c"', f'"{name}"'))
    assert load_kernel(tmp_path).projects[0].toolchain == name


def test_a_pyproject_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "kernel.py").write_text(f"{HEAD}\nKERNEL = kernel()")
    (tmp_path / "fast" / "pyproject.toml").mkdir(parents=True)
    with pytest.raises(KernelError) as caught:
        load_kernel(tmp_path)
    assert without_paths(str(caught.value), tmp_path) == snapshot(
        "PATH/fast/pyproject.toml: expected TOML, got Is a directory\n"
        "Next: make it a file that can be read"
    )


def test_a_function_of_kernel_py_is_an_entry_that_needs_no_project(tmp_path: Path) -> None:
    (tmp_path / "kernel.py").write_text(f'{HEAD}\nKERNEL = kernel(functions={{"added": sum}})\n')
    loaded = load_kernel(tmp_path)
    assert (loaded.entry_names, loaded.projects) == (("added",), ())


def test_a_function_with_the_name_of_a_projects_entry_is_refused(tmp_path: Path) -> None:
    project = tmp_path / "sums" / "fast"
    project.mkdir(parents=True)
    (project / "pyproject.toml").write_text(TABLE)
    text = f'{HEAD}\nKERNEL = kernel(functions={{"fast.f": sum}})\n'
    (tmp_path / "sums" / "kernel.py").write_text(text)
    with pytest.raises(KernelError) as caught:
        load_kernel(tmp_path / "sums")
    assert caught.value.problem == snapshot("sums: entries: expected each once, got 'fast.f' twice")
