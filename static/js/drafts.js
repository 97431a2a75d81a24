// Text that is not sent yet. It is kept in this browser at once and on the server a little later.

import { say } from "./words.js";

const AGE = 20 * 60 * 60 * 1000; // milliseconds; a shared computer forgets by the next day

/** @param {string} parent @returns {string} */
const keyOf = (parent) => `dialog-draft:${parent}`;

/**
 * The text last written under a post in this browser, or "".
 * @param {string} parent
 * @returns {string}
 */
export function kept(parent) {
  try {
    const found = JSON.parse(localStorage.getItem(keyOf(parent)) ?? "null");
    return found && Date.now() - found.at < AGE ? found.body : "";
  } catch {
    return "";
  }
}

/** @param {string} parent @param {string} body */
export function keep(parent, body) {
  try {
    if (body.trim()) localStorage.setItem(keyOf(parent), JSON.stringify({ body, at: Date.now() }));
    else localStorage.removeItem(keyOf(parent));
  } catch {
    // Private windows may refuse; the server keeps the draft all the same.
  }
}

/**
 * Keeps what is written in a form until it is sent.
 * @param {HTMLFormElement} form
 */
export function watch(form) {
  const parent = form.dataset.composer ?? "";
  const field = form.elements.namedItem("body");
  if (!(field instanceof HTMLTextAreaElement)) return;
  if (!field.value.trim()) field.value = kept(parent);
  let saved = field.value;
  let timer = 0;
  const toServer = () => {
    if (field.value === saved || !form.isConnected || form.dataset.sent) return;
    saved = field.value;
    const sent = new URLSearchParams(new FormData(form));
    fetch(`/posts/${parent}/draft`, { method: "POST", body: sent, keepalive: true }).catch(() => {});
  };
  field.addEventListener("input", () => {
    delete form.dataset.sent;
    keep(parent, field.value);
    window.clearTimeout(timer);
    timer = window.setTimeout(toServer, 10_000);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") toServer();
  });
  form.addEventListener("put-away", toServer);
  form.addEventListener("submit", () => window.clearTimeout(timer));
}

/**
 * Reminds the reader of what he has begun to write in this thread, here or on another computer.
 * @param {HTMLElement} root
 * @param {{ parent_id: number, to: string }[]} saved what the server has, and whom it answers
 */
export function offer(root, saved) {
  const line = root.querySelector("[data-begun]");
  if (!(line instanceof HTMLElement)) return;
  const names = new Map(saved.map((one) => [String(one.parent_id), one.to]));
  const parents = new Set([...names.keys(), ...begunHere(root)]);
  for (const parent of parents) line.append(" ", linkTo(root, parent, names.get(parent)));
  line.hidden = parents.size === 0;
}

/** @param {HTMLElement} root @returns {string[]} */
function begunHere(root) {
  const links = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("a[data-reply]"));
  return [...links].map((link) => link.dataset.reply ?? "").filter(kept);
}

/** @param {HTMLElement} root @param {string} parent @param {string} [to] @returns {HTMLAnchorElement} */
function linkTo(root, parent, to) {
  const name = root.querySelector(`a[data-reply="${parent}"][data-name]`)?.getAttribute("data-name") ?? to;
  const link = document.createElement("a");
  link.href = `/posts/${parent}/reply`;
  link.dataset.reply = parent;
  link.textContent = name ? say("goOnTo", { name }) : say("goOn");
  link.addEventListener("click", () => {
    const line = link.parentElement;
    window.setTimeout(() => { // after the form has been asked for
      link.remove();
      if (line) line.hidden = !line.querySelector("a");
    });
  });
  return link;
}

/** @param {string} parent */
export function forget(parent) {
  keep(parent, "");
}

const ON_ITS_WAY = "dialog-sending";
const PATIENCE = 60_000; // milliseconds from sending to the page that says it went well

/**
 * A form that loads a page is on its way. Its text is forgotten on that page, should it come.
 * @param {string} parent
 */
export function sending(parent) {
  try {
    sessionStorage.setItem(ON_ITS_WAY, JSON.stringify({ parent, at: Date.now() }));
  } catch {
    // Then the draft stays, which does no harm.
  }
}

/** Forgets what was sent from the page before, unless its form stands here again. */
export function settle() {
  try {
    const sent = JSON.parse(sessionStorage.getItem(ON_ITS_WAY) ?? "null");
    sessionStorage.removeItem(ON_ITS_WAY);
    const refused = sent && document.querySelector(`form[data-composer="${Number(sent.parent)}"]`);
    if (sent && !refused && Date.now() - sent.at < PATIENCE) forget(sent.parent);
  } catch {
    // As above.
  }
}
