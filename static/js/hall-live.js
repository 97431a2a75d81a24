// What the hall's pages share: they hear of every change, and catch up after having been away.
import { io } from "../vendor/socket.io/socket.io.esm.min.js";

const POLL = 20_000; // milliseconds, where no socket can be had
const SPREAD = 3_000; // milliseconds within which a crowd fetches what it missed

/**
 * @typedef {{ rev: number, screen: string, now: string, line: string, item: number | null, question: number | null, thread: number | null }} State
 * @typedef {{ id: number, before: number | null, html: string }} Note
 * @typedef {{ state: (state: State) => void, note?: (note: Note) => void, changed?: () => void, connected?: (isConnected: boolean) => void }} Ears
 */

/**
 * Follows the hall of the page. Gives back what fetches the hall anew.
 * @param {HTMLElement} root
 * @param {string} meeting
 * @param {Ears} ears
 * @returns {() => Promise<void>}
 */
export function follow(root, meeting, ears) {
  const language = root.dataset.language;
  let rev = Number(root.dataset.rev ?? 0);
  let question = Number(root.dataset.question ?? 0);
  let thread = "";
  let poll = 0;
  const socket = io({ transports: ["websocket"], reconnectionDelayMax: 5_000 });

  /** @param {State} state */
  const take = (state) => {
    if (state.rev < rev) return;
    rev = state.rev;
    question = Number(state.question ?? 0);
    listen(String(state.thread ?? ""));
    ears.state(state);
  };

  const heal = async () => {
    const answer = await fetch(`/meetings/${meeting}/hall/state`).catch(() => null);
    if (answer?.ok) take(await answer.json());
  };

  /** A question that is hidden in its thread goes from the screen, too. @param {string} next */
  function listen(next) {
    if (next === thread) return;
    if (thread) socket.emit("leave", `thread:${thread}:${language}`);
    thread = next;
    if (thread) socket.emit("join", `thread:${thread}:${language}`);
  }

  socket.on("connect", () => {
    window.clearInterval(poll);
    poll = 0;
    ears.connected?.(true);
    const before = thread || (root.dataset.thread ?? "");
    thread = "";
    listen(before);
    socket.emit("join", `meeting:${meeting}:${language}`, () => void heal());
  });
  socket.on("disconnect", () => ears.connected?.(false));
  socket.on("connect_error", () => {
    ears.connected?.(false);
    if (!poll) poll = window.setInterval(() => void heal(), POLL);
  });
  socket.on("hall:changed", take);
  socket.on("hall:noted", (note) => ears.note?.(note));
  socket.on("agenda:changed", () => ears.changed?.());
  socket.on("post:changed", (change) => {
    if (change.id === question) window.setTimeout(() => void heal(), Math.random() * SPREAD);
  });
  return heal;
}
