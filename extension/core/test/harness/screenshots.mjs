/**
 * Pictures of every view under a strict content security policy, to look at: node test/harness/screenshots.mjs FOLDER
 *
 * Ends with 1 where a page reports an error or a violation of the policy, or an exported picture lacks its colours.
 */
import { mkdirSync } from 'node:fs';

import { chromium } from '@playwright/test';

import { servePage } from './page.mjs';

const SHOTS = [
  ['panel', 900, 700],
  ['panel', 380, 900],
  ['empty', 600, 300],
  ['failed', 600, 300],
  ['midway', 1100, 1200],
  ['sofar', 1100, 1400],
  ['hover', 660, 520],
  ['run', 1100, 1300],
  ['run', 420, 1500]
];

const folder = process.argv[2] ?? 'test-results/views';
mkdirSync(folder, { recursive: true });
const faults = [];
const served = await servePage();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu']
});
try {
  for (const theme of ['light', 'dark']) {
    for (const [view, width, height] of SHOTS) {
      await take(view, width, height, theme);
    }
  }
} finally {
  await browser.close();
  served.close();
}
faults.forEach(fault => console.error(fault));
process.exitCode = faults.length === 0 ? 0 : 1;

async function take(view, width, height, theme) {
  const name = `${view}-${width}-${theme}`;
  const page = await browser.newPage({ viewport: { width, height } });
  page.on('pageerror', error => faults.push(`${name}: ${error.message}`));
  // Chromium reports what the policy forbids as errors on the console.
  page.on('console', message => message.type() === 'error' && faults.push(`${name}: ${message.text()}`));
  await page.goto(`${served.url}?view=${view}&theme=${theme}&locale=${theme === 'dark' ? 'zh' : 'en'}`);
  await page.waitForTimeout(1200);
  if (view === 'panel') {
    await point(page, name);
  }
  await page.screenshot({ path: `${folder}/${name}.png` });
  if (view === 'run') {
    await exportPicture(page, name);
  }
  await page.close();
}

/** Point at a linked line by the mouse alone: `page.hover` would scroll the pane to the middle of the line. */
async function point(page, name) {
  const scrolled = await page.locator('.cm-scroller').evaluateAll(panes => panes.map(pane => pane.scrollLeft));
  if (scrolled.some(left => left !== 0)) {
    faults.push(`${name}: the panes are scrolled to ${scrolled} at first show.`);
  }
  const line = await page.locator('[data-side=source] .cm-line').nth(5).boundingBox();
  await page.mouse.move(line.x + 60, line.y + line.height / 2);
  await page.waitForTimeout(100);
}

/** Press PNG and hold the picture against the page: its background, and the colours of curves and legend. */
async function exportPicture(page, name) {
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: 5000 }),
    page.getByRole('button', { name: 'PNG' }).click()
  ]);
  await download.saveAs(`${folder}/export-${name}.png`);
  const missing = await page.evaluate('missingFromPicture()');
  if (missing.length > 0) {
    faults.push(`${name}: the exported picture lacks ${missing.join(', ')}.`);
  }
}
