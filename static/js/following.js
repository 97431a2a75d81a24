// What happens in a thread while its page is open: pushed, or fetched where nothing can be pushed.
import { io } from "../vendor/socket.io/socket.io.esm.min.js";

const POLL = 30_000; // milliseconds, where no socket can be had
const AGAIN = 5_000; // milliseconds until a fetch that failed is tried again

/**
 * @typedef {{ id: number, replies: number, people: number, questions: number, answers: number }} Counts
 * @typedef {{ posts: number, people: number, questions: number, branches: number }} Totals
 * @typedef {{ id: number, parent_id: number, depth: number, rev: number, created_rev: number, html: string,
 *   gone: boolean, counts: Counts, line?: string, above?: Counts[], thread?: Totals, changed?: Change[],
 *   isNew?: boolean }} Change
 * @typedef {{ rev: number, meeting: string, changed: Change[] }} MeetingChange
 * @typedef {{ change: (change: Change) => void, totals: (totals: Totals) => void, reload: () => void,
 *   meeting: (html: string) => void,
 *   connection: (state: "" | "lost" | "slow" | "back") => void }} Ears
 */

/**
 * Tells of every change once, in order. A gap or a new connection is healed from the thread's `rev`.
 * @param {{ thread: string, language: string, rev: number }} page
 * @param {Ears} ears
 * @returns {{ heal: () => Promise<void> }}
 */
export function follow(page, ears) {
  let rev = page.rev;
  let again = 0;

  /** @param {Change} change */
  function take(change) {
    if (change.rev > rev + 1) return void heal();
    rev = Math.max(rev, change.rev);
    ears.change(change);
    if (change.thread) ears.totals(change.thread);
  }

  /** The meeting was moved, changed or cancelled. @param {MeetingChange} told */
  function hear(told) {
    if (told.rev > rev + 1) return void heal();
    rev = Math.max(rev, told.rev);
    for (const change of told.changed) ears.change({ ...change, isNew: false });
    ears.meeting(told.meeting);
  }

  /** Fetches what was missed since the last known rev. */
  async function heal() {
    window.clearTimeout(again);
    const answer = await fetch(`/threads/${page.thread}/since/${rev}`, {
      headers: { "If-None-Match": `"${rev}"` },
    }).catch(() => null);
    if (answer?.status === 304) return;
    if (!answer?.ok) {
      again = window.setTimeout(() => void heal(), AGAIN);
      return;
    }
    const missed = await answer.json();
    if (missed.reload) return ears.reload();
    const known = rev;
    rev = Math.max(rev, missed.rev);
    if (missed.rev === rev) ears.meeting(missed.meeting); // else an event has told of it meanwhile
    for (const change of missed.posts) ears.change({ ...change, isNew: change.created_rev > known });
    ears.totals(missed.thread);
  }

  function connect() {
    const socket = io({ transports: ["websocket"], reconnectionDelayMax: 10_000 });
    let poll = 0;
    let wasLost = false;
    socket.on("connect", () => {
      window.clearInterval(poll);
      poll = 0;
      ears.connection(wasLost ? "back" : "");
      wasLost = false;
      socket.emit("join", `thread:${page.thread}:${page.language}`, () => void heal());
    });
    socket.on("disconnect", () => {
      wasLost = true;
      ears.connection("lost");
    });
    socket.on("connect_error", () => {
      if (poll) return;
      if (!wasLost) ears.connection("slow");
      poll = window.setInterval(() => void heal(), POLL);
    });
    socket.on("post:created", (/** @type {Change} */ change) => take({ ...change, isNew: true }));
    socket.on("post:changed", (/** @type {Change} */ change) => take({ ...change, isNew: false }));
    socket.on("meeting:changed", hear);
  }

  connect();
  return { heal };
}
