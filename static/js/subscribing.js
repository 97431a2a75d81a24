// Following a thread, or a question in it, without leaving the page. Without this script the same
// links lead to small pages of their own.
import { say } from "./words.js";

/** @typedef {{ signed_in: boolean, csrf_token: string | null, own: number[], follow: string, questions: number[] }} Reader */

/**
 * @param {HTMLElement} root
 * @param {Reader} reader
 * @param {(words: string) => void} tell
 */
export function attach(root, reader, tell) {
  if (!reader.signed_in) return { offer: () => {} };
  const questions = new Set(reader.questions);
  const line = root.querySelector("[data-follow-thread]");
  const link = line?.querySelector("a");
  const hint = line?.querySelector("[data-follow-hint]");
  const mute = line?.querySelector("[data-mute-thread]");
  let state = reader.follow;
  if (link instanceof HTMLAnchorElement) show();

  root.addEventListener("click", async (event) => {
    const pressed = event.target instanceof Element ? event.target.closest("a, [data-mute-thread]") : null;
    if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = pressed === mute ? link : pressed;
    if (!(target instanceof HTMLAnchorElement)) return;
    const isThread = target === link;
    const question = Number(target.dataset.followQuestion);
    if (!isThread && !question) return;
    event.preventDefault();
    const follows = isThread ? state === "following" : questions.has(question);
    const wanted = pressed === mute ? "muted" : follows ? "left" : "following";
    const said = await send(target.href, wanted);
    if (said === null) return location.assign(target.href);
    if (isThread) {
      if (pressed === mute) target.focus(); // the button goes away
      state = wanted;
      show();
    } else {
      if (follows) questions.delete(question);
      else questions.add(question);
      offer(root);
    }
    tell(said);
  });

  function show() {
    if (!(link instanceof HTMLAnchorElement)) return;
    link.textContent = say(state === "muted" ? "mailsOff" : state === "following" ? "unfollow" : "follow");
    // Who has written here gets mail about replies, whether or not he follows.
    if (mute instanceof HTMLElement) mute.hidden = state === "muted" || !(state === "following" || reader.own.length);
    if (hint) hint.textContent = say(state === "muted" ? "mutedHint" : state === "following" ? "followingHint" : "followHint");
  }

  /** @param {ParentNode} part */
  function offer(part) {
    for (const tool of part.querySelectorAll("a[data-follow-question]")) {
      if (!(tool instanceof HTMLElement)) continue;
      const words = tool.querySelector("[data-words]");
      if (words) words.textContent = say(questions.has(Number(tool.dataset.followQuestion)) ? "unfollowQuestion" : "followQuestion");
    }
  }

  /** @param {string} address @param {string} wanted @returns {Promise<string | null>} */
  async function send(address, wanted) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": reader.csrf_token ?? "" },
      body: new URLSearchParams({ state: wanted }),
    }).catch(() => null);
    return answer?.ok ? (await answer.json()).said : null;
  }

  offer(root);
  return { offer };
}
