"""What there is to race: a kernel's cases and entries with their factors."""

from __future__ import annotations

from collections.abc import Mapping

from whichext.model.inline import code, foreign
from whichext.model.kernel import Kernel
from whichext.model.units import shape_text
from whichext.report.document import Document, Heading, Table, columns


def kernel_document(kernel: Kernel) -> Document:
    """A kernel with its question, its cases and its entries."""
    title = f"{code(kernel.name)}: {foreign(kernel.question)}"
    return Document((Heading(title, level=1), _cases(kernel), _entries(kernel)))


def _cases(kernel: Kernel) -> Table:
    rows = tuple(
        (
            code(case.name),
            foreign(case.family or ""),
            shape_text(case.shape),
            case.dtype,
            case.layout,
            foreign(case.summary),
        )
        for case in kernel.cases
    )
    return Table(columns("case", "family", "shape", "dtype", "order", "what it shows"), rows)


def _entries(kernel: Kernel) -> Table:
    what = "the reference; every ratio's default baseline"
    reference = (code(kernel.reference_name), "-", _factors(kernel.reference_factors), what)
    entries = (
        (
            code(f"{project.module}.{entry.function}"),
            ", ".join(profile.name for profile in entry.profiles),
            _factors({"toolchain": project.toolchain, **entry.factors}),
            foreign(entry.summary),
        )
        for project in kernel.projects
        for entry in project.entries
    )
    return Table(columns("entry", "profiles", "factors", "what it is"), (reference, *entries))


def _factors(factors: Mapping[str, str]) -> str:
    return foreign("\n".join(f"{name}: {value}" for name, value in sorted(factors.items())))
