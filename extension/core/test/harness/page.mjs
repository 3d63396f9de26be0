/** The harness page, built and served as strictly as a webview would: a nonce for scripts and styles, nothing else. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/** @returns {Promise<{ url: string, close: () => void }>} */
export async function servePage() {
  const files = await bundles();
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
    const [type, content] = files.get(name) ?? page(response);
    response.setHeader('Content-Type', type);
    response.end(content);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

async function bundles() {
  const script = { entryPoints: [`${here}harness.ts`], loader: { '.json': 'json' } };
  const style = { entryPoints: [`${here}../../style/index.css`] };
  const [js, css] = await Promise.all(
    [script, style].map(options => build({ ...options, bundle: true, write: false, logLevel: 'error' }))
  );
  return new Map([
    ['harness.js', ['text/javascript', js.outputFiles[0].contents]],
    ['harness.css', ['text/css', css.outputFiles[0].contents]]
  ]);
}

function page(response) {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data: blob:'
  ];
  response.setHeader('Content-Security-Policy', policy.join('; '));
  return ['text/html; charset=utf-8', readFileSync(`${here}index.html`, 'utf8').replaceAll('NONCE', nonce)];
}
