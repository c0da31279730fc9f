"""What every page keeps, each opened once: weight, quiet, stillness, room for large text."""

from typing import Any

import pytest

from tests.browser.keyboard import MOST_STOPS, disorder, prepare, tab
from tests.browser.opened import DESK, PHONE, Opened
from tests.browser.pages import PAGES

MOST_REQUESTS = 8
MOST_BYTES = 60_000
MOST_SHIFT = 0.01
WEIGHTLESS = {
    "mailbox": "each mail is shown in a frame of its own, in development only",
    "design": "has every component at once, in development only",
}
SIDEWAYS = """
() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll('*')]
    .filter(element => element.getBoundingClientRect().right > room + 1)
    .map(element => `${element.localName}.${element.className}`);
  return [`${document.documentElement.scrollWidth} px in ${room}`, ...wide.slice(0, 5)];
}
"""
MOVING = """
async () => {
  const running = () => document.getAnimations().filter(({playState}) => playState === 'running');
  // What began before the wish was known may end.
  if (running().length) await new Promise(resolve => setTimeout(resolve, 500));
  const moving = running().map(({effect}) =>
    `runs: ${effect.target.localName}.${effect.target.className}`);
  const seconds = list => Math.max(...list.split(',').map(parseFloat));
  for (const element of document.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    if (seconds(style.transitionDuration) > 0.01 || seconds(style.animationDuration) > 0.01)
      moving.push(`would move: ${element.localName}.${element.className}`);
    if (style.scrollBehavior === 'smooth') moving.push(`scrolls smoothly: ${element.localName}`);
  }
  return [...new Set(moving)];
}
"""
# WCAG 2.2, 1.4.12.
SPACED = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; }
    p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
"""
UNSPACED = "() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); }"
LOST = """
() => [...document.body.querySelectorAll('*')].filter(element => {
  if (!element.checkVisibility({visibilityProperty: true}) || element.closest('svg')) return false;
  if (['select', 'option', 'input', 'textarea', 'iframe'].includes(element.localName)) return false;
  const style = getComputedStyle(element);
  // What a card says in so many lines is whole on the page it leads to.
  if (style.webkitLineClamp !== 'none') return false;
  const cut = axis => ['hidden', 'clip'].includes(axis);
  const box = element.getBoundingClientRect();
  // Text for screen readers alone is cut on purpose.
  if (box.width <= 1 || box.height <= 1) return false;
  return (cut(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
    || (cut(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
}).map(element => `${element.localName}.${element.className}`)
"""
BARRIERS = """
async rules => {
  const found = await axe.run(document, {
    resultTypes: ['violations'],
    iframes: false,
    ...(rules ? {runOnly: {type: 'rule', values: rules}} : {}),
  });
  return found.violations.flatMap(violation => violation.nodes.map(node =>
    `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\\s+/g, ' ')}`));
}
"""
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""What can differ between light and dark."""


@pytest.fixture
def phone(shown: Opened) -> Opened:
    """The page on a phone, in light."""
    shown.page.set_viewport_size(PHONE)
    shown.page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    return shown


def test_page_answers_as_the_list_says(phone: Opened) -> None:
    assert phone.status == phone.listed.status


def test_page_asks_little_and_nobody_else(phone: Opened) -> None:
    own = phone.stage.hubs[phone.listed.state].url
    assert [url for url in phone.asked if not url.startswith((f"{own}/", "data:"))] == []
    if phone.listed.name not in WEIGHTLESS:
        paths = [url.removeprefix(own).rpartition("/static/")[2] for url in phone.asked]
        # What people show of their events is no part of how pages are made; it has its weight.
        own_parts = [path for path in paths if "/cover/" not in path]
        assert len(own_parts) <= MOST_REQUESTS, f"{len(own_parts)} requests: {' '.join(own_parts)}"
        assert phone.received <= MOST_BYTES, f"{phone.received} bytes: {' '.join(paths)}"


def test_page_runs_without_complaint(phone: Opened) -> None:
    assert phone.complaints + phone.seen("refused") == []


def test_page_does_not_shift_while_it_loads(phone: Opened) -> None:
    for size in (PHONE, DESK):
        phone.page.set_viewport_size(size)
        if size != PHONE:
            phone.load()
        if phone.seen("shift") > MOST_SHIFT:
            # A busy machine paints a page in pieces; what shifts every time is the page's fault.
            phone.load()
        assert phone.seen("shift") <= MOST_SHIFT, (size["width"], phone.seen("shifted"))


def test_page_does_not_move_for_those_who_ask(phone: Opened) -> None:
    phone.page.emulate_media(reduced_motion="reduce")
    assert phone.page.evaluate(MOVING) == []


@pytest.mark.parametrize("size", [(320, 256), (360, 780), (768, 1024), (1440, 900)])
def test_page_does_not_scroll_sideways(phone: Opened, size: tuple[int, int]) -> None:
    # 320 x 256 is a screen of 1280 x 1024 at 400 %.
    phone.page.set_viewport_size({"width": size[0], "height": size[1]})
    assert phone.page.evaluate(SIDEWAYS) == []


def test_page_loses_nothing_when_text_is_spaced(phone: Opened) -> None:
    phone.page.evaluate(SPACED)
    try:
        assert (phone.page.evaluate(LOST), phone.page.evaluate(SIDEWAYS)) == ([], [])
    finally:
        phone.page.evaluate(UNSPACED)


def test_page_has_no_barrier(phone: Opened, axe: str) -> None:
    found = {}
    phone.page.evaluate(axe)
    for width, size in (("phone", PHONE), ("desk", DESK)):
        phone.page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            phone.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            rules = COLOUR_RULES if scheme == "dark" else None
            found[f"{width}, {scheme}"] = phone.page.evaluate(BARRIERS, rules)
    assert {look: barriers for look, barriers in found.items() if barriers} == {}


def test_page_has_its_words_in_place(phone: Opened) -> None:
    facts: dict[str, Any] = phone.page.evaluate(
        """() => ({
          language: document.documentElement.lang,
          title: document.title.trim() !== '',
          headings: document.querySelectorAll('h1').length,
          unfilled: document.body.innerText.match(
            /%\\(\\w+\\)s|\\{\\w+\\}|\\bNone\\b|\\bundefined\\b/g) ?? [],
        })"""
    )
    assert facts == {"language": "en", "title": True, "headings": 1, "unfilled": []}


def test_keyboard_walk_reaches_everything_in_order_and_shows_where_it_is(phone: Opened) -> None:
    phone.page.set_viewport_size(DESK)
    names = prepare(phone.page)
    assert disorder(phone.page) == []
    stops = [stop for _ in names[:MOST_STOPS] if (stop := tab(phone.page))]
    # What stands in a frame of another site has no header to skip.
    assert stops[0].name.startswith("a Skip") or phone.listed.route == "/embed/events"
    assert [stop.name for stop in stops] == names[:MOST_STOPS]
    assert [stop.number for stop in stops] == list(range(len(stops)))
    assert [stop.name for stop in stops if not stop.seen] == []
    assert [stop.name for stop in stops if not stop.within] == []
    if len(names) < MOST_STOPS:
        end = tab(phone.page)
        assert end is None or end.number == 0, f"the focus is kept at {end}"


def test_static_files_are_kept_for_good(phone: Opened) -> None:
    for url in phone.asked:
        if "/static/" in url:
            answer = phone.page.request.get(url)
            assert answer.status == 200, url
            assert "immutable" in answer.headers["cache-control"], url


def test_list_has_the_pages_that_weigh_nothing() -> None:
    assert set(WEIGHTLESS) <= {page.name for page in PAGES}
