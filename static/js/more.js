// More of a branch than the page began with.
import { parsed } from "./fragment.js";

/**
 * "Vis 14 flere svar": fetches that branch alone.
 * @param {HTMLElement} root
 * @param {(part: HTMLElement) => void} added
 */
export function loadMore(root, added) {
  root.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-more]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const answer = await fetch(link.dataset.more ?? "").catch(() => null);
    const item = link.closest("li");
    if (!answer?.ok || !item) return location.assign(link.href);
    const more = parsed(await answer.text());
    const first = more.querySelector("article");
    const list = item.parentElement;
    item.replaceWith(...more.children);
    if (list) added(list.closest("li") ?? list);
    if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  });
}
