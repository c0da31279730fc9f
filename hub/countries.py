"""Countries that forms offer, by ISO 3166, in the reader's language."""

from functools import cache

from hub.choices import Choice
from services.kit import regions
from services.kit.language import locale, spoken

_ISO = {"EL": "GR", "UK": "GB"}
"""Countries that NUTS names otherwise."""


def country_choices() -> list[Choice]:
    """Every country with regions of the hub, by its name."""
    return _choices(spoken())


@cache
def _choices(language: str) -> list[Choice]:
    names = locale(language).territories
    codes = (_ISO.get(code, code) for code in regions.countries())
    listed = [Choice(code, str(names.get(code, code))) for code in codes]
    return sorted(listed, key=lambda choice: choice.label)
