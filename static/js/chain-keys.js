// Keys of the chain page: left and right go to the expiry before and after, / looks for a strike. Off while typing.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

function expiry(step) {
  const links = [...document.querySelectorAll(".expiries a")];
  const next = links[links.findIndex((link) => link.hasAttribute("aria-current")) + step];
  if (next) window.location.assign(next.href);
  return Boolean(next);
}

function strike() {
  const input = document.getElementById("strike");
  input?.focus();
  input?.select();
  return Boolean(input);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  const done = { ArrowLeft: () => expiry(-1), ArrowRight: () => expiry(1), "/": strike }[event.key]?.();
  if (done) event.preventDefault();
});
