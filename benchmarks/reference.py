"""Write `docs/reference.md`: what the verbs, classes and entries take, from their docstrings.

    python benchmarks/reference.py

A test compares the page with the docstrings.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec

import whichext
from whichext import tools
from whichext.load.kernel import ProjectTable
from whichext.model.kernel import Entry
from whichext.toolchains import every_toolchain

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference.md"

VERBS = ("run", "verify", "audit", "check", "load_kernel", "read", "render")
CLASSES = ("Kernel", "Case", "Stateful", "Tolerance", "Ratio")
SECTION = re.compile(r"^(Args|Returns|Raises|Attributes|Example):\n", re.MULTILINE)
ITEM = re.compile(r"^    (\S[^\n:]*): (.*(?:\n {8}.*)*)", re.MULTILINE)
IN_TOML = {
    "str": "string",
    "str | None": "string",
    "tuple[str, ...]": "list of strings",
    "tuple[str, ...] | None": "list of strings",
    "tuple[Profile, ...]": "list of strings",
    "tuple[Entry, ...]": "tables, see [Entry](#entry)",
    "dict[str, str]": "table of strings",
}


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    """The page, from the docstrings of what is installed."""
    lines = [
        "# Reference",
        "",
        "Written by `python benchmarks/reference.py` from the docstrings, so `help(whichext.run)`",
        "shows the same text. `whichext COMMAND --help` explains the options of a command.",
        "",
        "## Verbs",
        "",
        "They print nothing, and raise `WhichextError` for misuse. A fault of a contestant is part",
        "of the [Result](#result).",
        "",
    ]
    for name in VERBS:
        lines += function(f"whichext.{name}", getattr(whichext, name))
    lines += ["## Tools", ""]
    for name in tools.__all__:
        lines += function(f"whichext.tools.{name}", getattr(tools, name))
    lines += ["## What an author states", ""]
    for name in CLASSES[:-1]:
        lines += data(getattr(whichext, name))
    lines += [*call(), *project(), *entry(), "## What a verb returns", "", *result()]
    return "\n".join([*lines, *data(getattr(whichext, CLASSES[-1]))]).rstrip() + "\n"


def function(name: str, what: Callable[..., Any]) -> Iterator[str]:
    """The section of a function: its signature and the parts of its docstring."""
    summary, sections = parts(what)
    yield from (f"### {name}", "", "```python", *signature(what), "```", "", summary, "")
    if "Args" in sections:
        yield from table(("argument", "meaning"), items(sections["Args"]))
    if "Returns" in sections:
        yield from (f"Returns: {joined(sections['Returns'])}", "")
    if "Raises" in sections:
        yield from table(("raises", "when"), items(sections["Raises"]))
    if "Example" in sections:
        yield from ("```pycon", *inspect.cleandoc(sections["Example"]).splitlines(), "```", "")


def signature(what: Callable[..., Any]) -> Iterator[str]:
    """The signature of a function as a stub, one argument a line where it is long."""
    whole = inspect.signature(what)
    line = f"def {what.__name__}{plain(str(whole))}: ..."
    if len(line) <= 88:
        yield line
        return
    yield f"def {what.__name__}("
    seen_keyword = False
    for parameter in whole.parameters.values():
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            seen_keyword = True
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not seen_keyword:
            seen_keyword = True
            yield "    *,"
        yield f"    {plain(str(parameter))},"
    yield f") -> {plain(str(whole.return_annotation))}: ..."


def plain(text: str) -> str:
    """A signature without the quotes around its annotations, and with double ones elsewhere."""
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", text).replace("'", '"')


def data(kind: type) -> Iterator[str]:
    """The section of a class: its fields with their types and defaults."""
    summary, sections = parts(kind)
    defaults = defaults_of(kind)
    types = inspect.get_annotations(kind)
    yield from (f"### {kind.__name__}", "", summary, "")
    rows = (
        (f"`{name}`", code(str(types[name])), code(defaults[name]), text)
        for name, text in fields_of(sections)
    )
    yield from table(("field", "type", "default", "meaning"), rows)


def call() -> Iterator[str]:
    """The section of the arguments of a call."""
    yield from ("### Call", "", "```python", "Call(*args, **kwargs)", "```", "")
    yield from (parts(whichext.Call)[0], "")


def project() -> Iterator[str]:
    """The section of a project's table in a pyproject.toml, with what it may need."""
    yield from in_toml("Project", ProjectTable)
    yield from ("All but `needs` are required. These are known:", "")
    found = [(f"`{one.name}`", one.what) for kind in every_toolchain() for one in kind.needs]
    yield from table(("need", "what it is"), found)
    names = ", ".join(f"`{kind.name}`" for kind in every_toolchain())
    yield from (f"Toolchains of whichext: {names}.", "")


