import js from "@eslint/js";

const browser = [
  "AbortController", "CSS", "CustomEvent", "DOMParser", "Element", "Event", "EventSource",
  "FormData", "HTMLAnchorElement", "HTMLElement", "HTMLFormElement", "HTMLInputElement", "HTMLSelectElement",
  "HTMLTemplateElement", "HTMLTextAreaElement",
  "IntersectionObserver", "Intl", "MutationObserver", "Node", "ResizeObserver", "Response", "URL",
  "URLSearchParams", "cancelAnimationFrame", "clearInterval", "clearTimeout", "crypto",
  "customElements", "document", "fetch", "getComputedStyle", "getSelection", "history",
  "localStorage", "location", "matchMedia", "navigator", "performance", "queueMicrotask",
  "requestAnimationFrame", "requestIdleCallback", "sessionStorage", "setInterval", "setTimeout",
  "structuredClone", "window",
];

export default [
  { ignores: ["static/vendor/", "node_modules/", ".venv/", "instance/"] },
  js.configs.recommended,
  {
    files: ["static/js/**/*.js"],
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: Object.fromEntries(browser.map((name) => [name, "readonly"])),
    },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Use textContent, or a fragment the server rendered." },
        { property: "outerHTML", message: "Use textContent, or a fragment the server rendered." },
      ],
    },
  },
];
