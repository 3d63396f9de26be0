import { defineConfig } from '@playwright/test';

import base from './playwright.config.js';

/** Takes the README's pictures anew: `npm run pictures`. */
export default defineConfig(base, {
  testMatch: 'readme_picture.ts',
  timeout: 300_000,
  use: { ...base.use, viewport: { width: 1600, height: 1000 } }
});
