/**
 * Forms that help while they are filled in: what is wrong is said after leaving a field and taken
 * back once it is mended, what is known is filled in, what was typed is not lost by mistake. The
 * server has the last say: nothing here keeps a form from being sent.
 */

import { all, say } from "./hub.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

const WRAPPER = "[data-required], [data-invalid]";

/** @param {Element} root */
export function start(root) {
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
  if (form.noValidate) return;
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
