// The big screen and the phones in the hall.
import { parsed } from "./fragment.js";
import { follow } from "./hall-live.js";

const root = /** @type {HTMLElement | null} */ (document.querySelector("[data-hall]"));
if (root) attend(root);

/** @param {HTMLElement} root */
function attend(root) {
  let newest = Number(root.dataset.newest ?? 0);
  const status = root.querySelector("[data-status]");

  const heal = follow(root, root.dataset.hall ?? "", {
    state(state) {
      if (root.dataset.rev === "0" && state.rev > 0) return location.reload(); // it was opened: there is a code now
      for (const name of /** @type {const} */ (["screen", "now", "line"])) put(name, state[name]);
      if ("notes" in state && part("notes")) {
        put("notes", String(state.notes));
        newest = Number(/** @type {{newest?: number}} */ (state).newest ?? 0);
        anyNotes();
      }
      own();
    },
    note(note) {
      const list = part("notes");
      if (!list || note.id <= newest) return;
      if (newest && note.before !== newest) return void heal();
      newest = note.id;
      list.prepend(...parsed(note.html).children);
      anyNotes();
    },
    connected(isConnected) {
      const line = root.querySelector("[data-lost]");
      if (line instanceof HTMLElement) line.hidden = isConnected;
    },
  });

  /** @param {string} name @returns {HTMLElement | null} */
  function part(name) {
    return root.querySelector(`[data-part="${name}"]`);
  }

  /** Changes a part, and nothing if it says the same. @param {string} name @param {string} html */
  function put(name, html) {
    const there = part(name);
    if (!there) return;
    const fresh = parsed(html);
    const holder = there.cloneNode(false);
    holder.append(...fresh.childNodes);
    holder.normalize();
    if (there.textContent?.replace(/\s+/g, " ").trim() === holder.textContent?.replace(/\s+/g, " ").trim()) return;
    there.replaceChildren(...holder.childNodes);
    if (name === "now" && status) {
      const what = there.querySelector(".hallnow__q")?.textContent ?? "";
      status.textContent = (root.dataset.now ?? "").replace("{what}", what);
    }
  }

  /** Where one's own hand stands. */
  function own() {
    const hand = root.dataset.own;
    const line = root.querySelector("[data-own-state]");
    if (!hand || !line) return;
    const hands = [...root.querySelectorAll("[data-hand]")].map((one) => one.getAttribute("data-hand"));
    const place = hands.indexOf(hand);
    const speaks = root.querySelector(`[data-speaking="${hand}"]`) !== null;
    const words = speaks ? root.dataset.yours : place >= 0 ? root.dataset.number?.replace("{n}", String(place + 1)) : root.dataset.spoken;
    if (line.textContent !== words) line.textContent = words ?? "";
    const lower = root.querySelector("[data-own-lower]");
    if (lower instanceof HTMLElement) lower.hidden = place < 0;
    const again = root.querySelector("[data-own-again]");
    if (again instanceof HTMLElement) again.hidden = place >= 0 || speaks;
    line.classList.toggle("is-now", speaks);
    if (speaks && status) status.textContent = words ?? "";
  }

  function anyNotes() {
    const none = root.querySelector("[data-no-notes]");
    if (none instanceof HTMLElement) none.hidden = (part("notes")?.children.length ?? 0) > 0;
  }
}
