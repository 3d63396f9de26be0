import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FaultyHost } from '../recorded_host.js';
import { shortNumber } from '../../src/check/order.js';
import { ApiProblem, createPanel, type CheckProgress, type Panel } from '../../src/index.js';
import { SNIPPET, answers } from '../recordings/answers.js';
import check from '../recordings/check.json' with { type: 'json' };
import failed from '../recordings/check_failed.json' with { type: 'json' };

const READ = `GET checks/${check.id}`;
const END = `DELETE checks/${check.id}`;
const going: CheckProgress = { id: check.id, phase: 'running', pytorch: 4, mxnet: null, check: null };

let host: FaultyHost;
let place: HTMLElement;
let panel: Panel;

beforeEach(() => {
  vi.useFakeTimers();
  host = new FaultyHost(answers());
  place = document.body.appendChild(document.createElement('div'));
});

afterEach(() => {
  panel.dispose();
  place.remove();
  vi.useRealTimers();
});

/** Open the panel on the recorded snippet and press the button. */
async function ask(): Promise<void> {
  panel = createPanel(host, place);
  panel.show({ document: { type: 'module', text: SNIPPET }, line: 6, column: 8, title: 'snippet.py' });
  await vi.advanceTimersByTimeAsync(500);
  await press('check');
}

async function press(action: string): Promise<void> {
  const button = place.querySelector<HTMLButtonElement>(`[data-action=${action}]`);
  if (!button) {
    throw new Error(`no button ${action}`);
  }
  button.click();
  await vi.advanceTimersByTimeAsync(500);
}

const asked = (method: string): string[] =>
  host.requests
    .filter(request => request.method === method && request.path.startsWith('checks'))
    .map(({ path }) => path);
const text = (): string => place.querySelector('.diptych-check-body')?.textContent ?? '';
const rows = (): (string | undefined)[] =>
  [...place.querySelectorAll<HTMLElement>('.diptych-check tr[data-name]')].map(row => row.dataset['name']);

describe('checking both sides', () => {
  it('sends the whole document in the direction and dialect that were chosen', async () => {
    await ask();
    const sent = host.requests.find(({ path }) => path === 'checks')?.body;
    expect(sent).toEqual({ document: { type: 'module', text: SNIPPET }, to: null, dialect: 'auto' });
  });

  it('tells which lines run, until there is a result', async () => {
    host.answers.set(READ, going);
    await ask();
    expect(text()).toContain('Executing both sides · PyTorch: line 4');
    host.answers.set(READ, check);
    await vi.advanceTimersByTimeAsync(500);
    expect(text()).toContain('Both sides differ.');
    expect(place.querySelector('.diptych-check')?.hasAttribute('aria-busy')).toBe(false);
  });

  it('shows what differs first, with the largest difference and the line', async () => {
    await ask();
    expect(rows().slice(0, 2)).toEqual(['net.weight', 'net.bias']);
    const cells = [...(place.querySelectorAll('tr[data-name="net.weight"] td') ?? [])].map(cell => cell.textContent);
    expect(cells).toEqual(['≠ differs', '0.0693', 'line 10']);
    expect(text()).toContain('The first difference, in net.weight, is there after line 10');
  });

  it('says why values are not compared', async () => {
    await ask();
    expect(place.querySelector('details')?.textContent).toContain('Not compared (2)');
    expect(place.querySelector('tr[data-name=picked]')?.textContent).toContain('random numbers');
  });

  it('shows what a failed side said', async () => {
    host.answers.set(READ, failed);
    await ask();
    expect(text()).toContain('The original fails.');
    expect(place.querySelector('.diptych-check-trouble pre')?.textContent).toContain('ValueError: no');
  });

  it('cancels on the server, too', async () => {
    host.answers.set(READ, going);
    await ask();
    await press('check-cancel');
    expect(asked('DELETE')).toEqual([END.slice('DELETE '.length)]);
    expect(text()).toContain('Cancelled. Both processes have been ended.');
  });

  it('ends a check that nobody will see', async () => {
    host.answers.set(READ, going);
    await ask();
    panel.dispose();
    await vi.advanceTimersByTimeAsync(500);
    expect(asked('DELETE')).toHaveLength(1);
  });

  it('says what the server refused, and tries again', async () => {
    host.fail('POST checks', new ApiProblem('too_many_checks', 'Other checks wait already.', 503));
    await ask();
    expect(text()).toContain('The check did not come about: Other checks wait already.');
    host.mend('POST checks');
    await press('check-again');
    expect(text()).toContain('Both sides differ.');
  });
});

describe('a document that is not trusted', () => {
  beforeEach(() => {
    host.trusted = false;
  });

  it('is not executed before the user says so', async () => {
    await ask();
    expect(text()).toContain('This document is not trusted.');
    expect(document.activeElement?.textContent).toBe('Do not run');
    expect(asked('POST')).toEqual([]);
    await press('check-run');
    expect(text()).toContain('Both sides differ.');
  });

  it('is left alone when the user does not want it', async () => {
    await ask();
    await press('check-refuse');
    expect(place.querySelector<HTMLElement>('.diptych-check')?.hidden).toBe(true);
    expect(asked('POST')).toEqual([]);
  });

  it('is asked about in Chinese where the interface is Chinese', async () => {
    host.setLocale('zh');
    await ask();
    expect(text()).toContain('此文档未受信任');
  });
});

it('tells differences in three digits', () => {
  expect([null, 0, 0.06930291, 1.49e-8, 1234.5].map(shortNumber)).toEqual(['', '0', '0.0693', '1.49e-8', '1230']);
});
