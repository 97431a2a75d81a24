// What a thread's page says of its borgermøde, renewed when the meeting is moved, changed or cancelled.
import { parsed } from "./fragment.js";

/**
 * @param {HTMLElement} root
 * @param {(sentence: string) => void} tell
 * @returns {{ renew: (html: string) => void }}
 */
export function attach(root, tell) {
  const line = root.querySelector("[data-meeting-news]");
  const words = root.querySelector("[data-meeting-words]");
  line?.querySelector("button")?.addEventListener("click", () => show(""));

  /** @param {string} sentence what is new, also for those who have scrolled past the meeting; "" for nothing */
  function show(sentence) {
    if (!(line instanceof HTMLElement) || !words) return;
    words.textContent = sentence;
    line.hidden = !sentence;
  }

  return {
    renew(html) {
      const fresh = parsed(html);
      for (const old of document.querySelectorAll("[data-meeting]")) {
        const part = fresh.querySelector(`[data-meeting="${old.getAttribute("data-meeting")}"]`);
        if (!part || part.getAttribute("data-version") === old.getAttribute("data-version")) continue;
        const before = said(old);
        const hadFocus = old.contains(document.activeElement);
        old.replaceWith(part);
        if (hadFocus) part.querySelector("a")?.focus({ preventScroll: true });
        if (said(part) === before) continue; // its way in perhaps, which this page says nothing of
        show(said(part));
        tell(said(part));
      }
    },
  };
}

/** @param {Element} part @returns {string} what it says, in sentences */
function said(part) {
  const spoken = part.matches("[data-says]") ? [part] : [...part.querySelectorAll("[data-says]")];
  const sentences = spoken.map((one) => one.textContent.replace(/\s+/g, " ").trim()).filter(Boolean);
  return sentences.map((one) => (/[.!?]$/.test(one) ? one : `${one}.`)).join(" ");
}
