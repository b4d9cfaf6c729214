// A .dropzone holds a file field; files can also be dropped on it, or pasted while it has focus.
const give = (zone, files) => {
  const field = zone.querySelector('input[type=file]');
  if (!field || !files.length) return;
  const taken = new DataTransfer();
  for (const file of field.multiple ? files : [files[0]]) taken.items.add(file);
  field.files = taken.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
};
const zoneOf = (event) => event.target.closest?.('.dropzone');

for (const kind of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(kind, (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle('is-over', kind === 'dragover');
    if (kind === 'drop') give(zone, event.dataTransfer.files);
  });
}

document.addEventListener('paste', (event) => {
  const zone = zoneOf(event);
  if (zone && event.clipboardData.files.length) {
    event.preventDefault();
    give(zone, event.clipboardData.files);
  }
});
