import { describe, expect, it } from 'vitest';

import { toCodePoints, toOffset, toSpan, toUnits, type Lines } from '../src/positions.js';

function linesOf(text: string): Lines {
  const parts = text.split('\n');
  return {
    lines: parts.length,
    line(number) {
      const from = parts.slice(0, number - 1).reduce((sum, part) => sum + part.length + 1, 0);
      const content = parts[number - 1] ?? '';
      return { text: content, from, to: from + content.length };
    }
  };
}

describe('columns', () => {
  it('count an emoji as one code point and two units', () => {
    expect(toCodePoints("s = '🔥'; x", 9)).toBe(8);
    expect(toUnits("s = '🔥'; x", 8)).toBe(9);
  });

  it('are the same in plain text', () => {
    expect(toCodePoints('nn.Linear(2, 3)', 5)).toBe(5);
    expect(toUnits('nn.Linear(2, 3)', 5)).toBe(5);
  });

  it('end with the line', () => {
    expect(toCodePoints('ab', 9)).toBe(2);
    expect(toUnits('ab', 9)).toBe(2);
  });
});

describe('toOffset', () => {
  it('finds a place behind an emoji', () => {
    expect(toOffset(linesOf("a\ns = '🔥'; x"), 2, 8)).toBe(2 + 9);
  });

  it('stays inside of the text', () => {
    expect(toOffset(linesOf('a\nbc'), 9, 0)).toBe(4);
    expect(toOffset(linesOf('a\nbc'), 1, 9)).toBe(1);
  });
});

describe('toSpan', () => {
  const lines = ['x = 1', "y = '🔥'"];

  it('counts lines from 1 and columns in code points', () => {
    const span = toSpan(lines, { start: { line: 0, column: 2 }, end: { line: 1, column: 8 } });
    expect(span).toEqual({ start_line: 1, start_column: 2, end_line: 2, end_column: 7 });
  });

  it('turns a selection that was drawn backwards', () => {
    const span = toSpan(lines, { start: { line: 1, column: 0 }, end: { line: 0, column: 2 } });
    expect(span).toEqual({ start_line: 1, start_column: 2, end_line: 2, end_column: 0 });
  });
});
