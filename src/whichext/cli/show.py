"""The commands `show`, `list`, `schema` and `doctor`, which print what exists already."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from whichext.cli.screen import form_of, shown
from whichext.cli.wording import SHELL
from whichext.model.errors import UsageError
from whichext.model.inline import argument, legible
from whichext.system.streams import put

_BY_ENDING = {".txt": "text", ".md": "markdown", ".html": "html"}
_STRICT = (".svg", ".png", ".csv", ".parquet")
"""Endings of forms that have a kind, which is asked for."""


def show_command(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A result file, written by -o of any command, or JSON of pytest-benchmark.",
        ),
    ],
    path: Annotated[
        Path | None,
        typer.Argument(metavar="PATH", help="File to write; by default standard output."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="FORM",
            help="Form; by default that of PATH's ending (.txt, .md, .html), text without one. "
            "Of a report: text, markdown, summary (short, for a pull request) or html. "
            "svg:KIND or png:KIND for a plot, with the KIND speedup, wins, ladder, crossover, "
            "threads, roofline, samples or cost. "
            "For other programs: pytest-benchmark, pyperf, bencher, github:smaller, github:bigger, "
            "hyperfine:2, hyperfine:1, pytest (a module of benchmarks). Tables: csv:samples, "
            "csv:rows, parquet:samples, parquet:rows.",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Contestant that ratios refer to; by default that of the race."
        ),
    ] = None,
) -> None:
    """Print a result file, or convert it to another form."""
    from whichext.report import converted, document_of, render, result_file

    view = result_file.read(file)
    if baseline is not None:
        from whichext.judge import judge_again

        view = judge_again(view, baseline)
    if to is None:
        to = form_of(path, {**_BY_ENDING, **dict.fromkeys(_STRICT, "text")})
    if path is not None:
        _check_ending(path, to)
        result_file.write_report(converted(view, to, SHELL), path)
    elif to == "text":
        put(shown(document_of(view)))
    else:
        content = render(view, to, wording=SHELL)
        put(legible(content) if sys.stdout.isatty() else content)  # files keep names as they are


def _check_ending(path: Path, to: str) -> None:
    """Refuse a picture or a table under the name of another form."""
    form = to.partition(":")[0]
    if path.suffix in _STRICT and path.suffix != f".{form}":
        kinds = {"svg": "svg:speedup", "png": "png:speedup", "csv": "csv:rows"}
        raise UsageError(
            argument("to", to),
            argument("to", kinds.get(path.suffix[1:], "parquet:rows")),
            expected=f"a form that goes with {path.name}",
        )


def list_command(
    kernel: Annotated[
        str | None,
        typer.Argument(
            metavar="KERNEL",
            help="Name of a built-in kernel, or a kernel folder; by default all built-in kernels.",
        ),
    ] = None,
) -> None:
    """List kernels with their cases, entries and factors."""
    from whichext.load.kernel import built_in_kernels, load_kernel
    from whichext.report.listing import kernel_document

    for name in (kernel,) if kernel else built_in_kernels():
        put(shown(kernel_document(load_kernel(name))) + "\n")


def schema_command() -> None:
    """Print the JSON Schema of result files."""
    from whichext.report import result_file

    put(result_file.schema().decode() + "\n")


def doctor_command() -> None:
    """Show what is missing, and what disturbs a race here."""
    from whichext.report.listing import doctor_document
    from whichext.system.doctor import examine

    put(shown(doctor_document(examine())))
