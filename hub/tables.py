"""Lists that people take away, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Sequence

BOM = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def line(cells: Sequence[str]) -> str:
    """One line of CSV (RFC 4180); a cell that a spreadsheet would run as a formula is text."""
    out = io.StringIO()
    csv.writer(out).writerow([_plain(cell) for cell in cells])
    return out.getvalue()


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """A whole list as CSV in UTF-8; the first row is its head."""
    return (BOM + "".join(line(row) for row in rows)).encode()


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """A whole list as a spreadsheet (Office Open XML); every cell is text, never a formula."""
    # It loads slowly, and few ask for a spreadsheet.
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, None if number else bold)
        sheet.freeze_panes(1, 0)
        for column in range(len(rows[0]) if rows else 0):
            longest = max(len(row[column]) for row in rows)
            sheet.set_column(column, column, min(60, max(10, longest + 2)))
    return out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell.startswith(_FORMULA) else cell
