"""`new`: a kernel folder from templates, and every way in which it refuses to make one."""

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.scaffolds import SIGNAL
from whichext.load.kernel import load_kernel
from whichext.load.scaffold import MARK, Scaffold, new_kernel
from whichext.model.errors import UsageError
from whichext.model.outcome import ToolchainAbsent
from whichext.toolchains import find_toolchain, templated

TOOLCHAINS = ("cython", "c", "rust", "nanobind", "pybind11", "numba", "pythran")
EVERY_KIND = ("a=float32[:,:]", "b=int64[:]", "n=int", "x=float", "flag=bool", "text=str")
LONGEST_ENTRY = 40


@pytest.fixture(autouse=True)
def _in_a_folder_where_all_can_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("whichext.load.scaffold_toolchains.find_lacking", lambda _: None)
    Path("signal_.py").write_text(SIGNAL)


def entry_lines(made: Scaffold, toolchain: str) -> int:
    """The longest file into which an algorithm goes, without blank lines."""
    module = made.folder / f"{made.folder.name}_{toolchain}"
    texts = [path.read_text() for path in module.rglob("*") if path.is_file()]
    return max(len([*filter(str.strip, t.splitlines())]) for t in texts if MARK in t)


def test_every_toolchain_of_the_issue_has_templates() -> None:
    assert {one.name for one in templated()} == {*TOOLCHAINS}


@pytest.mark.parametrize("toolchain", TOOLCHAINS)
def test_a_project_of_each_toolchain_is_loaded_with_its_one_entry(toolchain: str) -> None:
    made = new_kernel("total", args=["values=float64[:]"], toolchains=[toolchain])
    (project,) = load_kernel(made.folder).projects
    assert (project.module, project.toolchain) == (f"total_{toolchain}", toolchain)
    assert project.needs == find_toolchain(toolchain).starts_with
    assert [one.function for one in project.entries] == ["total"]


@pytest.mark.parametrize("toolchain", sorted({*TOOLCHAINS} - {"c"}))
def test_a_naive_entry_is_short(toolchain: str) -> None:
    made = new_kernel("total", args=["values=float64[:]", "n=int"], toolchains=[toolchain])
    assert entry_lines(made, toolchain) <= LONGEST_ENTRY


def test_a_naive_entry_of_c_is_short_besides_the_table_of_its_module() -> None:
    made = new_kernel("total", args=["values=float64[:]", "n=int"], toolchains=["c"])
    text = (made.folder / "total_c" / "total_c.c").read_text()
    entry = text.partition("/* Adds")[2].partition("static PyMethodDef")[0]
    assert len([*filter(str.strip, entry.splitlines())]) <= LONGEST_ENTRY


@pytest.mark.parametrize("reference", [None, "signal_.py:smooth"])
def test_projects_have_the_same_set_of_files(reference: str | None) -> None:
    args = () if reference else ("values=float64[:]",)
    made = new_kernel("mine", reference, args)
    for toolchain in TOOLCHAINS:
        own = [name for name in made.files if name.startswith(f"mine_{toolchain}/")]
        texts = {name: (made.folder / name).read_text() for name in own}
        assert {"pyproject.toml", "README.md"} <= {Path(name).name for name in own}
        assert [name for name, text in texts.items() if MARK in text and "README" not in name]


def test_all_of_them_and_every_kind_of_argument_make_one_kernel() -> None:
    made = new_kernel("mixed", args=EVERY_KIND)
    kernel = load_kernel(made.folder)
    assert made.toolchains == TOOLCHAINS
    assert len(kernel.projects) == len(TOOLCHAINS)
    arguments = kernel.arguments_of(kernel.cases[0])
    assert kernel.answer(arguments) == pytest.approx(50_700.6, rel=0.1)


def test_what_is_beside_the_projects_says_what_to_do_next() -> None:
    made = new_kernel("total", args=["values=float64[:]"], toolchains=["numba"])
    beside = [name for name in made.files if not name.startswith("total_")]
    assert beside == [".github/workflows/claims.yml", "README.md", "claims.toml", "kernel.py"]
    assert "kernel: ./total\n          packages: numba\n" in (made.folder / beside[0]).read_text()
    assert "whichext run . --quick" in (made.folder / "README.md").read_text()


# From a function


