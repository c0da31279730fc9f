/** Sections one after the other become tabs (ARIA Authoring Practices, automatic choice). */

import { all } from "./hub.js";

/** @param {Element} root */
export function start(root) {
  for (const tabs of all(root, "[data-tabs]")) prepare(tabs);
}

/** @param {HTMLElement} tabs */
function prepare(tabs) {
  const list = tabs.querySelector("ul, ol");
  /** @type {Map<HTMLAnchorElement, HTMLElement>} */
  const panels = new Map();
  for (const link of list?.querySelectorAll("a") ?? []) {
    const panel = document.getElementById(link.hash.slice(1));
    if (panel) panels.set(link, panel);
  }
  if (!list || list.getAttribute("role") === "tablist" || !panels.size) return;
  const order = [...panels.keys()];
  list.setAttribute("role", "tablist");
  for (const item of list.children) item.setAttribute("role", "none");
  for (const [tab, panel] of panels) {
    tab.id ||= `${panel.id}-tab`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.tabIndex = 0;
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      choose(tab);
      history.replaceState(history.state, "", tab.hash);
    });
    tab.addEventListener("keydown", (event) => {
      const next = turn(event, order, order.indexOf(tab));
      if (!next) return;
      event.preventDefault();
      choose(next);
      next.focus();
    });
  }

  /** @param {HTMLAnchorElement} chosen */
  function choose(chosen) {
    for (const [tab, panel] of panels) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      panel.hidden = tab !== chosen;
    }
  }

  /** The tab with what the address names, or with something to be mended, or the first. */
  function named() {
    const target = document.querySelector(":target");
    return target && order.find((tab) => panels.get(tab)?.contains(target));
  }

  const wrong = order.find((tab) => panels.get(tab)?.querySelector("[aria-invalid=true]"));
  choose(named() ?? wrong ?? order[0]);
  window.addEventListener("hashchange", () => {
    const tab = named();
    if (tab) choose(tab);
  });
}

/**
 * Which tab a key leads to; none for other keys.
 * @param {KeyboardEvent} event
 * @param {HTMLAnchorElement[]} tabs
 * @param {number} at
 */
function turn({ key, currentTarget }, tabs, at) {
  const rightToLeft = getComputedStyle(/** @type {Element} */ (currentTarget)).direction === "rtl";
  const on = rightToLeft ? "ArrowLeft" : "ArrowRight";
  const back = rightToLeft ? "ArrowRight" : "ArrowLeft";
  if (key === on) return tabs[(at + 1) % tabs.length];
  if (key === back) return tabs.at(at - 1);
  if (key === "Home") return tabs[0];
  if (key === "End") return tabs.at(-1);
  if (key === " ") return tabs[at];
  return undefined;
}
