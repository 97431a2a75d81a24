// "128 tegn tilbage": how much room is left, said quietly and only near the end.
import { say } from "./words.js";

const NEAR = 500;

/** @param {HTMLTextAreaElement} field */
export function watch(field) {
  const room = Number(field.dataset.count);
  const target = document.getElementById(field.dataset.countFor ?? "");
  const before = target?.textContent ?? "";
  if (!target || !room) return;
  const tell = () => {
    const left = room - field.value.length;
    target.textContent = left > NEAR ? before : say(left < 0 ? "tooLong" : "left", { n: Math.abs(left) });
  };
  field.addEventListener("input", tell);
  tell();
}
