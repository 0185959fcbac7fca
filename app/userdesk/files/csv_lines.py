"""Tables as CSV that a spreadsheet opens as it is meant (RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Stands at the beginning: without it Excel takes UTF-8 for the system's old encoding. Readers skip it."""
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")  # what spreadsheets take as the sign of one


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The records of a table, each with its line end, behind a byte order mark.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it, as OWASP advises: what a
    chatbot or its user said must not act on the computer of whoever opens the table.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
