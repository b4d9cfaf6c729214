// An answer that came by way of a redirect (to the sign-in page, say) is a page of its own.
document.addEventListener('htmx:before:response', (event) => {
  const { raw } = event.detail.ctx.response;
  if (!raw.redirected) return;
  event.preventDefault();
  location.assign(raw.url);
});
