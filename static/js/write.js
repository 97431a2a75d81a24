// The page for writing: keeps the draft and counts the signs.
import * as counter from "./counter.js";
import * as drafts from "./drafts.js";
import * as preview from "./preview.js";
import { speaker } from "./speaker.js";

drafts.settle();

const form = document.querySelector("form[data-composer]");
if (form instanceof HTMLFormElement) {
  drafts.watch(form);
  const field = form.elements.namedItem("body");
  if (field instanceof HTMLTextAreaElement) counter.watch(field);
  preview.attach(form, speaker(document));
  form.addEventListener("submit", () => {
    form.dataset.sent = "1"; // or leaving the page would save it as a draft after all
    drafts.sending(form.dataset.composer ?? "");
  });
}
