"""The commands that print what is there: a result, kernels, the schema of results, the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from whichext.cli.screen import shown
from whichext.cli.wording import SHELL
from whichext.system.streams import put


def show_command(
    file: Annotated[Path, typer.Argument(help="A result file that -o wrote, whichever command.")],
    path: Annotated[
        Path | None, typer.Argument(help="Where to write it; standard output if not given.")
    ] = None,
    to: Annotated[str, typer.Option(help="The form: text or markdown.")] = "text",
    baseline: Annotated[
        str | None, typer.Option(help="Another contestant for the ratios to refer to.")
    ] = None,
) -> None:
    """Print a result file again, or write it in another form, whichever command wrote it."""
    from whichext.report import document_of, render, result_file

    view = result_file.read(file)
    if baseline is not None:
        from whichext.judge import judge_again

        view = judge_again(view, baseline)
    if path is not None:
        result_file.write_text(render(view, to, wording=SHELL), path)
    elif to == "text":
        put(shown(document_of(view)))
    else:
        put(render(view, to, wording=SHELL))


def list_command(
    kernel: Annotated[
        str | None,
        typer.Argument(help="A built-in name or a kernel folder; all built-in ones if not given."),
    ] = None,
) -> None:
    """Show kernels with their cases, entries and factors."""
    from whichext.load.kernel import built_in_kernels, load_kernel
    from whichext.report.listing import kernel_document

    for name in (kernel,) if kernel else built_in_kernels():
        put(shown(kernel_document(load_kernel(name))) + "\n")


def schema_command() -> None:
    """Print the JSON Schema of result files, for other programs that read them."""
    from whichext.report import result_file

    put(result_file.schema().decode() + "\n")


def doctor_command() -> None:
    """Show toolchains and what disturbs a race on this machine, and what to do about each."""
    from whichext.report.listing import doctor_document
    from whichext.system.doctor import examine

    put(shown(doctor_document(examine())))
