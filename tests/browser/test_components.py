"""Components hold any text: nothing is wider than the screen, whatever somebody wrote."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from hub.assets import Assets
from hub.rendering import environment
from tests.hub.colours import STYLES
from tests.hub.components import components, rendered

TEXTS = {"long word": "x" * 10_000, "right to left": "مرحبا بالعالم " * 100, "emoji": "👩🏽‍⚕️" * 500}
_TOO_WIDE = """html => {
  const root = document.documentElement;
  document.querySelector(".wrap").innerHTML = html;
  for (const fold of document.querySelectorAll("details:not(.menu)")) fold.open = true;
  return root.scrollWidth - root.clientWidth;
}"""


@pytest.fixture(scope="module")
def narrow(browser: Browser) -> Iterator[Page]:
    """An empty page as wide as 1280 px are at 400 %."""
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.set_content(f"<style>{STYLES.read_text()}</style><main><div class=wrap></div></main>")
    yield page
    page.close()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_components_are_never_wider_than_the_screen(
    narrow: Page, text: str, direction: str
) -> None:
    narrow.evaluate("direction => { document.dir = direction; }", direction)
    pages = environment(asset=Assets().url)
    wide = {
        f"{module}.{name}": width
        for module, name, macro in components(pages)
        if (width := narrow.evaluate(_TOO_WIDE, rendered(module, name, macro, text))) > 0
    }
    assert wide == {}
