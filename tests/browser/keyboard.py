"""Going through a page with the Tab key, and what is seen of it."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

MOST_STOPS = 150
"""A page with more stops than this is walked so far."""
MOST_INNER = 40
"""Presses of the key that a date, or the links in a frame, may take."""
# Stops are what the keyboard can reach, in the order of the document: of radio buttons of one name
# the checked one, or the first.
PREPARE = """
() => {
  const named = element => {
    const words = element.getAttribute('aria-label') || element.innerText || element.name || '';
    return `${element.localName} ${words.trim().replace(/\\s+/g, ' ').slice(0, 40)}`;
  };
  const reachable = element => {
    if (element.tabIndex < 0 || element.disabled || element.closest('[inert]')) return false;
    if (!element.checkVisibility({visibilityProperty: true})) return false;
    if (element.type !== 'radio') return true;
    const all = [...document.getElementsByName(element.name)]
      .filter(other => other.form === element.form && !other.disabled);
    return element === (all.find(other => other.checked) ?? all[0]);
  };
  const all = 'a[href], button, input, select, textarea, summary, [tabindex], ' +
    '[contenteditable], audio[controls], video[controls]';
  const stops = [...document.querySelectorAll(all)].filter(reachable);
  // A card shows the focus of the link that covers it, a label that of its hidden box.
  const around = element => {
    const all = [element, element.nextElementSibling, ...(element.labels ?? [])];
    for (let up = element.parentElement; up && !up.matches('main, header, footer, ul, body');
      up = up.parentElement) all.push(up);
    return all.filter(Boolean);
  };
  const edge = style => {
    const none = style.outlineStyle === 'none' || style.outlineWidth === '0px';
    const outline = none ? '' : `${style.outlineWidth} ${style.outlineStyle} ${style.outlineColor}`;
    return `${outline}/${style.boxShadow}`;
  };
  const look = element => around(element).flatMap(each =>
    [null, '::before', '::after'].map(part => edge(getComputedStyle(each, part)))).join(' ');
  const before = stops.map(look);
  window.walk = {stops, look, before, named};
  return stops.map(named);
}
"""
WHERE = """
() => {
  const {stops, look, before, named} = window.walk;
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return null;
  if (element.localName === 'iframe') return {frame: true};
  const number = stops.indexOf(element);
  const box = element.getBoundingClientRect();
  return {
    number,
    name: named(element),
    seen: number < 0 || look(element) !== before[number],
    within: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    main: document.querySelector('main').contains(element),
  };
}
"""
# What would lead the eye another way than the Tab key.
DISORDER = """
() => {
  const found = [];
  const name = element => `${element.localName}.${element.className}`;
  for (const element of document.querySelectorAll('body, body *')) {
    if (element.tabIndex > 0) found.push(`tabindex: ${name(element)}`);
    const {display, flexDirection, flexWrap} = getComputedStyle(element);
    if (!/flex|grid/.test(display)) continue;
    const children = [...element.children].filter(child =>
      getComputedStyle(child).position !== 'absolute' &&
      window.walk.stops.some(stop => child.contains(stop)));
    if (children.length < 2) continue;
    if (/flex/.test(display) && /reverse/.test(flexDirection + flexWrap))
      found.push(`reverse: ${name(element)}`);
    for (const child of children)
      if (getComputedStyle(child).order !== '0') found.push(`order: ${name(child)}`);
    for (let i = 1; i < children.length; i++) {
      const [one, next] = children.slice(i - 1, i + 1).map(each => each.getBoundingClientRect());
      if (next.bottom <= one.top) found.push(`above what comes before it: ${name(children[i])}`);
    }
  }
  return found;
}
"""


@dataclass(frozen=True)
class Stop:
    """Where the focus is."""

    number: int
    """Of the stops in the order of the document; negative for what is none of them."""
    name: str
    seen: bool
    """Whether it looks other than without the focus."""
    within: bool
    """Whether it is on the screen."""
    main: bool
    """Whether it is in the main part."""


IN_FRAME = Stop(-2, "inside a frame", seen=True, within=True, main=True)


def prepare(page: Page) -> list[str]:
    """Note the stops of the page as they look without the focus; gives their names in order."""
    page.emulate_media(reduced_motion="reduce")
    names: list[str] = page.evaluate(PREPARE)
    return names


def disorder(page: Page) -> list[str]:
    """What stands in another order than it is reached; after `prepare`."""
    found: list[str] = page.evaluate(DISORDER)
    return found


def tab(page: Page) -> Stop | None:
    """One stop further, past the parts of a date and what is in frames; None off the page."""
    before = focused(page)
    for _ in range(MOST_INNER):
        page.keyboard.press("Tab")
        found = focused(page)
        if found is None:
            # On its way out of a frame the focus is nowhere for a moment.
            page.wait_for_timeout(50)
            found = focused(page)
        if found is None or found.number not in (IN_FRAME.number, before and before.number):
            return found
    return before


def focused(page: Page) -> Stop | None:
    """Where the focus is now."""
    found: dict[str, Any] | None = page.evaluate(WHERE)
    if found and "frame" in found:
        return IN_FRAME
    return Stop(**found) if found else None


def walk_to(page: Page, goal: Locator) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    wanted = goal.element_handle()
    for _ in range(3 * MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement === wanted", wanted):
            return
    raise AssertionError(f"the keyboard does not reach {goal}")
