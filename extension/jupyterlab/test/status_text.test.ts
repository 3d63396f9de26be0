import type { Run } from '@diptych/core';
import { describe, expect, it } from 'vitest';

import { activeRun, runText } from '../src/status_text.js';

const epoch = { epoch: 0, avg_loss: 0.3, seconds: 5 } as Run['epochs'][number];

describe('the status bar', () => {
  it.each([
    [2, [epoch], 'PyTorch 2/2'],
    [2, [], 'PyTorch 1/2'],
    [2, [epoch, epoch], 'PyTorch 2/2'],
    [null, [epoch], 'PyTorch']
  ])('says of %s epochs which is under way', (total, epochs, text) => {
    expect(runText({ framework: 'pytorch', epochs, total_epochs: total })).toBe(text);
  });

  it('shows the run that is trained, not those that wait or have ended', () => {
    const runs = (['queued', 'running', 'finished'] as const).map((state, id) => ({ id: String(id), state }) as Run);
    expect(activeRun(runs)?.id).toBe('1');
    expect(activeRun(runs.filter(({ state }) => state !== 'running'))).toBeNull();
  });
});
