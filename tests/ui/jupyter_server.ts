import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const project = resolve(__dirname, '../..');

/** A path below the server's root, so that a URL written without the base would fail. */
const BASE = '/a%40b/';

/**
 * Starts JupyterLab with the extension on a free loopback port, in directories of its own, and gives the tests its
 * address and token through the environment. Answers with what ends it.
 */
export default async function startJupyter(): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'diptych-ui-'));
  const root = join(home, 'root');
  cpSync(join(project, 'examples'), root, { recursive: true });
  nameThisPython(root);
  silenceNews(join(home, 'settings'));

  const port = await freePort();
  const token = randomBytes(24).toString('hex');
  const server = spawn(join(project, '.venv/bin/jupyter'), serverArguments(port, root), {
    cwd: project,
    detached: true,
    env: { ...process.env, ...directories(home), JUPYTER_TOKEN: token },
    stdio: ['ignore', 'ignore', serverLog()]
  });
  process.env['DIPTYCH_UI_URL'] = `http://127.0.0.1:${port}${BASE}`;
  process.env['DIPTYCH_UI_TOKEN'] = token;
  process.env['DIPTYCH_UI_ROOT'] = root;
  const stop = async (): Promise<void> => {
    await end(server);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await answering(server, `${process.env['DIPTYCH_UI_URL']}api/status?token=${token}`);
  } catch (problem) {
    await stop();
    throw problem;
  }
  return stop;
}

/**
 * JupyterLab marks a notebook as changed when its kernel has another patch of Python than the one that wrote it: here
 * the mark has to mean that something of ours changed it.
 */
function nameThisPython(root: string): void {
  const asked = ['-c', 'import platform; print(platform.python_version(), end="")'];
  const version = execFileSync(join(project, '.venv/bin/python'), asked, { encoding: 'utf-8' });
  for (const name of readdirSync(root).filter(each => each.endsWith('.ipynb'))) {
    const path = join(root, name);
    const text = readFileSync(path, 'utf-8');
    writeFileSync(path, text.replace(/("version": )"3\.\d+\.\d+"/, `$1"${version}"`));
  }
}

function serverArguments(port: number, root: string): string[] {
  return [
    'lab',
    '--no-browser',
    '--allow-root',
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.base_url=${BASE}`,
    `--ServerApp.root_dir=${root}`,
    '--LabApp.expose_app_in_browser=True'
  ];
}

function directories(home: string): Record<string, string> {
  return {
    JUPYTER_CONFIG_DIR: join(home, 'config'),
    JUPYTER_DATA_DIR: join(home, 'data'),
    JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
    JUPYTERLAB_SETTINGS_DIR: join(home, 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: join(home, 'workspaces'),
    IPYTHONDIR: join(home, 'ipython'),
    DIPTYCH_DATA_DIR: join(home, 'diptych')
  };
}

/** The news pop-up asks the network and covers what the tests look at. */
function silenceNews(settings: string): void {
  const folder = join(settings, '@jupyterlab/apputils-extension');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'notification.jupyterlab-settings'),
    JSON.stringify({ fetchNews: 'false', checkForUpdates: false })
  );
}

function serverLog(): number {
  const folder = join(project, 'test-results');
  mkdirSync(folder, { recursive: true });
  return openSync(join(folder, 'jupyter_server.log'), 'w');
}

async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? done(address.port) : failed(address)));
    });
  });
}

async function answering(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) {
      throw new Error('JupyterLab ended while it started: see test-results/jupyter_server.log');
    }
    const response = await fetch(url).catch(() => null);
    if (response?.ok) {
      return;
    }
    await new Promise(rest => setTimeout(rest, 250));
  }
  throw new Error('JupyterLab did not answer within 90 seconds: see test-results/jupyter_server.log');
}

/** Ask the server and its kernels to end; insist where asking does not help. */
async function end(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null) {
    return;
  }
  const ended = new Promise(done => server.once('exit', done));
  process.kill(-server.pid, 'SIGTERM');
  const patience = new Promise(done => setTimeout(() => done('late'), 15_000));
  if ((await Promise.race([ended, patience])) === 'late') {
    process.kill(-server.pid, 'SIGKILL');
  }
}
