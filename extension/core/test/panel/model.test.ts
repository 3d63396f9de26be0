import { describe, expect, it } from 'vitest';

import type { Conversion, PanelContext } from '../../src/index.js';
import { linkAt, nextLinkedLine, numberLinks, numbersOf } from '../../src/panel/links.js';
import { defaultOptions, readOptions } from '../../src/panel/options.js';
import { convertRequest } from '../../src/panel/request.js';
import { initialState, reduce } from '../../src/panel/state.js';
import { rovingTarget } from '../../src/ui/roving.js';
import { answers } from '../recordings/answers.js';

const document = { type: 'module', text: 'import torch\n' } as const;
const notebook = { type: 'notebook', cells: [{ text: 'x', type: 'code', id: '' }], active: 0 } as const;
const context: PanelContext = { document, line: 6, column: 8, title: 'a.py' };
const span = { start_line: 1, start_column: 0, end_line: 2, end_column: 3 };

describe('what the panel asks the server', () => {
  it('asks for the statement at the cursor', () => {
    expect(convertRequest(context, defaultOptions)).toEqual({
      document,
      to: null,
      dialect: 'auto',
      selection: { start_line: 6, start_column: 8, end_line: 6, end_column: 8 },
      scope: 'statement'
    });
  });

  it('widens a selection to its statements, or takes it as it is', () => {
    const selected = { ...context, selection: span };
    expect(convertRequest(selected, defaultOptions)).toMatchObject({ selection: span, scope: 'statement' });
    expect(convertRequest(selected, { ...defaultOptions, scope: 'selection' })).toMatchObject({
      selection: span,
      scope: 'selection'
    });
  });

  it('asks for the cell of a notebook, and for all of a file', () => {
    const options = { ...defaultOptions, scope: 'cell' } as const;
    expect(
      convertRequest({ ...context, document: { ...notebook, cells: [...notebook.cells] } }, options)
    ).toMatchObject({ scope: 'cell' });
    expect(convertRequest(context, options)).toMatchObject({ scope: 'document', selection: null });
  });

  it('says why there is nothing to ask', () => {
    expect(convertRequest(null, defaultOptions)).toBe('no-document');
    expect(convertRequest(context, { ...defaultOptions, scope: 'selection' })).toBe('empty-selection');
  });
});

describe('stored options', () => {
  it.each([undefined, null, 3, 'x', [], { direction: 'sideways', links: 'yes' }])('take defaults for %j', stored => {
    expect(readOptions(stored)).toEqual(defaultOptions);
  });

  it('are kept where they are known', () => {
    const options = { direction: 'pytorch', dialect: 'np', scope: 'cell', links: false };
    expect(readOptions(options)).toEqual(options);
  });
});

describe('linked lines', () => {
  const conversion = {
    code: 'same\nA\nB\n',
    links: [
      { source_start: 1, source_end: 1, target_start: 1, target_end: 1, equivalences: [] },
      { source_start: 2, source_end: 2, target_start: 2, target_end: 3, equivalences: ['linear'] },
      { source_start: 3, source_end: 3, target_start: 4, target_end: 3, equivalences: [] }
    ]
  };
  const links = numberLinks(conversion, 'same\na\ngone\n');

  it('are numbered where something changed', () => {
    expect(links.map(link => link.number)).toEqual([null, 1, 2]);
    expect(numbersOf(links, 'linear')).toEqual([1]);
  });

  it('are found from either side', () => {
    expect(linkAt(links, 'target', 3)?.index).toBe(1);
    expect(linkAt(links, 'source', 2)?.index).toBe(1);
    expect(linkAt(links, 'target', 4)).toBeNull();
  });

  it('are stepped through line by line, past sides that have none', () => {
    expect(nextLinkedLine(links, 'source', 0, 1)).toBe(1);
    expect(nextLinkedLine(links, 'target', 2, 1)).toBeNull();
    expect(nextLinkedLine(links, 'source', 3, -1)).toBe(2);
  });
});

describe('what the panel shows', () => {
  const conversion = answers().get('POST convert') as Conversion;
  const converted = reduce(initialState, { type: 'converted', context, conversion });

  it('keeps a result while the next one is on its way', () => {
    expect(reduce(initialState, { type: 'asked' }).kind).toBe('loading');
    expect(reduce(converted, { type: 'asked' })).toBe(converted);
  });

  it('says so where there is no code of either framework', () => {
    const nothing = { ...conversion, source: null, diagnostics: [] };
    expect(reduce(converted, { type: 'converted', context, conversion: nothing })).toEqual({
      kind: 'empty',
      reason: 'no-framework'
    });
  });

  it('shows a syntax error rather than nothing', () => {
    const broken = {
      severity: 'error',
      line: 1,
      column: 0,
      code: 'syntax-error',
      message: 'x',
      suggestion: '',
      cell: null
    } as const;
    const state = reduce(initialState, {
      type: 'converted',
      context,
      conversion: { ...conversion, source: null, diagnostics: [broken] }
    });
    expect(state.kind).toBe('shown');
  });
});

describe('one tab stop for a group', () => {
  it('moves with arrows, round the ends, and leaves other keys alone', () => {
    expect(rovingTarget('ArrowRight', 2, 3)).toBe(0);
    expect(rovingTarget('ArrowUp', 0, 3)).toBe(2);
    expect(rovingTarget('End', 0, 3)).toBe(2);
    expect(rovingTarget('a', 0, 3)).toBeNull();
  });
});
