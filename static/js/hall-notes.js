// The note-taker's page. What is written is kept here at once and sent in order, also after the
// network was gone; each text has a key of its own, so that nothing is stored twice.
import { parsed } from "./fragment.js";
import { follow } from "./hall-live.js";

/**
 * A text on its way. `two` and `problem` wait for the note-taker, the rest for the network.
 * @typedef {{ key: string, fields: Record<string, string>, two?: { id: number, words: string, recorder: string, edit: string }[], seen?: number, problem?: string }} Waiting
 */

const RETRY = [1_000, 2_000, 5_000, 10_000]; // milliseconds
const root = /** @type {HTMLElement | null} */ (document.querySelector("[data-notes]"));
const form = document.getElementById("note");
if (root && form instanceof HTMLFormElement) write(root, form);

/** @param {HTMLElement} root @param {HTMLFormElement} form */
function write(root, form) {
  const meeting = root.dataset.notes ?? "";
  const box = `dialog-notes:${meeting}`;
  const begun = `dialog-note-begun:${meeting}`;
  const body = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("body"));
  const place = /** @type {HTMLSelectElement} */ (form.elements.namedItem("place"));
  const seen = /** @type {HTMLInputElement} */ (form.elements.namedItem("seen"));
  const key = /** @type {HTMLInputElement} */ (form.elements.namedItem("key"));
  let sending = false;
  let tries = 0;
  let timer = 0;
  let isSaved = false;
  let signedOut = false;
  /** @type {Waiting[]} */
  const waiting = read(box, []);

  restore();
  fit();
  show();
  void send();

  form.addEventListener("submit", (event) => { event.preventDefault(); take(); });
  form.addEventListener("input", (event) => {
    if (event.target === body && body.value && !form.dataset.writing) {
      form.dataset.writing = "1";
      seen.value = root.querySelector("[data-written]")?.getAttribute("data-seen") ?? seen.value;
    }
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
  window.addEventListener("online", () => { tries = 0; void send(); });
  root.querySelector("[data-waiting]")?.addEventListener("click", (event) => {
    const button = event.target instanceof HTMLElement ? event.target.closest("[data-act]") : null;
    if (button instanceof HTMLElement) decide(button.dataset.act ?? "", button.dataset.key ?? "");
  });

  follow(root, meeting, {
    state(state) { put("now", state.now); go(state); },
    note: () => void renew(),
    connected: (isConnected) => { if (isConnected) { tries = 0; void send(); } },
  });

  /** Takes what is written out of the form and puts it last in line. */
  function take() {
    if (!body.value.trim()) return body.focus();
    const fields = fieldsOf();
    fields.said_at = new Date().toISOString();
    waiting.push({ key: fields.key, fields });
    store(box, waiting);
    clear();
    void send();
    body.focus();
  }

  function clear() {
    body.value = "";
    delete form.dataset.writing;
    key.value = newKey();
    const many = form.elements.namedItem("speaks_for");
    if (many instanceof HTMLInputElement) many.value = "1";
    keep();
    show();
  }

  /** Sends what waits, one after the other; what needs a decision lets the rest go past. */
  async function send() {
    if (sending) return;
    window.clearTimeout(timer);
    sending = true;
    for (let next = ready(); next; next = ready()) {
      show();
      const answer = await post(next).catch(() => null);
      if (!answer || answer.status >= 500 || answer.status === 429) { later(); break; }
      signedOut = answer.status === 401 || answer.redirected;
      if (signedOut) { later(); break; }
      tries = 0;
      await settle(next, answer);
    }
    sending = false;
    show();
  }

  /** @param {Waiting} one */
  function post(one) {
    return fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ ...one.fields, csrf_token: token() }),
    });
  }

  /** @param {Waiting} one @param {Response} answer */
  async function settle(one, answer) {
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      waiting.splice(waiting.indexOf(one), 1);
      isSaved = true;
      void renew();
    } else if (told.two) {
      one.two = told.two;
      one.seen = told.seen;
    } else {
      one.problem = told.errors ? Object.values(told.errors).join(" ") : String(told.error ?? answer.status);
    }
    store(box, waiting);
  }

  function ready() {
    return waiting.find((one) => !one.two && !one.problem);
  }

  function later() {
    timer = window.setTimeout(() => void send(), RETRY[Math.min(tries, RETRY.length - 1)]);
    tries += 1;
  }

  /** @param {string} act @param {string} which */
  function decide(act, which) {
    const at = waiting.findIndex((one) => one.key === which);
    if (at < 0) return;
    const one = waiting[at];
    if (act === "again") {
      one.fields.seen = String(one.seen ?? one.fields.seen);
      delete one.two;
    } else {
      waiting.splice(at, 1);
      if (act === "back" && !body.value.trim()) fill(one.fields);
      else if (act === "back") waiting.splice(at, 0, one);
    }
    store(box, waiting);
    show();
    void send();
  }

  function show() {
    const line = root.querySelector("[data-note-state]");
    const left = waiting.filter((one) => !one.two && !one.problem).length;
    const isStuck = waiting.length > left;
    let words = "";
    let look = "";
    if (signedOut) { words = root.dataset.signedOut ?? ""; look = "is-stuck"; }
    else if (left) {
      words = tries ? (left === 1 ? root.dataset.waitingOne : root.dataset.waitingMany?.replace("{n}", String(left))) ?? "" : root.dataset.sending ?? "";
      look = "is-waiting";
    } else if (isStuck) { words = root.dataset.stuck ?? ""; look = "is-stuck"; }
    else if (body.value.trim()) { words = root.dataset.kept ?? ""; look = "is-waiting"; }
    else if (isSaved) { words = root.dataset.saved ?? ""; look = "is-saved"; }
    if (line && line.textContent !== words) { line.textContent = words; line.className = `note-state ${look}`; }
    list();
  }

  function list() {
    const holder = root.querySelector("[data-waiting]");
    if (!holder) return;
    const focused = document.activeElement?.id;
    holder.replaceChildren(...waiting.map((one) => {
      const item = document.createElement("li");
      item.append(line(one.fields.body));
      if (one.problem) {
        item.append(line((root.dataset.failed ?? "").replace("{why}", one.problem)), actions(one, ["back", "drop"]));
      }
      for (const other of one.two ?? []) {
        const link = document.createElement("a");
        link.href = other.edit;
        link.textContent = root.dataset.mend ?? "";
        item.append(line((root.dataset.two ?? "").replace("{name}", other.recorder)), line(other.words), link);
      }
      if (one.two) item.append(actions(one, ["again", "drop"]));
      return item;
    }));
    if (focused) document.getElementById(focused)?.focus();
  }

  /** @param {string} words */
  function line(words) {
    const made = document.createElement("p");
    made.textContent = words;
    return made;
  }

  /** @param {Waiting} one @param {string[]} acts */
  function actions(one, acts) {
    const made = document.createElement("p");
    made.className = "actions";
    for (const act of acts) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-secondary";
      button.id = `${act}-${one.key}`;
      Object.assign(button.dataset, { act, key: one.key });
      button.textContent = root.dataset[act] ?? act;
      made.append(button);
    }
    return made;
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
    if (fields && !waiting.some((one) => one.key === fields.key) && !body.value) fill(fields);
    else if (!body.value) key.value = newKey();
  }
}

/** @returns {string} what a text is known by; `randomUUID` exists on secure pages alone */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @template T @param {string} name @param {T} otherwise @returns {T} */
function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {string} name @param {unknown} value */
function store(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Private windows may refuse; then a text lives as long as the page.
  }
}
