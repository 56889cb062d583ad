"""CSV and Parquet of a result's tables: every turn, or a row for each case and contestant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec

from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.view import View
from whichext.report.exports.measured import about, check_raced
from whichext.report.frames import TABLES, columns_of

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with, as OWASP lists it; the last four are the wide forms of the first."""
_TEXT = "'"
_END = "\r\n"


def to_csv(view: View, table: str) -> str:
    """A table as comma-separated values; what is unknown is empty.

    A spreadsheet would run a text that looks like a formula, so such a one begins with an
    apostrophe. So does one that begins with an apostrophe anyway: a reader takes one away.

    Args:
        view: The result of a race.
        table: Its name.

    """
    check_raced(view)
    columns = columns_of(TABLES[table](view))
    return "".join(map(_line, (columns, *zip(*columns.values(), strict=True))))


def _line(cells: Iterable[Any]) -> str:
    """A row of CSV. Python's writer quotes a carriage return only where lines end with one."""
    text = io.StringIO()
    csv.writer(text, lineterminator=_END).writerow(map(_inert, cells))
    return text.getvalue().removesuffix(_END) + "\n"


def _inert(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; a number stays one."""
    is_taken = isinstance(cell, str) and cell.startswith((*_FORMULA, _TEXT))
    return f"{_TEXT}{cell}" if is_taken else cell


def to_parquet(view: View, table: str) -> bytes:
    """A table as a Parquet file, with the machine and the command in its metadata.

    Args:
        view: The result of a race.
        table: Its name.

    Raises:
        UsageError: PyArrow is not installed, or it is the result of no race.

    """
    check_raced(view)
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError(
            argument("to", f"parquet:{table}"),
            f"pip install pyarrow, or choose {argument('to', f'csv:{table}')}",
            expected="PyArrow installed",
            got="no package",
        ) from error
    columns = columns_of(TABLES[table](view))
    made = pyarrow.table(columns).replace_schema_metadata(
        {"whichext": msgspec.json.encode(about(view))}
    )
    buffer = io.BytesIO()
    parquet.write_table(made, buffer)
    return buffer.getvalue()
