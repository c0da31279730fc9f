/**
 * Forms that help while they are filled in: what is wrong is said after leaving a field and taken
 * back once it is mended, what is known is filled in, what fits is offered while someone types, what
 * was typed is not lost by mistake. The server has the last say: nothing here keeps a form from being
 * sent.
 *
 * select[data-typeahead] goes on holding the choice and is sent as before; input[data-suggest] asks
 * its address and stays a field for any text.
 */

import { all, say } from "./hub.js";

/** @typedef {{value: string, label: string, hint?: string}} Choice */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/** Milliseconds without a key until suggestions are asked for. */
const PAUSE = 200;
/** Choices shown at once. */
const MOST = 500;
const WRAPPER = "[data-required], [data-invalid]";

/** @param {Element} root */
export function start(root) {
  for (const select of all(root, "select[data-typeahead]")) {
    typeahead(/** @type {HTMLSelectElement} */ (select));
  }
  for (const input of all(root, "input[data-suggest]")) {
    suggest(/** @type {HTMLInputElement} */ (input));
  }
  all(root, "[data-prefill]").forEach(prefill);
  all(root, "[data-count-of]").forEach(count);
  for (const form of /** @type {HTMLFormElement[]} */ (all(root, "form"))) {
    if (form.matches("[data-validate]")) validate(form);
    if (form.matches("[data-guard]")) guard(form);
  }
}

/** @param {HTMLElement} element */
function prefill(element) {
  const field = /** @type {HTMLInputElement | HTMLSelectElement} */ (element);
  if (field.value) return;
  const known = field.dataset.prefill === "language"
    ? navigator.languages.map((language) => language.slice(0, 2))
    : [Intl.DateTimeFormat().resolvedOptions().timeZone];
  const offered = "options" in field && [...field.options].map(({ value }) => value);
  const found = known.find((value) => !offered || offered.includes(value));
  if (!found) return;
  field.value = found;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {HTMLElement} counter */
function count(counter) {
  const field = document.getElementById(counter.dataset.countOf ?? "");
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
  const show = () => {
    const left = String(field.maxLength - field.value.length);
    counter.textContent = (counter.dataset.words ?? "{count}").replace("{count}", left);
  };
  field.addEventListener("input", show);
  if (field.value) show();
}

/** @param {HTMLFormElement} form */
function validate(form) {
  if (form.dataset.validate === "on") return;
  form.dataset.validate = "on";
  form.noValidate = true;
  let pressed = false;
  document.addEventListener("pointerdown", () => { pressed = true; }, true);
  for (const kind of ["pointerup", "pointercancel"]) {
    document.addEventListener(kind, () => { pressed = false; }, true);
  }
  form.addEventListener("focusout", ({ target }) => {
    const field = /** @type {HTMLElement} */ (target);
    // What is pressed must not move away under the pointer.
    const later = () => setTimeout(check, 0, field);
    if (pressed) document.addEventListener("pointerup", later, { once: true });
    else check(field);
  });
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, ({ target }) => {
      const field = /** @type {HTMLElement} */ (target);
      if (controlOf(field)?.getAttribute("aria-invalid") === "true") check(field);
    });
  }
}

/**
 * What can be seen of a field: for a long list, what one types into.
 * @param {HTMLElement} field
 * @returns {Field | null | undefined}
 */
function controlOf(field) {
  const wrapper = field.closest(WRAPPER);
  return wrapper?.querySelector("[role=combobox]") ?? wrapper?.querySelector("[name]");
}

/** @param {HTMLElement} field */
function check(field) {
  const wrapper = /** @type {HTMLElement | null} */ (field.closest(WRAPPER));
  const control = controlOf(field);
  const sent = /** @type {Field | null | undefined} */ (wrapper?.querySelector("[name]"));
  if (!wrapper || !control || !sent || !document.hasFocus()) return;
  const { required, invalid } = wrapper.dataset;
  const { valid, badInput, valueMissing } = control.validity;
  const ticked = control instanceof HTMLInputElement && /^(checkbox|radio)$/.test(control.type);
  const empty = ticked ? valueMissing : !sent.value.trim() && !badInput;
  let message = "";
  if (empty) message = required ?? "";
  else if (!valid) message = invalid ?? control.validationMessage;
  complain(control, sent.name, message);
}

