// A slow line and a second click: the form is sent once. Forms that htmx sends are left alone.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (form.getAttribute('aria-busy') === 'true') event.preventDefault();
  form.setAttribute('aria-busy', 'true');
  // An answer that is a file leaves the page where it is.
  setTimeout(() => form.removeAttribute('aria-busy'), 10_000);
});

// Coming back with the browser's own button, the form can be sent again.
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[aria-busy]')) form.removeAttribute('aria-busy');
});
