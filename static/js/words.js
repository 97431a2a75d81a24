// Sentences of the page's language, which the server puts into <template id="words">.

const store = document.getElementById("words");

/**
 * A sentence by its name, with `{n}`, `{name}` filled in.
 * @param {string} name
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(name, values = {}) {
  return filled(store?.dataset[name] ?? "", values);
}

/**
 * @param {string} sentence
 * @param {Record<string, string | number>} values
 * @returns {string} with `{n}`, `{name}` filled in
 */
export function filled(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ""));
}

/**
 * The sentence for one, or the one for several.
 * @param {string} name
 * @param {number} n
 * @returns {string}
 */
export function count(name, n) {
  return say(n === 1 ? `${name}One` : `${name}Many`, { n });
}

/**
 * A sign to stand before words, as a list of none or one.
 * @param {string} name
 * @returns {Node[]}
 */
export function icon(name) {
  const found = store instanceof HTMLTemplateElement ? store.content.querySelector(`[data-icon="${name}"] svg`) : null;
  return found ? [document.importNode(found, true)] : [];
}
