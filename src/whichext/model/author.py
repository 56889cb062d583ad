"""What an author has to look at where inputs or a reference fail.

That is kernel.py; but where functions were given to `compare` it is these, by their names.
"""

from __future__ import annotations

from pathlib import Path

from whichext.model.case import Case
from whichext.model.inline import argument
from whichext.model.kernel import Kernel

KERNEL_PY = "kernel.py"
ALL_INPUTS = "the nasty inputs"


def where_of(kernel: Kernel) -> str:
    """The kernel's name, for an error; none where functions were given, which have names."""
    return "" if kernel.is_given else kernel.name


def what_of(kernel: Kernel, case: Case | None) -> str:
    """What is made: the inputs of a case, or all others."""
    if case is None:
        return ALL_INPUTS
    return case.name if kernel.is_given else f"case {case.name}"


def reference_of(kernel: Kernel) -> str:
    """What the reference is called."""
    return kernel.reference_name if kernel.is_given else "the reference"


def file_of(kernel: Kernel) -> Path:
    """The file that an author wrote."""
    return kernel.folder / KERNEL_PY


def fix_reference(kernel: Kernel) -> str:
    """What to do where the reference fails."""
    if kernel.is_given:
        return f"fix {kernel.reference_name}, or give other {argument('inputs')}"
    return f"fix {file_of(kernel)}"


def either_of(kernel: Kernel, case: Case | None) -> str:
    """What was called for a case where one cannot tell: what makes inputs, or the reference."""
    maker = f"{argument('inputs')} or " if _is_made(kernel, case) else ""
    return maker + reference_of(kernel)


def fix_either(kernel: Kernel, case: Case | None) -> str:
    """What to do where one of these two fails."""
    return f"fix {either_of(kernel, case) if kernel.is_given else file_of(kernel)}"


def _is_made(kernel: Kernel, case: Case | None) -> bool:
    """Whether a function that was given makes the inputs of a case, for its size."""
    return kernel.is_given and case is not None and "size" in case.params


def fix_inputs(kernel: Kernel) -> str:
    """What to do where inputs are not made."""
    if kernel.is_given:
        return f"fix {argument('inputs')}, or give other sizes"
    return f"fix {file_of(kernel)}"


def choose_smaller(kernel: Kernel) -> str:
    """What to do where inputs are too large."""
    if kernel.is_given:
        return f"give smaller {argument('inputs')}"
    return f"choose smaller inputs with {argument('cases')}"
