import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

import { expect, test } from '@playwright/test';

const harness = resolve(__dirname, '../../extension/core/test/harness/screenshots.mjs');

test('the views keep to a strict content security policy, and export what they show', () => {
  const { status, stderr } = spawnSync(process.execPath, [harness, test.info().outputPath()], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});
