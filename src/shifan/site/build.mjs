// Builds the site's assets: `node src/shifan/site/build.mjs`, into build/assets/ (not committed).
// The same sources and pins give the same bytes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import * as sass from 'sass';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, '../../..');
const OUT = path.join(ROOT, 'build/assets');
const TABLER = path.join(ROOT, 'node_modules/@tabler/core/scss');
const ICONS = path.join(ROOT, 'node_modules/@tabler/icons/icons/outline');

// Names of Tabler's outline icons, as used in components/icon.html.
const ICON_NAMES = [
  'adjustments-horizontal', 'alert-triangle', 'arrow-back-up', 'arrow-left', 'arrow-right',
  'building', 'calendar', 'calendar-due', 'camera', 'certificate', 'check', 'chevron-down',
  'chevron-left', 'chevron-right', 'circle', 'circle-check', 'circle-dashed', 'circle-half-2',
  'circle-minus', 'circle-x', 'clock', 'copy', 'download', 'edit', 'external-link', 'eye',
  'file-spreadsheet', 'file-text', 'filter', 'flag', 'help-circle', 'history', 'inbox',
  'info-circle', 'keyboard', 'link', 'list-check', 'lock', 'lock-open', 'login', 'logout',
  'map-pin', 'message', 'minus', 'paperclip', 'photo', 'plus', 'printer', 'refresh', 'search',
  'send', 'shield-check', 'target', 'trash', 'upload', 'user', 'users', 'x',
];

// Browsers an office may still have: Chromium 100 is the engine of 360 and WPS of 2022.
const TARGET = ['chrome100', 'edge100', 'firefox100', 'safari15'];

const css = async () => {
  const { css } = sass.compile(path.join(HERE, 'assets/scss/site.scss'), { loadPaths: [TABLER] });
  const { code } = await esbuild.transform(css, {
    loader: 'css', minify: true, target: TARGET, legalComments: 'none',
  });
  if (/url\(|@import/.test(code)) throw new Error('site.css must not load or embed anything else');
  return code;
};

const js = async (name) => {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(HERE, 'assets/js', name)],
    bundle: true, minify: true, write: false, format: 'iife', target: TARGET,
    legalComments: 'none', absWorkingDir: ROOT,
  });
  return outputFiles[0].text;
};

const symbol = (name) => {
  const source = readFileSync(path.join(ICONS, `${name}.svg`), 'utf8');
  const shapes = source
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<\/?svg[^>]*>/g, '')
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"`
    + ` stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
};

const sprite = () =>
  `<svg xmlns="http://www.w3.org/2000/svg">\n${ICON_NAMES.map(symbol).join('\n')}\n</svg>\n`;

const favicon = () => readFileSync(path.join(HERE, 'assets/favicon.svg'), 'utf8');

const outputs = {
  'site.css': await css(), 'site.js': await js('site.js'), 'uploads.js': await js('uploads.js'),
  'sprite.svg': sprite(), 'favicon.svg': favicon(),
};
mkdirSync(OUT, { recursive: true });
for (const [name, text] of Object.entries(outputs)) {
  writeFileSync(path.join(OUT, name), text);
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(9);
  console.log(`${name.padEnd(12)}${kB(Buffer.byteLength(text))} ${kB(gzipSync(text, { level: 9 }).length)} gzip`);
}
