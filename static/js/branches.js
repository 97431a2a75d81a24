// Posts in the tree of an open page: put in their place, and renewed where they stand.
import { parsed } from "./fragment.js";

/** @typedef {import("./following.js").Change} Change */

/**
 * Puts a post at the end of its branch, if the branch is on the page.
 * @param {Change} change
 * @returns {HTMLElement | null} the post; null when what it answers is not here
 */
export function place(change) {
  const there = document.getElementById(`p${change.id}`);
  if (there) return there;
  const list = document.getElementById(`p${change.parent_id}-replies`) ?? newList(change.parent_id);
  if (!list) return null;
  const item = document.createElement("li");
  item.className = "branch";
  item.dataset.branch = String(change.id);
  item.append(...parsed(change.html).children);
  list.append(item);
  const above = headingOf(document.getElementById(`p${change.parent_id}`));
  if (above) setLevel(item.querySelector("article"), Math.min(levelOf(above) + 1, 6));
  return item.querySelector("article");
}

/** @param {HTMLElement | null} article @returns {Element | null} */
function headingOf(article) {
  return article?.querySelector(`#${article.id}-h`) ?? null;
}

/** @param {Element} heading */
function levelOf(heading) {
  return Number(heading.localName.slice(1));
}

/**
 * A pushed post is drawn for the page of its thread. On the page of one post its heading stands
 * elsewhere in the order, and no level may be left out.
 * @param {HTMLElement | null} article @param {number} level
 */
function setLevel(article, level) {
  const drawn = headingOf(article);
  if (!drawn || levelOf(drawn) === level) return;
  const heading = document.createElement(`h${level}`);
  for (const { name, value } of drawn.attributes) heading.setAttribute(name, value);
  heading.append(...drawn.childNodes);
  drawn.replaceWith(heading);
}

/** @param {number} parent @returns {HTMLElement | null} */
function newList(parent) {
  const article = document.getElementById(`p${parent}`);
  const item = article?.closest("li.branch");
  if (!article || !item) return null;
  const list = document.createElement("ol");
  list.className = "tree";
  list.id = `p${parent}-replies`;
  Object.assign(list.dataset, { count: "1", people: "0", questions: "0", answers: "0" });
  list.dataset.author = article.querySelector("[data-reply]")?.getAttribute("data-name") ?? "";
  item.classList.add("has-replies");
  item.append(list);
  return list;
}

/**
 * Renews what changes about a post that is on the page: its state, or all of it when it is gone.
 * @param {Change} change
 * @returns {HTMLElement | null} the post as it stands now; null when it is not on the page
 */
export function refresh(change) {
  const old = document.getElementById(`p${change.id}`);
  const fresh = parsed(change.html).querySelector("article");
  if (!old || !fresh) return null;
  if (change.rev < Number(old.dataset.rev)) return old; // came late: the page knows better
  old.dataset.rev = String(change.rev);
  if (change.gone || old.classList.contains("post--gone")) return replace(old, fresh);
  swap(old, fresh, ".mark");
  swap(old, fresh, ".clock");
  tools(old, fresh);
  rename(old, fresh);
  renew(old, fresh, ".post__meta");
  renew(old, fresh, ".post__text");
  return old;
}

/**
 * A tombstone for a post, or the post again. What is being written under it stays in sight.
 * @param {HTMLElement} old @param {HTMLElement} fresh @returns {HTMLElement}
 */
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const composer = old.querySelector("form.composer");
  const field = focused?.closest("form.composer") ? focused : null;
  const heading = headingOf(old);
  if (heading) setLevel(fresh, levelOf(heading));
  old.replaceWith(fresh);
  if (composer) fresh.lastElementChild?.append(composer);
  if (field instanceof HTMLElement) field.focus({ preventScroll: true });
  else if (focused) fresh.focus({ preventScroll: true });
  return fresh;
}

/**
 * What one can do with a post is another thing once it is answered. The button that folds its
 * branch stays the same one, and nothing moves while somebody has it in hand.
 * @param {HTMLElement} old @param {Element} fresh
 */
function tools(old, fresh) {
  const before = old.querySelector(".tools");
  const after = fresh.querySelector(".tools");
  if (!before || !after || before.contains(document.activeElement)) return;
  const fold = before.querySelector("[data-fold]")?.closest("li");
  if (fold) after.append(fold);
  before.replaceWith(after);
}

/**
 * Renews words that may have been mended, and nothing if they were not: who marks or reads them
 * with the keyboard keeps his place.
 * @param {HTMLElement} old @param {Element} fresh @param {string} selector
 */
function renew(old, fresh, selector) {
  const before = old.querySelector(selector);
  const after = fresh.querySelector(selector);
  if (!before || !after || before.isEqualNode(after)) return;
  const hadFocus = before.contains(document.activeElement);
  before.replaceWith(after);
  if (hadFocus) old.focus({ preventScroll: true });
}

/**
 * Whoever has closed his account has no name left. The heading keeps its level, which is the page's.
 * @param {HTMLElement} old @param {Element} fresh
 */
function rename(old, fresh) {
  const before = old.querySelector(".post__by");
  const after = fresh.querySelector(".post__by");
  if (!before || !after || before.textContent === after.textContent) return;
  before.replaceChildren(...after.childNodes);
}

/** @param {Element} old @param {Element} fresh @param {string} selector */
function swap(old, fresh, selector) {
  const before = old.querySelector(selector);
  const after = fresh.querySelector(selector);
  if (before && after) before.replaceWith(after);
  else if (after) old.querySelector(".tools")?.before(after);
  else before?.remove();
}
