"""How soon a page can be read and used on a slow device, against a budget.

Chromium with a processor four times slower (about a phone of the middle range), a cold cache,
the demonstration behind the pages; medians of three loads.
"""

import statistics
from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser

from tests.browser.opened import PHONE
from tests.browser.pages import ListedPage, listed_as
from tests.browser.stage import Stage

SLOWER = 4
LOADS = 3
FIRST_PAINT = 1500
"""Milliseconds to the first content."""
BLOCKED = 200
"""Milliseconds in which the page could not have answered: tasks, each over 50, after that."""
WATCH = """
window.tasks = [];
new PerformanceObserver(list => window.tasks.push(...list.getEntries().map(
  ({startTime, duration}) => [startTime, duration]))).observe({type: 'longtask', buffered: true});
"""
TIMES = """
() => {
  const [{startTime: paint}] = performance.getEntriesByName('first-contentful-paint');
  const blocked = window.tasks.filter(([start]) => start + 50 > paint)
    .reduce((sum, [, duration]) => sum + duration - 50, 0);
  return {paint, blocked};
}
"""


@pytest.mark.parametrize("name", ["home", "events", "event", "join"])
def test_page_keeps_its_budget_on_a_slow_device(browser: Browser, stage: Stage, name: str) -> None:
    loads = [times(browser, stage, listed_as(name)) for _ in range(LOADS)]
    median = {key: statistics.median(load[key] for load in loads) for key in loads[0]}
    print(f"{name}: {median}")
    assert median["paint"] <= FIRST_PAINT
    assert median["blocked"] <= BLOCKED


def times(browser: Browser, stage: Stage, listed: ListedPage) -> Mapping[str, float]:
    """First contentful paint and total blocking time of one cold load, in milliseconds."""
    context = browser.new_context(viewport=PHONE, storage_state=stage.signed_in(listed))
    try:
        context.add_init_script(WATCH)
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(stage.url(listed), wait_until="load")
        # Tasks that come later than this have nothing to do with loading.
        page.wait_for_timeout(500)
        taken: dict[str, float] = page.evaluate(TIMES)
        return taken
    finally:
        context.close()
