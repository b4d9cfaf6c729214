// htmx requests that come from no form carry Django's token, taken from any form on the page.
document.addEventListener('htmx:config:request', (event) => {
  const request = event.detail.ctx.request;
  const token = document.querySelector('[name=csrfmiddlewaretoken]');
  if (token && !/^(GET|HEAD)$/i.test(request.method)) {
    request.headers['X-CSRFToken'] = token.value;
  }
});
