/**
 * Blocks that change by themselves: one stream for all [data-live="SUBJECT"] of the page says which
 * subject to fetch anew, by the address in data-from or that of the page.
 */

import { all } from "./hub.js";
import { renew } from "./renew.js";

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
