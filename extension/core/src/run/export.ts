import type { Comparison } from '../api/types.js';
import type { LiveRun } from './live.js';

/** One line a step and one an epoch, for spreadsheets and data frames. Empty cells mean: does not apply. */
export function toCsv(runs: readonly LiveRun[]): string {
  const lines = [['run', 'framework', 'repeat', 'row', 'epoch', 'step', 'seconds', 'loss']];
  for (const { run, curve } of runs) {
    const head = [run.id, run.framework, String(run.repeat)];
    curve.steps.forEach((step, index) => {
      lines.push([...head, 'step', '', String(step), String(curve.seconds[index]), String(curve.losses[index])]);
    });
    for (const epoch of run.epochs) {
      lines.push([...head, 'epoch', String(epoch.epoch), '', String(epoch.seconds), String(epoch.avg_loss)]);
    }
  }
  return lines.map(line => line.map(quoted).join(',')).join('\r\n') + '\r\n';
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}

/** The runs as the server tells them, with their curves and their comparison. */
export function toJson(runs: readonly LiveRun[], comparison: Comparison | null): string {
  const content = {
    runs: runs.map(({ run, curve }) => ({ ...run, curve })),
    ratio: comparison?.ratio ?? null,
    within_noise: comparison?.within_noise ?? null,
    verdict: comparison?.verdict ?? '',
    spreads: comparison?.spreads ?? []
  };
  return JSON.stringify(content, null, 2) + '\n';
}
