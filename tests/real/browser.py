"""A real Chromium for tests, driven by Playwright, and pictures of pages on two screens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, StorageState, ViewportSize, sync_playwright

from tests.real.parts import chromium_program

SCREENS: Mapping[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}

# Pages come from loopback alone: the browser has nobody else to talk to, and no need to try.
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Gives a headless browser; while it is open, its thread can run no asyncio loop of its own."""
    with sync_playwright() as playwright:
        # Without the sandbox, which does not work for root and in most containers.
        browser = playwright.chromium.launch(
            executable_path=chromium_program(), args=_FLAGS, chromium_sandbox=False
        )
        try:
            yield browser
        finally:
            browser.close()


def screenshot_pages(
    browser: Browser,
    pages: Mapping[str, str],
    folder: Path,
    *,
    storage_state: StorageState | None = None,
) -> list[Path]:
    """Writes NAME-desktop.png and NAME-phone.png of each named address, whole pages; gives paths.

    `storage_state` is that of a signed-in context (`context.storage_state()`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    for screen, size in SCREENS.items():
        context = browser.new_context(viewport=size, storage_state=storage_state)
        try:
            page = context.new_page()
            for name, url in pages.items():
                picture = folder / f"{name}-{screen}.png"
                page.goto(url, wait_until="load")
                page.screenshot(path=picture, full_page=True, animations="disabled")
                pictures.append(picture)
        finally:
            context.close()
    return pictures
