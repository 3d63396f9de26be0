/** Pictures of every view, to look at: node test/harness/screenshots.mjs FOLDER */
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { chromium } from '@playwright/test';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = process.argv[2] ?? 'test-results/views';
mkdirSync(folder, { recursive: true });
await build({
  entryPoints: [`${here}harness.ts`],
  bundle: true,
  outfile: `${folder}/harness.js`,
  loader: { '.json': 'json' }
});
await build({ entryPoints: [`${here}../../style/index.css`], bundle: true, outfile: `${folder}/harness.css` });
copyFileSync(`${here}index.html`, `${folder}/index.html`);

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const shots = [
  ['panel', 900, 700],
  ['panel', 380, 900],
  ['empty', 600, 300],
  ['failed', 600, 300],
  ['midway', 1100, 1200],
  ['hover', 660, 520],
  ['run', 1100, 1300],
  ['run', 420, 1500]
];
for (const theme of ['light', 'dark']) {
  for (const [view, width, height] of shots) {
    const page = await browser.newPage({ viewport: { width, height } });
    page.on('pageerror', error => console.log(view, error.message));
    page.on('console', message => message.type() === 'error' && console.log(view, message.text()));
    const locale = theme === 'dark' ? 'zh' : 'en';
    await page.goto(`${pathToFileURL(`${folder}/index.html`)}?view=${view}&theme=${theme}&locale=${locale}`);
    await page.waitForTimeout(1200);
    if (view === 'panel') {
      await page.hover('[data-side=source] .cm-line:nth-child(6)');
      await page.waitForTimeout(100);
    }
    await page.screenshot({ path: `${folder}/${view}-${width}-${theme}.png` });
    await page.close();
  }
}
await browser.close();
