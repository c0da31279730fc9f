"""Options that fields of forms offer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.kit.language import LANGUAGES


@dataclass(frozen=True)
class Choice:
    """One option of a field, with words of help when it needs them."""

    value: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class Group:
    """Options under a common heading."""

    label: str
    choices: Sequence[Choice]


def choices(words: Mapping[str, str]) -> list[Choice]:
    """Options from a table of words."""
    return [Choice(value, label) for value, label in words.items()]


def spoken_by(offered: Collection[str]) -> list[Choice]:
    """The languages of the hub that are offered, each by its own name."""
    return [Choice(code, name) for code, name in LANGUAGES.items() if code in offered]
