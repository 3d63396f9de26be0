import type { Curve } from './live.js';

export type Axis = 'step' | 'time';

/** One x for all curves, and for each curve its raw and its smoothed losses, null where it has no value at that x. */
export interface Aligned {
  readonly x: number[];
  readonly series: readonly { readonly raw: (number | null)[]; readonly smooth: (number | null)[] }[];
}

/**
 * Exponential moving average without the pull towards zero at the start, as TensorBoard has it. Values that are not
 * numbers are left out of the average and stay as they are.
 *
 * @param weight 0 (the values themselves) to below 1
 */
export function smooth(values: readonly number[], weight: number): number[] {
  let average = 0;
  let share = 1;
  return values.map(value => {
    if (!Number.isFinite(value)) {
      return value;
    }
    average = average * weight + (1 - weight) * value;
    share *= weight;
    return average / (1 - share);
  });
}

/** All curves over one axis: the step, or the seconds since each run's training began. */
export function align(curves: readonly Curve[], axis: Axis, weight: number): Aligned {
  const abscissas = curves.map(curve => (axis === 'step' ? curve.steps : curve.seconds));
  const x = [...new Set(abscissas.flat())].sort((one, other) => one - other);
  const positions = new Map(x.map((value, index) => [value, index]));
  const series = curves.map((curve, number) => {
    const raw = new Array<number | null>(x.length).fill(null);
    const smoothed = new Array<number | null>(x.length).fill(null);
    const averages = smooth(curve.losses, weight);
    (abscissas[number] ?? []).forEach((value, index) => {
      const position = positions.get(value);
      if (position !== undefined) {
        raw[position] = finite(curve.losses[index]);
        smoothed[position] = finite(averages[index]);
      }
    });
    return { raw, smooth: smoothed };
  });
  return { x, series };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
