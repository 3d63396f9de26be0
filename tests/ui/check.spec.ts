import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@playwright/test';

import { Lab } from './lab.js';

const TEXT = `import torch
from torch import nn

torch.manual_seed(3)
x = torch.randn(4, 3)
net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
y = net(x).sum()
`;

/** Put a file where the server serves it. */
function served(name: string, content: string): string {
  writeFileSync(join(process.env['DIPTYCH_UI_ROOT'] ?? '', name), content);
  return name;
}

/** A notebook that nobody has signed, so that JupyterLab does not trust it. */
function notebook(...cells: string[]): string {
  const code = cells.map((source, number) => ({
    cell_type: 'code',
    execution_count: null,
    id: `cell-${number}`,
    metadata: {},
    outputs: [],
    source
  }));
  const metadata = {
    kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' },
    language_info: { file_extension: '.py', mimetype: 'text/x-python', name: 'python' }
  };
  return JSON.stringify({ cells: code, metadata, nbformat: 4, nbformat_minor: 5 });
}

test.describe('checking both sides', () => {
  test.setTimeout(180_000);

  test('asks before an untrusted notebook runs, then shows every value', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open(served('check.ipynb', notebook(TEXT, 'z = y + 1')), '&diptych=panel');
    await lab.click(await lab.cell('torch.randn'), 'torch.randn');
    await lab.panel.getByRole('button', { name: 'Check both sides' }).click();
    await expect(lab.panel.getByRole('alert')).toContainText('This document is not trusted.');
    await lab.panel.getByRole('button', { name: 'Run and compare' }).click();
    await expect(lab.panel.locator('.diptych-check')).toContainText('Both sides agree.', { timeout: 120_000 });
    await expect(lab.panel.locator('tr[data-name="net.0.weight"]')).toContainText('agrees');
    await expect(lab.panel.locator('tr[data-name=z]')).toContainText('agrees');
    await lab.pictures('check');
  });

  test('cancels code that never ends', async ({ page }) => {
    const lab = new Lab(page);
    await lab.open(served('check.py', `${TEXT}while True:\n    y = y + 1\n`), '&diptych=panel');
    await lab.click(page.locator('.jp-FileEditor .cm-content'), 'torch.randn');
    await lab.panel.getByRole('button', { name: 'Check both sides' }).click();
    await expect(lab.panel.locator('.diptych-check')).toContainText('PyTorch: line', { timeout: 120_000 });
    await lab.panel.getByRole('button', { name: 'Cancel' }).click();
    await expect(lab.panel.locator('.diptych-check')).toContainText('Cancelled. Both processes have been ended.');
  });
});
