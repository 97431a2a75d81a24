// An open thread stays true to the server without ever moving under its reader.
import { io } from "../vendor/socket.io/socket.io.esm.min.js";
import * as composer from "./composer.js";
import * as drafts from "./drafts.js";
import * as folding from "./folding.js";
import { parsed } from "./fragment.js";
import * as keys from "./keys.js";
import { loadMore } from "./more.js";
import * as reading from "./reading.js";
import { speaker } from "./speaker.js";
import { still } from "./still.js";
import { count, say } from "./words.js";

/** @typedef {import("./composer.js").Change & { isNew?: boolean, changed?: {id: number, html: string}[] }} Change */

const POLL = 30_000; // milliseconds, where no socket can be had

const root = /** @type {HTMLElement | null} */ (document.querySelector("[data-thread]"));
drafts.settle();
if (root) follow(root);

/** @param {HTMLElement} root */
function follow(root) {
  const thread = root.dataset.thread;
  const channel = `thread:${thread}:${root.dataset.language}`;
  let rev = Number(root.dataset.rev);
  /** @type {Map<number, Change[]>} */
  const waiting = new Map();
  /** @type {Set<number>} */
  const own = new Set();
  let role = "visitor";
  const folds = folding.attach(root);
  const tell = speaker(root);
  const read = reading.attach(root);
  keys.attach(root);

  composer.attach(root, (change) => {
    own.add(change.id);
    place(change)?.focus({ preventScroll: false });
    void heal();
  }, tell);
  loadMore(root, (part) => { folds.prepare(part); offerOwn(part); read.watch(part); });
  void fetch(`/threads/${thread}/reader`).then((r) => r.json()).then((reader) => {
    for (const id of reader.own) own.add(id);
    role = reader.role;
    offerOwn(root);
  }).catch(() => {});

  root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const button = target?.closest("[data-new-under], [data-show-all]");
    if (!(button instanceof HTMLElement)) return;
    if (button.dataset.reload) return location.reload();
    const parents = button.dataset.newUnder ? [Number(button.dataset.newUnder)] : [...waiting.keys()];
    show(parents);
  });

  connect();

  function connect() {
    const socket = io({ transports: ["websocket"], reconnectionDelayMax: 10_000 });
    let poll = 0;
    let wasLost = false;
    const join = () => socket.emit("join", channel, () => void heal());
    socket.on("connect", () => {
      window.clearInterval(poll);
      poll = 0;
      connection(wasLost ? "back" : "");
      wasLost = false;
      join();
    });
    socket.on("disconnect", () => { wasLost = true; connection("lost"); });
    socket.on("connect_error", () => {
      if (!wasLost) connection("slow");
      if (poll) return;
      poll = window.setInterval(() => void heal(), POLL);
    });
    socket.on("post:created", (/** @type {Change} */ change) => take({ ...change, isNew: true }));
    socket.on("post:changed", (/** @type {Change} */ change) => take({ ...change, isNew: false }));
  }

  /** @param {Change} change */
  function take(change) {
    if (change.rev > rev + 1) return void heal();
    if (change.rev > rev) rev = change.rev;
    apply(change);
  }

  /** Fetches what was missed since the last known rev. */
  async function heal() {
    const answer = await fetch(`/threads/${thread}/since/${rev}`, {
      headers: { "If-None-Match": `"${rev}"` },
    }).catch(() => null);
    if (!answer || !answer.ok) return;
    const missed = await answer.json();
    if (missed.reload) return offerReload();
    const known = rev;
    for (const change of missed.posts) apply({ ...change, isNew: change.created_rev > known });
    rev = Math.max(rev, missed.rev);
  }

  /** @param {Change} change */
  function apply(change) {
    for (const above of change.changed ?? []) refresh(above.id, above.html);
    if (!change.html) return;
    if (document.getElementById(`p${change.id}`)) still(() => refresh(change.id, change.html, change.gone));
    else if (own.has(change.id)) still(() => place(change));
    else wait(change);
  }

  /** So much happened while we were away that the page is better fetched anew, when the reader likes. */
  function offerReload() {
    const all = root.querySelector("[data-show-all]");
    if (!(all instanceof HTMLElement)) return;
    all.hidden = false;
    all.dataset.reload = "1";
    all.textContent = say("reload");
  }

  /** @param {Change} change */
  function wait(change) {
    const list = waiting.get(change.parent_id) ?? [];
    const there = list.findIndex((one) => one.id === change.id);
    if (there >= 0) list[there] = change; // withdrawn or hidden before anybody saw it here
    if (there >= 0 || !change.isNew) return; // what changed beyond this page is nothing new
    list.push(change);
    waiting.set(change.parent_id, list);
    still(() => announceWaiting(change.parent_id));
    tell(count("newAll", total()));
  }

  /** @param {number} parent */
  function announceWaiting(parent) {
    const list = waiting.get(parent) ?? [];
    const article = document.getElementById(`p${parent}`);
    let button = root.querySelector(`[data-new-under="${parent}"]`);
    if (article && !button) {
      button = document.createElement("button");
      button.className = "new-here";
      button.setAttribute("type", "button");
      button.setAttribute("data-new-under", String(parent));
      endOf(article).after(button);
    }
    if (button) button.textContent = count("newHere", list.length);
    announceTotal();
  }

  function announceTotal() {
    const all = root.querySelector("[data-show-all]");
    if (!(all instanceof HTMLElement) || all.dataset.reload) return;
    all.hidden = total() === 0;
    all.textContent = count("newAll", total());
  }

  function total() {
    return [...waiting.values()].reduce((sum, list) => sum + list.length, 0);
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
      if (waiting.has(change.id)) announceWaiting(change.id);
    }
    announceTotal();
    if (first) first.focus();
    else if (shown.length) location.assign(`/posts/${shown[0].id}`); // its branch is on no part of this page
  }

  /**
   * Puts a post at the end of its branch, if the branch is on the page.
   * @param {Change} change
   * @returns {HTMLElement | null}
   */
  function place(change) {
    const there = document.getElementById(`p${change.id}`);
    if (there) return there;
    const list = document.getElementById(`p${change.parent_id}-replies`) ?? newList(change.parent_id);
    if (!list) return null;
    const item = document.createElement("li");
    item.className = "branch";
    item.dataset.branch = String(change.id);
    item.append(...parsed(change.html).children);
    list.append(item);
    folds.grow(list);
    root.querySelector("[data-empty]")?.remove();
    offerOwn(item);
    folds.prepare(root);
    root.dataset.posts = String(Number(root.dataset.posts) + 1);
    read.watch(item);
    return item.querySelector("article");
  }

  /** @param {number} parent @returns {HTMLElement | null} */
  function newList(parent) {
    const article = document.getElementById(`p${parent}`);
    const item = article?.closest("li.branch");
    if (!article || !item) return null;
    const list = document.createElement("ol");
    list.className = "tree";
    list.id = `p${parent}-replies`;
    Object.assign(list.dataset, { count: "0", questions: "0", answers: "0" });
    list.dataset.author = article.querySelector("[data-reply]")?.getAttribute("data-name") ?? "";
    item.classList.add("has-replies");
    item.append(list);
    return list;
  }

  /**
   * Renews what changes about a post that is on the page: its state, or all of it when it is gone.
   * @param {number} id
   * @param {string} html
   * @param {boolean} [gone]
   */
  function refresh(id, html, gone = false) {
    const old = document.getElementById(`p${id}`);
    const fresh = parsed(html).querySelector("article");
    if (!old || !fresh) return;
    if (gone || old.classList.contains("post--gone")) {
      const hadFocus = old.contains(document.activeElement);
      const field = hadFocus ? document.activeElement?.closest("form.composer *") : null;
      const composer = old.querySelector("form.composer");
      old.replaceWith(fresh);
      if (composer) fresh.lastElementChild?.append(composer); // what is being written here stays in sight
      if (field instanceof HTMLElement) field.focus({ preventScroll: true });
      else if (hadFocus) fresh.focus({ preventScroll: true });
      return;
    }
    swap(old, fresh, ".mark");
    swap(old, fresh, ".clock");
    renew(old, fresh, ".post__meta");
    renew(old, fresh, ".post__text");
  }

  /** @param {ParentNode} part */
  function offerOwn(part) {
    const articles = /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("article[data-post]"));
    for (const article of articles) {
      const mine = /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll("[data-own]"));
      const moderate = article.querySelector("[data-moderator]");
      for (const tool of mine) tool.hidden = !own.has(Number(article.dataset.post));
      if (moderate instanceof HTMLElement) moderate.hidden = role !== "moderator";
    }
  }

  /** @param {string} state */
  function connection(state) {
    for (const name of ["lost", "slow", "back"]) {
      const line = root.querySelector(`[data-connection-${name}]`);
      if (line instanceof HTMLElement) line.hidden = name !== state;
    }
  }
}

/** @param {HTMLElement} article @returns {Element} what a "new here" button follows */
function endOf(article) {
  const item = article.closest("li.branch");
  const list = item?.querySelector(":scope > ol.tree");
  return list ?? article;
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

/** @param {Element} old @param {Element} fresh @param {string} selector */
function swap(old, fresh, selector) {
  const before = old.querySelector(selector);
  const after = fresh.querySelector(selector);
  if (before && after) before.replaceWith(after);
  else if (after) old.querySelector(".tools")?.before(after);
  else before?.remove();
}
