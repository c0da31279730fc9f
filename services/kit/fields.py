"""Input types that keep bad text out at the door: control characters, surrogates, zones."""

import re
import unicodedata
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Annotated
from zoneinfo import ZoneInfo

import idna
from pydantic import AfterValidator, BeforeValidator, EmailStr, StringConstraints

from services.kit import regions
from services.kit.language import N_

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BREAK = re.compile(r"[\r\n]")
# They turn the words around them about: a name could pose as another.
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]")
# Letters by their category, and yet nothing is to be seen.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_YEARS = range(1970, 2100)

MOST_WORDS = 8
"""Words of a search that are looked for."""
MOST_SKIPPED = 100_000
"""Entries of a list that a request can leave out, to get to later ones."""


def _clean(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError(N_("This contains characters that cannot be shown; please type it anew."))
    return value.strip()


def as_line(value: str) -> str:
    """Text on one line, trimmed; raises ValueError, in words for people, for what is no such."""
    if value.isascii() and value.isprintable():
        return value.strip()
    if _BREAK.search(value):
        raise ValueError(N_("This must be on one line."))
    text = _clean(value).replace("\t", " ")
    if _TURNING.search(text) or (text and not can_be_seen(text)):
        raise ValueError(N_("This contains characters that cannot be shown; please type it anew."))
    return text


def as_prose(value: str) -> str:
    """Text of several lines, trimmed; raises ValueError for what cannot be shown."""
    return _clean(value.replace("\r\n", "\n").replace("\r", "\n"))


def _term(value: str) -> str:
    return " ".join(as_line(value).lower().split())


def _zone(value: str) -> str:
    if value not in zone_names():
        raise ValueError(N_("This is not a time zone the hub knows, such as Europe/Brussels."))
    return value


def _region(value: str) -> str:
    if not regions.chosen(value):
        raise ValueError(N_("This is not a region the hub knows; please choose one from the list."))
    return value


def _wall_clock(value: datetime) -> datetime:
    if value.tzinfo is not None:
        raise ValueError(N_("This must be a local time without a zone or offset."))
    if value.year not in _YEARS:
        raise ValueError(N_("This must lie between 1970 and 2099."))
    return value.replace(microsecond=0)


def _address(value: object) -> object:
    if isinstance(value, str):
        # Wide and other forms of the same letters are the same address.
        return unicodedata.normalize("NFKC", as_line(value))
    return value


def _one_address(value: str) -> str:
    """The one way to write an address: lower case, the domain as the network has it (RFC 5890).

    Letters of other scripts that look alike make another domain, which is seen by that.
    """
    local, _, domain = value.lower().rpartition("@")
    if not local.isascii():
        raise ValueError(N_("Before the @, our mail can carry only plain letters without accents."))
    return f"{local}@{idna.encode(domain, uts46=True).decode()}"


def can_be_seen(text: str) -> bool:
    """Whether any of the text leaves ink on a page."""
    return any(
        unicodedata.category(letter) not in ("Cc", "Cf", "Zl", "Zp", "Zs") and letter not in _BLANK
        for letter in text
    )


@cache
def zone_names() -> frozenset[str]:
    """The zones people live in, by their canonical IANA names, from the pinned tzdata; and UTC."""
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text()
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return frozenset({row[2] for row in rows} | {"UTC"})


@cache
def zone(name: str) -> ZoneInfo:
    """Zone rules from the pinned tzdata package, never from the operating system."""
    path = (resources.files("tzdata") / "zoneinfo").joinpath(*name.split("/"))
    with path.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,119}$")]
Line = Annotated[str, AfterValidator(as_line), StringConstraints(min_length=1, max_length=200)]
OptionalLine = Annotated[str, AfterValidator(as_line), StringConstraints(max_length=200)]
Prose = Annotated[str, AfterValidator(as_prose), StringConstraints(max_length=20_000)]
Term = Annotated[str, AfterValidator(_term), StringConstraints(min_length=2, max_length=80)]
Zone = Annotated[str, AfterValidator(_zone)]
WallClock = Annotated[datetime, AfterValidator(_wall_clock)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Region = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{0,3}$"), AfterValidator(_region)
]
Email = Annotated[
    EmailStr,
    BeforeValidator(_address),
    AfterValidator(_one_address),
    StringConstraints(max_length=254),
]
Link = Annotated[
    str,
    AfterValidator(as_line),
    StringConstraints(pattern=r"^https?://\S+$", max_length=500),
]
