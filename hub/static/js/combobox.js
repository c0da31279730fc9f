/** An editable combobox with a list (ARIA Authoring Practices). */

import { say } from "./hub.js";

/** @typedef {{value: string, label: string, hint?: string}} Choice */

/** Choices shown at once. */
const MOST = 500;
let made = 0;

/**
 * Make a field a combobox. `find` gives what fits, or null when that is not known; `strict` ones
 * offer the first at once.
 * @param {HTMLInputElement} input
 * @param {DOMStringMap} words
 * @param {{strict: boolean, find: (text: string) => Promise<Choice[] | null>,
 *   choose: (choice: Choice) => void, leave: () => void, chosen: () => string}} ways
 */
export function combobox(input, words, { strict, find, choose, leave, chosen }) {
  const frame = document.createElement("div");
  frame.className = "combo";
  const list = document.createElement("ul");
  list.id = `choices-${++made}`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  const held = document.activeElement === input;
  input.before(frame);
  frame.append(input, list);
  if (held) input.focus();
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  input.setAttribute("aria-controls", list.id);
  input.autocomplete = "off";
  /** @type {Choice[]} */
  let found = [];
  let active = -1;
  let asked = 0;

  /** @param {number} at */
  function point(at) {
    active = at;
    [...list.children].forEach((item, place) => {
      item.setAttribute("aria-selected", String(place === at));
    });
    const item = found.length ? list.children[at] : undefined;
    if (item) input.setAttribute("aria-activedescendant", item.id);
    else input.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  }

  function close() {
    asked += 1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    point(-1);
  }

  /** @param {string} text */
  async function open(text) {
    const mine = ++asked;
    const fits = await find(text).catch(() => null);
    if (!fits || mine !== asked) return;
    found = fits.slice(0, MOST);
    const none = !found.length && text.trim().length > 1 ? words.none : undefined;
    list.replaceChildren(...found.map(itemOf));
    if (none) list.append(itemOf({ value: "", label: none }, -1));
    list.hidden = !list.childElementCount;
    input.setAttribute("aria-expanded", String(!list.hidden));
    const at = found.findIndex(({ value }) => value === chosen());
    point(strict && found.length ? Math.max(at, 0) : -1);
    const said = none ?? (words.found ?? "{count}").replace("{count}", String(fits.length));
    list.setAttribute("aria-label", said);
    if (!list.hidden) say(said);
  }

  /**
   * @param {Choice} choice
   * @param {number} at
   */
  function itemOf({ label, hint }, at) {
    const item = document.createElement("li");
    item.id = `${list.id}-${at}`;
    item.setAttribute("role", "option");
    item.textContent = label;
    if (at < 0) item.setAttribute("aria-disabled", "true");
    if (hint) {
      const more = document.createElement("span");
      more.className = "hint muted small";
      more.textContent = ` ${hint}`;
      item.append(more);
    }
    return item;
  }

  /** @param {number} at */
  function take(at) {
    const choice = found[at];
    close();
    if (choice) choose(choice);
  }

  input.addEventListener("input", () => open(input.value));
  input.addEventListener("click", () => {
    if (list.hidden) open(strict ? "" : input.value);
    else close();
  });
  input.addEventListener("blur", () => { close(); leave(); });
  // The field keeps the focus while the list is pressed.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const item = /** @type {Element} */ (target).closest("[role=option]:not([aria-disabled])");
    if (item) take([...list.children].indexOf(item));
  });
  input.addEventListener("keydown", (event) => {
    const { key } = event;
    const last = found.length - 1;
    if (list.hidden) {
      if (key !== "ArrowDown" && key !== "ArrowUp") return;
      open(strict ? "" : input.value);
    } else if (key === "ArrowDown") point(active < last ? active + 1 : 0);
    else if (key === "ArrowUp") point(active > 0 ? active - 1 : last);
    else if (key === "Home" && active >= 0) point(0);
    else if (key === "End" && active >= 0) point(last);
    else if (key === "Enter" && active >= 0) take(active);
    else if (key === "Escape") { close(); if (strict) leave(); }
    else {
      if (key === "Tab" && strict && active >= 0 && input.value.trim()) take(active);
      return;
    }
    event.preventDefault();
  });
}
