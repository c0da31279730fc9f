/**
 * Blocks that change by themselves: one stream for all [data-live="SUBJECT"] of the page says which
 * subject to fetch anew, by the address in data-from or that of the page. A block that is fetched anew
 * takes the place of the old one.
 */

import { all, say } from "./hub.js";

/** Milliseconds a page may be out of sight until it lets go: browsers open few streams at once. */
const UNSEEN = 15_000;
/** Milliseconds over which pages spread what they are all told to fetch at the same moment. */
const SPREAD = 300;
/** Milliseconds until a block in which somebody types is looked at again. */
const TYPING = 2_000;
/** Milliseconds until a refused stream is asked for again; longer each time. */
const REFUSED = 60_000;

/** @type {EventSource | undefined} */
let source;
let heard = "";
let missed = false;
let refusals = 0;
/** @type {number | undefined} */
let timer;
/** @type {Set<string>} */
const awaited = new Set();

const blocks = () => all(document.documentElement, "[data-live]");

/** Listen to what the page shows now. */
function open() {
  const about = [...new Set(blocks().map((block) => block.dataset.live ?? ""))].sort();
  const query = new URLSearchParams(about.map((subject) => ["about", subject])).toString();
  if (source && query === heard) return;
  close();
  if (!query || document.hidden) return;
  heard = query;
  const opened = (source = new EventSource(`/live?${query}`));
  opened.addEventListener("open", () => {
    refusals = 0;
    if (missed) blocks().forEach(fetchSoon);
    missed = false;
  });
  opened.addEventListener("refetch", ({ data }) => {
    blocks().filter((block) => block.dataset.live === data).forEach(fetchSoon);
  });
  opened.addEventListener("error", () => {
    missed = true;
    if (opened.readyState !== EventSource.CLOSED || opened !== source) return;
    close();
    timer = setTimeout(open, REFUSED * 2 ** Math.min(refusals++, 4));
  });
}

function close() {
  clearTimeout(timer);
  source?.close();
  source = undefined;
}

/** @param {HTMLElement} block */
function fetchSoon({ id }) {
  if (!id || awaited.has(id)) return;
  awaited.add(id);
  setTimeout(fetchNow, Math.random() * SPREAD, id);
}

/** @param {string} id */
async function fetchNow(id) {
  const block = document.getElementById(id);
  if (block && isBusy(block)) {
    setTimeout(fetchNow, TYPING, id);
    return;
  }
  awaited.delete(id);
  // A block that does not come is as old as it would be without scripts.
  if (block) await renew(id, block.dataset.from ?? location.href).catch(() => null);
}

/**
 * Whether somebody is at work in the block.
 * @param {HTMLElement} block
 */
function isBusy(block) {
  const held = document.activeElement;
  const typing = held?.matches("input, select, textarea") && block.contains(held);
  return Boolean(typing || block.querySelector("dialog[open]"));
}

function appear() {
  clearTimeout(timer);
  if (source) return;
  missed = true;
  open();
}

let started = false;

/** Listen, and go on listening when blocks of the page have changed. */
export function start() {
  open();
  if (started) return;
  started = true;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) timer = setTimeout(close, UNSEEN);
    else appear();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) appear(); });
}

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
