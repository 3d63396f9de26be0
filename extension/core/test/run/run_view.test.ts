import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FaultyHost } from '../recorded_host.js';
import {
  ApiProblem,
  createRunView,
  type Comparison,
  type EventList,
  type Run,
  type RunList,
  type RunView,
  type ShippedScript
} from '../../src/index.js';
import { answers } from '../recordings/answers.js';

let host: FaultyHost;
let place: HTMLElement;
let view: RunView | null;

beforeEach(() => {
  vi.useFakeTimers();
  host = new FaultyHost(answers());
  place = document.body.appendChild(document.createElement('div'));
  view = null;
});

afterEach(() => {
  view?.dispose();
  place.remove();
  vi.useRealTimers();
});

async function open(): Promise<void> {
  view = createRunView(host, place);
  await settle();
}

async function settle(milliseconds = 700): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

function press(label: string): void {
  const found = [...place.querySelectorAll('button')].find(button => button.textContent === label);
  if (!found || found.disabled) {
    throw new Error(`no button ${label} that can be pressed`);
  }
  found.click();
}

function type(name: string, text: string): void {
  const field = place.querySelector<HTMLInputElement>(`input[name=${name}]`);
  if (!field || field.disabled) {
    throw new Error(`no field ${name} that can be typed in`);
  }
  field.value = text;
  field.dispatchEvent(new Event('input'));
}

/** A script as the user left it the last time. */
function edited(framework: Run['framework'], text: string): void {
  host.stored.set('run.scripts', { [framework]: text });
}

const alerts = (): string =>
  [...place.querySelectorAll('[role=alert]:not([hidden])')].map(item => item.textContent).join(' ');

const reasons = (): string => place.querySelector('.diptych-reasons')?.textContent ?? '';

function events(framework: Run['framework']): EventList {
  const lists = [...host.answers].filter(([key]) => key.endsWith('/events')).map(([, value]) => value as EventList);
  return lists.find(list => list.run.framework === framework) as EventList;
}

/** The server as it is in the middle of the runs: they are listed as running, and nothing more is told by polling. */
function midway(): void {
  const { runs } = host.answers.get('GET runs') as RunList;
  const running = runs.map(run => ({ ...run, state: 'running', epochs: [], test_accuracy: null, ended: null }) as Run);
  host.answers.set('GET runs', { runs: running, total: running.length });
  for (const run of running) {
    host.answers.set(`GET runs/${run.id}/events`, { events: [], run });
  }
}

const states = (): (string | undefined)[] =>
  [...place.querySelectorAll<HTMLElement>('.diptych-progress')].map(row => row.dataset['state']);

