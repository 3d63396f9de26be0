import { resolve } from 'node:path';

import { expect, test } from '@playwright/test';

import { Lab } from './lab.js';

const images = resolve(__dirname, '../../examples/images');

test('the notebook, a hover over nn.Linear and the panel beside it', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open('ten_minutes.ipynb', '&diptych=panel');
  await lab.files(false);
  await expect.poll(async () => (await lab.panel.boundingBox())?.width ?? 0).toBeGreaterThan(600);
  const cell = await lab.cell('nn.Linear(28');
  await lab.click(cell, 'nn.Linear');
  await expect(lab.panel.locator('[data-side="target"]')).toContainText('nn.Dense(256');
  await cell.evaluate(element => element.scrollIntoView({ block: 'start' }));
  await page.mouse.move(400, 500);
  await page.mouse.wheel(0, -330);
  await lab.quiet();
  await lab.rest(cell, 'nn.Linear');
  await expect(lab.hover).toBeVisible();
  await lab.quiet();
  await page.screenshot({ path: `${images}/lab.png` });
});

test('a finished comparison', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open('ten_minutes.ipynb');
  await lab.files(false);
  await lab.execute('diptych:open-runs');
  await lab.runs.getByLabel('Epochs').fill('2');
  const compare = lab.runs.getByRole('button', { name: 'Compare' });
  await expect(compare).toBeEnabled({ timeout: 60_000 });
  await compare.click();
  await expect(lab.progress('finished')).toHaveCount(2, { timeout: 240_000 });
  await expect(lab.runs).toContainText(/PyTorch time \/ MXNet time/);
  await expect(lab.status).toHaveText('Diptych');
  await lab.quiet();
  await page.screenshot({ path: `${images}/runs.png` });
});
