"""What projects and entries need: what is there, in which version, and how to get the rest."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from support.builds import FakeBuilder
from whichext.build import build_project
from whichext.build.store import Store
from whichext.model.contestant import RELEASE
from whichext.model.errors import UsageError
from whichext.model.kernel import Entry, Project
from whichext.model.outcome import Built, PackageAbsent, Tool, ToolchainAbsent
from whichext.report.outcome_words import Lack, find_lack
from whichext.toolchains import find_missing, tool_versions, zig
from whichext.toolchains.needs import find_absent, package_versions

HEADERS = "python-headers"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH, with no variable that names a compiler."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for variable in ("CC", "CXX", "CARGO"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(zig, "find_spec", lambda _: None)  # which would stand in
    return folder


def put(folder: Path, name: str, script: str = "echo $0") -> Path:
    """Put a program on PATH; echo is the shell's own, so that nothing else need be there."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.usefixtures("programs")
def test_a_project_without_needs_misses_nothing() -> None:
    assert find_missing(()) is None


@pytest.mark.parametrize(
    ("need", "what", "way_to_get_it"),
    [
        ("cc", "a C compiler", "apt install build-essential"),
        ("cc", "a C compiler", "dnf install gcc;"),
        ("cc", "a C compiler", "xcode-select --install"),
        ("c++", "a C++ compiler", "apt install build-essential"),
        ("c++", "a C++ compiler", "dnf install gcc-c++;"),
        ("cargo", "Rust's cargo", "install Rust from https://rustup.rs"),
    ],
)
@pytest.mark.usefixtures("programs")
def test_an_absent_compiler_is_named_with_the_way_to_get_it(
    need: str, what: str, way_to_get_it: str
) -> None:
    skipped = find_missing((need,))
    assert skipped is not None
    assert (skipped.what, way_to_get_it in skipped.remedy) == (what, True)


@pytest.mark.usefixtures("programs")
def test_an_absent_program_that_whichext_does_not_know_is_asked_for_by_name() -> None:
    skipped = find_missing(("gfortran",))
    assert skipped == ToolchainAbsent(
        "the program 'gfortran'", "install gfortran so that it is on PATH"
    )


def test_a_program_that_whichext_does_not_know_is_found_on_path(programs: Path) -> None:
    put(programs, "gfortran")
    assert find_missing(("gfortran",)) is None


@pytest.mark.parametrize(
    ("need", "program"),
    [
        *(("cc", "cc"), ("cc", "gcc"), ("cc", "clang"), ("cargo", "cargo")),
        *(("c++", "c++"), ("c++", "g++"), ("c++", "clang++")),
    ],
)
def test_any_usual_name_of_a_compiler_will_do(programs: Path, need: str, program: str) -> None:
    put(programs, program)
    assert find_missing((need,)) is None


def test_the_first_need_that_is_absent_is_reported(programs: Path) -> None:
    put(programs, "cc")
    skipped = find_missing(("cc", "cargo", "gfortran"))
    assert skipped is not None
    assert skipped.what == "Rust's cargo"


@pytest.mark.usefixtures("programs")
def test_absent_python_headers_are_named_with_the_way_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path))
    assert find_missing((HEADERS,)) == ToolchainAbsent(
        "Python's C headers (Python.h)",
        "Debian/Ubuntu: apt install python3-dev; Fedora: dnf install python3-devel",
    )


@pytest.mark.usefixtures("programs")
def test_present_python_headers_are_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Python.h").touch()
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path))
    assert find_missing((HEADERS,)) is None


