// An open thread stays true to the server without ever moving under its reader.
import * as branches from "./branches.js";
import * as drafts from "./drafts.js";
import { draw } from "./drawing.js";
import * as folding from "./folding.js";
import { follow } from "./following.js";
import * as keys from "./keys.js";
import * as meetings from "./meeting.js";
import { loadMore } from "./more.js";
import * as overview from "./overview.js";
import * as places from "./place.js";
import * as reading from "./reading.js";
import { speaker } from "./speaker.js";
import { still } from "./still.js";
import * as subscribing from "./subscribing.js";
import * as supporting from "./supporting.js";
import * as tools from "./tools.js";
import * as waiting from "./waiting.js";
import { count } from "./words.js";

/** @typedef {import("./following.js").Change} Change */

const root = /** @type {HTMLElement | null} */ (document.querySelector("[data-thread]"));
drafts.settle();
if (root) open(root);

/** The page is the same for all who read it: whoever has not signed in is shown the way in, and back. */
function offerSignIn() {
  const link = document.querySelector("a[data-sign-in]");
  if (!(link instanceof HTMLAnchorElement)) return;
  link.textContent = link.dataset.signIn ?? "";
  link.href = `/sign-in?next=${location.pathname}`;
}

/** @param {HTMLElement} root */
function open(root) {
  const thread = root.dataset.thread ?? "";
  /** @type {Set<number>} */
  const own = new Set();
  /** @type {Change[]} */
  let held = [];
  /** @type {typeof import("./composer.js") | null} */
  let composer = null;
  let role = "visitor";
  /** @type {{ offer: (part: ParentNode) => void }} */
  let follows = { offer: () => {} };
  /** @type {{ offer: (part: ParentNode) => void }} */
  let supports = { offer: () => {} };
  const folds = folding.attach(root);
  const tell = speaker(root);
  const read = reading.attach(root);
  const counts = overview.attach(root);
  const others = waiting.room(root, place);
  const meeting = meetings.attach(root, tell);
  const page = { thread, language: root.dataset.language ?? "", rev: Number(root.dataset.rev) };
  const server = follow(page, { change: take, totals, connection, meeting: renewMeeting, reload: others.offerReload });

  keys.attach(root, { reveal: folds.reveal, tell });
  root.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-reply]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void write(link);
  });
  loadMore(root, arrived);
  const left = places.keep(root);
  draw(root, left.isKnown);
  left.find(); // once all is folded that was
  void fetch(`/threads/${thread}/reader`).then((r) => r.json()).then((reader) => {
    for (const id of reader.own) own.add(id);
    role = reader.role;
    read.mine(reader.own);
    follows = subscribing.attach(root, reader, tell);
    supports = supporting.attach(root, { ...reader, own }, tell);
    if (!reader.signed_in) offerSignIn();
    offerOwn(root);
    drafts.offer(root, reader.drafts);
  }).catch(() => {});

  /** The form has a script of its own, which most who read never need. @param {HTMLAnchorElement} link */
  async function write(link) {
    composer ??= await import("./composer.js").catch(() => null);
    const isThere = await composer?.openUnder(link, { sent, tell, done: release });
    if (!isThere) location.assign(link.href);
  }

  /** The reader's own post, as the server has taken it in. @param {Change} change */
  function sent(change) {
    own.add(change.id);
    read.mine([change.id]);
    take(change);
    if (change.thread) totals(change.thread);
    document.getElementById(`p${change.id}`)?.focus({ preventScroll: false });
    void server.heal();
  }

  /** What came while the reader's own post was on its way: one of them may be that very post. */
  function release() {
    const changes = held;
    held = [];
    for (const change of changes) take(change);
  }

  /** @param {Change} change */
  function take(change) {
    if (change.isNew && composer?.isSending()) return void held.push(change);
    still(() => {
      for (const state of change.changed ?? []) renew(state);
      if (change.html) appear(change);
      for (const below of change.above ?? []) folds.recount(below);
      folds.recount(change.counts);
      if (change.line) counts.line(change.line);
    });
  }

  /** @param {Change} change */
  function appear(change) {
    if (document.getElementById(`p${change.id}`)) renew(change);
    else if (own.has(change.id)) place(change);
    else if (others.add(change)) tell(count("newAll", others.total()));
  }

  /** @param {Change} change */
  function renew(change) {
    const article = branches.refresh(change);
    if (article?.parentElement) arrived(article.parentElement);
  }

  /** @param {Change} change @returns {HTMLElement | null} */
  function place(change) {
    const article = branches.place(change);
    const item = article?.closest("li");
    if (!article || !item) return null;
    root.querySelector("[data-empty]")?.remove();
    folds.prepare(root);
    folds.reveal(article);
    arrived(item);
    counts.shown(change.id);
    return article;
  }

  /** A part of the tree has come onto the page. @param {HTMLElement} part */
  function arrived(part) {
    folds.prepare(part);
    offerOwn(part);
    read.watch(part);
  }

  /** @param {string} html */
  function renewMeeting(html) {
    still(() => meeting.renew(html));
  }

  /** @param {import("./following.js").Totals} numbers */
  function totals(numbers) {
    counts.totals(numbers);
    read.tell();
  }

  /** @param {ParentNode} part */
  function offerOwn(part) {
    follows.offer(part);
    supports.offer(part);
    tools.offer(part, { own, role });
  }

  /** @param {string} state */
  function connection(state) {
    for (const name of ["lost", "slow", "back"]) {
      const line = root.querySelector(`[data-connection-${name}]`);
      if (!(line instanceof HTMLElement) || line.hidden === (name !== state)) continue;
      line.hidden = name !== state;
      if (name === state) tell(line.textContent.trim());
    }
  }
}
