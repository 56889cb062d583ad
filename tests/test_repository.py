"""Rules that hold for the tree as a whole."""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import whichext
from support.cli import flags_by_command

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "whichext"
KERNELS = SOURCE / "kernels"

MOST_AT_THE_TOP = 15
MOST_MODULE_LINES, MOST_FUNCTION_LINES, MOST_TIMED_LINES, MOST_NAMES = 350, 50, 80, 16
MOST_BRANCHES = 12
BRANCHES = (
    *(ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.BoolOp),
    *(ast.comprehension, ast.match_case, ast.Assert),
)
SAFETY_LINES = 12

# Places whose safety the compiler does not check: the words, by file name.
UNCHECKED = {
    ".rs": re.compile(r"\bunsafe\s*(\{|impl\b|extern\b)"),
    ".pyx": re.compile(r"\bnogil\s*:|\bwith\s+nogil\b|boundscheck\s*(=|\()\s*False|<\w+\s*\*+\s*>"),
    ".pxd": re.compile(r"\bnogil\s*:|boundscheck\s*(=|\()\s*False|<\w+\s*\*+\s*>"),
    ".build": re.compile(r"boundscheck"),
    ".c": re.compile(r"\bPy_BEGIN_ALLOW_THREADS|\bmemcpy\("),
    ".inc": re.compile(r"\bmemcpy\(|\(const T \*\)"),
    ".cpp": re.compile(r"\bgil_scoped_release\b|<const T \*>\("),
    ".hpp": re.compile(r"\bcopy_n\(|\bfor \(ptrdiff_t"),
}


def repository_files() -> list[Path]:
    """What is, or is about to be, in the repository."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        paths = [ROOT / line for line in listed.stdout.splitlines()]
    else:
        ignored = {".git", ".venv", "target", "build", "dist", "__pycache__"}
        paths = [p for p in ROOT.rglob("*") if not ignored & set(p.relative_to(ROOT).parts)]
    return sorted(path for path in paths if path.is_file())


FILES = repository_files()
PROJECTS = [path.parent for path in FILES if path.name == "pyproject.toml" and path.parent != ROOT]
PYTHON = [path for path in FILES if path.suffix == ".py"]
NATIVE = [
    path
    for path in FILES
    if path.suffix in {".rs", ".pyx", ".pxd", ".c", ".h", ".inc", ".cpp", ".hpp"}
]
BUILT_FROM = [path for path in FILES if SOURCE in path.parents and path.suffix in UNCHECKED]
OURS = [
    path
    for path in PYTHON
    if SOURCE in path.parents and not {KERNELS, *PROJECTS} & set(path.parents)
]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""  # a picture


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_outside_the_kernels_nothing_knows_a_kernel() -> None:
    built_in = "|".join(folder.name for folder in KERNELS.iterdir() if folder.is_dir())
    outside = [path for path in FILES if SOURCE in path.parents and KERNELS not in path.parents]
    knowing = [named(p) for p in outside if re.search(rf"(?<![a-z_])({built_in})", text_of(p))]
    assert knowing == []


COMPILERS = re.compile(
    r"(?<![\w-])(gcc|clang|g\+\+|cc|c\+\+|icx|cargo|rust(?!py)\w*|cython|c(pp|xx)?flags|cxx|maturin"
    r"|meson\w*|cmake\w*|scikit.build|pyo3|prange|s?ccache|libgomp)(?!\w)",
    re.IGNORECASE,
)
# The race's own limit is a project in C, and its build is one of those that are shown.
KNOW_A_TOOLCHAIN = (SOURCE / "toolchains", SOURCE / "race" / "limit")


def test_outside_the_toolchains_nothing_knows_a_compiler() -> None:
    knowing = {
        named(path): [found[0] for found in COMPILERS.finditer(text_of(path))]
        for path in OURS
        if not {*KNOW_A_TOOLCHAIN} & {*path.parents}
    }
    assert {name: words for name, words in knowing.items() if words} == {}


@pytest.mark.parametrize(
    "text", ["CC=gcc", "a C++ compiler", "RUSTFLAGS", '"cargo"', "a Cython loop"]
)
def test_a_compiler_would_be_found(text: str) -> None:
    assert COMPILERS.search(text)


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lengths = {named(path): len(text_of(path).splitlines()) for path in [*PYTHON, *NATIVE]}
    assert {name: n for name, n in lengths.items() if n > MOST_MODULE_LINES} == {}


def test_the_top_of_the_package_is_the_words_of_the_flow() -> None:
    top = {path.name for path in SOURCE.iterdir()} - {"__pycache__", "py.typed"}
    assert len(top) <= MOST_AT_THE_TOP


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the package, with its place."""
    for path in PYTHON:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{named(path)}:{node.lineno}:{node.name}", node


