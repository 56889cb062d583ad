"""A new kernel folder, from templates: `kernel.py`, and a project for each toolchain.

    a function's source, or arguments  ->  what templates are given  ->  texts  ->  files

Nothing is written before all texts are there, and nothing that exists is written over. Templates
of projects lie beside the toolchain's own file, those of the kernel in `templates` here.
"""

from __future__ import annotations

import keyword
import re
import shutil
import tempfile
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whichext.load.scaffold_arguments import Argument, annotated_arguments, typed_arguments
from whichext.load.scaffold_source import Source, read_source
from whichext.load.scaffold_toolchains import choose
from whichext.model.errors import UsageError, describe_error
from whichext.model.inline import argument
from whichext.toolchains.base import Toolchain

MARK = "algorithm goes here"
"""In each file of a project into which its author writes."""

_TEMPLATES = Path(__file__).parent / "templates"
_SUFFIX, _MODULE = ".jinja", "MODULE"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_OWN_SIZES, _SIZES = (1_000, 30_000, 1_000_000), (100, 1_000, 10_000)
_OF_KERNEL_PY = frozenset(
    ("np", "inputs_of", "Case", "Kernel", "Tolerance", "strategies", "KERNEL", "annotations")
)
_OF_GUARDS = frozenset(("np", "isinstance", "TypeError", "_compiled"))
"""What the templates of Numba and Pythran use beside a function's arguments."""
_OF_SUMS = frozenset(("total", "element", "i", "j", "py", "float", "len", "range"))
"""What templates use beside arguments where there is no function yet."""


@dataclass(frozen=True)
class Project:
    """A project of a new kernel."""

    toolchain: str
    """Name of its toolchain."""
    module: str
    """Name of its folder, and of the module that it installs."""
    files: Mapping[str, str]
    """Texts by their paths in its folder."""
    does: str
    """What its entry does so far, in words."""

    @property
    def marks(self) -> tuple[str, ...]:
        """The files in which the algorithm goes."""
        return tuple(
            f"`{self.module}/{name}`"
            for name, text in self.files.items()
            if MARK in text and name != "README.md"
        )


@dataclass(frozen=True)
class Scaffold:
    """A kernel folder that was made."""

    folder: Path
    """The folder."""
    files: tuple[str, ...]
    """Paths of its files in it, sorted."""
    toolchains: tuple[str, ...]
    """The toolchains of its projects."""
    left_out: tuple[tuple[str, str], ...]
    """Toolchains that were not asked for by name and have no project, each with the reason."""


def new_kernel(
    name: object,
    reference: object = None,
    args: Iterable[object] = (),
    toolchains: Iterable[object] | None = None,
    into: str | Path = ".",
) -> Scaffold:
    """Make a kernel folder; `whichext.tools.new` explains the arguments.

    Raises:
        UsageError: One of them cannot be used, or the folder is there already.

    """
    folder = free_folder(name, into)
    kernel = folder.name
    source, arguments = checked_arguments(reference, args)
    context = _context(kernel, source, arguments)
    chosen, left_out = choose(toolchains, context["function"], source, arguments)
    projects = [_project(one, context, source) for one in chosen]
    given = {**context, "projects": projects, "left_out": left_out}
    given["toolchains"] = [one.toolchain for one in projects]
    texts = _rendered(_TEMPLATES, given)
    for one in projects:
        texts |= {f"{one.module}/{path}": text for path, text in one.files.items()}
    _write(folder, texts)
    return Scaffold(folder, tuple(sorted(texts)), tuple(given["toolchains"]), left_out)


def checked_arguments(
    reference: object, args: Iterable[object]
) -> tuple[Source | None, tuple[Argument, ...]]:
    """The source of a function, if one is named, and the arguments of a kernel.

    Raises:
        UsageError: One of them cannot be used, or there are none.

    """
    arguments = typed_arguments(args)
    taken = _OF_GUARDS
    if reference is None:
        source, taken = None, _OF_GUARDS | _OF_SUMS
    else:
        source = read_source(reference)
        arguments = annotated_arguments(source.function, arguments, source.where)
        for bound in sorted(source.names):
            _check_free(bound, _OF_KERNEL_PY)
    for one in arguments:
        _check_free(one.name, taken)
    if not arguments:
        raise UsageError(
            argument("args"),
            f"give {argument('reference', 'filters.py:smooth')}, or "
            f"{argument('args', 'values=float64[:]')} for each argument",
            expected="a reference, or the arguments of one",
            got="neither",
        )
    return source, arguments


