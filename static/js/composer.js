// Writing under the post one answers, without leaving the page. One form at a time.
import * as counter from "./counter.js";
import * as drafts from "./drafts.js";
import { parsed } from "./fragment.js";
import * as preview from "./preview.js";
import { say } from "./words.js";

const ROOM = 12; // pixels below the field when it is brought into sight

/**
 * @typedef {{ sent: (change: import("./following.js").Change) => void, tell: (sentence: string) => void,
 *   done: () => void }} Ears
 */

/** @type {HTMLFormElement | null} */
let open = null;
let sending = 0;

/** Whether a post is on its way to the server. */
export const isSending = () => sending > 0;

window.visualViewport?.addEventListener("resize", () => { // the keyboard of a phone has come
  if (open?.contains(document.activeElement)) bringIntoSight(open);
});

/**
 * Puts the form that the link leads to under the post it answers.
 * @param {HTMLAnchorElement} link
 * @param {Ears} ears `sent` is called with the new post, `done` whatever came of it
 * @returns {Promise<boolean>} whether the form stands there
 */
export async function openUnder(link, ears) {
  const place = placeFor(link.dataset.reply ?? "");
  const address = new URL(link.href);
  address.searchParams.set("fragment", "1");
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!place || !answer || !answer.ok || answer.redirected) return false;
  const form = parsed(await answer.text()).querySelector("form");
  if (!form) return false;
  close();
  place.after(form);
  open = form;
  drafts.watch(form);
  const field = fieldOf(form);
  counter.watch(field);
  preview.attach(form, ears.tell);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form, ears);
  });
  form.querySelector("[data-close]")?.addEventListener("click", (event) => {
    event.preventDefault();
    close();
    (link.isConnected ? link : replyLink(form.dataset.composer ?? ""))?.focus();
  });
  (form.querySelector("input[name=topic]") ?? field).focus({ preventScroll: true });
  bringIntoSight(form);
  return true;
}

/** Puts the form away; what was written stays as a draft. */
export function close() {
  open?.dispatchEvent(new CustomEvent("put-away"));
  open?.remove();
  open = null;
}

/** @param {HTMLFormElement} form @returns {HTMLTextAreaElement} */
function fieldOf(form) {
  return /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("body"));
}

/** @param {string} postId @returns {Element | null} */
function placeFor(postId) {
  const article = document.getElementById(`p${postId}`);
  return article?.querySelector(".tools") ?? document.querySelector(`[data-composer-at="${postId}"]`);
}

/** @param {string} postId @returns {HTMLElement | null} */
function replyLink(postId) {
  return document.querySelector(`article a[data-reply="${postId}"]`);
}

/**
 * Scrolls so that the whole field can be seen, and above it as much as there is room for of the
 * post that is answered. @param {HTMLFormElement} form
 */
function bringIntoSight(form) {
  const seen = window.visualViewport?.height ?? window.innerHeight;
  const below = fieldOf(form).getBoundingClientRect().bottom + ROOM - seen;
  const answered = form.closest("article")?.getBoundingClientRect().top ?? form.getBoundingClientRect().top;
  // Down until the field is whole; up, where a form further up has gone, until its post is.
  const by = below > 0 ? below : Math.min(0, Math.max(below, answered - ROOM));
  if (by) window.scrollBy({ top: by, behavior: "instant" });
}

/**
 * @param {HTMLFormElement} form
 * @param {Ears} ears
 */
async function send(form, ears) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  button.disabled = true;
  sending += 1;
  const answer = await post(form);
  const body = answer ? await answer.json().catch(() => ({})) : {};
  sending -= 1;
  button.disabled = false;
  if (answer?.ok) taken(form, body, ears);
  else refuse(form, answer, body);
  ears.done();
}

/** @param {HTMLFormElement} form @param {any} body @param {Ears} ears */
function taken(form, body, ears) {
  form.dataset.sent = "1";
  drafts.forget(form.dataset.composer ?? "");
  close();
  ears.sent(body);
  ears.tell(say("sent"));
}

/** @param {HTMLFormElement} form @param {Response | null} answer @param {any} body */
function refuse(form, answer, body) {
  if (!answer) return complain(form, say("offline"));
  if (answer.status === 401) return complain(form, say("signIn"), body.sign_in, say("toSignIn"));
  complain(form, body.error || say("failed"), body.meeting, say("toMeeting"));
}

/**
 * @param {HTMLFormElement} form
 * @returns {Promise<Response | null>}
 */
async function post(form) {
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  const ask = () =>
    fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  const answer = await ask();
  if (answer?.status !== 400) return answer;
  // The session was renewed meanwhile: take its token and try once more.
  const reader = await fetch(`/threads/${form.dataset.threadId}/reader`).then((r) => r.json()).catch(() => null);
  if (reader && !reader.signed_in) return signedOut(form);
  if (!reader?.csrf_token) return answer;
  body.set("csrf_token", reader.csrf_token);
  return ask();
}

/** The answer of a server that no longer knows us. @param {HTMLFormElement} form @returns {Response} */
function signedOut(form) {
  const kind = /** @type {any} */ (form.elements.namedItem("kind"))?.value ?? "comment";
  const back = `/posts/${form.dataset.composer}/reply?kind=${kind}`;
  return Response.json({ sign_in: `/sign-in?next=${encodeURIComponent(back)}` }, { status: 401 });
}

/**
 * @param {HTMLFormElement} form
 * @param {string} sentence
 * @param {string} [address] where to go on, if there is anywhere
 * @param {string} [words]
 */
function complain(form, sentence, address, words = "") {
  let box = form.querySelector("[data-complaint]");
  if (!box) {
    box = document.createElement("p");
    box.className = "form-error-message";
    box.setAttribute("role", "alert");
    box.setAttribute("data-complaint", "");
    form.prepend(box);
  }
  box.textContent = sentence;
  if (address) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = words;
    box.append(" ", link);
  }
  box.scrollIntoView({ block: "nearest" }); // on a phone the button stands far below
}