/**
 * Say what is wrong where the server says it, or that nothing is.
 * @param {Field} control
 * @param {string} name
 * @param {string} message
 */
function complain(control, name, message) {
  const id = `${name}-error`;
  const ids = (control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  const described = new Set(ids);
  let error = document.getElementById(id);
  if (message && !error) {
    error = document.createElement("p");
    error.className = "error";
    error.id = id;
    error.append(document.createElement("span"));
    (control.closest(".affixed, .combo, label") ?? control).before(error);
  }
  if (message && error) {
    const words = error.querySelector("span") ?? error;
    if (words.textContent !== message) say(message);
    words.textContent = message;
    described.add(id);
    control.setAttribute("aria-invalid", "true");
  } else {
    error?.remove();
    described.delete(id);
    control.removeAttribute("aria-invalid");
  }
  if (described.size) control.setAttribute("aria-describedby", [...described].join(" "));
  else control.removeAttribute("aria-describedby");
}

/** @param {HTMLFormElement} form */
function guard(form) {
  if (form.dataset.guard === "on") return;
  form.dataset.guard = "on";
  const words = () => JSON.stringify([...new FormData(form)]
    .map(([name, value]) => [name, value instanceof File ? value.name : value]));
  // What came back with errors is not saved anywhere.
  const before = form.querySelector("[aria-invalid=true], .error") ? null : words();
  let sent = false;
  /** @param {BeforeUnloadEvent} event */
  const ask = (event) => { if (!sent && words() !== before) event.preventDefault(); };
  // Listened to only when there is something to lose: it costs the way back its speed.
  const watch = () => window.addEventListener("beforeunload", ask);
  form.addEventListener("input", watch);
  form.addEventListener("change", watch);
  if (before === null) watch();
  document.addEventListener("submit", (event) => {
    if (event.target === form && !event.defaultPrevented) sent = true;
  });
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted) sent = false; });
}

