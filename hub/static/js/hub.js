/**
 * Pages work without scripts; this makes them more comfortable. What any page may have is here, the
 * rest comes when a page has elements for it. All words are in the page's own attributes.
 */

const PARTS = {
  "./forms.js": "form[data-validate], form[data-guard], [data-prefill], [data-count-of],"
    + "select[data-typeahead], input[data-suggest]",
  "./live.js": "[data-live]",
  "./passkeys.js": "form[data-passkey]",
  "./swap.js": "[data-swap]",
  "./tabs.js": "[data-tabs]",
};

/**
 * Make this part of the page comfortable; what is comfortable already stays as it is.
 * @param {Element} root
 */
function enhance(root) {
  if (navigator.clipboard) {
    for (const button of all(root, "button[data-copy]")) button.hidden = false;
  }
  localise(root);
  for (const [part, elements] of Object.entries(PARTS)) {
    if (all(root, elements).length) {
      // A part that does not come leaves the page as it works without scripts.
      import(part).then(({ start }) => start(root), () => {});
    }
  }
}

/**
 * The element itself and those within it that match.
 * @param {Element} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export function all(root, selector) {
  const within = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);
  return root instanceof HTMLElement && root.matches(selector) ? [root, ...within] : within;
}

/** @type {HTMLElement | undefined} */
let voice;

/**
 * Have a screen reader say this when it has finished what it says.
 * @param {string} words
 */
export function say(words) {
  if (!voice) {
    voice = document.createElement("div");
    voice.className = "unseen";
    voice.setAttribute("role", "status");
    document.body.append(voice);
  }
  const region = voice;
  region.textContent = "";
  // Only a change is read, and only in a region that was there before it.
  setTimeout(() => { region.textContent = words; }, 50);
}

/** @param {HTMLElement} button */
async function copy(button) {
  const place = document.getElementById(button.dataset.copy ?? "");
  const label = button.querySelector("span") ?? button;
  if (!place || button.dataset.was !== undefined) return;
  const text = "value" in place ? String(place.value) : (place.textContent ?? "").trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection()?.selectAllChildren(place);
    return;
  }
  button.dataset.was = label.textContent ?? "";
  label.textContent = button.dataset.copied ?? button.dataset.was;
  say(label.textContent);
  setTimeout(() => {
    label.textContent = button.dataset.was ?? "";
    delete button.dataset.was;
  }, 2500);
}

/**
 * Show the page in another theme at once, and have it kept; the server is asked without a new page.
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} chosen
 */
async function paint(form, chosen) {
  const theme = chosen.value;
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  document.querySelector("meta[name=color-scheme]")?.setAttribute("content", theme || "light dark");
  for (const button of document.querySelectorAll("button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("value") === theme));
  }
  const body = new URLSearchParams([...new FormData(form, chosen)].map(([k, v]) => [k, String(v)]));
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.ok || answer.type === "opaqueredirect") return;
  } catch { /* the form is sent as without scripts */ }
  form.dataset.plainly = "";
  form.requestSubmit(chosen);
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const copying = target.closest("button[data-copy]");
  if (copying) copy(/** @type {HTMLElement} */ (copying));
  const opener = target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.getAttribute("data-dialog") ?? "");
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    dialog.showModal();
  }
  // A click beside an open dialog is on the dialog itself, one within it on what it holds.
  if (target instanceof HTMLDialogElement && target.open && isBeside(target, event)) target.close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    const held = menu.contains(document.activeElement);
    menu.removeAttribute("open");
    if (held) menu.querySelector("summary")?.focus();
  }
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const chosen = event.submitter;
  if (!(chosen instanceof HTMLButtonElement) || chosen.name !== "theme") return;
  if (!form.matches("[action='/preferences']") || "plainly" in form.dataset) return;
  event.preventDefault();
  paint(form, chosen);
});

/**
 * @param {HTMLDialogElement} dialog
 * @param {MouseEvent} event
 */
function isBeside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

/**
 * The reader's own time beside the time of an event, when their clocks differ. The zone of an event
 * is the offset in its `datetime`, or data-zone.
 * @param {Element} root
 */
function localise(root) {
  for (const element of all(root, "time[data-local]")) {
    const iso = element.getAttribute("datetime") ?? "";
    const moment = new Date(iso);
    delete element.dataset.local;
    if (Number.isNaN(moment.getTime())) continue;
    const { zone } = element.dataset;
    const shifted = new Date(moment.getTime() + offsetOf(iso));
    const there = zone ? wall(moment, zone) : wall(shifted, "UTC");
    const here = wall(moment);
    if (there === here) continue;
    const { lang } = document.documentElement;
    const sameDay = there.slice(0, 10) === here.slice(0, 10);
    const own = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang || undefined, {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      ...(sameDay ? {} : { weekday: "short", day: "numeric", month: "short" }),
    });
    const words = (element.dataset.words ?? "{time}").replace("{time}", own.format(moment));
    const beside = document.createElement("span");
    beside.className = "muted";
    beside.textContent = `, ${words}`;
    element.after(beside);
  }
}

/**
 * What the clock on the wall shows; without a zone, the reader's.
 * @param {Date} moment
 * @param {string} [timeZone]
 */
function wall(moment, timeZone) {
  return new Intl.DateTimeFormat("sv-SE", {
    dateStyle: "short", timeStyle: "short", timeZone,
  }).format(moment);
}

/**
 * Milliseconds that the clocks of the event are ahead, by the end of an ISO moment.
 * @param {string} iso
 */
function offsetOf(iso) {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)$/.exec(iso) ?? [];
  return sign ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
}

document.addEventListener("hub:replaced", ({ target }) => enhance(/** @type {Element} */ (target)));
enhance(document.documentElement);