def test_cc_names_the_compiler_that_counts(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(programs, "cc", "echo the usual one")
    put(programs, "mycc", "echo mine")
    monkeypatch.setenv("CC", "mycc")
    assert tool_versions(("cc",)) == (Tool("cc", "mine"),)


def test_a_cc_that_is_not_there_is_missing_although_another_is(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(programs, "cc")
    monkeypatch.setenv("CC", "icx")
    skipped = find_missing(("cc",))
    assert skipped is not None
    assert skipped == ToolchainAbsent(
        "the program that CC=icx of this environment names",
        "unset CC, or let it name a program that is on PATH",
    )


def test_a_cc_with_arguments_is_looked_up_without_them_and_asked_with_them(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(programs, "ccache", 'echo "$@"')
    monkeypatch.setenv("CC", "ccache 'my gcc' -m64")
    assert (find_missing(("cc",)), tool_versions(("cc",))) == (
        None,
        (Tool("cc", "my gcc -m64 --version"),),
    )


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_cc_counts_as_unset(
    programs: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    put(programs, "gcc")
    monkeypatch.setenv("CC", value)
    assert find_missing(("cc",)) is None


@pytest.mark.parametrize(("need", "variable"), [("cc", "CC"), ("c++", "CXX"), ("cargo", "CARGO")])
def test_a_compilers_variable_with_an_open_quote_is_refused_with_what_to_do(
    programs: Path, monkeypatch: pytest.MonkeyPatch, need: str, variable: str
) -> None:
    put(programs, "gcc")
    monkeypatch.setenv(variable, "gcc '-DNAME=x")
    with pytest.raises(UsageError) as caught:
        find_missing((need,))
    assert str(caught.value).replace(variable, "VARIABLE") == snapshot("""\
VARIABLE=gcc '-DNAME=x: expected a command, got an error: No closing quotation
Next: unset VARIABLE, or close its quotes\
""")


def test_cxx_and_not_cc_overrides_the_cpp_compiler(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(programs, "mine", "echo mine")
    put(programs, "c++", "echo usual")
    monkeypatch.setenv("CC", "mine")
    assert tool_versions(("c++",)) == (Tool("c++", "usual"),)


def test_a_version_is_the_first_line_that_the_program_prints(programs: Path) -> None:
    put(programs, "cc", 'echo "gcc 12.2.0"; echo "Copyright"')
    assert tool_versions(("cc",)) == (Tool("cc", "gcc 12.2.0"),)


def test_a_version_printed_to_standard_error_counts(programs: Path) -> None:
    put(programs, "cc", "echo tcc 0.9 >&2")
    assert tool_versions(("cc",)) == (Tool("cc", "tcc 0.9"),)


def test_a_program_that_prints_nothing_has_an_unknown_version(programs: Path) -> None:
    put(programs, "cc", "exit 3")
    assert tool_versions(("cc",)) == (Tool("cc", "unknown"),)


def test_a_program_that_does_not_start_has_an_unknown_version_with_the_reason(
    programs: Path,
) -> None:
    put(programs, "cc").write_text("#!/nonexistent/interpreter\n")
    (tool,) = tool_versions(("cc",))
    assert tool.version.startswith("unknown: [Errno 2]")


def test_cargo_brings_rustc_into_the_versions_since_it_does_the_compiling(programs: Path) -> None:
    put(programs, "cargo", "echo cargo 1.95.0")
    put(programs, "rustc", "echo rustc 1.94.1")
    assert tool_versions(("cargo",)) == (
        Tool("cargo", "cargo 1.95.0"),
        Tool("rustc", "rustc 1.94.1"),
    )


def test_python_headers_have_no_version_of_their_own(programs: Path) -> None:
    put(programs, "cc", "echo gcc")
    assert tool_versions((HEADERS, "cc")) == (Tool("cc", "gcc"),)


def test_a_program_is_asked_for_its_version_once_a_session(programs: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    put(programs, "cc", f'echo asked >> "{asked}"; echo gcc')
    tool_versions(("cc",))
    tool_versions(("cc",))
    assert asked.read_text() == "asked\n"


# Python packages

NUMPY = Tool("numpy", metadata.version("numpy"))


def test_nothing_is_missing_where_nothing_is_required() -> None:
    assert find_absent((), None) is None


@pytest.mark.parametrize("name", ["numpy", "NumPy", "typing-extensions", "typing_extensions"])
def test_a_package_that_is_installed_is_found_however_its_name_is_written(name: str) -> None:
    assert find_absent((name,), None) is None


def test_a_package_that_is_absent_is_named_with_the_command_that_gets_it() -> None:
    absent = find_absent(("no-such-package",), None)
    assert absent == PackageAbsent(("no-such-package",))
    assert find_lack(absent) == Lack(
        why="the Python package no-such-package is missing", remedy="pip install no-such-package"
    )


def test_all_absent_packages_are_named_at_once_and_the_others_not() -> None:
    absent = find_absent(("no-such-package", "numpy", "nor-this-one"), None)
    assert absent == PackageAbsent(("no-such-package", "nor-this-one"))
    assert find_lack(absent) == Lack(
        why="the Python packages no-such-package, nor-this-one are missing",
        remedy="pip install no-such-package nor-this-one",
    )


def test_a_remedy_of_the_entrys_own_stands_in_place_of_the_command() -> None:
    skipped = find_absent(("no-such-package",), "ask the librarian")
    assert skipped == PackageAbsent(("no-such-package",), "ask the librarian")


def test_only_packages_that_are_there_have_versions() -> None:
    assert package_versions(("no-such-package", "numpy")) == (NUMPY,)


def test_looking_for_a_package_does_not_import_it() -> None:
    code = (
        "import sys; from whichext.toolchains.needs import find_absent, package_versions; "
        "find_absent(('hypothesis',), None); package_versions(('hypothesis',)); "
        "sys.exit('hypothesis' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def project_in(folder: Path, *requires: str) -> Project:
    (folder / "fast").mkdir(exist_ok=True)
    return Project(
        name="fast",
        folder=folder / "fast",
        module="fast",
        toolchain="python",
        needs=(),
        entries=(Entry(function="f", requires=requires),),
    )


def receipt(project: Project, store: Store) -> Built:
    result = build_project(project, RELEASE, store, FakeBuilder()).result
    assert isinstance(result, Built), result
    return result


def test_a_receipt_names_the_packages_that_the_entries_call(tmp_path: Path) -> None:
    built = receipt(project_in(tmp_path, "numpy"), Store(tmp_path / "builds"))
    assert built.tools == (NUMPY, Tool("fake-backend", "7.1"))


def test_a_build_has_another_key_with_another_version_of_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, keys = Store(tmp_path / "builds"), []
    for version in ("1.0", "1.0", "1.1"):
        monkeypatch.setattr(metadata, "version", lambda _, version=version: version)
        keys.append(receipt(project_in(tmp_path, "numba"), store).key)
    assert (keys[0] == keys[1], keys[1] == keys[2]) == (True, False)


def test_a_project_whose_packages_are_absent_is_built_like_any_other(tmp_path: Path) -> None:
    project = project_in(tmp_path, "no-such-package")
    assert receipt(project, Store(tmp_path / "builds")).tools == (Tool("fake-backend", "7.1"),)
