// Changing a page under somebody who reads it.

/**
 * Changes the page without moving what the reader looks at, also where the browser does not see to it.
 * @template T
 * @param {() => T} change
 * @returns {T}
 */
export function still(change) {
  const seen = CSS.supports("overflow-anchor", "auto") ? null : inSight();
  const before = seen?.getBoundingClientRect().top ?? 0;
  const result = change();
  if (seen) window.scrollBy({ top: seen.getBoundingClientRect().top - before, behavior: "instant" });
  return result;
}

/** @returns {Element | null} what the reader looks at: the field in focus, else the first post in sight */
function inSight() {
  const candidates = [document.activeElement?.closest("form.composer"), ...document.querySelectorAll("article[data-post]")];
  return candidates.find((one) => {
    const box = one?.getBoundingClientRect();
    return box && box.bottom > 0 && box.top < window.innerHeight;
  }) ?? null;
}
