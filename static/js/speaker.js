// What a screen reader is told of what happens.

const QUIET = 10_000; // milliseconds between two spoken messages

/**
 * The one status line: the newest message, and never two within ten seconds.
 * @param {ParentNode} root
 * @returns {(sentence: string) => void}
 */
export function speaker(root) {
  const line = root.querySelector("[data-status]");
  let last = 0;
  let timer = 0;
  return (sentence) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      last = Date.now();
      if (line) line.textContent = sentence;
    }, Math.max(0, last + QUIET - Date.now()));
  };
}
