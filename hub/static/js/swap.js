/**
 * Parts of a page fetched anew: forms and links within [data-swap="BLOCK"] ask their address for
 * that block alone, which takes the place of the element with that id. Whatever goes wrong, the
 * browser goes to the address itself.
 */

import { say } from "./hub.js";

/** Milliseconds without a key until what was typed is asked for. */
const PAUSE = 250;

/**
 * Fetch a block and put it into the page; null when the address has no such block.
 * @param {string} name
 * @param {string} address
 * @param {AbortSignal} [signal]
 * @returns {Promise<HTMLElement | null>}
 */
export async function renew(name, address, signal) {
  document.getElementById(name)?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { "hub-block": name }, signal });
    const text = await answer.text();
    const old = document.getElementById(name);
    if (!old || !answer.ok || !isHere(new URL(answer.url), new URL(address, location.href))) {
      return null;
    }
    const parsed = new DOMParser().parseFromString(text, "text/html");
    let fresh = parsed.getElementById(name);
    if (!fresh) {
      if (/^\s*<!doctype/i.test(text)) return null;
      fresh = /** @type {HTMLElement} */ (old.cloneNode(false));
      fresh.removeAttribute("aria-busy");
      fresh.append(...parsed.body.childNodes);
    }
    put(old, document.adoptNode(fresh));
    return fresh;
  } finally {
    document.getElementById(name)?.removeAttribute("aria-busy");
  }
}

/**
 * Take the place of a block; focus, what is being typed and what is folded open stay.
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 */
function put(old, fresh) {
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const folds = [...old.querySelectorAll("details")];
  const { scrollX, scrollY } = window;
  old.replaceWith(fresh);
  fresh.querySelectorAll("details").forEach((fold, at) => {
    if (folds[at]?.querySelector("summary")?.id === fold.querySelector("summary")?.id) {
      fold.open = folds[at]?.open ?? fold.open;
    }
  });
  if (held) hold(held, fresh);
  window.scrollTo(scrollX, scrollY);
  fresh.dispatchEvent(new CustomEvent("hub:replaced", { bubbles: true }));
  const said = fresh.querySelector("[data-said]")?.textContent?.trim();
  if (said) say(said);
}

/**
 * @param {Element} held what had the focus
 * @param {HTMLElement} fresh
 */
function hold(held, fresh) {
  const marks = ["id", "name", "value", "href", "type"]
    .filter((mark) => held.hasAttribute(mark) && (mark !== "value" || held.matches("button")))
    .map((mark) => `[${mark}="${CSS.escape(held.getAttribute(mark) ?? "")}"]`);
  const same = marks.length && fresh.querySelector(held.localName + marks.join(""));
  if (!(same instanceof HTMLElement)) {
    fresh.tabIndex = -1;
    fresh.focus({ preventScroll: true });
    return;
  }
  same.focus({ preventScroll: true });
  if (held instanceof HTMLInputElement && same instanceof HTMLInputElement && isTyped(held)) {
    same.value = held.value;
    if (held.selectionStart !== null) same.setSelectionRange(held.selectionStart, held.selectionEnd);
  }
}

/** @type {AbortController | undefined} */
let under;
/** @type {number | undefined} */
let pause;

/**
 * @param {string} name
 * @param {URL} address
 * @param {"push" | "typed" | "none"} way what becomes of the history
 */
async function go(name, address, way) {
  clearTimeout(pause);
  under?.abort();
  const mine = (under = new AbortController());
  let fresh = null;
  try {
    fresh = await renew(name, address.href, mine.signal);
  } catch { /* the browser goes there itself, unless something newer is under way */ }
  if (mine !== under) return;
  if (!fresh) {
    if (way === "none") location.reload();
    else location.assign(address);
    return;
  }
  if (way === "none") return;
  // Back leads to the page as it was before somebody typed, not from letter to letter.
  const replaces = way === "typed" && history.state?.typed === name;
  if (!replaces) history.replaceState({ ...history.state, swap: name }, "");
  const state = { swap: name, typed: way === "typed" ? name : "" };
  history[replaces ? "replaceState" : "pushState"](state, "", address);
  if (way === "push" && fresh.getBoundingClientRect().top < 0) fresh.scrollIntoView();
}

/**
 * @param {Element} element
 * @param {URL | null} address
 * @param {"push" | "typed"} way
 * @param {Event} [event]
 */
function swap(element, address, way, event) {
  const name = element.closest("[data-swap]")?.getAttribute("data-swap");
  if (!name || !address || !isHere(address, location) || !document.getElementById(name)) return;
  event?.preventDefault();
  go(name, address, way);
}

/**
 * Where a form that only asks leads to; null for one that changes something.
 * @param {HTMLFormElement | null} form
 * @param {HTMLElement | null} [submitter]
 */
function addressOf(form, submitter) {
  if (form?.method !== "get") return null;
  const address = new URL(form.getAttribute("action") || location.pathname, location.href);
  const given = [...new FormData(form, submitter)].filter(([, value]) => value !== "");
  address.search = new URLSearchParams(given.map(([k, v]) => [k, String(v)])).toString();
  return address;
}

/** @param {Element} field */
const isTyped = (field) => field.matches("input:is([type=search], [type=text], :not([type]))");

/**
 * @param {URL} one
 * @param {URL | Location} other
 */
const isHere = (one, other) => one.origin === other.origin && one.pathname === other.pathname;

let started = false;

/** Listen, once for all blocks of the page. */
export function start() {
  if (started) return;
  started = true;
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!event.defaultPrevented) swap(form, addressOf(form, event.submitter), "push", event);
  });
  document.addEventListener("input", ({ target }) => {
    const field = /** @type {HTMLInputElement} */ (target);
    if (!isTyped(field) || !field.closest("[data-swap]")) return;
    clearTimeout(pause);
    pause = setTimeout(() => swap(field, addressOf(field.form), "typed"), PAUSE);
  });
  document.addEventListener("change", ({ target }) => {
    const field = /** @type {HTMLInputElement} */ (target);
    if (field.form && !isTyped(field)) swap(field, addressOf(field.form), "push");
  });
  document.addEventListener("click", (event) => {
    const link = /** @type {Element} */ (event.target).closest("a[href]");
    const special = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!(link instanceof HTMLAnchorElement) || event.button || special || event.defaultPrevented) return;
    if (link.target || link.download || link.getAttribute("href")?.startsWith("#")) return;
    swap(link, new URL(link.href), "push", event);
  });
  window.addEventListener("popstate", ({ state }) => {
    if (!state?.swap) return;
    const address = new URL(location.href);
    for (const form of document.querySelectorAll(`[data-swap="${CSS.escape(state.swap)}"] form`)) {
      show(/** @type {HTMLFormElement} */ (form), address.searchParams);
    }
    go(state.swap, address, "none");
  });
}

/**
 * Have a form say what the address says.
 * @param {HTMLFormElement} form
 * @param {URLSearchParams} given
 */
function show(form, given) {
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) continue;
    const values = given.getAll(field.name);
    if (field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type)) {
      field.checked = values.includes(field.value);
    } else if (field.type !== "hidden") {
      field.value = values[0] ?? "";
    }
  }
}
