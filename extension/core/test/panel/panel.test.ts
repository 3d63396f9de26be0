import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FaultyHost } from '../recorded_host.js';
import { ApiProblem, createPanel, type Conversion, type Panel, type PanelContext } from '../../src/index.js';
import { SNIPPET, answers } from '../recordings/answers.js';

const context: PanelContext = { document: { type: 'module', text: SNIPPET }, line: 6, column: 8, title: 'snippet.py' };

let host: FaultyHost;
let place: HTMLElement;
let panel: Panel;

beforeEach(() => {
  vi.useFakeTimers();
  host = new FaultyHost(answers());
  place = document.body.appendChild(document.createElement('div'));
  panel = createPanel(host, place);
});

afterEach(() => {
  panel.dispose();
  place.remove();
  vi.useRealTimers();
});

async function show(where: PanelContext | null = context): Promise<void> {
  panel.show(where);
  await vi.advanceTimersByTimeAsync(500);
}

function button(action: string): HTMLButtonElement {
  const found = place.querySelector<HTMLButtonElement>(`[data-action=${action}]`);
  if (!found) {
    throw new Error(`no button ${action}`);
  }
  return found;
}

function radio(label: string): HTMLButtonElement {
  const found = [...place.querySelectorAll<HTMLButtonElement>('[role=radio]')].find(item => item.textContent === label);
  if (!found) {
    throw new Error(`no choice ${label}`);
  }
  return found;
}

function converts(): typeof host.requests {
  return host.requests.filter(request => request.path === 'convert');
}

const message = (): string => place.querySelector('.diptych-empty')?.textContent ?? '';
const code = (side: string): string => place.querySelector(`[data-side=${side}] .cm-content`)?.textContent ?? '';

describe('the panel', () => {
  it('says what to do while no document is in front', () => {
    expect(message()).toContain('Open a notebook or a Python file');
    expect(button('copy').disabled).toBe(true);
  });

  it('shows the code beside its counterpart, linked by numbers', async () => {
    await show();
    expect(code('source')).toContain('nn.Linear(28*28, 256)');
    expect(code('target')).toContain('nn.Dense(256, in_units=28*28, flatten=False');
    const numbers = (side: string): (string | null)[] =>
      [
        ...place.querySelectorAll(`[data-side=${side}] .cm-gutterElement:not([style*=hidden]) .diptych-link-number`)
      ].map(item => item.textContent);
    expect(numbers('source').length).toBeGreaterThan(2);
    expect(numbers('source')).toEqual(numbers('target'));
  });

  it('explains the differences and says what was not converted', async () => {
    await show();
    const conversion = host.answers.get('POST convert') as Conversion;
    const shown = [...place.querySelectorAll<HTMLElement>('[data-equivalence]')].map(
      card => card.dataset['equivalence']
    );
    expect(shown).toEqual(conversion.equivalences);
    expect(place.querySelectorAll('.diptych-explained .diptych-message')).toHaveLength(conversion.diagnostics.length);
  });

  it("marks the converter's own words as English", async () => {
    await show();
    const { diagnostics } = host.answers.get('POST convert') as Conversion;
    const words = [...place.querySelectorAll('.diptych-message [lang=en]')].map(item => item.textContent);
    expect(words).toHaveLength(diagnostics.length);
    expect(words[0]).toContain(diagnostics[0]?.message.replaceAll('`', ''));
  });

  it('asks once for many moves', async () => {
    for (let line = 1; line < 8; line += 1) {
      panel.show({ ...context, line });
    }
    await show();
    expect(converts()).toHaveLength(1);
  });

  it('drops an answer that a later question has overtaken', async () => {
    const release = host.hold('POST convert');
    await show();
    host.answers.set('POST convert', { ...(host.answers.get('POST convert') as Conversion), code: 'the newer answer' });
    await show();
    release();
    await vi.advanceTimersByTimeAsync(100);
    expect(code('target')).toBe('the newer answer');
  });

  it('says what failed, and tries again', async () => {
    host.fail('POST convert', new ApiProblem('unreachable', '', 0));
    await show();
    expect(message()).toContain('The Jupyter server does not answer');
    host.mend('POST convert');
    place.querySelector<HTMLButtonElement>('.diptych-empty button')?.click();
    await vi.advanceTimersByTimeAsync(100);
    expect(code('target')).toContain('Dense');
  });

  it('asks again in the direction, scope and dialect that were chosen, and keeps them', async () => {
    await show();
    radio('To PyTorch').click();
    radio('Cell or file').click();
    radio('np').click();
    await vi.advanceTimersByTimeAsync(100);
    expect(converts().at(-1)?.body).toMatchObject({ to: 'pytorch', scope: 'document', dialect: 'np' });
    expect(host.stored.get('panel.options')).toMatchObject({ direction: 'pytorch', scope: 'cell', dialect: 'np' });
  });

  it('moves through choices with the arrow keys', async () => {
    await show();
    radio('Statement').focus();
    radio('Statement').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    expect(document.activeElement).toBe(radio('Selection'));
    await vi.advanceTimersByTimeAsync(100);
    expect(message()).toContain('Select some code');
  });

  it('links lines by keyboard and speaks the link', async () => {
    await show();
    const content = place.querySelector<HTMLElement>('[data-side=source] .cm-content');
    content?.focus();
    const down = (): string => {
      content?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
      return place.querySelector('.diptych-spoken')?.textContent ?? '';
    };
    expect(down()).toBe('Unchanged: line 1 is line 1');
    expect(down()).toBe('Link 1: line 2 with lines 2 to 3');
    expect(place.querySelectorAll('.diptych-link-active').length).toBeGreaterThan(1);
  });

  it('shows other code from its beginning, and keeps the place in code that stays', async () => {
    await show();
    const scrollers = [...place.querySelectorAll('.cm-scroller')];
    scrollers.forEach(scroller => (scroller.scrollLeft = 32));
    await show({ ...context, line: 7 });
    expect(scrollers.map(scroller => scroller.scrollLeft)).toEqual([32, 32]);
    const conversion = host.answers.get('POST convert') as Conversion;
    host.answers.set('POST convert', { ...conversion, text: `y = 1\n${conversion.text}`, code: 'y = 1' });
    await show({ ...context, line: 8 });
    expect(scrollers.map(scroller => scroller.scrollLeft)).toEqual([0, 0]);
  });

  it('turns links off', async () => {
    await show();
    button('links').click();
    expect(place.querySelectorAll('.cm-line.diptych-linked')).toHaveLength(0);
    expect(button('links').getAttribute('aria-pressed')).toBe('false');
  });

  it('copies, inserts and opens the counterpart', async () => {
    await show();
    const { code: converted } = host.answers.get('POST convert') as Conversion;
    button('copy').click();
    button('insert').click();
    button('open').click();
    await vi.advanceTimersByTimeAsync(100);
    expect([host.copied, host.inserted, host.opened]).toEqual([[converted], [converted], [converted]]);
  });

  it('follows the theme, and leaves nothing behind', async () => {
    await show();
    host.setTheme('dark');
    expect(place.querySelector<HTMLElement>('.diptych')?.dataset['diptychTheme']).toBe('dark');
    panel.dispose();
    expect(place.childElementCount).toBe(0);
  });
});
