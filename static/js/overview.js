// What counts a thread: its heading, its overview, and how many questions wait.
import { parsed } from "./fragment.js";
import { count } from "./words.js";

/** @typedef {import("./following.js").Totals} Totals */

/**
 * @param {HTMLElement} root
 */
export function attach(root) {
  const list = root.querySelector("[data-overview]");
  /** @type {Map<string, Element>} the newest line of each branch, also of one that is not on the page yet */
  const lines = new Map();

  /** @param {string} id */
  function put(id) {
    const fresh = lines.get(id);
    if (!fresh || !list || !document.getElementById(`p${id}`)) return;
    const old = list.querySelector(`[data-line="${id}"]`);
    if (!old) return list.append(fresh);
    if (old.isEqualNode(fresh)) return;
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(fresh);
    if (hadFocus) fresh.querySelector("a")?.focus({ preventScroll: true });
  }

  return {
    /** A branch's line as the server says it. @param {string} html */
    line(html) {
      const fresh = parsed(html).querySelector("li");
      const id = fresh?.dataset.line ?? "";
      if (!fresh) return;
      lines.set(id, fresh);
      put(id);
    },
    /** A branch has come onto the page. @param {number} id */
    shown: (id) => put(String(id)),
    /** @param {Totals} totals */
    totals(totals) {
      Object.assign(root.dataset, { posts: totals.posts, questions: totals.questions });
      write(root, "[data-total-posts]", count("posts", totals.posts) + (totals.people ? ` ${count("from", totals.people)}` : ""));
      const branches = count("branches", totals.branches);
      const open = totals.questions ? `, ${count("open", totals.questions)}` : "";
      write(root, "[data-total-branches]", branches + open);
    },
  };
}

/** @param {HTMLElement} root @param {string} selector @param {string} words */
function write(root, selector, words) {
  const place = root.querySelector(selector);
  if (place && place.textContent !== words) place.textContent = words;
}
