"""Files of real input, read whatever their encoding, row by row."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.kit.errors import Invalid

_LONGEST_FIELD = 10_000_000


def text_of(path: Path) -> str:
    """The file's text: UTF-8, and Windows-1252 for the lines that are not; raises Invalid."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    lines = content.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").splitlines(keepends=True)
    return "".join(_decoded(line) for line in lines)


def csv_rows(path: Path, *, needs: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a CSV file by column, every one text; raises Invalid when columns are missing."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.DictReader(io.StringIO(text_of(path), newline=""), restkey="", restval="")
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in needs if name not in reader.fieldnames]:
        raise Invalid(f"{path} has no column {', '.join(missing)}.")
    try:
        return [{name: row[name] for name in row if name} for row in reader]
    except csv.Error as error:
        raise Invalid(f"{path}, line {reader.line_num}: {error}.") from error


def json_lines(path: Path) -> list[dict[str, Any] | None]:
    """The object of each line that is not empty; None for one that holds no object."""
    return [_object(line) for line in text_of(path).split("\n") if line.strip()]


def json_list(path: Path) -> list[dict[str, Any] | None]:
    """The objects of a JSON list, None for what is none; raises Invalid."""
    try:
        found = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise Invalid(f"{path} is not JSON: {error}.") from error
    if not isinstance(found, list):
        raise Invalid(f"{path} is not a list.")
    return [item if isinstance(item, dict) else None for item in found]


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
