// Single keys for those who read a whole debate. They can be switched off (WCAG 2.1.4).

import { say } from "./words.js";

const STORE = "dialog-keys";

/** @typedef {{ reveal: (article: HTMLElement) => void, tell: (sentence: string) => void }} Page */

/**
 * @param {HTMLElement} root
 * @param {Page} page
 */
export function attach(root, page) {
  const help = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys-help"));
  const opener = root.querySelector("[data-keys-help]");
  const onOff = /** @type {HTMLInputElement | null} */ (help?.querySelector("[data-keys-on]") ?? null);
  if (opener instanceof HTMLElement && help) {
    opener.hidden = false;
    opener.addEventListener("click", () => help.showModal());
  }
  if (onOff) {
    onOff.checked = isOn();
    onOff.addEventListener("change", () => turn(onOff.checked));
  }
  help?.querySelector("[data-keys-close]")?.addEventListener("click", () => help.close());

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isOn() || isWriting(event.target)) return;
    if (help?.open) return;
    const act = ACTIONS[event.key];
    if (!act) return;
    event.preventDefault();
    act(root, help, page);
  });
}

/** @type {Record<string, (root: HTMLElement, help: HTMLDialogElement | null, page: Page) => void>} */
const ACTIONS = {
  j: (root) => step(root, visible(root), 1),
  k: (root) => step(root, visible(root), -1),
  J: (root) => step(root, firstLevel(root), 1),
  K: (root) => step(root, firstLevel(root), -1),
  p: (root) => focus(parentOf(here(root))),
  "[": (root) => fold(here(root), "true"),
  "]": (root) => fold(here(root), "false"),
  r: (root) => click(here(root)?.querySelector("[data-reply]")),
  n: (root, _help, page) => seek(root, page, "[data-is-new]", "noneNew"),
  u: (root, _help, page) => seek(root, page, "article:has(.clock--due, .clock--late)", "noneWaiting"),
  "?": (_root, help) => help?.showModal(),
};

function isOn() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
function turn(on) {
  try {
    localStorage.setItem(STORE, on ? "on" : "off");
  } catch {
    // Then they are as they were on the next page.
  }
}

/** @param {EventTarget | null} target */
function isWriting(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** @param {HTMLElement} root @returns {HTMLElement[]} */
function visible(root) {
  const all = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("article[data-post]"));
  return [...all].filter((article) => article.getClientRects().length > 0);
}

/** @param {HTMLElement} root @returns {HTMLElement[]} */
function firstLevel(root) {
  return visible(root).filter((article) => article.closest("ol.tree")?.classList.contains("tree--root"));
}

/** The post in focus, else the first one on the screen. @param {HTMLElement} root */
function here(root) {
  const focused = document.activeElement?.closest("article[data-post]");
  if (focused instanceof HTMLElement) return focused;
  return visible(root).find((article) => article.getBoundingClientRect().bottom > 80) ?? null;
}

/** @param {HTMLElement} root @param {HTMLElement[]} among @param {1 | -1} way */
function step(root, among, way) {
  const from = document.activeElement?.closest("article[data-post]") ? here(root) : null;
  if (!from) return focus(way > 0 ? among[0] : among[among.length - 1]);
  focus(way > 0 ? among.find((one) => isAfter(from, one)) : among.findLast((one) => isAfter(one, from)));
}

/**
 * Goes to the next post of a kind, also into a folded branch, and after the last to the first.
 * @param {HTMLElement} root @param {Page} page @param {string} kind @param {string} none
 */
function seek(root, page, kind, none) {
  const found = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(kind)]);
  if (!found.length) return page.tell(say(none));
  const from = document.activeElement?.closest("article[data-post]");
  const after = found.find((one) => from && isAfter(from, one)) ?? found[0];
  page.reveal(after);
  focus(after);
}

/** Whether `other` stands further down than `one`. @param {Element} one @param {Element} other */
function isAfter(one, other) {
  return Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
}

/** @param {HTMLElement | null} article */
function parentOf(article) {
  const item = article?.closest("li.branch")?.parentElement?.closest("li.branch");
  return /** @type {HTMLElement | null} */ (item?.querySelector(":scope > article") ?? null);
}

/** @param {HTMLElement | null} article @param {string} expanded */
function fold(article, expanded) {
  const button = article?.querySelector("[data-fold]");
  if (button?.getAttribute("aria-expanded") === expanded) click(button);
}

/** @param {Element | null | undefined} element */
function click(element) {
  if (element instanceof HTMLElement) element.click();
}

/** @param {HTMLElement | null | undefined} article */
function focus(article) {
  article?.focus();
  article?.scrollIntoView({ block: "nearest" });
}