def test_a_source_is_read_with_what_it_needs_and_its_module_is_not_run() -> None:
    made = new_kernel("mine", "signal_.py:spread", toolchains=["cython"])
    kernel = load_kernel(made.folder)
    assert kernel.reference_name == "spread"
    text = (made.folder / "kernel.py").read_text()
    assert "SCALE = 2.0" in text
    assert "sys" not in text
    assert 'strategies.array(2, "float64"' in text
    assert kernel.answer(kernel.arguments_of(kernel.cases[0])) > 1


def test_a_module_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    made = new_kernel("mine", "signal_:smooth", toolchains=["cython"])
    assert load_kernel(made.folder).argument_names == ("values", "window", "fast")


def test_a_parameter_with_a_default_and_no_type_is_left_to_its_default() -> None:
    made = new_kernel("mine", "signal_.py:smooth", toolchains=["cython"])
    kernel = load_kernel(made.folder)
    assert len(kernel.arguments_of(kernel.cases[0])) == len(("values", "window"))


def test_a_typed_argument_wins_over_an_annotation() -> None:
    made = new_kernel("mine", "signal_.py:smooth", ["values=int32[:,:]"], toolchains=["cython"])
    assert '"int32"' in (made.folder / "kernel.py").read_text()


def test_compilers_of_python_get_loops_as_they_are_and_without_annotations() -> None:
    made = new_kernel("mine", "signal_.py:smooth", toolchains=["cython", "numba", "pythran"])
    for path in ("mine_cython.pyx", "mine_numba.py", "_mine_pythran.py"):
        (found,) = made.folder.rglob(path)
        text = found.read_text()
        assert "def smooth(values, window, fast=False):" in text
        assert "npt" not in text


def test_other_languages_call_the_function_that_their_wheel_brings() -> None:
    made = new_kernel("mine", "signal_.py:spread", toolchains=["c", "rust", "nanobind", "pybind11"])
    for toolchain in made.toolchains:
        module = f"mine_{toolchain}"
        assert "def spread(values" in (made.folder / module / f"{module}_reference.py").read_text()


def test_pythran_is_left_out_where_the_function_is_more_than_loops() -> None:
    made = new_kernel("mine", "signal_.py:spread")
    assert dict(made.left_out) == {
        "pythran": snapshot(
            "signal_.py:spread is more than loops over numbers and arrays, and it calls no Python"
        )
    }
    assert "pythran" in (made.folder / "README.md").read_text()


def test_what_works_in_place_gets_fresh_arguments_for_each_call() -> None:
    Path("place.py").write_text("def twice(v: 'int64[:]', n: int):\n    v[0] *= n\n")
    made = new_kernel("mine", "place.py:twice", toolchains=["cython", "pythran", "rust"])
    kernel = load_kernel(made.folder)
    assert kernel.mutates == ("v",)
    texts = [path.read_text() for path in made.folder.rglob("*.*") if "mine_" in path.name]
    assert [text for text in texts if "if isinstance(v, np.ndarray) and not v.flags.write" in text]
    assert not [text for text in texts if "const int64_t" in text]


def test_the_sum_in_c_is_in_a_function_that_calls_nothing() -> None:
    made = new_kernel("total", args=["values=float64[:]"], toolchains=["c"])
    text = (made.folder / "total_c" / "total_c.c").read_text()
    loop = text.partition("static double sum_values")[2].partition("\n}\n")[0]
    assert "sum += " in loop
    assert "Py_BEGIN" not in loop


# What is not here


def test_a_compiler_that_is_absent_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    absent = ToolchainAbsent("Rust's cargo", "install Rust")
    monkeypatch.setattr(
        "whichext.load.scaffold_toolchains.find_lacking",
        lambda one: absent if one.name == "rust" else None,
    )
    with pytest.raises(UsageError) as caught:
        new_kernel("mine", args=["n=int"], toolchains=["rust"])
    assert str(caught.value) == snapshot("""\
the toolchain rust: it needs Rust's cargo, which is not here
Next: install Rust\
""")
    made = new_kernel("mine", args=["n=int"])
    assert dict(made.left_out) == {
        "rust": snapshot("it needs Rust's cargo, which is not here: install Rust")
    }
    assert "rust" not in made.toolchains


def test_where_nothing_can_be_built_the_doctor_is_the_next_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    absent = ToolchainAbsent("a compiler", "install one")
    monkeypatch.setattr("whichext.load.scaffold_toolchains.find_lacking", lambda _: absent)
    with pytest.raises(UsageError) as caught:
        new_kernel("mine", args=["n=int"])
    assert str(caught.value).splitlines()[-1] == snapshot("Next: whichext.tools.doctor()")