def entry() -> Iterator[str]:
    """The section of an entry's table in a pyproject.toml."""
    yield from in_toml("Entry", Entry)
    yield from ("Only `function` is required.", "")


def in_toml(title: str, kind: type) -> Iterator[str]:
    """The section of a table in a pyproject.toml, up to its keys."""
    summary, sections = parts(kind)
    types = inspect.get_annotations(kind)
    yield from (f"### {title}", "", summary, "")
    rows = (
        (f"`{name}`", IN_TOML[unconstrained(types[name])], text)
        for name, text in fields_of(sections)
    )
    yield from table(("key", "value", "meaning"), rows)


def result() -> Iterator[str]:
    """The section of a result: its fields, properties and methods."""
    kind = whichext.Result
    summary, sections = parts(kind)
    yield from ("### Result", "", summary, "")
    rows = [(f"`.{name}`", text) for name, text in fields_of(sections)]
    for name, member in vars(kind).items():
        if name.startswith("_") or isinstance(member, classmethod):
            continue
        shown = name if isinstance(member, property) else f"{name}({arguments(member)})"
        rows.append((f"`.{shown}`", parts(member)[0].replace("\n", " ")))
    yield from table(("attribute or method", "meaning"), rows)
    yield from ("`str(result)` is the report as text.", "")


def arguments(method: Callable[..., Any]) -> str:
    """Names and defaults of a method's arguments, without self."""
    parameters = [*inspect.signature(method).parameters.values()][1:]
    return ", ".join(
        p.name if p.default is p.empty else f"{p.name}={p.default!r}" for p in parameters
    )


def parts(what: object) -> tuple[str, dict[str, str]]:
    """The text of a docstring before its sections, and the sections by name."""
    text, *found = SECTION.split(inspect.getdoc(what) or "")
    return text.strip(), dict(zip(found[::2], found[1::2], strict=True))


def items(section: str) -> Iterator[tuple[str, str]]:
    """Names and texts of a section's items."""
    return ((f"`{name}`", joined(text)) for name, text in ITEM.findall(section))


def fields_of(sections: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names and texts of a class's fields."""
    return ((name, joined(text)) for name, text in ITEM.findall(sections["Attributes"]))


def joined(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def defaults_of(kind: Any) -> dict[str, str]:
    """Defaults of a class's fields as Python; "" for a field that is required."""
    if issubclass(kind, msgspec.Struct):
        return {
            field.name: "" if field.default is msgspec.NODEFAULT else shown(field.default)
            for field in msgspec.structs.fields(kind)
        }
    return {
        field.name: shown(field.default)
        if field.default is not MISSING
        else ("{}" if field.default_factory is not MISSING else "")
        for field in fields(kind)
    }


def shown(value: object) -> str:
    """A default as Python."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, tuple) and value and all(isinstance(one, type) for one in value):
        return f"({', '.join(one.__name__ for one in value)})"
    if value in (Path(), whichext.Tolerance()):
        return "Path()" if isinstance(value, Path) else "Tolerance()"
    return '""' if value == "" else repr(value).replace("'", '"')


def unconstrained(annotation: str) -> str:
    """An annotation without its constraints."""
    return re.sub(r"Annotated\[(.*), Meta\([^)]*\)\]", r"\1", annotation)


def code(text: str) -> str:
    """A table's cell in code; empty where there is no text."""
    return f"`{text}`".replace("|", "\\|") if text else ""


def table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]] | list[Any]) -> Iterator[str]:
    """A table in Markdown, and an empty line."""
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


if __name__ == "__main__":
    main()
