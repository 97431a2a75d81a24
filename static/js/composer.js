// Writing under the post one answers, without leaving the page. One form at a time.
import * as counter from "./counter.js";
import * as drafts from "./drafts.js";
import { parsed } from "./fragment.js";
import * as preview from "./preview.js";
import { say } from "./words.js";

/** @type {HTMLFormElement | null} */
let open = null;

/**
 * @typedef {{ id: number, parent_id: number, rev: number, html: string, gone: boolean }} Change
 */

/**
 * Turns every "Svar" into a form in place. `sent` is called with the new post.
 * @param {HTMLElement} root
 * @param {(change: Change) => void} sent
 * @param {(sentence: string) => void} tell
 */
export function attach(root, sent, tell) {
  root.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-reply]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!(await openUnder(link, sent, tell))) location.assign(link.href);
  });
}

/**
 * @param {HTMLAnchorElement} link
 * @param {(change: Change) => void} sent
 * @param {(sentence: string) => void} tell
 * @returns {Promise<boolean>} whether the form stands under the post
 */
async function openUnder(link, sent, tell) {
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
  const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("body"));
  counter.watch(field);
  preview.attach(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form, sent, tell);
  });
  form.querySelector("[data-close]")?.addEventListener("click", (event) => {
    event.preventDefault();
    close();
    link.focus();
  });
  (form.querySelector("input[name=topic]") ?? field).focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
  return true;
}

/** Puts the form away; what was written stays as a draft. */
export function close() {
  open?.remove();
  open = null;
}

/** @param {string} postId @returns {Element | null} */
function placeFor(postId) {
  const article = document.getElementById(`p${postId}`);
  return article?.querySelector(".tools") ?? document.querySelector(`[data-composer-at="${postId}"]`);
}

/**
 * @param {HTMLFormElement} form
 * @param {(change: Change) => void} sent
 * @param {(sentence: string) => void} tell
 */
async function send(form, sent, tell) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  button.disabled = true;
  const answer = await post(form);
  button.disabled = false;
  if (!answer) return complain(form, say("offline"));
  const body = await answer.json().catch(() => ({}));
  if (answer.status === 401) return complain(form, say("signIn"), body.sign_in);
  if (!answer.ok) return complain(form, body.error || say("failed"));
  form.dataset.sent = "1";
  drafts.forget(form.dataset.composer ?? "");
  close();
  sent(body);
  tell(say("sent"));
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
 * @param {string} [address]
 */
function complain(form, sentence, address) {
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
    link.textContent = say("toSignIn");
    box.append(" ", link);
  }
  box.scrollIntoView({ block: "nearest" }); // on a phone the button stands far below
}
