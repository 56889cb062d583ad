"""Loading a kernel folder, and every way in which that goes wrong."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
from inline_snapshot import snapshot

from support.cli import without_paths
from whichext.load.kernel import BUILT_IN, asked_as, built_in_kernels, load_kernel
from whichext.model.case import Case
from whichext.model.errors import KernelError, UsageError, WhichextError
from whichext.model.kernel import Kernel, Tolerance

HEAD = """
from whichext import Case, Kernel

def kernel(*names):
    return Kernel(
        question="How fast?",
        reference=sum,
        inputs=lambda case: ([1, 2],),
        bytes_moved=lambda case: 16,
        dtypes=("int64",),
        cases=tuple(Case(name=name, shape=(2,), dtype="int64") for name in names),
    )
"""

TABLE = '[tool.whichext]\nmodule = "{0}"\ntoolchain = "c"\nentries = [{{ function = "f" }}]\n'


def write_kernel(folder: Path, ending: str = 'KERNEL = kernel("small")', head: str = HEAD) -> Path:
    """A kernel folder whose kernel.py ends with `ending`."""
    folder.mkdir(exist_ok=True)
    (folder / "kernel.py").write_text(f"{head}\n{ending}\n", "utf-8")
    return folder


def write_project(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "pyproject.toml").write_text(text, "utf-8")


def refusal(name_or_path: str | Path, kind: type[WhichextError]) -> WhichextError:
    with pytest.raises(kind) as caught:
        load_kernel(name_or_path)
    return caught.value


# What is loaded


def test_a_kernels_digest_is_that_of_its_python_files_and_of_nothing_else(tmp_path: Path) -> None:
    folder = write_kernel(tmp_path / "sums")
    first = load_kernel(folder).digest
    (folder / "README.md").write_text("about sums")
    assert load_kernel(folder).digest == first
    (folder / "helper.py").write_text("N = 1")
    with_helper = load_kernel(folder).digest
    (folder / "helper.py").write_text("N = 2")
    edited_helper = load_kernel(folder).digest
    write_kernel(folder, 'KERNEL = kernel("small")  # edited')
    found = [first, with_helper, edited_helper, load_kernel(folder).digest]
    assert len(set(found)) == 4
    assert {len(digest) for digest in found} == {24}


def test_the_same_kernel_in_another_place_has_the_same_digest(tmp_path: Path) -> None:
    one, other = (load_kernel(write_kernel(tmp_path / name)).digest for name in ("a", "b"))
    assert one == other


def test_a_kernel_folder_gives_what_its_definition_states(tmp_path: Path) -> None:
    kernel = load_kernel(write_kernel(tmp_path / "sums"))
    assert (kernel.question, kernel.reference, kernel.cases) == (
        "How fast?",
        sum,
        (Case(name="small", shape=(2,), dtype="int64"),),
    )


def test_a_kernel_has_its_folders_name_and_path(tmp_path: Path) -> None:
    folder = write_kernel(tmp_path / "sums")
    kernel = load_kernel(folder)
    assert (kernel.name, kernel.folder) == ("sums", folder)


def test_cases_keep_the_authors_order(tmp_path: Path) -> None:
    folder = write_kernel(tmp_path / "sums", 'KERNEL = kernel("z", "a", "m")')
    assert [case.name for case in load_kernel(folder).cases] == ["z", "a", "m"]


def test_projects_come_sorted_by_name(tmp_path: Path) -> None:
    folder = write_kernel(tmp_path / "sums")
    for name in ("rusty", "cy", "plain"):
        write_project(folder / name, TABLE.format(name))
    assert [project.name for project in load_kernel(folder).projects] == ["cy", "plain", "rusty"]


def test_a_folder_whose_pyproject_has_no_table_is_ignored(tmp_path: Path) -> None:
    folder = write_kernel(tmp_path / "sums")
    write_project(folder / "tools", '[project]\nname = "tools"\n')
    write_project(folder / "cy", TABLE.format("cy"))
    assert [project.name for project in load_kernel(folder).projects] == ["cy"]


def test_a_kernel_may_have_no_projects_yet(tmp_path: Path) -> None:
    assert load_kernel(write_kernel(tmp_path / "sums")).projects == ()


def test_a_relative_path_is_taken_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_kernel(tmp_path / "sums")
    monkeypatch.chdir(tmp_path)
    assert load_kernel("./sums").folder == folder


def test_a_tilde_stands_for_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_kernel(tmp_path / "sums")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_kernel("~/sums").folder == folder


def test_two_kernels_loaded_one_after_the_other_do_not_mix(tmp_path: Path) -> None:
    first = load_kernel(write_kernel(tmp_path / "one", 'KERNEL = kernel("a")'))
    second = load_kernel(write_kernel(tmp_path / "two", 'KERNEL = kernel("b")'))
    assert [kernel.cases[0].name for kernel in (first, second)] == ["a", "b"]


def test_a_function_of_a_kernel_can_be_pickled(tmp_path: Path) -> None:
    ending = "def mine(): pass\nimport dataclasses\n"
    ending += 'KERNEL = dataclasses.replace(kernel("small"), reference=mine)'
    reference = load_kernel(write_kernel(tmp_path / "pickled", ending)).reference
    assert pickle.loads(pickle.dumps(reference)) is reference


def test_every_built_in_kernel_loads_by_its_name_with_projects() -> None:
    loaded = {name: load_kernel(name) for name in built_in_kernels()}
    assert [(kernel.name, bool(kernel.projects)) for kernel in loaded.values()] == [
        (name, True) for name in built_in_kernels()
    ]


def test_find_max_is_built_in() -> None:
    assert "find_max" in built_in_kernels()


def test_a_built_in_name_means_the_built_in_kernel_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_kernel(tmp_path / "find_max")
    monkeypatch.chdir(tmp_path)
    assert load_kernel("find_max").folder == BUILT_IN / "find_max"


def test_a_copy_of_a_built_in_kernel_loads_by_path(tmp_path: Path) -> None:
    copy = shutil.copytree(BUILT_IN / "find_max", tmp_path / "find_max")
    kernel, original = load_kernel(copy), load_kernel("find_max")
    assert (kernel.folder, kernel.cases) == (copy, original.cases)


def test_answers_must_be_exactly_equal_unless_the_author_says_otherwise(tmp_path: Path) -> None:
    tolerance = load_kernel(write_kernel(tmp_path / "sums")).agreement
    assert (tolerance, tolerance.relative, tolerance.absolute) == (Tolerance(), 0.0, 0.0)


def test_a_function_of_two_answers_may_say_whether_they_agree(tmp_path: Path) -> None:
    folder = write_kernel(
        tmp_path / "sums",
        """
