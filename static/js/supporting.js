// "Me too" on a question, without leaving the page. Without this script the same link leads to a
// small page of its own.
import { icon, say } from "./words.js";

/**
 * @typedef {{ id: number, count: number | null, mine: boolean }} Support
 * @typedef {{ signed_in: boolean, csrf_token: string | null, own: Set<number>, may_support: boolean, supports: Support[] }} Reader
 */

/**
 * @param {HTMLElement} root
 * @param {Reader} reader
 * @param {(words: string) => void} tell
 */
export function attach(root, reader, tell) {
  const known = new Map(reader.supports.map((one) => [one.id, one]));

  root.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-support]") : null;
    if (!(button instanceof HTMLElement) || button.hasAttribute("aria-busy")) return;
    const id = Number(button.dataset.support);
    const address = `/posts/${id}/support`;
    button.setAttribute("aria-busy", "true");
    const answer = await send(address, known.get(id)?.mine ?? false);
    button.removeAttribute("aria-busy");
    if (!answer) return location.assign(address);
    known.set(id, { id, count: answer.count, mine: answer.supports });
    show(button);
    tell(answer.said);
  });

  /** Whoever can stand behind a question gets a button for it; a visitor keeps the link to it. @param {ParentNode} part */
  function offer(part) {
    for (const link of part.querySelectorAll("a[data-support]")) {
      const item = link.closest("li");
      if (!(link instanceof HTMLElement) || !item) continue;
      item.hidden = !reader.may_support || reader.own.has(Number(link.dataset.support));
      if (!item.hidden && reader.signed_in) link.replaceWith(show(buttonFor(link)));
    }
  }

  /** @param {HTMLElement} link @returns {HTMLElement} with the same words */
  function buttonFor(link) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.support = link.dataset.support;
    button.append(...link.childNodes);
    return button;
  }

  /** @param {HTMLElement} button @returns {HTMLElement} as it stands */
  function show(button) {
    const { count = null, mine = false } = known.get(Number(button.dataset.support)) ?? {};
    button.setAttribute("aria-pressed", String(mine));
    const words = button.querySelector("[data-words]");
    words?.replaceChildren(...(mine ? icon("check") : []), count ? `${say("support")} (${count})` : say("support"));
    return button;
  }

  /** @param {string} address @param {boolean} ends @returns {Promise<{ supports: boolean, count: number | null, said: string } | null>} */
  async function send(address, ends) {
    const answer = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": reader.csrf_token ?? "" },
      body: new URLSearchParams(ends ? { end: "1" } : {}),
    }).catch(() => null);
    return answer?.ok ? answer.json() : null;
  }

  offer(root);
  return { offer };
}
