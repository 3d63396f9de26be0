import { describe, expect, it } from 'vitest';

import { defaultChoices, Settings } from '../src/settings.js';

describe('settings without a registry', () => {
  it('have their defaults', () => {
    expect(new Settings().choices).toEqual(defaultChoices);
  });

  it('keep what is set, and tell what was before', async () => {
    const settings = new Settings();
    const before: boolean[] = [];
    settings.changed.connect((_, choices) => before.push(choices.hoverEnabled));
    await settings.set('hoverEnabled', false);
    expect(settings.choices.hoverEnabled).toBe(false);
    expect(before).toEqual([true]);
  });

  it.each([
    ['np', 'np'],
    ['nd', 'nd'],
    ['jax', 'auto'],
    [undefined, 'auto']
  ])('read the dialect %s of the panel as %s', async (stored, dialect) => {
    const settings = new Settings();
    await settings.set('panel', stored === undefined ? {} : { dialect: stored });
    expect(settings.dialect).toBe(dialect);
  });
});
