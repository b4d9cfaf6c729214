// Large files go piece by piece by the tus protocol, so that a broken line costs the last piece
// only. Choosing the same file again later goes on where it stopped. Small files are left to the
// form itself, which works without any of this.
import * as tus from 'tus-js-client';

const LARGE = 8_000_000;
const PIECE = 8_000_000;
const PAUSES = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000];

const tell = (form, sentence, values = {}) => {
  const says = form.querySelector('[data-upload-says]');
  says.textContent = Object.entries(values)
    .reduce((text, [name, value]) => text.replace(`{${name}}`, value), says.dataset[sentence] ?? '');
};

const why = (error) => error.originalResponse?.getBody?.() || error.message;

const send = (form, file) => new Promise((resolve, reject) => {
  const bar = form.querySelector('progress');
  const upload = new tus.Upload(file, {
    endpoint: form.dataset.uploads,
    chunkSize: PIECE,
    retryDelays: PAUSES,
    metadata: { filename: file.name },
    headers: { 'X-CSRFToken': form.querySelector('[name=csrfmiddlewaretoken]').value, 'X-Background': '1' },
    removeFingerprintOnSuccess: true,
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      const again = status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507);
      if (again) tell(form, 'waiting');
      return again;
    },
    onProgress: (sent, all) => {
      bar.hidden = false;
      bar.value = (100 * sent) / all;
      tell(form, 'sending', { name: file.name, percent: Math.floor(bar.value) });
    },
    onError: reject,
    onSuccess: resolve,
  });
  upload.findPreviousUploads().then((earlier) => {
    if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
    upload.start();
  }, reject);
});

document.addEventListener('submit', async (event) => {
  const form = event.target;
  const field = form.querySelector('input[type=file]');
  const files = [...(field?.files ?? [])];
  if (!form.dataset.uploads || !files.some((file) => file.size > LARGE)) return;
  event.preventDefault();
  form.querySelector('[type=submit]').disabled = true;
  try {
    for (const file of files) {
      try {
        await send(form, file);
      } catch (error) {
        const expired = error.originalResponse?.getStatus() === 401;
        tell(form, expired ? 'expired' : 'refused', { name: file.name, why: why(error) });
        return;
      }
    }
    location.reload();
  } finally {
    form.querySelector('[type=submit]').disabled = false;
    form.querySelector('progress').hidden = true;
  }
});
