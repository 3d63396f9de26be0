import { defineConfig } from '@playwright/test';

/** Debian's Chromium drives a real JupyterLab; one worker, because trainings are timed. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/traces',
  globalSetup: './jupyter_server.ts',
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1400, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  }
});
