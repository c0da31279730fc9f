"""Tables of text (CSV) row by row, whatever program wrote them; refused when it cannot be said how.

Read as a stream: a file of any length takes the memory of a row.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.kit.errors import Invalid

SEPARATORS = (",", ";", "\t")
LONGEST_CELL = 100_000
ASK = "Please save it as UTF-8 (in a spreadsheet: 'CSV UTF-8'), or say --encoding."
_BLOCK = 1 << 16
# Letters that Windows-1252 shows where a file is of another encoding: marks inside a word.
_STRANGE = re.compile(
    r"(?<=[^\W\d_])[¡-©¬-±²-¶¸-¹¼-¿×÷ˆ˜†‡‰](?=[^\W\d_])"
    r"|[£¥¦¬¯±²³¹¼½¾](?=[^\W\d_])"
    r"|[\x80-\x9f]|[ÂÃÄÅ][\x80-¿€-™]"
)


@dataclass(frozen=True)
class Table:
    """A file, its header and how it is written."""

    path: Path
    encoding: str
    separator: str
    header: Sequence[str]

    def rows(self) -> Iterator[tuple[int, list[str] | None]]:
        """Number (the first row under the header is 1) and cells; None when they cannot be told.

        Empty rows count and are left out.
        """
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.separator)
            next(reader, None)
            number = 0
            while True:
                number += 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    yield number, None
                    continue
                if "".join(cells).strip():
                    yield number, cells


def lines_of(path: Path) -> int:
    """About how many rows a file has: a cell may have lines too."""
    count = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            count += block.count(b"\n")
    return count


def opened(path: Path, encoding: str | None = None) -> Table:
    """The table in a file; raises Invalid when it cannot be read or has no header."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        spoken = encoding_of(path, encoding)
        with path.open(encoding=spoken, newline="") as file:
            first = file.readline(LONGEST_CELL)
            separator = max(SEPARATORS, key=first.count)
            file.seek(0)
            header = next(csv.reader(file, delimiter=separator), [])
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    except csv.Error as error:
        raise Invalid(f"{path} has no header that can be read: {error}.") from error
    if not any(cell.strip() for cell in header):
        raise Invalid(f"{path} is empty. Its first row must name the columns.")
    return Table(path, spoken, separator, [cell.strip() for cell in header])


def encoding_of(path: Path, asked: str | None = None) -> str:
    """How the letters of a file are written; raises Invalid rather than to garble them."""
    if asked:
        try:
            name = codecs.lookup(asked).name
        except LookupError as error:
            raise Invalid(f"There is no encoding called {asked}.") from error
        if not _decodes(path, name):
            raise Invalid(f"{path} is not written in {asked}.")
        return name
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if _decodes(path, "utf-16"):
            return "utf-16"
        raise Invalid(f"{path} begins like UTF-16 and is not. {ASK}")
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig"
    if b"\0" in start or not _decodes(path, "cp1252", plausible=True):
        raise Invalid(f"{path} is written neither in UTF-8 nor in Windows-1252. {ASK}")
    return "cp1252"


def _decodes(path: Path, encoding: str, *, plausible: bool = False) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    before = ""
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeError:
                return False
            if "\0" in text or (plausible and _STRANGE.search(before + text)):
                return False
            if not block:
                return True
            before = text[-1:]