import dataclasses
import numpy as np
KERNEL = dataclasses.replace(kernel("small"), tolerance=np.allclose)
""",
    )
    agreement = load_kernel(folder).agreement
    assert agreement == Tolerance(equal=np.allclose)
    assert not agreement.is_exact
    assert "allclose()" in agreement.sentence


def test_a_kernel_is_asked_for_by_its_name_or_by_the_path_of_its_folder(tmp_path: Path) -> None:
    assert [asked_as(load_kernel(name)) for name in built_in_kernels()] == [*built_in_kernels()]
    folder = write_kernel(tmp_path / "sums")
    assert asked_as(load_kernel(folder)) == str(folder)


# What is refused


def test_an_unknown_name_gets_the_known_ones_and_the_closest_as_next_step() -> None:
    error = refusal("find_mx", UsageError)
    assert error.choices == built_in_kernels()
    assert str(error) == snapshot(
        """\
there is no kernel 'find_mx': expected one of find_max, large_max, or the path of a kernel folder
Next: whichext.run("find_max")\
"""
    )


def test_an_unknown_name_like_no_other_gets_the_list_as_next_step() -> None:
    assert refusal("zzz", UsageError).next_step == snapshot("the command whichext list")


def test_a_folder_without_kernel_py_is_refused_with_the_file_to_write(tmp_path: Path) -> None:
    error = refusal(tmp_path, UsageError)
    assert without_paths(str(error), tmp_path) == snapshot(
        "PATH: expected a kernel folder with a file kernel.py, got a folder without\n"
        "Next: write PATH/kernel.py with KERNEL = whichext.Kernel(...)"
    )


def test_the_path_of_a_file_is_no_kernel(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.touch()
    assert without_paths(str(refusal(file, UsageError)), file) == snapshot(
        """\
