/**
 * Parts of a page fetched anew: forms and links within [data-swap="BLOCK"] ask their address for
 * that block alone, which takes the place of the element with that id. Whatever goes wrong, the
 * browser goes to the address itself.
 */

import { isHere, isTyped, renew } from "./live.js";

/** Milliseconds without a key until what was typed is asked for. */
const PAUSE = 250;

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
  const further = way === "typed" && history.state?.typed === name;
  const replaces = further || address.href === location.href;
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
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
    if (event.button || special || link.target || link.download) return;
    if (link.getAttribute("href")?.startsWith("#")) return;
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
