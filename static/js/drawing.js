// A long tree is laid out in steps: at first what is in sight and what one scrolls to, the rest when
// there is nothing else to do. Until then the style sheet leaves the far branches out, and each keeps
// about the room it will take.

const NEAR = 3; // branches that are never left out, as in the style sheet
const SETTLED = 3000; // milliseconds, which belong to what the reader does first

/**
 * @param {HTMLElement} root
 * @param {boolean} isAtOnce whether somebody comes back to a place in it
 */
export function draw(root, isAtOnce) {
  const branches = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".tree--long > .branch")]);
  const near = branches.slice(0, NEAR);
  const far = branches.slice(NEAR);
  const isSoon = !isAtOnce && "requestIdleCallback" in window; // else nothing is left out
  if (!isSoon || !far.length) return far.forEach(show);
  const tall = near.reduce((sum, one) => sum + one.offsetHeight, 0);
  const [bySign, byPost] = [tall / signs(near), tall / posts(near)];
  for (const one of far) { // rather too much than too little: nothing may lie over what follows
    const room = 1.1 * Math.max(bySign * signs([one]), byPost * posts([one]));
    one.style.containIntrinsicBlockSize = `auto ${Math.round(room)}px`;
  }
  const all = () => far.splice(0).forEach(show);
  const next = () => {
    const one = far.shift();
    if (!one) return;
    show(one);
    window.requestIdleCallback(next);
  };
  // A key or the overview may lead anywhere, and there the post must stand still.
  window.addEventListener("keydown", all, { once: true, capture: true });
  root.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a[href^='#']")) all();
  }, { capture: true });
  window.setTimeout(() => window.requestIdleCallback(next), SETTLED);
}

/** @param {HTMLElement} branch */
function show(branch) {
  branch.classList.add("is-drawn");
}

/** @param {HTMLElement[]} branches @returns {number} */
function signs(branches) {
  return branches.reduce((sum, one) => sum + (one.textContent?.length ?? 0), 1);
}

/** @param {HTMLElement[]} branches @returns {number} */
function posts(branches) {
  return branches.reduce((sum, one) => sum + one.querySelectorAll("article").length, 0);
}
