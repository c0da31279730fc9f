"""Pictures of the pages, for people to look at: `python -m tests.browser.screens [FOLDER]`.

A hub is filled with the demonstration in a temporary folder; every important page is taken as a
visitor, a member and an organiser see it, on a desktop and a phone, in light and dark. The pages
of an empty hub come first: they teach the next step.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, StorageState

from services.kit.settings import Settings
from tests.browser.walk import BOSS, Walker
from tests.hubs import RunningHub, free_ports
from tests.real.browser import SCREENS, chromium

EMPTY = {"home": "/", "events": "/events", "posts": "/posts", "projects": "/demo-cases"}
OPEN = {
    **EMPTY,
    "posts-none": "/posts?q=nothing+like+this",
    "organisations": "/organisations",
    "join": "/join",
    "sign-in": "/sign-in",
    "confirm": "/confirm?secret=example",
    "about": "/about",
    "not-found": "/nope",
    "mailbox": "/dev/mailbox",
}
MEMBER = {
    "home": "/",
    "me": "/me",
    "inbox": "/inbox",
    "members": "/members",
    "post-new": "/posts/new",
    "not-allowed": "/events/new",
}
ORGANISER = {"event-new": "/events/new", "project-new": "/demo-cases/new", "events": "/events"}
SCHEMES: Mapping[Literal["light", "dark"], str] = {"light": "", "dark": "-dark"}


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screens")
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        hub = fresh_hub(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        stack.callback(hub.stop)
        hub.start()
        browser = stack.enter_context(chromium())
        take(browser, hub.url, named("empty", EMPTY), folder)
        hub.command("demo", "--small")
        hub.command("admin", "create", BOSS, "--name", "Olga Organiser")
        organiser, member, held = people(browser, hub)
        shown = {**details(browser, hub.url), "event": held}
        take(browser, hub.url, named("visitor", {**OPEN, **shown}), folder)
        take(browser, hub.url, named("member", {**MEMBER, **shown}), folder, member)
        own = {**ORGANISER, "event": held, "event-edit": f"{held}/edit"}
        take(browser, hub.url, named("organiser", own), folder, organiser)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}/")


def named(who: str, pages: Mapping[str, str]) -> dict[str, str]:
    """The pages under names that say who sees them."""
    return {f"{who}-{name}": path for name, path in pages.items()}


def fresh_hub(folder: Path) -> RunningHub:
    """A hub of its own in a temporary folder, not yet started."""
    port = free_ports(1)
    (folder / "logs").mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HUB_")},
        "HUB_DATA_DIR": str(folder / "data"),
        "HUB_PORT": str(port),
    }
    settings = Settings(data_dir=folder / "data", port=port)
    return RunningHub("embedded-sqlite", settings, environment, folder / "logs")


def people(browser: Browser, hub: RunningHub) -> tuple[StorageState, StorageState, str]:
    """An organiser with an event and a member registered for it: their cookies, and its path."""
    title = "Genomic data for everyday care"
    contexts = [browser.new_context(java_script_enabled=False) for _ in range(2)]
    olga, anna = (Walker(hub, context.new_page()) for context in contexts)
    olga.sign_in(BOSS)
    olga.publish_seminar(title, seats=2)
    held = urlsplit(olga.page.url).path
    anna.join("Anna Citizen", "anna@example.org", "a citizen")
    anna.open(held)
    anna.page.get_by_role("button", name="Register me").click()
    states = [context.storage_state() for context in contexts]
    for context in contexts:
        context.close()
    return states[0], states[1], held


def details(browser: Browser, url: str) -> dict[str, str]:
    """The first post, project and organisation of the lists."""
    page = browser.new_page()
    found = {}
    for name, path in (
        ("post", "/posts"),
        ("project", "/demo-cases"),
        ("organisation", "/organisations"),
    ):
        page.goto(url + path)
        found[name] = str(page.locator(".card h3 a").first.get_attribute("href"))
    page.close()
    return found


def take(
    browser: Browser,
    url: str,
    pages: Mapping[str, str],
    folder: Path,
    state: StorageState | None = None,
) -> None:
    """NAME-desktop.png and NAME-phone.png of each page, and the same in dark."""
    for screen, size in SCREENS.items():
        context = browser.new_context(
            viewport=size, storage_state=state, reduced_motion="reduce", java_script_enabled=False
        )
        page = context.new_page()
        for name, path in pages.items():
            page.emulate_media(color_scheme="light")
            page.goto(url + path, wait_until="load")
            for scheme, ending in SCHEMES.items():
                page.emulate_media(color_scheme=scheme)
                page.screenshot(path=folder / f"{name}-{screen}{ending}.png", full_page=True)
        context.close()


if __name__ == "__main__":
    main()
