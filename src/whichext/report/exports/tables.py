"""CSV and Parquet of a result's tables: every turn, or a row for each case and contestant."""

from __future__ import annotations

import csv
import io

import msgspec

from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.view import View
from whichext.report.exports.measured import about, check_raced
from whichext.report.frames import TABLES, columns_of


def to_csv(view: View, table: str) -> str:
    """A table as comma-separated values; what is unknown is empty.

    Args:
        view: The result of a race.
        table: Its name.

    """
    check_raced(view)
    columns, text = columns_of(TABLES[table](view)), io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


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
