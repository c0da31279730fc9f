"""One page of the list, open in a browser of its audience, and what happened while it loaded."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, ViewportSize

from tests.browser.pages import ListedPage
from tests.browser.stage import Stage

PHONE: ViewportSize = {"width": 360, "height": 780}
DESK: ViewportSize = {"width": 1440, "height": 900}
PAUSE = 100
"""Milliseconds without a request after which scripts have what they need."""
MOST_PAUSES = 10
WATCH = """
window.seen = {shift: 0, shifted: [], refused: []};
new PerformanceObserver(list => list.getEntries().forEach(entry => {
  window.seen.shift += entry.value;
  window.seen.shifted.push(
    ...entry.sources.map(({node}) => node?.nodeName + '.' + node?.className));
})).observe({type: 'layout-shift', buffered: true});
document.addEventListener('securitypolicyviolation', event =>
  window.seen.refused.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""
SEND = """
([action, values]) => {
  const form = [...document.querySelectorAll('form')].find(form =>
    form.method === 'post' && new URL(form.action).pathname === action);
  if (!form) throw new Error(`the page has no form that sends to ${action}`);
  for (const [name, value] of Object.entries(values)) {
    const field = form.querySelector(`[name="${name}"][value="${value}"][type=radio]`);
    if (field) field.checked = true;
    else form.elements[name].value = value;
  }
  HTMLFormElement.prototype.submit.call(form);
}
"""


@dataclass
class Opened:
    """A page at work."""

    listed: ListedPage
    page: Page
    stage: Stage
    status: int = 0
    asked: list[str] = field(default_factory=list)
    """Addresses asked while loading, of the page itself and all it needs."""
    received: float = 0
    """Bytes that came over the wire for them, heads included."""
    complaints: list[str] = field(default_factory=list)
    """What the browser wrote into its console."""

    def load(self) -> None:
        """Open the page anew, and send its form when it is one that is sent."""
        answer = self.page.goto(self.stage.url(self.listed), wait_until="load")
        if self.listed.sends is not None:
            self._settle()
            with self.page.expect_navigation(wait_until="load") as sent:
                action = self.stage.action(self.listed)
                self.page.evaluate(SEND, [action, self.stage.sent(self.listed)])
            answer = sent.value
        assert answer is not None
        self.status = answer.status
        self._settle()

    def seen(self, what: str) -> Any:
        """What the watcher in the page has noted: shift, shifted or refused."""
        return self.page.evaluate(f"window.seen.{what}")

    def listen(self) -> None:
        """Note what is asked, received and complained of from now on."""
        self.page.on("request", self._ask)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self._said(said.type, said.text, said.location["url"]))
        wire = self.page.context.new_cdp_session(self.page)
        wire.on("Network.loadingFinished", self._finished)
        wire.send("Network.enable")

    def _said(self, kind: str, text: str, url: str) -> None:
        # Chromium notes the status of an error page itself; what the page needs must be there.
        status = re.fullmatch(r"Failed to load resource: .* status of (\d+) .*", text)
        own = status and int(status[1]) == self.listed.status and _same_page(url, self.page.url)
        if kind in ("error", "warning") and not own:
            self.complaints.append(f"{text} ({url})")

    def _ask(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.asked.clear()
            self.complaints.clear()
            self.received = 0
        self.asked.append(request.url)

    def _settle(self) -> None:
        """Wait until scripts ask for nothing more."""
        for _ in range(MOST_PAUSES):
            before = len(self.asked)
            self.page.wait_for_timeout(PAUSE)
            if len(self.asked) == before:
                return

    def _finished(self, event: dict[str, Any]) -> None:
        self.received += event["encodedDataLength"]


@contextmanager
def opened(
    browser: Browser, stage: Stage, listed: ListedPage, size: ViewportSize = PHONE
) -> Iterator[Opened]:
    """Open a page with a cold cache."""
    context = browser.new_context(
        viewport=size, storage_state=stage.signed_in(listed), locale="en-GB"
    )
    context.add_init_script(WATCH)
    try:
        made = Opened(listed, context.new_page(), stage)
        made.listen()
        made.load()
        yield made
    finally:
        context.close()


def _same_page(one: str, other: str) -> bool:
    return urlsplit(one).path == urlsplit(other).path
