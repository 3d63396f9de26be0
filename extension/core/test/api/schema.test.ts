// @vitest-environment node
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const python = existsSync(`${root}.venv/bin/python`) ? `${root}.venv/bin/python` : 'python3';

it("has types that are in step with the server's OpenAPI document (npm run generate)", async () => {
  const document = execFileSync(python, ['-m', 'diptych.server.openapi'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  const path = `${root}extension/core/src/api/schema.ts`;
  const options = { ...(await resolveConfig(path)), parser: 'typescript' };
  // What the server says of a field in words may change without a change of its types.
  const body = (text: string): string =>
    text
      .slice(text.indexOf('export '))
      .replace(/\/\*[^]*?\*\//g, '')
      .replace(/\s+/g, ' ');
  const expected = await format(astToString(await openapiTS(document)), options);
  expect(body(readFileSync(path, 'utf8'))).toBe(body(expected));
}, 30_000);
