import { describe, expect, it } from 'vitest';

import { RecordedHost } from '../recorded_host.js';
import { buildHover, renderHoverDom, renderHoverMarkdown, type Lookup } from '../../src/index.js';
import { answers } from '../recordings/answers.js';

function recorded(): Lookup {
  return structuredClone((answers().get('POST lookup') as { lookup: Lookup }).lookup);
}

describe('what the hover says', () => {
  it("shows the user's own call with its own arguments", () => {
    const hover = buildHover(recorded(), 'en');
    expect(hover.code).toContain('Dense(256, in_units=28*28, flatten=False)');
    expect(hover.target).toBe('mxnet');
    expect(hover.counterparts[0]).toContain('mxnet.gluon.nn.Dense');
  });

  it('shows what is written where the other side has no name for it', () => {
    const lookup = recorded();
    const writing = { nd: '', torch: '', when: [], ignore: [], only: [] };
    const to_mxnet = [{ ...writing, np: 'np.log(np.exp({self}) + {other}){, axis={dim|pack}} ;; {*more}' }];
    const equivalence = { ...lookup.equivalence, mxnet: [], to_mxnet };
    const hover = buildHover({ ...lookup, dialect: 'np', equivalence }, 'en');
    expect(hover.counterparts).toEqual(['(np.log(np.exp(x) + other), axis=dim, *more)']);
  });

  it('marks a parameter whose defaults differ, and only where both sides have it', () => {
    const lookup = recorded();
    const row = lookup.equivalence.params.find(parameter => parameter.torch !== null && parameter.mxnet !== null);
    const params = [
      { ...row, torch: 'a', mxnet: 'b', torch_default: '1', mxnet_default: '2' },
      { ...row, torch: 'a', mxnet: 'b', torch_default: '1', mxnet_default: '1' },
      { ...row, torch: null, mxnet: 'b', torch_default: null, mxnet_default: '2' }
    ] as Lookup['equivalence']['params'];
    const hover = buildHover({ ...lookup, equivalence: { ...lookup.equivalence, params } }, 'en');
    expect(hover.parameters.map(parameter => parameter.differs)).toEqual([true, false, false]);
  });

  it('speaks Chinese', () => {
    const lookup = recorded();
    expect(buildHover(lookup, 'zh').title).toBe(lookup.equivalence.title.zh);
  });

  it('says on which versions and how closely a record was proven, or why it was not', () => {
    const lookup = recorded();
    const proof = {
      id: 'linear',
      state: 'proven',
      digest: '',
      max_difference: 1.19e-7,
      names: [] as string[],
      versions: { torch: '2.13.0' },
      date: '2026-11-24'
    } as const;
    expect(buildHover({ ...lookup, proof }, 'en').proof).toEqual({
      proven: true,
      label: 'proven',
      detail: 'torch 2.13.0 · largest difference 1.2e-7 · 2026-11-24'
    });
    const unproven = { en: 'A shell command.', zh: '' };
    const hover = buildHover({ ...lookup, proof: null, equivalence: { ...lookup.equivalence, unproven } }, 'en');
    expect(hover.proof).toEqual({ proven: false, label: 'unproven', detail: 'A shell command.' });
  });

  it('links to both documentations, never to another scheme than https', () => {
    const lookup = recorded();
    expect(buildHover(lookup, 'en').links.map(link => link.framework)).toEqual(['pytorch', 'mxnet']);
    const torch = lookup.equivalence.torch.map(spelling => ({ ...spelling, url: 'javascript:alert(1)' }));
    const hover = buildHover({ ...lookup, equivalence: { ...lookup.equivalence, torch } }, 'en');
    expect(hover.links.map(link => link.framework)).toEqual(['mxnet']);
  });
});

describe('the hover as an element', () => {
  it('shows text as text, whatever it holds', () => {
    const hostile = '<img src=x onerror=alert(1)> `<b>code</b>`';
    const lookup = recorded();
    const equivalence = {
      ...lookup.equivalence,
      title: { en: hostile, zh: hostile },
      notes: [{ en: hostile, zh: hostile }]
    };
    const element = renderHoverDom(
      buildHover({ ...lookup, equivalence, converted_call: hostile }, 'en'),
      new RecordedHost(new Map())
    );
    expect(element.querySelector('img, b > code')).toBeNull();
    expect(element.textContent).toContain(hostile);
    expect(element.querySelector('.diptych-notes code')?.textContent).toBe('<b>code</b>');
  });

  it('opens documentation through the host', () => {
    const host = new RecordedHost(new Map());
    const element = renderHoverDom(buildHover(recorded(), 'en'), host);
    element.querySelector<HTMLAnchorElement>('nav a')?.click();
    expect(host.opened[0]).toMatch(/^https:\/\/(docs\.)?pytorch\.org/);
  });
});

describe('the hover as Markdown', () => {
  it('holds the call as a code block and the table as a table', () => {
    const markdown = renderHoverMarkdown(buildHover(recorded(), 'en'));
    expect(markdown).toMatch(/```python\n.*Dense\(256/);
    expect(markdown).toContain('| PyTorch | MXNet |');
  });

  it('escapes what Markdown or HTML would read as markup', () => {
    const lookup = recorded();
    const title = { en: '*a* <script> [x](y) | `a|b`', zh: '' };
    const markdown = renderHoverMarkdown(
      buildHover({ ...lookup, equivalence: { ...lookup.equivalence, title }, converted_call: '```\n</x>' }, 'en')
    );
    expect(markdown).toContain('\\*a\\* \\<script\\> \\[x\\]\\(y\\) \\|');
    expect(markdown).toContain('````python\n```\n</x>\n````');
  });
});
