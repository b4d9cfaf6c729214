// In a form with [data-select-all] above its rows' checkboxes; [data-selected-count] says how many.
document.addEventListener('change', (event) => {
  const form = event.target.form;
  const all = form?.querySelector('[data-select-all]');
  if (!all) return;
  const rows = [...form.querySelectorAll('tbody input[type=checkbox]')];
  if (event.target === all) for (const row of rows) row.checked = all.checked;
  const chosen = rows.filter((row) => row.checked).length;
  all.checked = chosen > 0 && chosen === rows.length;
  all.indeterminate = chosen > 0 && chosen < rows.length;
  const count = form.querySelector('[data-selected-count]');
  if (count) count.textContent = chosen;
});
