import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, test, type Page } from '@playwright/test';

const PAGE = pathToFileURL(resolve(__dirname, '../../examples/cheat_sheet.html')).href;

async function open(page: Page): Promise<string[]> {
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(error.message));
  page.on('console', message => message.type() === 'error' && problems.push(message.text()));
  await page.goto(PAGE);
  return problems;
}

test.describe('the cheat sheet', () => {
  test('is searched from the keyboard, by names of either side', async ({ page }) => {
    const problems = await open(page);
    const articles = page.locator('article:visible');
    const total = await articles.count();
    await page.keyboard.press('/');
    await page.keyboard.type('torch.nn.Linear');
    await expect(page.locator('#linear')).toBeVisible();
    expect(await articles.count()).toBeLessThan(total / 10);
    await page.keyboard.press('Escape');
    await expect(articles).toHaveCount(total);
    await page.getByRole('searchbox').fill('qwertyuiop');
    await expect(page.locator('#sheet-empty')).toBeVisible();
    await page.locator('#sheet-clear').click();
    await expect(articles).toHaveCount(total);
    expect(problems).toEqual([]);
  });

  test('shows what differs and what has no counterpart', async ({ page }) => {
    await open(page);
    await page.getByRole('button', { name: 'Without counterpart' }).click();
    const first = page.locator('article:visible').first();
    await expect(first.locator('.reason')).toBeVisible();
    await page.getByRole('button', { name: 'With differences' }).click();
    await expect(page.locator('article:visible .note').first()).toBeVisible();
  });

  test('speaks Chinese', async ({ browser }) => {
    const context = await browser.newContext({ locale: 'zh-CN', colorScheme: 'dark' });
    const page = await context.newPage();
    const problems = await open(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('PyTorch 与 MXNet 速查表', { useInnerText: true });
    await page.getByRole('searchbox').fill('全连接');
    await expect(page.locator('#linear')).toBeVisible();
    await page.getByRole('button', { name: 'English' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('PyTorch and MXNet: the cheat sheet', {
      useInnerText: true
    });
    expect(problems).toEqual([]);
    await context.close();
  });
});
