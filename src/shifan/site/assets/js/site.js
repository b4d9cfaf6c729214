// Everything here is a convenience: each page works without it.
import 'htmx.org/dist/htmx.esm.js';
import './csrf.js';
import './submit_once.js';
import './error_summary.js';
import './print_button.js';
import './dropzone.js';
import './select_all.js';
import './keys.js';
import './neighbours.js';
import './redirects.js';
import './drafts.js';
