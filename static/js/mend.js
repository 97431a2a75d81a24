// The page where one mends one's own post: counts the signs.
import * as counter from "./counter.js";

const field = document.querySelector("form.composer textarea[name=body]");
if (field instanceof HTMLTextAreaElement) counter.watch(field);
