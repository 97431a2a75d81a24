// What this reader has read in this thread, and what is new since the last visit. It stays in
// this browser: what a person reads about politics is nobody else's business.
import { count, say } from "./words.js";

const LONG_ENOUGH = 1000; // milliseconds on the screen
const MOST = 5000; // posts remembered a thread
const SAME_VISIT = 30 * 60 * 1000; // milliseconds; who comes back sooner has not been away

/**
 * `rev`: the thread's when it was last opened. `since`: what was there before this visit; null at the first.
 * @typedef {{ ids: number[], rev: number, at: number, since: number | null }} Visit
 */

/** @param {HTMLElement} root */
export function attach(root) {
  const key = `dialog-read:${root.dataset.thread}`;
  const visit = begun(load(key), root);
  const read = new Set(visit.ids);
  /** @type {Set<number>} */
  const own = new Set();
  /** @type {Map<Element, number>} */
  const timers = new Map();
  keep();

  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      window.clearTimeout(timers.get(entry.target));
      if (!entry.isIntersecting) continue;
      const article = /** @type {HTMLElement} */ (entry.target);
      timers.set(article, window.setTimeout(() => seen(article), LONG_ENOUGH));
    }
  }, { threshold: 0.3 });

  /** @param {HTMLElement} article */
  function seen(article) {
    observer.unobserve(article);
    read.add(Number(article.dataset.post));
    keep();
    tell();
  }

  function keep() {
    save(key, { ...visit, ids: [...read].slice(-MOST), at: Date.now() });
  }

  /** Looks whether the posts in this part are read. @param {ParentNode} part */
  function watch(part) {
    for (const article of part.querySelectorAll("article[data-post]")) {
      if (!(article instanceof HTMLElement) || article.dataset.watched) continue;
      article.dataset.watched = "1";
      const id = Number(article.dataset.post);
      if (read.has(id) || own.has(id)) continue;
      if (visit.since !== null && Number(article.dataset.came) > visit.since) mark(article);
      observer.observe(article);
    }
    tell();
  }

  /** What one has written oneself is neither new nor unread. @param {Iterable<number>} ids */
  function mine(ids) {
    for (const id of ids) {
      own.add(id);
      read.add(id);
      unmark(document.getElementById(`p${id}`));
    }
    keep();
    tell();
  }

  function tell() {
    const line = root.querySelector("[data-reading]");
    const total = Number(root.dataset.posts);
    if (!(line instanceof HTMLElement) || !total) return;
    const words = [say("read", { n: Math.min(read.size, total), total })];
    const waiting = Number(root.dataset.questions);
    if (waiting) words.push(count("unanswered", waiting));
    line.textContent = words.join(" · ");
  }

  offerNews(root, visit.since);
  watch(root);
  return { watch, mine, tell };
}

/**
 * The visit that begins with this page, or goes on with it. The page of one post alone leaves
 * the rest of the thread as new as it was.
 * @param {Visit | null} before @param {HTMLElement} root @returns {Visit}
 */
function begun(before, root) {
  const isWhole = root.dataset.posts !== undefined;
  const now = Number(root.dataset.rev);
  if (!before) return { ids: [], rev: isWhole ? now : 0, at: 0, since: isWhole ? now : null };
  const since = Date.now() - before.at < SAME_VISIT ? before.since : before.rev;
  return { ...before, since, rev: isWhole ? now : before.rev };
}

/** "Nyt siden sidst", if there is anything. @param {HTMLElement} root @param {number | null} since */
function offerNews(root, since) {
  const link = root.querySelector("[data-new-since]");
  if (!(link instanceof HTMLAnchorElement) || since === null || since >= Number(root.dataset.rev)) return;
  const address = new URL(link.href);
  address.searchParams.set("since", String(since));
  link.href = address.href;
  link.hidden = false;
}

/** Says "Nyt" in the heading of a post. @param {HTMLElement} article */
function mark(article) {
  const heading = article.querySelector("h2, h3, h4, h5, h6");
  if (!heading || article.dataset.isNew) return;
  const word = document.createElement("b");
  word.className = "is-new-word";
  word.textContent = say("new");
  heading.append(" ", word);
  article.dataset.isNew = "1";
}

/** @param {HTMLElement | null} article */
function unmark(article) {
  article?.querySelector(".is-new-word")?.remove();
  if (article) delete article.dataset.isNew;
}

/** @param {string} key @returns {Visit | null} */
function load(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null");
    return found && { at: 0, since: null, ...found };
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
