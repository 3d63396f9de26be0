import { describe, expect, it } from 'vitest';

import { strings } from '../src/strings.js';
import { chinese } from '../src/strings_zh.js';
import { english } from '../src/strings_en.js';

describe('the interface in two languages', () => {
  it('has the same sentences with the same places in them', () => {
    const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
    for (const key of Object.keys(english) as (keyof typeof english)[]) {
      expect(places(chinese[key]), key).toEqual(places(english[key]));
    }
  });

  it('fills places in', () => {
    expect(strings('en')('panel.line', { line: 3 })).toBe('line 3');
    expect(strings('zh')('panel.line', { line: 3 })).toBe('第 3 行');
  });
});
