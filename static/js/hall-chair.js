// The chair's page: a press of a button does what it says, and the page stays where it is.
import { parsed } from "./fragment.js";
import { follow } from "./hall-live.js";

const SELECTOR = "[data-chair]";
const root = /** @type {HTMLElement | null} */ (document.querySelector(SELECTOR));
if (root) lead(root);

/** @param {HTMLElement} root */
function lead(root) {
  let busy = Promise.resolve();
  const lost = () => /** @type {HTMLElement | null} */ (root.querySelector("[data-lost]"));

  follow(root, root.dataset.chair ?? "", {
    state: (state) => { if (state.rev !== Number(root.dataset.rev)) queue(() => fetch(location.href)); },
    connected: (isConnected) => { const line = lost(); if (line) line.hidden = isConnected; },
  });

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form, /** @type {SubmitEvent} */ (event).submitter)));
    queue(() => fetch(form.action, { method: "POST", body }));
  });

  /** One thing after the other, so that a late page never replaces a newer one. @param {() => Promise<Response>} ask */
  function queue(ask) {
    busy = busy.then(async () => {
      let answer = await ask().catch(() => null);
      if (answer?.status === 409) answer = await fetch(location.href).catch(() => null); // somebody was first
      if (!answer) { const line = lost(); if (line) line.hidden = false; return; }
      if (answer.ok || answer.status === 422) show(await answer.text());
      else location.reload();
    });
  }

  /** @param {string} html */
  function show(html) {
    const fresh = parsed(html).querySelector(SELECTOR);
    if (!(fresh instanceof HTMLElement)) return location.reload();
    const active = document.activeElement;
    const wasHere = root.contains(active);
    const part = active?.closest("section")?.getAttribute("aria-labelledby") ?? "";
    const typed = root.querySelector("#name") instanceof HTMLInputElement ? /** @type {HTMLInputElement} */ (root.querySelector("#name")).value : "";
    const focused = active?.id ?? "";
    const sent = fresh.querySelector("#name[aria-invalid]") !== null;
    root.dataset.rev = fresh.dataset.rev;
    root.replaceChildren(...fresh.childNodes);
    const name = root.querySelector("#name");
    if (name instanceof HTMLInputElement && !sent && !added(typed)) { name.value = typed; }
    const again = focused ? document.getElementById(focused) : null;
    if (wasHere) (again ?? document.getElementById(part))?.focus({ preventScroll: again !== null });
  }

  /** Whether the name that was typed stands in the line now. @param {string} typed */
  function added(typed) {
    const names = [...root.querySelectorAll(".chair__line bdi, .hallnow__q bdi")].map((one) => one.textContent?.trim());
    return !typed.trim() || names.includes(typed.trim());
  }
}