def test_no_function_is_longer_than_a_screen_or_decides_more_often_than_can_be_followed() -> None:
    # In one test, since the trees of all files take a second to make, and too much room to keep.
    sizes = {
        place: (
            (node.end_lineno or node.lineno) - node.lineno + 1,
            sum(isinstance(part, BRANCHES) for part in ast.walk(node)),
        )
        for place, node in functions()
    }
    assert {place: n for place, (n, _) in sizes.items() if n > MOST_FUNCTION_LINES} == {}
    assert {place: n for place, (_, n) in sizes.items() if n > MOST_BRANCHES} == {}


def unchecked_places(path: Path) -> list[int]:
    """Numbers of the lines, from 0, on which something is done that nobody checks."""
    pattern = UNCHECKED.get(path.suffix)
    lines = text_of(path).splitlines()
    if pattern is None:
        return []
    return [n for n, line in enumerate(lines) if pattern.search(re.split(r"#(?!\[)|//", line)[0])]


def has_safety_line(lines: list[str], number: int) -> bool:
    """Whether a line with a reason stands above, on, or just below the place."""
    near = lines[max(0, number - SAFETY_LINES) : number + 2]
    return any("SAFETY:" in line for line in near)


def test_every_unchecked_place_names_the_guard_that_makes_it_safe() -> None:
    bare = [
        f"{named(path)}:{number + 1}"
        for path in BUILT_FROM
        for number in unchecked_places(path)
        if not has_safety_line(text_of(path).splitlines(), number)
    ]
    assert bare == []


def test_there_are_unchecked_places_to_look_at() -> None:
    # Otherwise the patterns above have stopped to fit how the kernels are written.
    assert {path.suffix for path in BUILT_FROM if unchecked_places(path)} == set(UNCHECKED)


def test_every_unsafe_function_documents_what_its_caller_must_keep() -> None:
    bare = [
        f"{named(path)}:{number + 1}"
        for path in BUILT_FROM
        for lines in [text_of(path).splitlines()]
        for number, line in enumerate(lines)
        if re.match(r"\s*(pub(\(\w+\))? )?unsafe fn ", line)
        and not any("# Safety" in above for above in lines[max(0, number - SAFETY_LINES) : number])
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("line", "suffix"),
    [
        ("    unsafe { slots.write(index) };", ".rs"),
        ("unsafe impl<T: Send> Sync for Slots<'_, T> {}", ".rs"),
        ("    with nogil:", ".pyx"),
        ("@cython.boundscheck(False)", ".pyx"),
        (") noexcept nogil:", ".pxd"),
        ("foreach check : ['boundscheck']", ".build"),
    ],
)
def test_an_unchecked_place_without_a_reason_would_be_found(
    line: str, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"example{suffix}"
    path.write_text(line)
    assert unchecked_places(path) == [0]
    assert not has_safety_line([line], 0)


def test_the_timed_region_fits_on_a_screen() -> None:
    lines = (SOURCE / "race" / "timed.py").read_text().splitlines()
    assert len(lines) <= MOST_TIMED_LINES


def test_the_timed_region_does_no_input_or_output() -> None:
    names = {n.id for n in ast.walk(tree_of(SOURCE / "race" / "timed.py")) if type(n) is ast.Name}
    assert set() == names & {"print", "open", "input"}


def test_the_timed_region_does_no_statistics() -> None:
    nodes = list(ast.walk(tree_of(SOURCE / "race" / "timed.py")))
    modules = {a.name for n in nodes if isinstance(n, ast.Import) for a in n.names}
    modules |= {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}
    assert set() == {name.split(".")[0] for name in modules} & {"statistics", "numpy", "scipy"}


def test_only_the_timed_region_and_the_audit_of_what_follows_it_read_the_processor_clock() -> None:
    readers = [path for path in OURS if re.search(r"\b(process|thread)_time\b", text_of(path))]
    readers += [path for path in OURS if "process_time_ns" in text_of(path)]
    assert readers == [SOURCE / "audit" / "aftermath.py", SOURCE / "race" / "timed.py"]


def test_there_are_few_public_names() -> None:
    assert len(whichext.__all__) <= MOST_NAMES


def test_every_public_name_is_there() -> None:
    assert [name for name in whichext.__all__ if not hasattr(whichext, name)] == []


def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    folders = "|".join(("root", "work", "home"))
    found = {
        named(path): re.findall(rf"(?<![\w.:/~])/(?:{folders})/\w*", text_of(path))
        for path in FILES
    }
    assert {name: paths for name, paths in found.items() if paths} == {}


@cache
def typed_words() -> re.Pattern[str]:
    """Finds a flag of our command line, or a command as it is typed."""
    ours = flags_by_command()
    flags = "|".join(sorted(flag for flag in set().union(*ours.values()) if flag[:2] == "--"))
    short, command = r"(?:^|\s)-o[\s,.;:]|\s-o$", rf"\bwhichext\s+(?:{'|'.join(ours)})\b"
    return re.compile(rf"(?<![\w-])(?:{flags})(?![\w-])|{short}|{command}")


def typed_in(source: str) -> list[str]:
    """Texts of a module, its docstrings too, that name flags or typed commands."""
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [text for text in texts if isinstance(text, str) and typed_words().search(text)]


def test_the_core_knows_no_flag_and_no_typed_command() -> None:
    core = [path for path in OURS if SOURCE / "cli" not in path.parents]
    found = {named(path): typed_in(text_of(path)) for path in core}
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    ("text", "is_typed"),
    [
        ("choose another --case", True),
        ("race longer (--max-time), or", True),
        ("-o r.json: no such folder", True),
        ("name another file with -o", True),
        ("see whichext run and `whichext show FILE`", True),
        ("-o", False),
        ("--cases", False),
        ("rustc --version", False),
        ("the whichext version that made it", False),
    ],
)
def test_a_flag_or_a_typed_command_in_a_text_would_be_found(text: str, is_typed: bool) -> None:
    assert bool(typed_in(repr(text))) == is_typed


