// What this reader has read in this thread, and what is new since the last visit. It stays in
// this browser: what a person reads about politics is nobody else's business.
import { count, say } from "./words.js";

const LONG_ENOUGH = 1000; // milliseconds on the screen
const MOST = 5000; // posts remembered a thread

/** @typedef {{ ids: number[], rev: number }} Visit */

/** @param {HTMLElement} root */
export function attach(root) {
  const key = `dialog-read:${root.dataset.thread}`;
  const before = load(key);
  const read = new Set(before?.ids ?? []);
  /** @type {Map<Element, number>} */
  const timers = new Map();

  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      window.clearTimeout(timers.get(entry.target));
      if (!entry.isIntersecting) continue;
      timers.set(entry.target, window.setTimeout(() => seen(/** @type {HTMLElement} */ (entry.target)), LONG_ENOUGH));
    }
  }, { threshold: 0.3 });

  /** @param {HTMLElement} article */
  function seen(article) {
    const id = Number(article.dataset.post);
    observer.unobserve(article);
    if (read.has(id)) return;
    read.add(id);
    save(key, { ids: [...read].slice(-MOST), rev: Number(root.dataset.rev) });
    tell();
  }

  /** @param {ParentNode} part */
  function watch(part) {
    for (const article of part.querySelectorAll("article[data-post]")) {
      if (!(article instanceof HTMLElement) || article.dataset.watched) continue;
      article.dataset.watched = "1";
      const id = Number(article.dataset.post);
      if (read.has(id)) continue;
      if (before) mark(article);
      observer.observe(article);
    }
    tell();
  }

  function tell() {
    const line = root.querySelector("[data-reading]");
    const total = Number(root.dataset.posts);
    if (!(line instanceof HTMLElement) || !total) return;
    line.hidden = false;
    const words = [say("read", { n: Math.min(read.size, total), total })];
    const waiting = Number(root.dataset.questions);
    if (waiting) words.push(count("unanswered", waiting));
    line.textContent = words.join(" · ");
  }

  const link = root.querySelector("[data-new-since]");
  if (link instanceof HTMLAnchorElement && before && before.rev < Number(root.dataset.rev)) {
    const address = new URL(link.href);
    address.searchParams.set("since", String(before.rev));
    link.href = address.href;
    link.hidden = false;
  }
  watch(root);
  return { watch };
}

/** Says "Nyt" in the heading of a post. @param {HTMLElement} article */
export function mark(article) {
  const heading = article.querySelector("h2, h3, h4, h5, h6");
  if (!heading || article.querySelector(".is-new-word")) return;
  const word = document.createElement("b");
  word.className = "is-new-word";
  word.textContent = say("new");
  heading.append(" ", word);
  article.dataset.isNew = "1";
}

/** @param {string} key @returns {Visit | null} */
function load(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {Visit} visit */
function save(key, visit) {
  try {
    localStorage.setItem(key, JSON.stringify(visit));
  } catch {
    // A full or closed store only costs the memory of what was read.
  }
}
