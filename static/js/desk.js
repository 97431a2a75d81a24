// The desk: what was prepared goes into the answer with one press, and the list is walked with the keyboard.
import "./write.js";

const STORE = "dialog-keys"; // the same switch as in the threads

const field = document.getElementById("composer-body");

for (const button of document.querySelectorAll("[data-insert]")) {
  if (!(button instanceof HTMLElement) || !(field instanceof HTMLTextAreaElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => insert(button.dataset.insert ?? "", "replaces" in button.dataset));
}

/**
 * Puts words where the caret is; a whole draft only takes the place of an empty answer.
 * @param {string} words @param {boolean} replaces
 */
function insert(words, replaces) {
  if (!(field instanceof HTMLTextAreaElement)) return;
  const all = replaces && field.value.trim() === "";
  const start = all ? 0 : field.selectionStart;
  const before = field.value.slice(0, start);
  const gap = before && !before.endsWith("\n") ? "\n\n" : "";
  field.setRangeText(gap + words, start, all ? field.value.length : field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(STORE) === "off") return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select")) return;
  const way = { j: 1, k: -1 }[event.key];
  if (way) step(way);
  else if (event.key === "r" && field?.getClientRects().length) field.focus();
  else return;
  event.preventDefault();
});

/** @param {number} way */
function step(way) {
  const lines = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("[data-desk-line]")]);
  const shown = lines.filter((line) => line.getClientRects().length > 0);
  const focused = shown.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  const current = shown.findIndex((line) => line.hasAttribute("aria-current"));
  const next = shown[(focused >= 0 ? focused : current) + way];
  next?.focus();
}
