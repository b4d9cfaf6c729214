// `/` search, `j` `k` next and previous row, `?` help. WCAG 2.1.4 wants a way to switch single
// keys off: the checkbox [data-keys-switch] in the help dialog, remembered in this browser.
const OFF = 'shifan.keys.off';
const off = () => localStorage.getItem(OFF) === '1';

const move = (step) => {
  const links = [...document.querySelectorAll('[data-row] a:first-of-type')];
  const here = links.findIndex((link) => link.closest('[data-row]').contains(document.activeElement));
  links[Math.min(Math.max(here + step, 0), links.length - 1)]?.focus();
};

const keys = {
  '/': () => document.querySelector('[data-search]')?.focus(),
  j: () => move(1),
  k: () => move(-1),
  '?': () => document.querySelector('dialog[data-keys-help]')?.showModal(),
};

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select, [contenteditable], dialog');
  if (off() || typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

for (const box of document.querySelectorAll('[data-keys-switch]')) {
  box.checked = !off();
  box.addEventListener('change', () => localStorage.setItem(OFF, box.checked ? '0' : '1'));
}

for (const button of document.querySelectorAll('[data-keys-open]')) {
  button.hidden = false;
  button.addEventListener('click', keys['?']);
}
