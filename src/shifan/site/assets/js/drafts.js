// Typing is kept while it is typed. What stands in a [data-draft] element is posted to that address
// half a second after the last key, and the answer shown in its [data-draft-says], which also holds
// the sentences for a lost line (data-lost), a sign-in that has run out (data-expired) and a refusal.
const PAUSE = 500;
const AGAIN = 5000;
const waiting = new Map();
const sending = new Set();

const typed = (element) => {
  const form = element.closest('form');
  const data = new FormData();
  for (const field of element.querySelectorAll('input, select, textarea')) {
    const chosen = !/^(radio|checkbox)$/.test(field.type) || field.checked;
    if (field.name && chosen) data.append(field.name, field.value);
  }
  data.set('csrfmiddlewaretoken', form.querySelector('[name=csrfmiddlewaretoken]').value);
  return data;
};

const send = async (element, keepalive = false) => {
  clearTimeout(waiting.get(element));
  waiting.delete(element);
  if (!element.isConnected) return;
  if (sending.has(element)) {
    later(element, PAUSE);
    return;
  }
  sending.add(element);
  const says = element.querySelector('[data-draft-says]');
  try {
    const answer = await fetch(element.dataset.draft, {
      method: 'POST', body: typed(element), headers: { 'X-Background': '1' }, keepalive,
    });
    if (answer.status === 401) says.textContent = says.dataset.expired;
    else if (answer.ok) says.innerHTML = await answer.text();
    else if (answer.status < 500) says.textContent = says.dataset.refused;
    else throw new Error(answer.status);
  } catch {
    says.textContent = says.dataset.lost;
    if (!waiting.has(element)) later(element, AGAIN);
  } finally {
    sending.delete(element);
  }
};

const later = (element, pause) => {
  clearTimeout(waiting.get(element));
  waiting.set(element, setTimeout(send, pause, element));
};

document.addEventListener('input', (event) => {
  const element = event.target.closest('[data-draft]');
  if (element) later(element, PAUSE);
});

// Saving makes drafts of the same form needless.
document.addEventListener('submit', (event) => {
  for (const [element, timer] of waiting) {
    if (element === event.target || event.target.contains(element)) {
      clearTimeout(timer);
      waiting.delete(element);
    }
  }
});

addEventListener('pagehide', () => {
  for (const element of [...waiting.keys()]) send(element, true);
});
