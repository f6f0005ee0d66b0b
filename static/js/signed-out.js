// When the session has ended, the server answers a part of the page with the sign-in page: go there instead of showing it.

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!new URL(event.detail.xhr.responseURL).pathname.startsWith("/accounts/login/")) return;
  event.preventDefault();
  window.location.reload();
});
