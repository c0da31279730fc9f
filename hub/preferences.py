"""How a reader wants the hub: language and theme, by profile, then cookie, then browser."""

from collections.abc import Collection
from typing import Literal, cast

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from services.kit.language import SOURCE, preferred

LANGUAGE_COOKIE = "hub_language"
THEME_COOKIE = "hub_theme"
KEPT = 365 * 24 * 3600
"""Seconds that a browser keeps a choice."""
THEMES = ("light", "dark")
Theme = Literal["", "light", "dark"]


def cookie_header(headers: Headers) -> str:
    """All cookies of a request, which may come in several headers (RFC 9113, 8.2.3)."""
    return "; ".join(headers.getlist("cookie"))


def theme_of(cookies: dict[str, str]) -> Theme:
    """The theme chosen in this browser; empty when it follows the device."""
    chosen = cookies.get(THEME_COOKIE, "")
    return cast(Theme, chosen) if chosen in THEMES else ""


def theme_of_header(cookie: str) -> Theme:
    """The same from a Cookie header."""
    return theme_of(cookie_parser(cookie)) if THEME_COOKIE in cookie else ""


def language_of(cookie: str, wish: str, offered: Collection[str]) -> str:
    """The language for a browser that sends this Cookie and Accept-Language."""
    chosen = cookie_parser(cookie).get(LANGUAGE_COOKIE, "") if LANGUAGE_COOKIE in cookie else ""
    if chosen in offered:
        return chosen
    found = preferred(wish, offered)
    if found:
        return found
    return SOURCE if SOURCE in offered else next(iter(offered), SOURCE)
