// An open agenda stays true to the server. The hall changes it while hundreds read it, so each waits a moment of its own.
import { io } from "../vendor/socket.io/socket.io.esm.min.js";
import { parsed } from "./fragment.js";
import { speaker } from "./speaker.js";
import { still } from "./still.js";

const SPREAD = 2_000; // milliseconds over which the readers of one agenda ask for it again
const POLL = 60_000; // … and how often where no socket can be had

const root = /** @type {HTMLElement | null} */ (document.querySelector("[data-agenda]"));
if (root) follow(root);

/** @param {HTMLElement} root */
function follow(root) {
  const channel = `meeting:${root.dataset.agenda}:${root.dataset.language}`;
  const tell = speaker(root);
  let timer = 0;
  let poll = 0;
  let hasJoined = false;

  const socket = io({ transports: ["websocket"], reconnectionDelayMax: 10_000 });
  socket.on("connect", () => {
    window.clearInterval(poll);
    poll = 0;
    socket.emit("join", channel, () => {
      if (hasJoined) soon();
      hasJoined = true;
      root.dataset.joined = "1";
    });
  });
  socket.on("connect_error", () => { poll ||= window.setInterval(soon, POLL); });
  socket.on("agenda:changed", soon);

  function soon() {
    if (timer) return;
    timer = window.setTimeout(() => { timer = 0; void renew(); }, Math.random() * SPREAD);
  }

  async function renew() {
    const answer = await fetch(location.pathname).catch(() => null);
    if (!answer?.ok) return;
    const fresh = parsed(await answer.text()).querySelector("[data-agenda-points]");
    const shown = root.querySelector("[data-agenda-points]");
    if (!fresh || !shown || fresh.isEqualNode(shown)) return;
    const focused = document.activeElement instanceof HTMLAnchorElement ? document.activeElement.href : "";
    still(() => shown.replaceWith(fresh));
    if (focused) [...fresh.querySelectorAll("a")].find((link) => link.href === focused)?.focus({ preventScroll: true });
    tell(root.dataset.changed ?? "");
  }
}
