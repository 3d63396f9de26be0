import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, test, type Page } from '@playwright/test';

const project = resolve(__dirname, '../..');
let home: string;

/** Converts a small directory for real; the command ends with 1, because something stays as it was. */
test.beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'diptych-report-'));
  mkdirSync(join(home, 'source/.git'), { recursive: true });
  writeFileSync(join(home, 'source/fine.py'), 'import torch\nx = torch.ones(5, 3)\n');
  writeFileSync(join(home, 'source/stays.py'), 'import torch\ny = torch.jit.script("<img src=x onerror=alert(1)>")\n');
  try {
    execFileSync(join(project, '.venv/bin/diptych'), ['convert', join(home, 'source'), '-o', join(home, 'out')], {
      stdio: 'ignore'
    });
  } catch (error) {
    expect((error as { status: number }).status).toBe(1);
  }
});

test.afterAll(() => rmSync(home, { recursive: true, force: true }));

async function open(page: Page): Promise<string[]> {
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(error.message));
  page.on('console', message => message.type() === 'error' && problems.push(message.text()));
  await page.goto(pathToFileURL(join(home, 'out/diptych-report/index.html')).href);
  return problems;
}

test.describe('the report of a conversion', () => {
  test('tells the three rates apart and shows the lines that stay', async ({ page }) => {
    const problems = await open(page);
    await expect(page.getByRole('row', { name: /mapped by name/ })).toContainText('1 / 2 (50 %)');
    await expect(page.getByRole('row', { name: /equal in value/ })).toContainText('not executed');
    await page.getByRole('button', { name: 'Left as it was' }).click();
    const article = page.locator('article:visible');
    await expect(article).toHaveCount(1);
    await expect(article.locator('li.error pre')).toHaveText('y = torch.jit.script("<img src=x onerror=alert(1)>")');
    await page.getByRole('button', { name: 'All' }).click();
    await page.getByRole('searchbox').fill('fine.py');
    await expect(page.locator('article:visible h3')).toHaveText('fine.py');
    expect(problems).toEqual([]);
  });

  test('leads to the converted file', async ({ page }) => {
    await open(page);
    await page.getByRole('link', { name: 'fine.py' }).click();
    await expect(page.locator('body')).toContainText('nd.ones((5, 3))');
  });

  test('speaks Chinese', async ({ browser }) => {
    const context = await browser.newContext({ locale: 'zh-CN', colorScheme: 'dark' });
    const page = await context.newPage();
    await open(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Diptych：转换报告', { useInnerText: true });
    await expect(page.locator('article', { hasText: '.git' })).toContainText('未复制：版本控制数据', {
      useInnerText: true
    });
    await context.close();
  });
});
