// Who comes back to a page or loads it anew finds the post he had before him, whatever has been laid
// out, folded or written above it meanwhile. A browser would go by the height alone.

/** @typedef {{ post: string, top: number, y: number }} Place */

const key = `dialog-place:${location.pathname}${location.search}`;

/**
 * @param {HTMLElement} root
 * @returns {{ isKnown: boolean, find: () => void }} whether there is one to find, once all is laid out
 */
export function keep(root) {
  const before = cameBack() ? load() : null;
  window.addEventListener("pagehide", () => save(now(root)));
  return {
    isKnown: before !== null,
    find() {
      if (!before) return;
      find(before);
      const going = new AbortController(); // the reader himself
      for (const way of ["wheel", "touchstart", "keydown", "pointerdown"]) {
        window.addEventListener(way, () => going.abort(), { signal: going.signal, passive: true });
      }
      // A browser may bring its own idea of the place as late as when everything has come.
      const again = () => requestAnimationFrame(() => going.signal.aborted || find(before));
      window.addEventListener("load", again, { once: true, signal: going.signal });
    },
  };
}

function cameBack() {
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return visit?.type === "reload" || visit?.type === "back_forward";
}

/** The first post in sight, and where it stands. @param {HTMLElement} root @returns {Place} */
function now(root) {
  const articles = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("article[data-post]"));
  const first = [...articles].find((one) => one.getBoundingClientRect().bottom > 0);
  const top = first?.getBoundingClientRect().top ?? 0;
  return { post: first && top < window.innerHeight ? first.id : "", top, y: window.scrollY };
}

/** @param {Place} place */
function find({ post, top, y }) {
  const article = document.getElementById(post);
  const by = article ? article.getBoundingClientRect().top - top : y - window.scrollY;
  window.scrollBy({ top: by, behavior: "instant" });
}

/** @returns {Place | null} */
function load() {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {Place} place */
function save(place) {
  try {
    sessionStorage.setItem(key, JSON.stringify(place));
  } catch {
    // A full or closed store only costs the place.
  }
}
