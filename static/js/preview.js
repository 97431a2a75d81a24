// What one sees before one sends: the text as it will look, the word that fits its kind, and
// questions that were asked before. Nothing here keeps anybody from sending.
import { parsed } from "./fragment.js";
import { count, say } from "./words.js";

const PAUSE = 1500; // milliseconds without a key, when a writer may be looked in on
const ENOUGH = 20; // signs, before a question says what it is about

/**
 * @param {HTMLFormElement} form
 * @param {(sentence: string) => void} tell
 */
export function attach(form, tell) {
  chooseWord(form);
  form.addEventListener("change", () => chooseWord(form));
  form.querySelector("[data-look-first]")?.addEventListener("click", (event) => {
    event.preventDefault();
    void lookFirst(form, /** @type {HTMLButtonElement} */ (event.currentTarget));
  });
  suggest(form, tell);
}

/** @param {HTMLFormElement} form @returns {string} */
function kindOf(form) {
  return String(new FormData(form).get("kind") ?? "comment");
}

/** Shows the friendly word for the kind that is chosen. @param {HTMLFormElement} form */
function chooseWord(form) {
  const words = [...form.querySelectorAll("[data-word-for]")];
  const fitting = words.find((one) => one.getAttribute("data-word-for") === kindOf(form));
  for (const one of words) if (one instanceof HTMLElement && fitting) one.hidden = one !== fitting;
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement} button */
async function lookFirst(form, button) {
  const place = form.querySelector("[data-look]");
  if (!place) return;
  button.disabled = true;
  const html = await ask(form, `${button.formAction}?fragment=1`);
  button.disabled = false;
  const sentence = document.createElement("p");
  sentence.className = "form-error-message";
  sentence.setAttribute("role", "alert");
  sentence.textContent = say("failed");
  place.replaceChildren(...(html === null ? [sentence] : parsed(html).childNodes));
  form.querySelector("[data-similar]")?.replaceChildren();
  const shown = place.querySelector(".look") ?? place.firstElementChild;
  if (shown instanceof HTMLElement) {
    shown.focus({ preventScroll: true });
    shown.scrollIntoView({ block: "nearest" });
  }
}

/**
 * Looks for the same question when its writer pauses.
 * @param {HTMLFormElement} form
 * @param {(sentence: string) => void} tell
 */
function suggest(form, tell) {
  const place = form.querySelector("[data-similar]");
  let asked = "";
  let timer = 0;
  const look = async () => {
    const body = form.elements.namedItem("body");
    if (!place || !(body instanceof HTMLTextAreaElement) || !form.isConnected) return;
    if (kindOf(form) !== "question") return place.replaceChildren();
    const words = body.value.trim();
    if (words.length < ENOUGH || words === asked) return;
    asked = words;
    const html = await ask(form, `/threads/${form.dataset.threadId}/similar`);
    if (html === null || asked !== words) return;
    place.replaceChildren(...parsed(html).childNodes);
    const found = place.querySelectorAll("li").length;
    if (found) tell(count("alike", found));
  };
  const later = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void look(), PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", () => {
    asked = "";
    later();
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {string} address
 * @returns {Promise<string | null>} what the server says, its complaints included; null without one
 */
async function ask(form, address) {
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
  return answer && !answer.redirected && (answer.ok || answer.status === 422) ? answer.text() : null;
}