/** @param {HTMLSelectElement} select */
function typeahead(select) {
  if (select.hidden) return;
  const input = document.createElement("input");
  input.type = "text";
  for (const name of ["class", "disabled", "aria-describedby", "aria-invalid", "aria-required"]) {
    const value = select.getAttribute(name);
    if (value !== null) input.setAttribute(name, value);
  }
  if (select.required) input.setAttribute("aria-required", "true");
  // The label and the ways to an error lead to what can be seen.
  input.id = select.id;
  select.id += "-chosen";
  select.hidden = true;
  select.required = false;
  const none = [...select.options].find((option) => !option.value);
  if (none) input.placeholder = none.text;
  const choices = [...select.options].filter((option) => option.value).map((option) => {
    const { value, text: label, parentElement: parent } = option;
    const hint = parent instanceof HTMLOptGroupElement ? parent.label : "";
    return { value, label, hint, words: plain(`${label} ${hint} ${option.dataset.words ?? ""}`) };
  });
  const chosen = () => (select.value ? select.selectedOptions[0]?.text ?? "" : "");
  const show = () => { input.value = chosen(); };
  /** @param {string} value */
  const choose = (value) => {
    if (select.value === value) return;
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const { ask, leave: forget } = asking(select.dataset.suggest ?? "");
  select.after(input);
  combobox(input, select.dataset, {
    strict: true,
    find: async (text) => {
      const wanted = plain(text === chosen() ? "" : text).split(" ");
      const first = plain(text);
      const fits = choices
        .filter(({ words }) => wanted.every((word) => words.includes(word)))
        .sort((a, b) => Number(b.words.startsWith(first)) - Number(a.words.startsWith(first)));
      if (!select.dataset.suggest || text === chosen() || first.length < 2) return fits;
      // The hub knows more names: towns, and what a region is called elsewhere.
      const more = (await ask(text).catch(() => null)) ?? [];
      return [
        ...more.filter(({ value }) => choices.some((choice) => choice.value === value)),
        ...fits.filter(({ value }) => !more.some((choice) => choice.value === value)),
      ];
    },
    choose: ({ value }) => { choose(value); show(); },
    leave: () => {
      forget();
      const text = plain(input.value);
      const same = choices.filter(({ label }) => plain(label) === text);
      if (!text && none) choose("");
      else if (same.length === 1) choose(same[0].value);
      show();
    },
    chosen: () => select.value,
  });
  select.addEventListener("change", show);
  select.form?.addEventListener("reset", () => setTimeout(show));
  show();
}

/**
 * Ways to ask the hub for suggestions while someone types: the last question alone is answered.
 * @param {string} address
 */
function asking(address) {
  /** @type {AbortController | undefined} */
  let under;
  return {
    /**
     * @param {string} text
     * @returns {Promise<Choice[] | null>}
     */
    ask: async (text) => {
      under?.abort();
      const { signal } = (under = new AbortController());
      await new Promise((done) => setTimeout(done, PAUSE));
      if (signal.aborted) return null;
      const query = new URLSearchParams({ q: text.trim() });
      const answer = await fetch(`${address}?${query}`, { signal });
      return answer.ok ? answer.json() : null;
    },
    leave: () => under?.abort(),
  };
}

/**
 * Offer what fits while someone types; with `data-several`, for the word between two commas that is
 * being written.
 * @param {HTMLInputElement} input
 */
function suggest(input) {
  if (input.getAttribute("role") === "combobox") return;
  input.removeAttribute("list");
  const { ask, leave } = asking(input.dataset.suggest ?? "");
  const several = "several" in input.dataset;
  /** Where the part that is written begins and ends. */
  const bounds = () => {
    if (!several) return [0, input.value.length];
    const at = input.selectionStart ?? input.value.length;
    const before = Math.max(...[",", ";"].map((mark) => input.value.slice(0, at).lastIndexOf(mark)));
    const after = input.value.slice(at).search(/[,;]/);
    return [before + 1, after < 0 ? input.value.length : at + after];
  };
  const part = () => input.value.slice(...bounds()).trim();
  combobox(input, input.dataset, {
    strict: false,
    find: async (text) => (text.trim().length < 2 ? [] : ask(text)),
    choose: ({ value }) => {
      const [start, end] = bounds();
      const lead = input.value.slice(0, start);
      const rest = input.value.slice(end);
      const taken = several && lead ? `${lead.trimEnd()} ${value}` : value;
      // The next one can be written at once.
      input.value = several && !rest ? `${taken}, ` : taken + rest;
      const at = input.value.length - rest.length;
      input.setSelectionRange(at, at);
      input.dispatchEvent(new Event("change", { bubbles: true }));
    },
    leave: () => {
      leave();
      if (several) input.value = input.value.replace(/[,;\s]+$/, "");
    },
    chosen: part,
    written: part,
  });
}

/**
 * Words as they are compared: without case and accents.
 * @param {string} text
 */
const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();

let made = 0;

/**
 * Make a field an editable combobox with a list (ARIA Authoring Practices). `find` gives what fits, or null when that is not known; `strict` ones
 * offer the first at once.
 * @param {HTMLInputElement} input
 * @param {DOMStringMap} words
 * @param {{strict: boolean, find: (text: string) => Promise<Choice[] | null>,
 *   choose: (choice: Choice) => void, leave: () => void, chosen: () => string,
 *   written?: () => string}} ways
 */
function combobox(input, words, { strict, find, choose, leave, chosen, written }) {
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

  const text = written ?? (() => input.value);
  input.addEventListener("input", () => open(text()));
  input.addEventListener("click", () => {
    if (list.hidden) open(strict ? "" : text());
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
      open(strict ? "" : text());
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
