// Folding a branch: a real button that says what it folds, and the line along the branch.
import { count, icon, say } from "./words.js";

/** @typedef {import("./following.js").Counts} Counts */

const REMEMBERED = 1000; // folds a thread

/**
 * @param {HTMLElement} root
 */
export function attach(root) {
  const store = `dialog-folds:${root.dataset.thread}`;
  const folded = new Set(read(store));
  /** @type {Map<string, Counts>} also of posts that have nothing below them on this page yet */
  const known = new Map();
  const keep = () => save(store, [...folded].slice(-REMEMBERED));

  /** @param {string} id @param {boolean} fold */
  function turn(id, fold) {
    if (fold) folded.add(id);
    else folded.delete(id);
    set(id, fold);
  }

  prepare(root, folded, known);
  offerLevels(root, (id, fold) => turn(id, fold), keep);
  root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const handle = target?.closest("[data-fold], [data-rail]");
    if (!(handle instanceof HTMLElement)) return;
    const id = handle.dataset.fold ?? handle.dataset.rail ?? "";
    const list = document.getElementById(`p${id}-replies`);
    if (!list) return;
    turn(id, !list.hidden);
    keep();
  });
  const setAll = (/** @type {boolean} */ fold) => folded.forEach((id) => set(id, fold));
  window.addEventListener("beforeprint", () => setAll(false)); // nothing unfolds on paper
  window.addEventListener("afterprint", () => setAll(true));
  return {
    prepare: (/** @type {ParentNode} */ part) => prepare(part, folded, known),
    /** Unfolds every branch that hides this post. @param {HTMLElement} article */
    reveal(article) {
      for (const list of listsAbove(article)) if (list.hidden) turn(idOf(list), false);
      keep();
    },
    /** What stands below a post has become other numbers. @param {Counts} counts */
    recount(counts) {
      known.set(String(counts.id), counts);
      const list = document.getElementById(`p${counts.id}-replies`);
      if (!list || list.dataset.count === undefined) return;
      write(list, counts);
      tellBelow(list);
      set(String(counts.id), list.hidden);
    },
  };
}

/** @param {HTMLElement} list @param {Counts} counts */
function write(list, { replies, people, questions, answers }) {
  Object.assign(list.dataset, { count: replies, people, questions, answers });
}

/**
 * @param {ParentNode} part
 * @param {Set<string>} folded
 * @param {Map<string, Counts>} known
 */
function prepare(part, folded, known) {
  for (const list of /** @type {NodeListOf<HTMLElement>} */ (part.querySelectorAll("ol.tree:not(.tree--root)"))) {
    const id = idOf(list);
    const counts = known.get(id);
    if (counts) write(list, counts);
    const tools = toolsOf(id);
    tellBelow(list);
    if (!tools || tools.querySelector("[data-fold]") || !list.querySelector(":scope > [data-branch]")) continue;
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    button.dataset.fold = id;
    button.setAttribute("aria-controls", list.id);
    item.append(button);
    tools.append(item);
    set(id, folded.has(id));
  }
}

/** @param {string} id @returns {Element | null} where the button stands; a tombstone gets a place for it */
function toolsOf(id) {
  const article = document.getElementById(`p${id}`);
  const there = article?.querySelector(".tools");
  if (there || !article) return there ?? null;
  const tools = document.createElement("ul");
  tools.className = "tools";
  article.lastElementChild?.append(tools);
  return tools;
}

/**
 * "Fold alt under niveau n": folds every branch below that level and unfolds the rest.
 * @param {HTMLElement} root
 * @param {(id: string, fold: boolean) => void} turn
 * @param {() => void} done
 */
function offerLevels(root, turn, done) {
  const choice = root.querySelector("[data-fold-level]");
  const label = root.querySelector("[data-fold-level-label]");
  if (!(choice instanceof HTMLSelectElement) || !(label instanceof HTMLElement)) return;
  label.hidden = false;
  choice.addEventListener("change", () => {
    for (const list of root.querySelectorAll("ol.tree:not(.tree--root)")) {
      turn(idOf(list), choice.value !== "" && listsAbove(list).length >= Number(choice.value));
    }
    done();
  });
}

/** @param {Element} list @returns {string} whose replies these are */
function idOf(list) {
  return list.id.slice(1, -"-replies".length);
}

/** @param {Element} element @returns {HTMLElement[]} the lists it stands in, the nearest first */
function listsAbove(element) {
  const found = [];
  let up = element.parentElement?.closest("ol.tree");
  while (up instanceof HTMLElement) {
    found.push(up);
    up = up.parentElement?.closest("ol.tree");
  }
  return found;
}

/** @param {string} id @param {boolean} fold */
function set(id, fold) {
  const list = /** @type {HTMLElement | null} */ (document.getElementById(`p${id}-replies`));
  const button = document.querySelector(`[data-fold="${id}"]`);
  if (!list || !button) return;
  list.hidden = fold;
  for (const item of [list.closest("li"), button.closest("li")]) item?.classList.toggle("is-folded", fold);
  button.setAttribute("aria-expanded", String(!fold));
  const what = document.createElement("b");
  what.append(...(fold ? icon("plus") : []), many(fold ? "show" : "hide", list), whose(id, list));
  button.replaceChildren(what, ...(fold ? held(list) : []));
}

/** "Vis 12 svar fra 7 personer". @param {string} name of the sentence @param {HTMLElement} list @returns {string} */
function many(name, list) {
  const [replies, people] = [Number(list.dataset.count), Number(list.dataset.people)];
  return count(name, replies) + (replies > 1 && people ? ` ${count("from", people)}` : "");
}

/** The link to replies of which the page shows none says what they are. @param {HTMLElement} list */
function tellBelow(list) {
  const words = list.querySelector(":scope > .branch__more [data-all-below]");
  const told = many("continue", list);
  if (!words || words.textContent === told) return;
  words.textContent = told;
  list.querySelector(":scope > .branch__more [data-holds]")?.replaceChildren(...held(list));
}

/** What a folded branch holds, in words. @param {HTMLElement} list @returns {(Node | string)[]} */
function held(list) {
  const found = [];
  for (const [name, words, sign] of [["answers", "answers", "check"], ["questions", "waiting", "hourglass"]]) {
    const number = Number(list.dataset[name]);
    if (!number) continue;
    const part = document.createElement("span");
    part.className = `fold__holds fold__holds--${name}`;
    part.append(...icon(sign), count(words, number));
    found.push(" ", part);
  }
  return found;
}

/** To what the replies are, for those who do not see where the button stands. @param {string} id @param {HTMLElement} list */
function whose(id, list) {
  const words = document.createElement("span");
  words.className = "sr-only";
  const when = document.querySelector(`#p${id} .post__meta time`)?.textContent ?? "";
  words.textContent = ` ${say("under", { name: list.dataset.author ?? "" })}${when ? `, ${when}` : ""}`;
  return words;
}

/** @param {string} store @returns {string[]} */
function read(store) {
  try {
    return JSON.parse(localStorage.getItem(store) ?? "[]");
  } catch {
    return [];
  }
}

/** @param {string} store @param {string[]} ids */
function save(store, ids) {
  try {
    localStorage.setItem(store, JSON.stringify(ids));
  } catch {
    // A full or closed store only costs the memory of what was folded.
  }
}
