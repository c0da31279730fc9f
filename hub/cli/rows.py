"""Untidy text of real input made fit for the hub's fields, with a note of what was done to it.

All pure. A function that changes what it was given in a way that a reader of the source would
want to know of adds a line to `notes`; tidied spaces are not worth one.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import cache

from pydantic import TypeAdapter, ValidationError

from services.kit import regions
from services.kit.fields import Link, can_be_seen

Notes = list[str]

SHORTENED = "shortened"
MENDED = "mended"

_LINK = TypeAdapter(Link)
_LINE, _PROSE = 200, 20_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_BREAKS = re.compile("\r\n?|[\u2028\u2029]")
_E_MAIL = re.compile(r"[,;]?\s*(?:(?:contact|e-?mail)\s*:?\s*)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.I)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#~|&])")
_MARKDOWN_AT_START = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)", re.M)
_WEB = re.compile(r"https?://[^\s<>\"”’)\]]+[^\s<>\"”’)\].,;:]")
_HEADING = re.compile(
    r"(?:^|(?<=[\s.;:)\]”\"]))"
    r"(Expected Outcomes?|Expected Impacts?|Scope|Objectives?|Specific Challenge|"
    r"Specific Conditions|Activities|Eligibility criteria|Essential award criteria)\s*:\s*(?=\S)"
)

_RUN_TOGETHER = re.compile(r"(?<=[a-z\d)\]”][.;:])(?=[A-Z][a-z ])")
"""Where one paragraph ended and the next began."""


@cache
def _bytes_by_letter() -> dict[str, int]:
    letters = {}
    for byte in range(0x80, 0x100):
        letters[chr(byte)] = byte
        try:
            letters[bytes([byte]).decode("cp1252")] = byte
        except UnicodeDecodeError:
            continue
    return letters


@cache
def _broken() -> re.Pattern[str]:
    """UTF-8 that was read as Windows-1252, the usual accident: Ã© for é.

    Only what cannot be meant: a lead byte's letter with the right number of letters after it.
    """
    follows = [letter for letter, byte in _bytes_by_letter().items() if byte < 0xC0]
    any_of = "".join(re.escape(letter) for letter in follows)
    # After Ä and Å a quotation mark may well be meant.
    unquoted = "".join(re.escape(letter) for letter in follows if letter not in "‘’“”")
    return re.compile(f"[ÂÃ][{any_of}]|[ÄÅ][{unquoted}]|â[{any_of}]{{2}}|ï»¿|ð[{any_of}]{{3}}")


def mended(text: str, notes: Notes) -> str:
    """The text with broken encodings put right and what cannot be shown left out."""

    def put_right(match: re.Match[str]) -> str:
        letters = _bytes_by_letter()
        try:
            return bytes(letters[letter] for letter in match[0]).decode()
        except UnicodeDecodeError:
            return match[0]

    fixed = _broken().sub(put_right, text)
    # The closing quotation mark loses its third letter on the way.
    fixed = fixed.replace("â€", "”")
    fixed = _BREAKS.sub("\n", fixed)
    shown = _CONTROL.sub("", fixed)
    if shown != _BREAKS.sub("\n", text):
        notes.append(f"{MENDED}: characters broken on the way")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", shown).replace("\u00a0", " "))


def line(text: str, notes: Notes, *, field: str, most: int = _LINE) -> str:
    """One line of at most `most` characters."""
    one = " ".join(mended(text, notes).split())
    if not can_be_seen(one):
        return ""
    return shortened(one, notes, field=field, most=most)


def prose(text: str, notes: Notes, *, field: str, most: int = _PROSE) -> str:
    """Paragraphs with single spaces, at most `most` characters."""
    lines = (" ".join(part.split()) for part in mended(text, notes).split("\n"))
    return shortened(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), notes, field, most)


def shortened(text: str, notes: Notes, field: str, most: int) -> str:
    """The text, or its beginning up to a word's end with an ellipsis."""
    if len(text) <= most:
        return text
    notes.append(f"{SHORTENED}: {field} from {len(text)} to {most} characters")
    cut = text[: most - 1]
    whole, space, _ = cut.rpartition(" ")
    return (whole if space and len(whole) > most // 2 else cut).rstrip(" ,;:.-") + "…"


def without_addresses(text: str, notes: Notes, *, field: str) -> str:
    """The text without people's e-mail addresses, which nobody asked to have shown."""
    clean = _E_MAIL.sub("", text)
    if clean != text:
        notes.append(f"an e-mail address left out of the {field}")
    return clean


def link(text: str, notes: Notes) -> str | None:
    """The first web address in a field; None, with a note, when what is there is none."""
    found = mended(text, []).strip()
    if not found:
        return None
    if re.match(r"www\.\S+$", found):
        found = f"https://{found}"
    first = found.split()[0].rstrip(",;")
    several = len(re.findall(r"https?://", found)) > 1
    try:
        # An address with spaces in it is broken: its first word leads somewhere else.
        good = _LINK.validate_python(first if several or first == found.rstrip(",;") else found)
    except ValidationError:
        notes.append("link left out: not a web address")
        return None
    if several:
        notes.append("link: the first of several")
    return good


def day(text: object, notes: Notes, *, field: str) -> date | None:
    """An ISO date, also with a time behind it; None, with a note, for anything else."""
    written = str(text or "").strip()
    if not written:
        return None
    try:
        found = date.fromisoformat(written[:10])
    except ValueError:
        found = None
    if found is None or not 1970 <= found.year <= 2099:
        notes.append(f"{field} left out: {written[:40]!r} is not a date")
        return None
    return found


def year(text: object, notes: Notes) -> int | None:
    """The year in a text such as '2020', '2020.0' or 'since 2020'; None when there is none."""
    written = str(text or "").strip()
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", written)
    if written and not found:
        notes.append(f"year left out: {written[:40]!r}")
    return int(found[0]) if found else None


_ELSEWHERE = {
    "AD": "Andorra",
    "AL": "Albania",
    "AM": "Armenia",
    "AZ": "Azerbaijan",
    "BA": "Bosnia and Herzegovina",
    "BY": "Belarus",
    "CA": "Canada",
    "GE": "Georgia",
    "IL": "Israel",
    "JP": "Japan",
    "MC": "Monaco",
    "MD": "Moldova",
    "ME": "Montenegro",
    "MK": "North Macedonia",
    "RS": "Serbia",
    "RU": "Russia",
    "SM": "San Marino",
    "US": "United States",
    "VA": "Vatican City",
    "XK": "Kosovo",
}


@cache
def country_names() -> dict[str, str]:
    """English names by ISO 3166 code."""
    names = dict(_ELSEWHERE)
    for code in regions.countries():
        names[regions.ISO.get(code, code)] = regions.name(code)
    return names


def country(text: str, notes: Notes) -> str | None:
    """The ISO 3166 code of a country given by a code (also of the Union's own) or by its name."""
    written = " ".join(text.split())
    code = regions.ISO.get(written.upper(), written.upper())
    if not written:
        notes.append("no country given")
        return None
    if re.fullmatch(r"[A-Z]{2}", code):
        return code
    by_name = {name.casefold(): code for code, name in country_names().items()}
    found = by_name.get(written.casefold())
    if found is None:
        notes.append(f"country left out: {written[:40]!r}")
    return found


def region_of(country_code: str | None) -> str | None:
    """The country as a region of the Union's nomenclature (NUTS); None for one elsewhere."""
    return regions.current(country_code) if country_code else None


def term(text: str) -> str | None:
    """A word of expertise or topic as the hub compares them; None when there is none."""
    found = " ".join(mended(text, []).split()).lower()[:80].strip()
    return found if len(found) >= 2 else None


def terms(texts: Sequence[str], *, most: int) -> list[str]:
    """Words of expertise or topics, each once, in their order."""
    found = (term(text) for text in texts)
    return list(dict.fromkeys(word for word in found if word))[:most]


def quoted(text: str) -> str:
    """Plain text as Markdown that shows it as it is, with web addresses as links."""
    parts = []
    end = 0
    for address in _WEB.finditer(text):
        parts += [_escaped(text[end : address.start()]), f"<{address[0]}>"]
        end = address.end()
    return _MARKDOWN_AT_START.sub(r"\1\\\2", "".join([*parts, _escaped(text[end:])]))


def with_headings(text: str) -> str:
    """Plain text in which headings run together with what follows, as Markdown."""
    parts = _HEADING.split(text)
    shown = [_with_points(parts[0])]
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        shown += [f"# {heading}", _with_points(body)]
    return "\n\n".join(part for part in shown if part)


def _with_points(text: str) -> str:
    text = _RUN_TOGETHER.sub("\n\n", text)
    first, *points = (quoted(part.strip()) for part in text.split("•"))
    return "\n\n".join(filter(None, [first, "\n".join(f"- {point}" for point in points if point)]))


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
