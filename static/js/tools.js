// What only some may do with a post: its writer, a moderator, the comms chief. The page serves
// everyone, so its posts hold none of it; each gets it from a template, for a reader who may.
import { filled } from "./words.js";

/** @typedef {{ own: Set<number>, role: string }} Reader */

const template = document.getElementById("tools");
const made = template instanceof HTMLTemplateElement ? [...template.content.children] : [];

/**
 * Shows what this reader may do in a part of the page.
 * @param {ParentNode} part
 * @param {Reader} reader
 */
export function offer(part, { own, role }) {
  const articles = /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("article[data-post]"));
  for (const article of articles) {
    const isOwn = own.has(Number(article.dataset.post));
    for (const tool of /** @type {NodeListOf<HTMLElement>} */ (article.querySelectorAll("[data-own]"))) tool.hidden = !isOwn;
    if (isOwn && article.dataset.spoken === undefined) add(article, "[data-own]");
    if (role === "comms_chief") add(article, "[data-chief]");
    if (role === "moderator") add(article, "[data-moderator]");
  }
  for (const tool of /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("[data-chief]"))) tool.hidden = role !== "comms_chief";
}

/** Puts the tools of one kind before the button that folds, once. @param {HTMLElement} article @param {string} kind */
function add(article, kind) {
  const list = article.querySelector(".tools");
  if (!list || article.matches(".post--gone") || list.querySelector(`[data-tool]${kind}`)) return;
  const fold = list.querySelector("[data-fold]")?.closest("li") ?? null;
  for (const tool of made) if (tool.matches(kind)) list.insertBefore(filledFor(article, tool), fold);
}

/** @param {HTMLElement} article @param {Element} tool @returns {HTMLElement} */
function filledFor(article, tool) {
  const item = /** @type {HTMLElement} */ (document.importNode(tool, true));
  const when = article.querySelector(".post__meta time")?.textContent ?? "";
  const name = article.querySelector("[data-reply]")?.getAttribute("data-name") ?? "";
  item.dataset.tool = "";
  for (const link of item.querySelectorAll("a")) link.href = link.href.replace("/0/", `/${article.dataset.post}/`);
  for (const words of item.querySelectorAll(".sr-only")) words.textContent = filled(words.textContent, { when, name });
  return item;
}
