// What was written in the hall, on its way: sent in order, also after the network was gone. Each
// text has a key of its own, so that nothing is stored twice.

/**
 * A text on its way. `two` and `problem` wait for the note-taker, the rest for the network.
 * @typedef {{ key: string, fields: Record<string, string>, two?: { id: number, words: string, recorder: string, edit: string }[], seen?: number, problem?: string }} Waiting
 * @typedef {"signedOut" | "retrying" | "sending" | "stuck" | "saved" | ""} Standing
 * @typedef {{ waiting: Waiting[], add: (fields: Record<string, string>) => void, insist: (one: Waiting) => void, drop: (one: Waiting) => void, send: () => Promise<void>, hurry: () => void, left: () => number, standing: () => Standing }} Outbox
 */

const RETRY = [1_000, 2_000, 5_000, 10_000]; // milliseconds

/**
 * The texts that wait in this browser under a name. `changed` hears of everything that happens to
 * them, `arrived` of each one that was stored.
 * @param {string} name
 * @param {{ post: (fields: Record<string, string>) => Promise<Response>, changed: () => void, arrived: () => void }} page
 * @returns {Outbox}
 */
export function outbox(name, page) {
  let isSending = false;
  let tries = 0;
  let timer = 0;
  let isSaved = false;
  let isSignedOut = false;
  /** @type {Waiting[]} */
  const waiting = read(name, []);

  /** Sends what waits, one after the other; what needs a decision lets the rest go past. */
  async function send() {
    if (isSending) return;
    window.clearTimeout(timer);
    isSending = true;
    for (let next = ready(); next; next = ready()) {
      page.changed();
      const answer = await page.post(next.fields).catch(() => null);
      if (!answer || answer.status >= 500 || answer.status === 429) { later(); break; }
      isSignedOut = answer.status === 401 || answer.redirected;
      if (isSignedOut) { later(); break; }
      tries = 0;
      await settle(next, answer);
    }
    isSending = false;
    page.changed();
  }

  /** @param {Waiting} one @param {Response} answer */
  async function settle(one, answer) {
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      waiting.splice(waiting.indexOf(one), 1);
      isSaved = true;
      page.arrived();
    } else if (told.two) {
      one.two = told.two;
      one.seen = told.seen;
    } else {
      one.problem = told.errors ? Object.values(told.errors).join(" ") : String(told.error ?? answer.status);
    }
    store(name, waiting);
  }

  function ready() {
    return waiting.find((one) => !one.two && !one.problem);
  }

  function later() {
    timer = window.setTimeout(() => void send(), RETRY[Math.min(tries, RETRY.length - 1)]);
    tries += 1;
  }

  function left() {
    return waiting.filter((one) => !one.two && !one.problem).length;
  }

  function changed() {
    store(name, waiting);
    page.changed();
    void send();
  }

  return {
    waiting,
    send,
    left,
    add(fields) {
      waiting.push({ key: fields.key, fields });
      changed();
    },
    /** Sends the text although another has written the same answer down. */
    insist(one) {
      one.fields.seen = String(one.seen ?? one.fields.seen);
      delete one.two;
      changed();
    },
    drop(one) {
      waiting.splice(waiting.indexOf(one), 1);
      changed();
    },
    /** The network is back. */
    hurry() {
      tries = 0;
      void send();
    },
    standing() {
      if (isSignedOut) return "signedOut";
      if (left()) return tries ? "retrying" : "sending";
      if (waiting.length) return "stuck";
      return isSaved ? "saved" : "";
    },
  };
}

/** @template T @param {string} name @param {T} otherwise @returns {T} */
export function read(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null") ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {string} name @param {unknown} value */
export function store(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Private windows may refuse; then a text lives as long as the page.
  }
}