ATTRIBUTE = re.compile(r"^ {4}(\w+): \S", re.MULTILINE)


def is_data(node: ast.AST) -> bool:
    """Whether a class is a struct or a dataclass."""
    return isinstance(node, ast.ClassDef) and (
        any(isinstance(base, ast.Name) and base.id in ("Struct", "Grounds") for base in node.bases)
        or any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)
    )


def undocumented_fields(source: str) -> Iterator[str]:
    """Fields that neither a string after them nor `Attributes:` of their class documents."""
    for node in filter(is_data, ast.walk(ast.parse(source))):
        assert isinstance(node, ast.ClassDef)
        _, _, attributes = (ast.get_docstring(node) or "").partition("\nAttributes:\n")
        listed = set(ATTRIBUTE.findall(attributes))
        for field, after in zip(node.body, [*node.body[1:], None], strict=True):
            followed = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            if isinstance(field, ast.AnnAssign) and not followed:
                name = ast.unparse(field.target)
                if name not in listed:
                    yield f"{node.name}.{name}"


@pytest.mark.parametrize(
    "name",
    sorted(path.relative_to(SOURCE).as_posix() for path in (SOURCE / "model").rglob("*.py")),
)
def test_every_field_that_crosses_a_border_is_documented(name: str) -> None:
    assert list(undocumented_fields(text_of(SOURCE / name))) == []


@pytest.mark.parametrize(
    ("body", "undocumented"),
    [
        ("    a: int", ["One.a"]),
        ('    a: int\n    """How many."""', []),
        (
            '    """One.\n\n    Attributes:\n        a: How.\n\n    """\n    a: int\n    b: int',
            ["One.b"],
        ),
    ],
)
def test_a_field_without_documentation_would_be_found(body: str, undocumented: list[str]) -> None:
    for head in ("class One(Struct):", "@dataclass(frozen=True)\nclass One:"):
        assert list(undocumented_fields(f"{head}\n{body}\n")) == undocumented


@pytest.mark.parametrize("name", ["Kernel", "Case", "Tolerance", "Ratio"])
def test_help_on_a_public_class_shows_each_field_with_its_documentation(name: str) -> None:
    kind = getattr(whichext, name)
    _, _, attributes = (inspect.getdoc(kind) or "").partition("\nAttributes:\n")
    assert ATTRIBUTE.findall(attributes) == list(inspect.get_annotations(kind))


def test_every_module_says_what_it_is() -> None:
    assert [named(path) for path in OURS if not ast.get_docstring(tree_of(path))] == []
