/**
 * Passkeys: a device signs in or is added. Everything here only fills a form of the page and sends
 * it; without scripts, or where the browser or the address cannot do it, the form stays hidden and
 * the link by e-mail remains.
 *
 * form[data-passkey="use"] or form[data-passkey="add"], with data-options (where to ask what to sign)
 * and words in data-failed, data-refused and data-known.
 */

import { all, say } from "./hub.js";

/**
 * What the browser offers by itself, which has to be over before a button asks for anything.
 * @type {{ stop: AbortController, over: Promise<void> } | undefined}
 */
let offered;

/** @param {Element} root */
export function start(root) {
  const able = window.PublicKeyCredential
    && "parseRequestOptionsFromJSON" in PublicKeyCredential
    && "toJSON" in PublicKeyCredential.prototype;
  if (!able) return;
  for (const element of all(root, "form[data-passkey]")) {
    const form = /** @type {HTMLFormElement} */ (element);
    if (form.dataset.ready) continue;
    form.dataset.ready = "yes";
    form.hidden = false;
    const section = form.closest("[data-passkey-place]");
    if (section instanceof HTMLElement) section.hidden = false;
    form.addEventListener("submit", (event) => {
      const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("credential"));
      if (field.value) return;
      event.preventDefault();
      ask(form);
    });
    if (form.dataset.passkey === "use") offer(form);
  }
}

/** @param {HTMLFormElement} form */
function offer(form) {
  const stop = new AbortController();
  offered = { stop, over: wait(form, stop.signal) };
}

/**
 * Let the browser offer passkeys in the field for the e-mail address, while somebody reads the page.
 * @param {HTMLFormElement} form
 * @param {AbortSignal} signal
 */
async function wait(form, signal) {
  const field = document.querySelector("input[autocomplete~=webauthn]");
  const can = PublicKeyCredential.isConditionalMediationAvailable;
  if (!field || !can || !await can.call(PublicKeyCredential)) return;
  try {
    const publicKey = await options(form, signal);
    const credential = await navigator.credentials.get({
      publicKey, mediation: "conditional", signal,
    });
    send(form, credential);
  } catch {
    // Nobody chose one, or the button was pressed instead: there is nothing to say.
  }
}

/** @param {HTMLFormElement} form */
async function ask(form) {
  const button = form.querySelector("button");
  tell(form, "");
  button?.setAttribute("aria-busy", "true");
  try {
    offered?.stop.abort();
    await offered?.over;
    const publicKey = await options(form);
    const credential = form.dataset.passkey === "add"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
    send(form, credential);
  } catch (error) {
    tell(form, words(form, error));
    if (form.dataset.passkey === "use") offer(form);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/**
 * What the device is asked for, from the server.
 * @param {HTMLFormElement} form
 * @param {AbortSignal} [signal]
 */
async function options(form, signal) {
  const answer = await fetch(form.dataset.options ?? "", {
    method: "POST",
    headers: { accept: "application/json" },
    signal,
  });
  if (answer.status === 401) {
    // Too long ago that somebody proved who they are.
    location.assign(form.dataset.proof ?? "/sign-in");
    return new Promise(() => {});
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail ?? "");
  }
  const told = await answer.json();
  return form.dataset.passkey === "add"
    ? PublicKeyCredential.parseCreationOptionsFromJSON(told)
    : PublicKeyCredential.parseRequestOptionsFromJSON(told);
}

/**
 * @param {HTMLFormElement} form
 * @param {Credential | null} credential
 */
function send(form, credential) {
  if (!(credential instanceof PublicKeyCredential)) throw new Error();
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("credential"));
  field.value = JSON.stringify(credential.toJSON());
  form.submit();
}

/**
 * @param {HTMLFormElement} form
 * @param {unknown} error
 */
function words(form, error) {
  const { failed = "", refused = failed, known = failed } = form.dataset;
  if (error instanceof DOMException) {
    if (error.name === "InvalidStateError") return known;
    return ["NotAllowedError", "ConstraintError"].includes(error.name) ? refused : failed;
  }
  return (error instanceof Error && error.message) || failed;
}

/**
 * @param {HTMLFormElement} form
 * @param {string} message
 */
function tell(form, message) {
  const place = form.querySelector("[data-passkey-said]");
  if (!(place instanceof HTMLElement)) return;
  place.textContent = message;
  place.hidden = !message;
  if (message) say(message);
}
