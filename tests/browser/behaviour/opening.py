"""What tests of behaviour ask of a page."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page

Open = Callable[..., Page]


def sent(page: Page) -> dict[str, str]:
    """What a form sent, as the server understood it."""
    return dict(json.loads(page.locator("#sent").inner_text()))


def path_of(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)
