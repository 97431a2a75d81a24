// Single keys for those who read a whole debate. They can be switched off (WCAG 2.1.4).

const STORE = "dialog-keys";

/** @param {HTMLElement} root */
export function attach(root) {
  const help = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys-help"));
  const opener = root.querySelector("[data-keys-help]");
  const onOff = /** @type {HTMLInputElement | null} */ (help?.querySelector("[data-keys-on]") ?? null);
  if (opener instanceof HTMLElement && help) {
    opener.hidden = false;
    opener.addEventListener("click", () => help.showModal());
  }
  if (onOff) {
    onOff.checked = isOn();
    onOff.addEventListener("change", () => localStorage.setItem(STORE, onOff.checked ? "on" : "off"));
  }
  help?.querySelector("[data-keys-close]")?.addEventListener("click", () => help.close());

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isOn() || isWriting(event.target)) return;
    if (help?.open) return;
    const act = ACTIONS[event.key];
    if (!act) return;
    event.preventDefault();
    act(root, help);
  });
}

/** @type {Record<string, (root: HTMLElement, help: HTMLDialogElement | null) => void>} */
const ACTIONS = {
  j: (root) => step(root, visible(root), 1),
  k: (root) => step(root, visible(root), -1),
  J: (root) => step(root, firstLevel(root), 1),
  K: (root) => step(root, firstLevel(root), -1),
  p: (root) => focus(parentOf(here(root))),
  "[": (root) => fold(here(root), "true"),
  "]": (root) => fold(here(root), "false"),
  r: (root) => click(here(root)?.querySelector("[data-reply]")),
  n: (root) => step(root, visible(root).filter((one) => one.dataset.isNew), 1),
  u: (root) => step(root, visible(root).filter((one) => one.querySelector(".clock--due, .clock--late")), 1),
  "?": (_root, help) => help?.showModal(),
};

function isOn() {
  return localStorage.getItem(STORE) !== "off";
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
  const after = among.filter((one) => {
    const place = from.compareDocumentPosition(one);
    return Boolean(place & (way > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING));
  });
  focus(way > 0 ? after[0] : after[after.length - 1]);
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
