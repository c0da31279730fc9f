"""The languages of the hub, and the one spoken now: words come in the language of the reader.

Messages are English in the code; catalogues (gettext's PO files) lie in `templates/locale`.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "nl": "Nederlands",
    "es": "Español",
    "it": "Italiano",
    "pl": "Polski",
}
"""Languages that pages and mails are written in, each by its own name."""

SOURCE = "en"
CATALOGUES = Path(__file__).parents[2] / "templates" / "locale"
MOST_ASKED = 10
"""Languages of a browser's wish that are looked at."""

_spoken: ContextVar[str] = ContextVar("spoken", default=SOURCE)


def spoken() -> str:
    """The language spoken now, such as 'de'."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while; one that the hub does not speak is answered in English."""
    token = _spoken.set(language if language in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _spoken.reset(token)


def speak(language: str) -> None:
    """Speak a language from here to the end of the request or thread."""
    _spoken.set(language if language in LANGUAGES else SOURCE)


def gettext(message: str) -> str:
    """The message in the language spoken now."""
    language = _spoken.get()
    # The empty message is where a catalogue keeps its own header.
    return message if language == SOURCE or not message else catalogue(language).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a message that fits a number, in the language spoken now."""
    return catalogue(_spoken.get()).ngettext(one, many, number)


def marked(message: str) -> str:
    """The message as it is, marked for translators; it is translated when it is used."""
    return message


_ = gettext
N_ = marked


class Words(Mapping[str, str]):
    """A table of words whose values come in the language spoken now."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __getitem__(self, key: str) -> str:
        return gettext(self._words[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


@cache
def locale(language: str) -> Locale:
    """Dates, numbers and lists of a language; English is Europe's, with the day first."""
    return Locale("en", "GB") if language == SOURCE else Locale(language)


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations of a language; read when they are first needed."""
    if language == SOURCE:
        return NullTranslations()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        found = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    return GNUTranslations(compiled)


def preferred(wish: str, offered: Collection[str]) -> str | None:
    """The offered language that a browser wants most (RFC 9110, 12.5.4), or None."""
    wanted: list[tuple[float, str]] = []
    for part in wish[:500].split(",")[:MOST_ASKED]:
        name, _, rest = part.strip().partition(";")
        wanted.append((_weight(rest), name.strip().lower().partition("-")[0]))
    wanted.sort(key=lambda item: -item[0])
    return next((name for weight, name in wanted if weight > 0 and name in offered), None)


def _weight(parameter: str) -> float:
    """The weight of one wish: 'q=0.8' is 0.8, none is 1, nonsense is 0."""
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        weight = float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
