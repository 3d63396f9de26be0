import { expect, test } from '@playwright/test';

import { Lab } from './lab.js';

const PATIENCE = 240_000;

test.describe('the run view', () => {
  test.describe.configure({ timeout: 300_000 });

  test('trains both frameworks on all of MNIST, and survives a reload', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb');
    const kept = lab.layoutKept('diptych-runs:runs');
    await lab.execute('diptych:open-runs');
    await expect(lab.runs).toBeVisible();
    await kept;
    await lab.pictures('runs_before');

    await lab.runs.getByLabel('Epochs').fill('2');
    const compare = lab.runs.getByRole('button', { name: 'Compare' });
    await expect(compare).toBeEnabled({ timeout: 60_000 });
    await compare.click();

    const first = lab.runs.getByRole('progressbar').first();
    await expect(first).toBeVisible({ timeout: 60_000 });
    const share = async (): Promise<number> => Number(await first.evaluate(bar => (bar as HTMLProgressElement).value));
    await expect.poll(share, { timeout: 90_000 }).toBeGreaterThan(0);
    const early = await share();
    await expect.poll(share, { timeout: 60_000 }).toBeGreaterThan(early);
    await expect(lab.status).toHaveText(/(PyTorch|MXNet) [12]\/2/);
    await lab.moving('runs_training');

    await lab.reload();
    await expect(lab.runs).toBeVisible({ timeout: 60_000 });
    await expect(lab.progress(/training|starting|waiting/).first()).toBeVisible();
    await lab.moving('runs_reloaded');
    await expect(lab.progress('finished')).toHaveCount(2, { timeout: PATIENCE });
    await expect(lab.runs.getByRole('table').first()).toContainText(/0\.3\d/);
    await expect(lab.runs).toContainText(/PyTorch time \/ MXNet time/);
    await expect(lab.status).toHaveText('Diptych', { timeout: 60_000 });
    await lab.pictures('runs_finished');
  });

  test('ends a run that is cancelled', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb');
    await lab.execute('diptych:open-runs');
    const run = lab.runs.getByRole('button', { name: 'Run PyTorch' });
    await expect(run).toBeEnabled({ timeout: 60_000 });
    await run.click();
    await lab.runs.getByRole('button', { name: 'Cancel' }).click();
    await expect(lab.runs.getByText('cancelled').first()).toBeVisible({ timeout: 60_000 });
    await lab.picture('runs_cancelled');
  });

  test('says what to do when the server does not answer', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb');
    await page.route(/diptych\/runs/, fault => fault.abort());
    await lab.execute('diptych:open-runs');
    await expect(lab.runs.getByRole('alert').first()).toContainText('does not answer');
    await lab.picture('runs_unreachable');
  });

  test('opens from the launcher, and speaks the language that is chosen', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb');
    await lab.execute('launcher:create');
    await page.locator('.jp-LauncherCard', { hasText: 'Train and Compare' }).click();
    await expect(lab.runs).toHaveAttribute('lang', 'en');
    await lab.choose('language', 'zh');
    await lab.execute('diptych:open-runs');
    await expect(lab.runs).toHaveAttribute('lang', 'zh');
    await lab.picture('runs_chinese');
  });
});