def _checked_name(name: object) -> str:
    if isinstance(name, str) and _NAME.fullmatch(name) and not keyword.iskeyword(name):
        _check_free(name, _OF_KERNEL_PY)
        return name
    words = re.findall(r"[a-z0-9]+", str(name).lower())
    made = "_".join(words)[:40].strip("_0123456789")
    good = made if _NAME.fullmatch(made) and not keyword.iskeyword(made) else "moving_average"
    raise UsageError(
        f"the name {str(name)[:60]!r}",
        f"name it {good}",
        expected="a name of at most 40 small letters, figures and _, a letter first",
    )


def free_folder(name: object, into: str | Path) -> Path:
    """The folder of a new kernel, which is not there yet.

    Raises:
        UsageError: The name or the folder around it cannot be used, or the folder is there.

    """
    kernel = _checked_name(name)
    try:
        parent = Path(into).expanduser()
        is_folder, folder = parent.is_dir(), parent / kernel
        is_there = folder.exists() or folder.is_symlink()
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        raise UsageError(
            argument("into", str(into)[:60]),
            argument("into", "."),
            expected="a folder",
            got=describe_error(error)[:200],
        ) from error
    if not is_folder:
        raise UsageError(
            argument("into", str(into)),
            f"make that folder, or give {argument('into', '.')}",
            expected="a folder that is there",
        )
    if is_there:
        raise UsageError(
            f"{folder} is there already, and nothing is written over",
            "give another name, or remove it first",
        )
    return folder


def _check_free(name: str, taken: frozenset[str]) -> None:
    """Refuse the name of what is copied, or of an argument, that templates use otherwise."""
    if name in taken:
        raise UsageError(
            f"the name {name}",
            f"name it {name}_of_values or otherwise",
            expected="a name that no file of a new kernel has for something else",
            got="one of its templates'",
        )


def _context(kernel: str, source: Source | None, arguments: tuple[Argument, ...]) -> dict[str, Any]:
    arrays = [one for one in arguments if one.kind == "array"]
    changed = frozenset[str]() if source is None else source.mutates
    return {
        "kernel": kernel,
        "function": kernel if source is None else source.name,
        "arguments": arguments,
        "arrays": arrays,
        "parameters": ", ".join(one.name for one in arguments),
        "source": "" if source is None else source.text,
        "mutates": [one.name for one in arrays if one.name in changed],
        "sizes": _OWN_SIZES if source is None else _SIZES,
    }


def _project(toolchain: Toolchain, context: Mapping[str, Any], source: Source | None) -> Project:
    own = re.sub(r"\W", "_", toolchain.name)
    module = f"{context['kernel']}_{own}"
    plain = source is not None and source.is_plain
    compiles = toolchain.compiles_python and (plain or toolchain.compiles_all)
    given = {
        **context,
        "module": module,
        "source": "" if source is None else source.bare,
        "plain": plain,
        "delegates": source is not None and not toolchain.compiles_python,
    }
    does = "the Python function as it is" if compiles else "calls the Python function"
    if source is None:
        does = "a loop of its own"
    return Project(toolchain.name, module, _rendered(toolchain.templates, given), does)


def _rendered(templates: Path, given: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a folder of templates by their paths, without those that are empty.

    Raises:
        UsageError: A template of a plug-in does not fit this kernel, or is none.

    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # no page, but sources
    )
    found: dict[str, str] = {}
    for path in sorted(templates.rglob(f"*{_SUFFIX}")):
        name = path.relative_to(templates).as_posix()
        try:
            text = environment.get_template(name).render(given).strip("\n")
        except (TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
            frames = traceback.extract_tb(error.__traceback__)
            lines = [one.lineno for one in frames if Path(one.filename) == path]
            line = getattr(error, "lineno", None) or (lines or [None])[-1]
            raise UsageError(
                f"the template {path}" + (f", line {line}" if line else ""),
                f"fix it, or leave its toolchain out of {argument('toolchains')}",
                expected="a text for this kernel",
                got=describe_error(error),
            ) from error
        made = name.removesuffix(_SUFFIX).replace(_MODULE, str(given.get("module", "")))
        if text.strip():
            found[made] = f"{text}\n"
    return found


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write all files, or none: the folder gets its name when it is whole."""
    try:
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
            whole = Path(scratch) / folder.name
            for name, text in texts.items():
                path = whole / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
            shutil.move(whole, folder)
    except OSError as error:
        raise UsageError(
            argument("into", str(folder.parent)),
            argument("into", "."),
            expected="a folder in which files can be written",
            got=error.strerror or describe_error(error),
        ) from error
