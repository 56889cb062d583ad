"""What there is to race: a kernel's cases and entries with their factors, as a table."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table
from rich.text import Text

from whichext.model.kernel import Kernel
from whichext.model.units import shape_text


def render_kernel(kernel: Kernel) -> Group:
    """A kernel as something that `rich` prints."""
    return Group(
        Text(f"{kernel.name}: {kernel.question}", style="bold"),
        _cases(kernel),
        _entries(kernel),
        "",
    )


def _cases(kernel: Kernel) -> Table:
    table = _table("case", "family", "shape", "dtype", "order", "what it shows")
    for case in kernel.cases:
        cells = (case.name, case.family or "", shape_text(case.shape), case.dtype, case.layout)
        _add(table, *cells, case.summary)
    return table


def _entries(kernel: Kernel) -> Table:
    table = _table("entry", "profiles", "factors", "what it is")
    factors = _factors(dict(kernel.reference_factors))
    what = "the reference; every ratio's default baseline"
    _add(table, kernel.reference_name, "-", factors, what)
    for project in kernel.projects:
        for entry in project.entries:
            _add(
                table,
                f"{project.module}.{entry.function}",
                ", ".join(entry.profiles),
                _factors({"toolchain": project.toolchain, **entry.factors}),
                entry.summary,
            )
    return table


def _factors(factors: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in sorted(factors.items()))


def _table(*columns: str) -> Table:
    table = Table(show_lines=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _add(table: Table, *cells: str) -> None:
    """Cells as they are: brackets in an author's words are no markup."""
    table.add_row(*(Text(cell) for cell in cells))