describe('the run view', () => {
  it('shows the newest comparison with its table, verdict and environment', async () => {
    await open();
    host.sockets.forEach(socket => socket.close());
    await settle();
    const table = place.querySelector('.diptych-results-table')?.textContent ?? '';
    expect(table).toContain(events('pytorch').run.epochs[0]?.avg_loss.toFixed(4));
    expect(place.querySelector('.diptych-verdict')?.textContent).toContain('PyTorch took');
    expect(place.querySelector('.diptych-environment')?.textContent).toContain('2.13.0');
  });

  it('follows runs that are under way after a reload of the page, from the first event', async () => {
    const told = { pytorch: events('pytorch').events, mxnet: events('mxnet').events };
    midway();
    await open();
    expect(states()).toEqual(['running', 'running']);
    expect(host.sockets.map(socket => socket.path.replace(/.*\//, ''))).toEqual(['stream?since=0', 'stream?since=0']);
    told.pytorch.forEach(event => host.sockets[0]?.send(event));
    await settle();
    expect(states()).toEqual(['finished', 'running']);
    expect(place.querySelector('.diptych-output pre')?.textContent).toContain('avg loss');
  });

  it('tells the ratio so far, and that it is one', async () => {
    const told = { pytorch: events('pytorch').events, mxnet: events('mxnet').events };
    midway();
    await open();
    told.pytorch.forEach(event => host.sockets[0]?.send(event));
    await settle();
    expect(place.querySelector('.diptych-verdict')?.textContent).toBe('');
    told.mxnet.slice(0, -2).forEach(event => host.sockets[1]?.send(event));
    await settle();
    expect(place.querySelector('.diptych-verdict')?.textContent).toMatch(/^1\.\d\d PyTorch time .* so far/);
  });

  it('goes on from the last event after a broken socket', async () => {
    const told = events('pytorch').events.slice(0, 5);
    midway();
    await open();
    told.forEach(event => host.sockets[0]?.send(event));
    host.sockets[0]?.close();
    await settle();
    expect(host.sockets.at(-1)?.path).toMatch(new RegExp(`stream\\?since=${told.at(-1)?.sequence}$`));
  });

  it('asks the server every few seconds where no socket gets through, and says so', async () => {
    midway();
    const before = answers();
    await open();
    host.sockets[0]?.close();
    await settle(100);
    expect(place.textContent).toContain('No live connection');
    before.forEach((value, key) => host.answers.set(key, value));
    await settle(4000);
    expect(states()[0]).toBe('finished');
  });

  it('sends what the form holds and shows the runs that started', async () => {
    host.answers.set('GET runs', { runs: [], total: 0 });
    await open();
    expect(place.textContent).toContain('No runs yet');
    type('epochs', '2');
    press('Compare');
    await settle(50);
    expect(host.requests.find(request => request.path === 'runs' && request.method === 'POST')?.body).toMatchObject({
      frameworks: ['pytorch', 'mxnet'],
      device: 'cpu',
      parameters: { epochs: 2 },
      scripts: {}
    });
    expect(states()).toHaveLength(2);
  });

  it('says why it cannot run with a field that holds nonsense', async () => {
    await open();
    type('repeats', '0');
    expect(reasons()).toBe('Repeats must be a whole number from 1 to 20.');
    expect(() => press('Compare')).toThrow();
  });

  it.each([
    ['en', 'Epochs: only the MXNet script has it in its parameters cell. Run PyTorch and Compare leave it out.'],
    ['zh', '轮数：只有 MXNet 脚本的参数单元格里有它。“运行 PyTorch”和“比较”不会使用它。']
  ] as const)('says which field Compare leaves out (%s)', async (locale, sentence) => {
    host.setLocale(locale);
    const script = host.answers.get('GET scripts/pytorch') as ShippedScript;
    const parameters = script.parameters.filter(({ name }) => name !== 'epochs');
    host.answers.set('GET scripts/pytorch', { ...script, parameters });
    await open();
    expect(reasons()).toBe('');
    type('epochs', '2');
    expect(reasons()).toBe(sentence);
    type('epochs', '');
    expect(reasons()).toBe('');
  });

  it('waits with a run for what the form can set in an edited script', async () => {
    edited('pytorch', 'print(1)\n');
    const release = host.hold('POST parameters');
    await open();
    expect(reasons()).toBe('PyTorch: reading what the form can set in the edited script.');
    expect(() => press('Run PyTorch')).toThrow();
    expect(() => press('Compare')).toThrow();
    expect(() => press('Run MXNet')).not.toThrow();
    release();
    await settle();
    expect(reasons()).toContain('assigns nothing in a cell of parameters');
    expect(() => press('Compare')).not.toThrow();
  });

  it('asks again for what the form can set when the server did not answer', async () => {
    edited('pytorch', 'print(1)\n');
    host.fail('POST parameters', new ApiProblem('unreachable', '', 0));
    await open();
    expect(alerts()).toContain('The Jupyter server does not answer');
    expect(() => press('Compare')).toThrow();
    host.mend('POST parameters');
    await settle(4000);
    expect(alerts()).toBe('');
    expect(() => press('Compare')).not.toThrow();
  });

  it('runs an edited script as it is when the server refuses to read it', async () => {
    edited('pytorch', 'print(1)\n');
    host.fail('POST parameters', new ApiProblem('too-large', 'The script is too large.', 413));
    await open();
    expect(reasons()).toBe('PyTorch: The script is too large.');
    expect(() => press('Compare')).not.toThrow();
  });

  it('runs nothing before the script that would run is shown', async () => {
    const release = host.hold('GET scripts/mxnet');
    await open();
    expect(() => press('Compare')).toThrow();
    expect(() => press('Run PyTorch')).not.toThrow();
    release();
    await settle();
    expect(() => press('Compare')).not.toThrow();
  });

  it("marks the server's own words as English in the Chinese interface", async () => {
    host.setLocale('zh');
    edited('mxnet', 'print(1)\n');
    const { runs } = host.answers.get('GET runs') as RunList;
    const failed = runs.map(run => ({ ...run, state: 'failed', reason: 'No module named mxnet.' }) as Run);
    host.answers.set('GET runs', { runs: failed, total: failed.length });
    failed.forEach(run => host.answers.set(`GET runs/${run.id}/events`, { events: [], run }));
    host.fail('GET runtimes', new ApiProblem('busy', 'Another search is under way.', 503));
    await open();
    expect(place.querySelector('.diptych')?.getAttribute('lang')).toBe('zh');
    const words = [...place.querySelectorAll('[lang=en]')].map(item => item.textContent);
    expect(words).toContain('No module named mxnet.');
    expect(words).toContain('Another search is under way.');
    expect(words).toContain((host.answers.get('GET comparisons') as Comparison).verdict);
  });

  it('cancels what runs', async () => {
    midway();
    const { runs } = host.answers.get('GET runs') as RunList;
    runs.forEach(run =>
      host.answers.set(`POST runs/${run.id}/cancel`, { ...run, state: 'cancelled', reason: 'cancelled by you' })
    );
    await open();
    press('Cancel');
    await settle();
    expect(states()).toEqual(['cancelled', 'cancelled']);
    expect(place.querySelector('.diptych-reason')?.textContent).toBe('cancelled by you');
  });

  it('asks once more before it deletes a run', async () => {
    const id = (host.answers.get('GET runs') as RunList).runs[0]?.id ?? '';
    host.answers.set(`DELETE runs/${id}`, undefined);
    await open();
    press('Delete');
    expect(host.requests.some(request => request.method === 'DELETE')).toBe(false);
    press('Delete?');
    await settle();
    expect(place.querySelector(`[data-run="${id}"]`)).toBeNull();
  });

  it('exports tables of what is shown', async () => {
    await open();
    press('CSV');
    press('JSON');
    await settle();
    expect(host.saved.map(file => file.name)).toEqual(['diptych.csv', 'diptych.json']);
  });

  it('stays usable in all other parts when one request fails', async () => {
    host.fail('GET runs', new ApiProblem('store-unavailable', 'The database is locked. Try again.', 503));
    await open();
    expect(alerts()).toContain('The database is locked. Try again.');
    press('Compare');
    await settle(50);
    expect(states()).toHaveLength(2);
  });

  it('says that the server is down for as long as it is', async () => {
    midway();
    await open();
    const { runs } = host.answers.get('GET runs') as RunList;
    runs.forEach(run => host.fail(`GET runs/${run.id}/events`, new ApiProblem('unreachable', '', 0)));
    host.sockets.forEach(socket => socket.close());
    await settle();
    expect(alerts()).toContain('The Jupyter server does not answer');
    host.mend(`GET runs/${runs[0]?.id}/events`);
    await settle(4000);
    expect(alerts()).toContain('The Jupyter server does not answer'); // for the other run
    host.mend(`GET runs/${runs[1]?.id}/events`);
    await settle(4000);
    expect(alerts()).toBe('');
  });

  it('keeps what failed for another reason on screen when the server is back', async () => {
    host.fail('POST runs', new ApiProblem('no-such-device', 'There is no device cuda:7.', 400));
    midway();
    await open();
    press('Compare');
    await settle();
    host.sockets.forEach(socket => socket.close());
    await settle(4000);
    expect(alerts()).toContain('There is no device cuda:7.');
  });

  it('reads again, when asked to, what it could not read at first', async () => {
    const keys = ['GET runs', 'GET runtimes', 'GET scripts/mxnet'];
    keys.forEach(key => host.fail(key, new ApiProblem('unreachable', '', 0)));
    await open();
    expect(() => press('Compare')).toThrow();
    keys.forEach(key => host.mend(key));
    press('Try again');
    await settle();
    expect(alerts()).toBe('');
    expect(states()).toHaveLength(2);
    expect(() => press('Compare')).not.toThrow();
  });

  it('stops asking for a run that is gone', async () => {
    midway();
    await open();
    const { runs } = host.answers.get('GET runs') as RunList;
    runs.forEach(run =>
      host.fail(`GET runs/${run.id}/events`, new ApiProblem('no-such-run', 'This run was deleted.', 404))
    );
    host.sockets.forEach(socket => socket.close());
    await settle();
    const asked = host.requests.length;
    await settle(10_000);
    expect(host.requests).toHaveLength(asked);
    expect(alerts()).toContain('This run was deleted.');
  });
});
