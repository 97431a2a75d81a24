// Others' posts wait behind a button until their reader asks for them.
import { count, icon, say } from "./words.js";

/** @typedef {import("./following.js").Change} Change */

/**
 * @param {HTMLElement} root
 * @param {(change: Change) => HTMLElement | null} place
 */
export function room(root, place) {
  /** @type {Map<number, Change[]>} */
  const waiting = new Map();
  const all = /** @type {HTMLElement} */ (root.querySelector("[data-show-all]"));

  root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const button = target?.closest("[data-new-under], [data-show-all]");
    if (!(button instanceof HTMLElement)) return;
    if (button.dataset.reload) return location.reload();
    show(button.dataset.newUnder ? [Number(button.dataset.newUnder)] : [...waiting.keys()]);
  });

  const total = () => [...waiting.values()].reduce((sum, list) => sum + list.length, 0);

  /**
   * Keeps a post that the page does not show.
   * @param {Change} change
   * @returns {boolean} whether it is one more
   */
  function add(change) {
    const list = waiting.get(change.parent_id) ?? [];
    const there = list.findIndex((one) => one.id === change.id);
    if (there >= 0) list[there] = change; // mended or gone before anybody saw it here
    if (there >= 0 || !change.isNew) return false; // what changed beyond this page is nothing new
    waiting.set(change.parent_id, [...list, change]);
    announce(change.parent_id);
    return true;
  }

  /** @param {number} parent */
  function announce(parent) {
    const article = document.getElementById(`p${parent}`);
    let button = root.querySelector(`[data-new-under="${parent}"]`);
    if (article && !button) {
      button = document.createElement("button");
      button.className = "new-here";
      button.setAttribute("type", "button");
      button.setAttribute("data-new-under", String(parent));
      endOf(article).after(button);
    }
    if (button) button.replaceChildren(...inWords(waiting.get(parent)?.length ?? 0, article));
    announceTotal();
  }

  function announceTotal() {
    if (!all || all.dataset.reload) return;
    all.hidden = total() === 0;
    all.textContent = count("newAll", total());
  }

  /** @param {number[]} parents */
  function show(parents) {
    /** @type {HTMLElement | null} */
    let first = null;
    const shown = parents.flatMap((parent) => waiting.get(parent) ?? []);
    for (const parent of parents) {
      waiting.delete(parent);
      root.querySelector(`[data-new-under="${parent}"]`)?.remove();
    }
    for (const change of shown) {
      const article = place(change);
      first ??= article;
      if (waiting.has(change.id)) announce(change.id);
    }
    announceTotal();
    if (first) first.focus();
    else if (shown.length) location.assign(`/posts/${shown[0].id}`); // its branch is on no part of this page
  }

  /** So much happened while we were away that the page is better fetched anew, when the reader likes. */
  function offerReload() {
    if (!all) return;
    all.hidden = false;
    all.dataset.reload = "1";
    all.textContent = say("reload");
  }

  return { add, total, offerReload };
}

/**
 * "2 nye svar her", and for those who do not see where the button stands, to what.
 * @param {number} number @param {HTMLElement | null} article @returns {(Node | string)[]}
 */
function inWords(number, article) {
  const whose = document.createElement("span");
  whose.className = "sr-only";
  const name = article?.querySelector("[data-reply]")?.getAttribute("data-name");
  whose.textContent = name ? ` ${say("under", { name })}` : "";
  return [...icon("plus"), count("newHere", number), whose];
}

/** @param {HTMLElement} article @returns {Element} what a "new here" button follows */
function endOf(article) {
  const item = article.closest("li.branch");
  const list = item?.querySelector(":scope > ol.tree");
  return list ?? article;
}
