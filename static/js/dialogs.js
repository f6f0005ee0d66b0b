// Native dialogs: [data-open="id"] opens one, [data-close] closes it. A link that opens a dialog still works as a link.

/** Show the dialog; if it has `data-fresh`, its part of that page is fetched so that its figures are of now. */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return false;
  dialog.showModal();
  const part = dialog.querySelector("[data-part]");
  if (dialog.dataset.fresh && part) refresh(part, dialog.dataset.fresh);
  return true;
}

/** Fetch the part again, unless a choice was made in it by then: what was chosen is never taken back. */
function refresh(part, source) {
  let touched = false;
  part.addEventListener("change", () => (touched = true));
  part.addEventListener("htmx:beforeSwap", (event) => touched && event.preventDefault());
  window.htmx?.ajax("GET", source, { target: part, swap: "outerHTML" });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener && !event.ctrlKey && !event.metaKey && openDialog(opener.dataset.open)) event.preventDefault();
  if (event.target.closest("[data-close]")) {
    const dialog = event.target.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
  }
  if (event.target instanceof HTMLDialogElement) event.target.close(); // the backdrop
});

// A select that acts at once; without JavaScript its form has a button.
document.addEventListener("change", ({ target }) => "submit" in target.dataset && target.form.requestSubmit());
