"""What people call the browser that they sit at, from what it says of itself."""

import re

from services.kit.language import _

# Most browsers claim to be others too: the first that fits is what it is.
_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Vivaldi", r"\bVivaldi/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"(?:Chrome|CriOS|Chromium)/"),
    ("Safari", r"\bVersion/[\d.]+.*\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows NT\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("macOS", r"\bMacintosh\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)
MOST_READ = 400
"""Characters of a User-Agent that are looked at."""


def device_of(user_agent: str) -> tuple[str, str]:
    """Browser and system by name, such as Firefox and Windows; empty where it does not say."""
    said = user_agent[:MOST_READ]
    return _first(_BROWSERS, said), _first(_SYSTEMS, said)


def device_words(browser: str, system: str) -> str:
    """What a device is called in a list."""
    if browser and system:
        return _("{browser} on {system}").format(browser=browser, system=system)
    return browser or system or _("A browser that does not say what it is")


def _first(known: tuple[tuple[str, str], ...], said: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, said)), "")
