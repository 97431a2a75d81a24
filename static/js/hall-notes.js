// The note-taker's page. What is being written is kept here at once; what is written is on its way.
import { parsed } from "./fragment.js";
import { follow } from "./hall-live.js";
import { outbox, read, store } from "./note-outbox.js";
import * as waiting from "./note-waiting.js";

const root = /** @type {HTMLElement | null} */ (document.querySelector("[data-notes]"));
const form = document.getElementById("note");
if (root && form instanceof HTMLFormElement) write(root, form);

/** @param {HTMLElement} root @param {HTMLFormElement} form */
function write(root, form) {
  const meeting = root.dataset.notes ?? "";
  const begun = `dialog-note-begun:${meeting}`;
  const body = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("body"));
  const place = /** @type {HTMLSelectElement} */ (form.elements.namedItem("place"));
  const seen = /** @type {HTMLInputElement} */ (form.elements.namedItem("seen"));
  const key = /** @type {HTMLInputElement} */ (form.elements.namedItem("key"));
  const speaker = /** @type {HTMLInputElement} */ (form.elements.namedItem("speaker"));
  const texts = outbox(`dialog-notes:${meeting}`, { post, changed: show, arrived: () => void renew() });

  restore();
  fit();
  show();
  void texts.send();

  form.addEventListener("submit", (event) => { event.preventDefault(); take(); });
  form.addEventListener("input", (event) => {
    if (event.target === body && body.value && !form.dataset.writing) {
      form.dataset.writing = "1";
      seen.value = root.querySelector("[data-written]")?.getAttribute("data-seen") ?? seen.value;
    }
    if (event.target === speaker) form.dataset.named = "1";
    keep();
    fit();
    show();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); take(); }
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const letter = event.code.replace(/^(Key|Digit)/, "");
    const choice = form.querySelector(`input[data-letter="${CSS.escape(letter)}"]`);
    if (!(choice instanceof HTMLInputElement)) return;
    event.preventDefault();
    if (choice.name === "who") check("kind", "answer");
    choice.checked = true;
    keep();
    fit();
    body.focus();
  });
  window.addEventListener("online", () => texts.hurry());
  root.querySelector("[data-waiting]")?.addEventListener("click", (event) => {
    const button = event.target instanceof HTMLElement ? event.target.closest("[data-act]") : null;
    if (button instanceof HTMLElement) decide(button.dataset.act ?? "", button.dataset.key ?? "");
  });

  follow(root, meeting, {
    state(state) { put("now", state.now); go(state); name(); },
    note: () => void renew(),
    connected: (isConnected) => { if (isConnected) texts.hurry(); },
  });

  /** Takes what is written out of the form and puts it last in line. */
  function take() {
    if (!body.value.trim()) return body.focus();
    const fields = fieldsOf();
    fields.said_at = new Date().toISOString();
    texts.add(fields);
    clear();
    body.focus();
  }

  function clear() {
    body.value = "";
    delete form.dataset.writing;
    delete form.dataset.named;
    key.value = newKey();
    name();
    const many = form.elements.namedItem("speaks_for");
    if (many instanceof HTMLInputElement) many.value = "1";
    keep();
    show();
  }

  /** @param {Record<string, string>} fields */
  function post(fields) {
    return fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ ...fields, csrf_token: token() }),
    });
  }

  /** What the note-taker decides about a text. @param {string} act @param {string} which */
  function decide(act, which) {
    const one = texts.waiting.find((each) => each.key === which);
    if (!one || (act === "back" && body.value.trim())) return; // another text is being written
    if (act === "again") return texts.insist(one);
    if (act === "back") { fill(one.fields); keep(); }
    texts.drop(one);
  }

  function show() {
    waiting.show(root, texts, Boolean(body.value.trim()));
  }

  /** What is written next is of whoever has the word, unless a name was typed or a text begun. */
  function name() {
    if (form.dataset.named || body.value.trim()) return;
    const now = root.querySelector("[data-speaking]");
    speaker.value = now instanceof HTMLElement ? now.dataset.name ?? "" : "";
  }

  /** The hall went on: the next text belongs there, unless one is being written. @param {import("./hall-live.js").State} state */
  function go(state) {
    const current = String(state.item ?? "");
    if (!current || place.value === `item:${current}`) return;
    if (!place.querySelector(`option[value="item:${current}"]`)) return void renew();
    if (!body.value.trim()) { place.value = `item:${current}`; keep(); return; }
    const what = root.querySelector("[data-part=now] .hallnow__q")?.textContent ?? "";
    const told = root.querySelector("[data-note-state]");
    if (told) told.textContent = (root.dataset.moved ?? "").replace("{what}", what.trim());
  }

  /** Fetches what is written down by now. */
  async function renew() {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const page = parsed(await answer.text());
    const fresh = page.querySelector("[data-written]");
    const there = root.querySelector("[data-written]");
    if (!fresh || !there) return;
    there.setAttribute("data-seen", fresh.getAttribute("data-seen") ?? "");
    there.replaceChildren(...fresh.childNodes);
    const points = page.querySelector("#place");
    if (points && points.children.length) {
      const chosen = place.value;
      place.replaceChildren(...points.childNodes);
      if (place.querySelector(`option[value="${CSS.escape(chosen)}"]`)) place.value = chosen;
    }
    if (!form.dataset.writing) seen.value = there.getAttribute("data-seen") ?? "";
  }

  /** @param {string} name @param {string} html */
  function put(name, html) {
    root.querySelector(`[data-part="${name}"]`)?.replaceChildren(...parsed(html).childNodes);
  }

  /** Shows the questions that the chosen kind needs. */
  function fit() {
    const kind = fieldsOf().kind ?? "";
    for (const part of form.querySelectorAll("[data-for]")) {
      if (part instanceof HTMLElement) part.hidden = !(part.dataset.for ?? "").split(" ").includes(kind);
    }
  }

  function token() {
    const found = form.elements.namedItem("csrf_token");
    return found instanceof HTMLInputElement ? found.value : "";
  }

  /** @returns {Record<string, string>} */
  function fieldsOf() {
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    delete fields.csrf_token;
    return fields;
  }

  /** @param {string} name @param {string} value */
  function check(name, value) {
    const choice = form.querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`);
    if (choice instanceof HTMLInputElement) choice.checked = true;
  }

  /** @param {Record<string, string>} fields */
  function fill(fields) {
    for (const name of ["place", "speaker", "speaks_for", "body", "seen", "key"]) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) field.value = fields[name] ?? field.value;
    }
    for (const name of ["kind", "who"]) if (fields[name]) check(name, fields[name]);
    if (body.value) form.dataset.writing = "1";
    fit();
  }

  function keep() {
    store(begun, body.value.trim() ? fieldsOf() : null);
  }

  /** What was being written when the browser was closed stands here again. */
  function restore() {
    const fields = /** @type {Record<string, string> | null} */ (read(begun, null));
    if (fields && !texts.waiting.some((one) => one.key === fields.key) && !body.value) fill(fields);
    else if (!body.value) key.value = newKey();
  }
}

/** @returns {string} what a text is known by; `randomUUID` exists on secure pages alone */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
