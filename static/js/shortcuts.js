// Keys: g d / g s / g o jump, n templates, Shift K kill switch, Ctrl or ⌘ K command box, ? list. Off while typing.

import { openDialog } from "./dialogs.js";

let after = "";
let forget = 0;

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function jump(keys) {
  const link = document.querySelector(`[data-keys="${CSS.escape(keys)}"]`);
  if (link) window.location.assign(link.href);
  return link !== null;
}

function plainKey(key) {
  if (key === "K") return openDialog("kill");
  if (key === "?") return openDialog("shortcuts");
  const keys = after ? `${after} ${key}` : key;
  after = key === "g" && !after ? "g" : "";
  clearTimeout(forget);
  forget = setTimeout(() => (after = ""), 1_000);
  return after === "" && jump(keys);
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openDialog("command");
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (plainKey(event.key)) event.preventDefault();
});
