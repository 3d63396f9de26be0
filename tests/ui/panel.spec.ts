import { expect, test, type Locator } from '@playwright/test';

import { Lab } from './lab.js';

const source = '[data-side="source"]';
const target = '[data-side="target"]';

test.describe('the side panel', () => {
  test('opens with the address that `diptych lab` prints, and follows the cursor through the cells', async ({
    page
  }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb', '&diptych=panel');
    await expect(lab.panel).toBeVisible();
    await lab.picture('panel_empty');

    await lab.click(await lab.cell('torch.ones(5, 3)'), 'torch.ones');
    await expect(lab.panel.locator(source)).toContainText('x = torch.ones(5, 3)');
    await expect(lab.panel.locator(target)).toContainText('ones((5, 3))');

    await lab.click(await lab.cell('nn.Linear(28'), 'nn.Linear');
    await expect(lab.panel.locator(target)).toContainText('nn.Dense(256, in_units=28 * 28');
    await lab.pictures('panel');
    await expect(page.locator('.lm-DockPanel-tabBar .lm-mod-current')).not.toHaveClass(/jp-mod-dirty/);

    await lab.click(await lab.cell('nd.ones((5, 3))'), 'nd.ones');
    await expect(lab.panel.locator(target)).toContainText('torch.ones(5, 3)');
  });

  test('shows the whole cell, and turns round', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb', '&diptych=panel');
    await lab.click(await lab.cell('nn.Linear(28'), 'nn.Linear');
    await lab.panel.getByRole('radio', { name: 'Cell or file' }).click();
    await expect(lab.panel.locator(target)).toContainText('gluon');
    await lab.pictures('panel_cell');
    await lab.click(await lab.cell('nd.ones((5, 3))'), 'nd.ones');
    await expect(lab.panel.locator(target)).toContainText('torch.ones(5, 3)');
    await lab.panel.getByRole('radio', { name: 'To MXNet' }).click();
    // It is MXNet already.
    await expect(lab.panel.locator(target)).toBeHidden();
    await lab.panel.getByRole('radio', { name: 'To PyTorch' }).click();
    await expect(lab.panel.locator(target)).toContainText('torch.ones(5, 3)');
  });

  test('links lines by pointer and by keyboard', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb', '&diptych=panel');
    await lab.click(await lab.cell('nn.Linear(28'), 'nn.Linear');
    await expect(lab.panel.locator(target)).toContainText('nn.Dense(256');
    const line = lab.panel.locator(`${source} .cm-line`, { hasText: 'nn.Linear(28' });
    await line.hover();
    await expect(lab.panel.locator(`${target} .diptych-link-active`).first()).toBeVisible();
    await lab.picture('panel_linked');
    await lab.panel.locator(`${source} .cm-content`).focus();
    await page.keyboard.press('ArrowDown');
    await expect(lab.panel.getByRole('status').filter({ hasText: 'Link' })).toHaveText(/Link \d/);
  });

  test('copies, inserts as a new cell below, and opens as a file', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb', '&diptych=panel');
    await lab.click(await lab.cell('torch.ones(5, 3)'), 'torch.ones');
    await expect(lab.panel.locator(target)).toContainText('ones((5, 3))');

    await lab.panel.getByRole('button', { name: 'Copy' }).click();
    await expect(lab.panel.getByText('Copied')).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('ones((5, 3))');

    const cells = page.locator('.jp-CodeCell', { hasText: 'ones((5, 3))' });
    const before = await cells.count();
    await lab.panel.getByRole('button', { name: 'Insert below' }).click();
    await expect(cells).toHaveCount(before + 1);
    await expect(page.locator('.jp-CodeCell.jp-mod-active .cm-content')).toContainText('%%mxnet');

    await lab.click(await lab.cell('torch.ones(5, 3)'), 'torch.ones');
    await expect(lab.panel.locator(target)).toContainText('ones((5, 3))');
    await lab.panel.getByRole('button', { name: 'Open as file' }).click();
    await expect(page.locator('.jp-FileEditor .cm-content')).toContainText('ones((5, 3))');
  });

  test('follows into the file editor', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('mnist_mlp_torch.py', '&diptych=panel');
    await lab.click(page.locator('.jp-FileEditor .cm-content'), 'nn.Linear');
    await expect(lab.panel.locator(target)).toContainText('nn.Dense(256');
    await lab.pictures('panel_file');
  });

  test('says what to do when the server does not answer, and tries again', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb', '&diptych=panel');
    await page.route(/diptych\/convert/, fault => fault.abort());
    await lab.click(await lab.cell('torch.ones(5, 3)'), 'torch.ones');
    await expect(lab.panel.getByRole('alert')).toContainText('does not answer');
    await lab.pictures('panel_unreachable');
    await page.unroute(/diptych\/convert/);
    await lab.panel.getByRole('button', { name: 'Try again' }).click();
    await expect(lab.panel.locator(target)).toContainText('ones((5, 3))');
  });

  test('has both sides next to each other in a wide window, until the user wants otherwise', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb', '&diptych=panel');
    await lab.click(await lab.cell('torch.ones(5, 3)'), 'torch.ones');
    await expect(lab.panel.locator(target)).toContainText('ones((5, 3))');
    await expect.poll(async () => (await box(lab.panel)).width).toBeGreaterThan(560);
    const first = (await box(lab.panel)).width;
    await page.setViewportSize({ width: 900, height: 900 });
    await expect.poll(async () => (await box(lab.panel)).width).toBeLessThan(first - 100);
    await page.setViewportSize({ width: 1400, height: 900 });
    await expect.poll(async () => Math.abs((await box(lab.panel)).width - first)).toBeLessThan(5);
    const [left, right] = await Promise.all([box(lab.panel.locator(source)), box(lab.panel.locator(target))]);
    expect(right.y).toBe(left.y);
    expect(right.x).toBeGreaterThanOrEqual(left.x + left.width);

    const panel = await box(lab.panel);
    const kept = lab.layoutKept('diptych-panel');
    await page.mouse.move(panel.x - 2, panel.y + 300);
    await page.mouse.down();
    await page.mouse.move(panel.x + 198, panel.y + 300, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => (await box(lab.panel)).width).toBeLessThan(panel.width - 150);
    const narrowed = (await box(lab.panel)).width;
    await kept;
    await page.goto(page.url().replace(/\?.*$/, ''));
    await expect(lab.panel).toBeVisible({ timeout: 60_000 });
    await expect.poll(async () => Math.abs((await box(lab.panel)).width - narrowed)).toBeLessThan(10);
  });

  test('leaves the document room in a narrow window', async ({ page }) => {
    await page.setViewportSize({ width: 760, height: 900 });
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb', '&diptych=panel');
    await expect(lab.panel).toBeVisible();
    await expect.poll(async () => (await box(page.locator('.jp-NotebookPanel'))).width).toBeGreaterThan(330);
    await expect.poll(async () => (await box(lab.panel)).width).toBeGreaterThan(290);
    await lab.picture('panel_first_narrow');
  });

  test('does at once what is changed in the settings', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open('ten_minutes.ipynb', '&diptych=panel');
    await lab.click(await lab.cell('torch.ones(5, 3)'), 'torch.ones');
    await expect(lab.panel.getByRole('radio', { name: 'Statement' })).toBeChecked();
    await lab.choose('scope', 'cell');
    await lab.choose('dialect', 'np');
    await expect(lab.panel.getByRole('radio', { name: 'Cell or file' })).toBeChecked();
    await expect(lab.panel.locator(target)).toContainText('np.ones((5, 3))');
    await lab.choose('language', 'zh');
    await expect(lab.panel.locator('.diptych-panel')).toHaveAttribute('lang', 'zh');
  });

  test('is still there after a reload', async ({ page }) => {
    const lab = new Lab(page);
    const kept = lab.layoutKept('"current":"diptych-panel"');
    await lab.open('ten_minutes.ipynb', '&diptych=panel');
    await expect(lab.panel).toBeVisible();
    await kept;
    await page.goto(page.url().replace(/\?.*$/, ''));
    await expect(lab.panel).toBeVisible({ timeout: 60_000 });
  });
});

test('a code cell has a button that inserts its counterpart below', async ({ page }) => {
  const lab = new Lab(page);
  await lab.open('ten_minutes.ipynb');
  await lab.click(await lab.cell('torch.ones(5, 3)'), 'torch.ones');
  const cells = page.locator('.jp-CodeCell', { hasText: 'ones((5, 3))' });
  const before = await cells.count();
  await page.locator('.jp-cell-toolbar [data-jp-item-name="diptych-insert-counterpart"] button').click();
  await expect(cells).toHaveCount(before + 1);
  await expect(page.locator('.jp-CodeCell.jp-mod-active .cm-content')).toBeInViewport({ ratio: 1 });
  await lab.picture('inserted_cell');
});

async function box(locator: Locator): Promise<{ x: number; y: number; width: number }> {
  const found = await locator.boundingBox();
  expect(found).not.toBeNull();
  return found ?? { x: 0, y: 0, width: 0 };
}
