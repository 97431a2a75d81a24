// Folding a branch: a real button that says what it folds, and the line along the branch.
import { count, say } from "./words.js";

/**
 * @param {HTMLElement} root
 */
export function attach(root) {
  const store = `dialog-folds:${root.dataset.thread}`;
  const folded = new Set(read(store));
  prepare(root, folded);
  offerLevels(root, folded);
  root.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const handle = target?.closest("[data-fold], [data-rail]");
    if (!(handle instanceof HTMLElement)) return;
    const id = handle.dataset.fold ?? handle.dataset.rail ?? "";
    const list = document.getElementById(`p${id}-replies`);
    if (!list) return;
    set(id, !list.hidden);
    if (list.hidden) folded.add(id);
    else folded.delete(id);
    localStorage.setItem(store, JSON.stringify([...folded].slice(-200)));
  });
  return {
    prepare: (/** @type {ParentNode} */ part) => prepare(part, folded),
    /** A post more stands in this list: it is unfolded, and every fold above it counts one more. */
    grow: (/** @type {HTMLElement} */ list) => {
      for (let up = /** @type {HTMLElement | null} */ (list); up; up = above(up)) {
        if (up.dataset.count === undefined) continue;
        up.dataset.count = String(Number(up.dataset.count) + 1);
        const id = up.id.slice(1, -"-replies".length);
        folded.delete(id);
        set(id, false);
      }
    },
  };
}

/**
 * @param {ParentNode} part
 * @param {Set<string>} folded
 */
function prepare(part, folded) {
  for (const list of part.querySelectorAll("ol.tree:not(.tree--root)")) {
    const id = list.id.slice(1, -"-replies".length);
    const tools = document.querySelector(`#p${id} .tools`);
    if (!tools || tools.querySelector("[data-fold]")) continue;
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

/**
 * "Fold alt under niveau n": folds every branch below that level and unfolds the rest.
 * @param {HTMLElement} root
 * @param {Set<string>} folded
 */
function offerLevels(root, folded) {
  const choice = root.querySelector("[data-fold-level]");
  const label = root.querySelector("[data-fold-level-label]");
  if (!(choice instanceof HTMLSelectElement) || !(label instanceof HTMLElement)) return;
  label.hidden = false;
  choice.addEventListener("change", () => {
    for (const list of root.querySelectorAll("ol.tree:not(.tree--root)")) {
      const id = list.id.slice(1, -"-replies".length);
      const level = levelOf(list);
      const fold = choice.value !== "" && level >= Number(choice.value);
      if (fold) folded.add(id);
      else folded.delete(id);
      set(id, fold);
    }
  });
}

/** @param {Element} list @returns {number} the level of the post whose replies these are */
function levelOf(list) {
  let level = 0;
  for (let up = list.parentElement?.closest("ol.tree"); up; up = up.parentElement?.closest("ol.tree")) level += 1;
  return level;
}

/** @param {HTMLElement} list @returns {HTMLElement | null} the list that the list's post stands in */
function above(list) {
  return /** @type {HTMLElement | null} */ (list.parentElement?.closest("ol.tree") ?? null);
}

/** @param {string} id @param {boolean} fold */
function set(id, fold) {
  const list = /** @type {HTMLElement | null} */ (document.getElementById(`p${id}-replies`));
  const button = document.querySelector(`[data-fold="${id}"]`);
  if (!list || !button) return;
  list.hidden = fold;
  button.setAttribute("aria-expanded", String(!fold));
  const replies = Number(list.dataset.count);
  const people = Number(list.dataset.people);
  const from = people ? ` ${count("from", people)}` : "";
  const words = [count(fold ? "show" : "hide", replies) + from];
  if (fold && Number(list.dataset.answers)) words.push(count("answers", Number(list.dataset.answers)));
  if (fold && Number(list.dataset.questions)) words.push(count("waiting", Number(list.dataset.questions)));
  button.textContent = words.join(" · ");
  const whose = document.createElement("span");
  whose.className = "sr-only";
  whose.textContent = ` ${say("under", { name: list.dataset.author ?? "" })}`;
  button.append(whose);
}

/** @param {string} store @returns {string[]} */
function read(store) {
  try {
    return JSON.parse(localStorage.getItem(store) ?? "[]");
  } catch {
    return [];
  }
}
