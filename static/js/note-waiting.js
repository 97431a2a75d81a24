// What the note-taker sees of the texts on their way: how they stand, and what he has to decide.

/** @typedef {import("./note-outbox.js").Outbox} Outbox */
/** @typedef {import("./note-outbox.js").Waiting} Waiting */

const LOOK = { signedOut: "is-stuck", retrying: "is-waiting", sending: "is-waiting", stuck: "is-stuck", kept: "is-waiting", saved: "is-saved", "": "" };

/**
 * Shows how the texts stand. `isWriting`: another one is begun, and kept.
 * @param {HTMLElement} root @param {Outbox} texts @param {boolean} isWriting
 */
export function show(root, texts, isWriting) {
  const line = root.querySelector("[data-note-state]");
  const found = texts.standing();
  const standing = isWriting && (found === "saved" || !found) ? "kept" : found;
  const words = wordsFor(root, standing, texts.left());
  if (line && line.textContent !== words) {
    line.textContent = words;
    line.className = `note-state ${LOOK[standing]}`;
  }
  list(root, texts.waiting);
}

/** @param {HTMLElement} root @param {keyof typeof LOOK} standing @param {number} left */
function wordsFor(root, standing, left) {
  if (standing === "retrying" && left > 1) return root.dataset.waitingMany?.replace("{n}", String(left)) ?? "";
  return root.dataset[standing === "retrying" ? "waitingOne" : standing] ?? "";
}

/** @param {HTMLElement} root @param {Waiting[]} waiting */
function list(root, waiting) {
  const holder = root.querySelector("[data-waiting]");
  if (!holder) return;
  const focused = document.activeElement?.id;
  holder.replaceChildren(...waiting.map((one) => itemOf(root, one)));
  if (focused) document.getElementById(focused)?.focus();
}

/** @param {HTMLElement} root @param {Waiting} one */
function itemOf(root, one) {
  const item = document.createElement("li");
  item.append(line(one.fields.body));
  if (one.problem) {
    item.append(line((root.dataset.failed ?? "").replace("{why}", one.problem)), actions(root, one, ["back", "drop"]));
  }
  for (const other of one.two ?? []) {
    const link = document.createElement("a");
    link.href = other.edit;
    link.textContent = root.dataset.mend ?? "";
    item.append(line((root.dataset.two ?? "").replace("{name}", other.recorder)), line(other.words), link);
  }
  if (one.two) item.append(actions(root, one, ["again", "drop"]));
  return item;
}

/** @param {string} words */
function line(words) {
  const made = document.createElement("p");
  made.textContent = words;
  return made;
}

/** @param {HTMLElement} root @param {Waiting} one @param {string[]} acts */
function actions(root, one, acts) {
  const made = document.createElement("p");
  made.className = "actions";
  for (const act of acts) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary";
    button.id = `${act}-${one.key}`;
    Object.assign(button.dataset, { act, key: one.key });
    button.textContent = root.dataset[act] ?? act;
    made.append(button);
  }
  return made;
}
