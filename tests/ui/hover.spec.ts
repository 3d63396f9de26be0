import { expect, test } from '@playwright/test';

import { Lab } from './lab.js';

const CALL = 'nn.Dense(256, in_units=28 * 28';

test.describe('the hover', () => {
  test('shows the counterpart of nn.Linear in a notebook cell', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb');
    await lab.rest(await lab.cell('nn.Linear(28'), 'nn.Linear');
    await expect(lab.hover).toContainText(CALL);
    await expect(lab.hover.getByRole('table')).toContainText('in_units');
    await expect(lab.hover.getByRole('link').first()).toHaveAttribute('href', /^https:\/\//);
    await lab.pictures('hover_notebook', async () => {
      await page.mouse.move(2, 2);
      await expect(lab.hover).toHaveCount(0);
      await lab.rest(await lab.cell('nn.Linear(28'), 'nn.Linear');
      await expect(lab.hover).toBeVisible();
    });
  });

  test('shows the counterpart in the file editor', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('mnist_mlp_torch.py');
    await lab.rest(page.locator('.jp-FileEditor .cm-content'), 'nn.Linear');
    await expect(lab.hover).toContainText('nn.Dense(256, in_units=');
    await lab.picture('hover_file');
  });

  test('opens at the cursor by keyboard, takes the focus, and closes with Escape', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb');
    await lab.click(await lab.cell('nn.Linear(28'), 'nn.Linear');
    await page.keyboard.press('Control+Alt+h');
    await expect(lab.hover).toContainText(CALL);
    await page.keyboard.press('Control+Alt+h');
    await expect(lab.hover).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(lab.hover).toHaveCount(0);
    await page.keyboard.press('Control+Alt+h');
    await expect(lab.hover).toBeVisible();
    await page.keyboard.type('x');
    await expect(lab.hover).toHaveCount(0);
  });

  test('can be turned off', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb');
    await lab.execute('diptych:toggle-hover');
    try {
      await lab.rest(await lab.cell('nn.Linear(28'), 'nn.Linear');
      // Four times as long as the hover's delay.
      await page.waitForTimeout(1500);
      await expect(lab.hover).toHaveCount(0);
    } finally {
      await lab.execute('diptych:toggle-hover');
    }
    await page.mouse.move(2, 2);
    await lab.rest(await lab.cell('nn.Linear(28'), 'nn.Linear');
    await expect(lab.hover).toBeVisible();
  });

  test('stays silent for the pointer, and says why for the keyboard, when the server fails', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb');
    await page.route(/diptych\/lookup/, fault => fault.abort());
    const failed = page.waitForEvent('requestfailed', request => request.url().includes('diptych/lookup'));
    await lab.rest(await lab.cell('nn.Linear(28'), 'nn.Linear');
    await failed;
    await lab.quiet();
    await expect(lab.hover).toHaveCount(0);
    await lab.click(await lab.cell('nn.Linear(28'), 'nn.Linear');
    await page.keyboard.press('Control+Alt+h');
    await expect(lab.hover).toContainText('does not answer');
    await lab.picture('hover_unreachable');
  });
});
