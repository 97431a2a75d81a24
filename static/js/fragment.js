// A piece of a page that the server rendered.

/**
 * The elements of it, ready to be put somewhere.
 * @param {string} html
 * @returns {HTMLElement}
 */
export function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}
