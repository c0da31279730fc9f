/** A block of a page fetched anew and put where the old one was. */

import { say } from "./hub.js";

/**
 * Whether a field is one that letters are typed into.
 * @param {Element} field
 */
export const isTyped = (field) =>
  field.matches("input:is([type=search], [type=text], :not([type]))");

/**
 * Whether two addresses are of the same page, whatever is asked of it.
 * @param {URL} one
 * @param {URL | Location} other
 */
export const isHere = (one, other) =>
  one.origin === other.origin && one.pathname === other.pathname;

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
  const typed = held.matches("input:not([type=checkbox], [type=radio])");
  const marks = ["id", "name", "href", "type", ...(typed ? [] : ["value"])]
    .filter((mark) => held.hasAttribute(mark))
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
    same.setSelectionRange(held.selectionStart, held.selectionEnd);
  }
}
