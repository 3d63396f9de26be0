import type { Framework, Run } from '../api/types.js';
import { median } from './format.js';
import { isFinal } from './live.js';

export interface Cell {
  readonly loss: number | null;
  readonly seconds: number | null;
  readonly isBest: boolean;
}

/** The article's table: a row an epoch, for each run its average loss and time; then best, last and median. */
export interface ResultTable {
  readonly epochs: readonly { readonly epoch: number; readonly cells: readonly Cell[] }[];
  readonly summaries: readonly Summary[];
}

export interface Summary {
  readonly bestLoss: number | null;
  readonly lastLoss: number | null;
  readonly fastest: number | null;
  readonly lastSeconds: number | null;
  readonly medianSeconds: number | null;
  readonly accuracy: number | null;
}

export function resultTable(runs: readonly Run[]): ResultTable {
  const summaries = runs.map(summary);
  const numbers = [...new Set(runs.flatMap(run => run.epochs.map(epoch => epoch.epoch)))].sort(
    (one, other) => one - other
  );
  const epochs = numbers.map(epoch => ({
    epoch,
    cells: runs.map((run, index) => {
      const found = run.epochs.find(candidate => candidate.epoch === epoch);
      const isBest = found !== undefined && found.avg_loss === summaries[index]?.bestLoss;
      return { loss: found?.avg_loss ?? null, seconds: found?.seconds ?? null, isBest };
    })
  }));
  return { epochs, summaries };
}

function summary(run: Run): Summary {
  const losses = run.epochs.map(epoch => epoch.avg_loss).filter(Number.isFinite);
  const seconds = run.epochs.map(epoch => epoch.seconds);
  const last = run.epochs.at(-1);
  return {
    bestLoss: losses.length === 0 ? null : Math.min(...losses),
    lastLoss: last?.avg_loss ?? null,
    fastest: seconds.length === 0 ? null : Math.min(...seconds),
    lastSeconds: last?.seconds ?? null,
    medianSeconds: median(seconds),
    accuracy: run.test_accuracy
  };
}

/**
 * Median seconds an epoch, PyTorch over MXNet, of the epochs there are while some run is under way; null without an
 * epoch on either side. Runs that ended otherwise than finished are left out, as the server does in the end.
 */
export function ratioSoFar(runs: readonly Run[]): number | null {
  const counted = runs.filter(({ state }) => state === 'finished' || !isFinal(state));
  const middle = (framework: Framework): number | null =>
    median(counted.filter(run => run.framework === framework).flatMap(run => run.epochs.map(epoch => epoch.seconds)));
  const [torch, mxnet] = [middle('pytorch'), middle('mxnet')];
  const underWay = runs.some(({ state }) => !isFinal(state));
  return underWay && torch !== null && mxnet !== null && mxnet > 0 ? torch / mxnet : null;
}
