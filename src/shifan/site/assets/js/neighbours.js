// `n` and `p`: the next and the previous page, where a link says rel="next" or rel="prev".
// The same switch as in keys.js turns single keys off.
const ways = { n: 'a[rel=next]', p: 'a[rel=prev]' };
const off = () => localStorage.getItem('shifan.keys.off') === '1';

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select, [contenteditable], dialog');
  if (off() || typing || event.ctrlKey || event.metaKey || event.altKey || !ways[event.key]) return;
  document.querySelector(ways[event.key])?.click();
});

for (const hint of document.querySelectorAll('[data-key-hint]')) hint.hidden = off();
