import type { Run } from '@diptych/core';

const frameworkNames = { pytorch: 'PyTorch', mxnet: 'MXNet' } as const;

/** The run that is trained now, if any; of those that wait for it none. */
export function activeRun(runs: readonly Run[]): Run | null {
  return runs.find(({ state }) => state === 'running' || state === 'starting') ?? null;
}

/** A run in a few words: `PyTorch 2/5`, the second of five epochs. */
export function runText({
  framework,
  epochs,
  total_epochs: total
}: Pick<Run, 'framework' | 'epochs' | 'total_epochs'>): string {
  const name = frameworkNames[framework];
  return total === null ? name : `${name} ${Math.min(epochs.length + 1, total)}/${total}`;
}
