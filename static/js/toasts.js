// Short messages. Rejections and stops interrupt a screen reader, the rest waits; at most one live message per 5 s.

const STAY_MS = 8_000;
const QUIET_MS = 5_000;
let waiting = null;
let next = 0;

const region = (kind) => document.getElementById(kind === "error" ? "alerts" : "toasts");

function leave(toast) {
  if (!toast.classList.contains("error")) setTimeout(() => toast.remove(), STAY_MS);
}

function put(text, kind) {
  const toast = document.getElementById("toast").content.firstElementChild.cloneNode(true);
  toast.classList.add(kind);
  toast.querySelector("span").textContent = text;
  region(kind).append(toast);
  leave(toast);
}

function speak() {
  if (waiting) put(...waiting);
  next = waiting ? setTimeout(speak, QUIET_MS) : 0;
  waiting = null;
}

/** Show a message; of several within 5 s the newest is kept, errors are shown at once. */
export function tell(text, kind = "info") {
  if (kind === "error") return put(text, kind);
  waiting = [text, kind];
  if (!next) speak();
}

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast")?.remove());
document.querySelectorAll(".toast").forEach(leave);

document.addEventListener("htmx:responseError", ({ detail }) =>
  tell(`The server answered ${detail.xhr.status}. Nothing was changed; reload the page.`, "error"));
document.addEventListener("htmx:sendError", () => tell("The server cannot be reached. Check the connection.", "error"));