there is no kernel 'PATH': expected one of find_max, large_max, or the path of a kernel folder
Next: the command whichext list\
"""
    )


@pytest.mark.parametrize(
    ("ending", "reason"),
    [
        ("raise RuntimeError('no luck')", "RuntimeError: no luck"),
        ("import os; os._exit(3)", "SystemExit: os._exit(3)"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("KERNEL = Kernel(question='Why?')", "TypeError: Kernel.__init__() missing"),
        ("KERNEL = = 1", "SyntaxError: invalid syntax"),
    ],
)
def test_a_kernel_py_that_raises_is_refused_with_its_error_and_how_to_see_more(
    tmp_path: Path, ending: str, reason: str
) -> None:
    path = write_kernel(tmp_path / "broken", ending) / "kernel.py"
    error = refusal(path.parent, KernelError)
    assert error.problem.startswith(f"{path} does not import: {reason}")
    assert without_paths(error.next_step, path) == snapshot("run python PATH and fix what it says")


def test_the_error_of_a_kernel_py_is_the_cause_of_ours(tmp_path: Path) -> None:
    folder = write_kernel(tmp_path / "broken", "raise RuntimeError('no luck')")
    assert isinstance(refusal(folder, KernelError).__cause__, RuntimeError)


@pytest.mark.parametrize(
    ("ending", "got"),
    [
        ("kernel = 1", "no such name"),
        ("KERNEL = {'question': 'Why?'}", "dict"),
        ("KERNEL = Kernel", "type"),
    ],
)
def test_a_kernel_py_without_a_kernel_is_refused_with_what_it_has(
    tmp_path: Path, ending: str, got: str
) -> None:
    folder = write_kernel(tmp_path / "odd", ending)
    error = refusal(folder, KernelError)
    assert without_paths(str(error), folder).replace(got, "THIS") == snapshot(
        "PATH/kernel.py: expected KERNEL = whichext.Kernel(...), got THIS\n"
        "Next: see the built-in kernels for the shape of kernel.py"
    )


def test_a_kernel_without_cases_is_refused(tmp_path: Path) -> None:
    error = refusal(write_kernel(tmp_path / "empty", "KERNEL = kernel()"), KernelError)
    assert str(error) == snapshot(
        "empty: cases: expected at least one case, got none\nNext: give Kernel(cases=(Case(...),))"
    )


def test_a_case_name_given_twice_is_refused(tmp_path: Path) -> None:
    folder = write_kernel(tmp_path / "double", 'KERNEL = kernel("a", "b", "b")')
    error = refusal(folder, KernelError)
    assert (error.where, error.what, error.got) == ("double", "case names", "'b' twice")


def test_an_entry_that_two_projects_have_is_refused(tmp_path: Path) -> None:
    folder = write_kernel(tmp_path / "sums")
    for name in ("one", "two"):
        write_project(folder / name, TABLE.format("same"))
    error = refusal(folder, KernelError)
    assert str(error) == snapshot(
        "sums: entries: expected each once, got 'same.f' twice\nNext: rename one of the two"
    )


def test_two_projects_may_have_functions_of_one_name_in_modules_of_their_own(
    tmp_path: Path,
) -> None:
    folder = write_kernel(tmp_path / "sums")
    for name in ("one", "two"):
        write_project(folder / name, TABLE.format(name))
    assert [project.entries[0].function for project in load_kernel(folder).projects] == ["f", "f"]


def test_a_bad_project_is_refused_with_the_kernel(tmp_path: Path) -> None:
    folder = write_kernel(tmp_path / "sums")
    write_project(folder / "cy", '[tool.whichext]\nmodule = "cy"\n')
    path = folder / "cy" / "pyproject.toml"
    assert refusal(folder, KernelError).problem.startswith(f"{path}: [tool.whichext]: ")


def test_a_kernel_cannot_be_changed_once_it_is_loaded(row_sum: Kernel) -> None:
    with pytest.raises(AttributeError, match="field 'name'"):
        row_sum.name = "other"  # type: ignore[misc]


def test_a_tolerance_without_a_reason_is_refused(tmp_path: Path) -> None:
    ending = """
import dataclasses
from whichext import Tolerance
KERNEL = dataclasses.replace(kernel("small"), tolerance=Tolerance(relative=1e-6))
"""
    error = refusal(write_kernel(tmp_path / "sums", ending), KernelError)
    assert (error.where, error.what) == ("sums", "tolerance")
    assert error.got == "Tolerance(relative=1e-06, absolute=0) without"
    assert error.next_step.startswith("give Tolerance(..., reason=")


@pytest.mark.parametrize("wrong", ["'a little'", "-1.0", "float('nan')", "float('inf')"])
def test_a_tolerance_that_is_no_finite_size_is_refused(tmp_path: Path, wrong: str) -> None:
    ending = f"""
import dataclasses
from whichext import Tolerance
told = Tolerance(relative={wrong}, reason="why not")
KERNEL = dataclasses.replace(kernel("small"), tolerance=told)
"""
    error = refusal(write_kernel(tmp_path / "sums", ending), KernelError)
    assert (error.where, error.what) == ("sums", "Tolerance(relative=...)")
    assert error.expected == snapshot("a number from 0 on")


@pytest.mark.parametrize("wrong", ['"float64"', "5"])
def test_dtypes_that_are_no_tuple_are_refused(tmp_path: Path, wrong: str) -> None:
    ending = f"import dataclasses\nKERNEL = dataclasses.replace(kernel('small'), dtypes={wrong})"
    error = refusal(write_kernel(tmp_path / "sums", ending), KernelError)
    assert error.next_step == 'give Kernel(dtypes=("float64",))'
