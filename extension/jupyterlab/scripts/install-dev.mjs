/**
 * Makes the environment's JupyterLab load the built extension from the source tree, and its server load Diptych.
 *
 * An editable install carries no data files, so the two places where Jupyter looks are linked to the sources.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const prefix = execFileSync('python', ['-c', 'import sys; print(sys.prefix)'], { encoding: 'utf8' }).trim();
const links = [
  ['py_backend/diptych/labextension', 'share/jupyter/labextensions/diptych-jupyterlab'],
  ['py_backend/jupyter-config/diptych.json', 'etc/jupyter/jupyter_server_config.d/diptych.json']
];

for (const [source, target] of links) {
  const from = join(root, source);
  const to = join(prefix, target);
  if (!existsSync(from)) {
    console.error(`${source} is missing: run "npm run build" first.`);
    process.exit(1);
  }
  mkdirSync(dirname(to), { recursive: true });
  rmSync(to, { recursive: true, force: true });
  symlinkSync(from, to);
  console.log(`linked ${target}`);
}
