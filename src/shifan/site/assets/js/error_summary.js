// After a refused form, reading starts at what went wrong.
document.querySelector('.error-summary')?.focus();
