/**
 * Fields that offer what fits while someone types. select[data-typeahead] goes on holding the
 * choice and is sent as before; input[data-suggest] asks its address and stays a field for any
 * text.
 */

import { combobox } from "./combobox.js";
import { all } from "./hub.js";

/** Milliseconds without a key until suggestions are asked for. */
const PAUSE = 200;

/** @param {Element} root */
export function start(root) {
  for (const select of all(root, "select[data-typeahead]")) {
    typeahead(/** @type {HTMLSelectElement} */ (select));
  }
  for (const input of all(root, "input[data-suggest]")) {
    suggest(/** @type {HTMLInputElement} */ (input));
  }
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
  select.after(input);
  combobox(input, select.dataset, {
    strict: true,
    find: async (text) => {
      const wanted = plain(text === chosen() ? "" : text).split(" ");
      const first = plain(text);
      return choices.filter(({ words }) => wanted.every((word) => words.includes(word)))
        .sort((a, b) => Number(b.words.startsWith(first)) - Number(a.words.startsWith(first)));
    },
    choose: ({ value }) => { choose(value); show(); },
    leave: () => {
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

/** @param {HTMLInputElement} input */
function suggest(input) {
  if (input.getAttribute("role") === "combobox") return;
  input.removeAttribute("list");
  /** @type {AbortController | undefined} */
  let under;
  combobox(input, input.dataset, {
    strict: false,
    find: async (text) => {
      under?.abort();
      const { signal } = (under = new AbortController());
      if (text.trim().length < 2) return [];
      await new Promise((done) => setTimeout(done, PAUSE));
      if (signal.aborted) return null;
      const query = new URLSearchParams({ q: text.trim() });
      const answer = await fetch(`${input.dataset.suggest}?${query}`, { signal });
      return answer.ok ? answer.json() : null;
    },
    choose: ({ value }) => {
      input.value = value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    },
    leave: () => under?.abort(),
    chosen: () => input.value,
  });
}

/**
 * Words as they are compared: without case and accents.
 * @param {string} text
 */
const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
