import type { Framework, Run } from '../api/types.js';

/** How a run is drawn, the same in the chart, its legend and the tables. */
export interface Stroke {
  /** Name of the variable that `style/base.css` gives the colour. */
  readonly variable: string;
  /** Class that colours text and swatches likewise. */
  readonly className: string;
  readonly dash: readonly number[];
}

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3]];

/** A stroke for each of the runs on show: two shades a framework, then dashes. */
export function strokes(runs: readonly Pick<Run, 'framework'>[]): Stroke[] {
  const count: Record<Framework, number> = { pytorch: 0, mxnet: 0 };
  return runs.map(({ framework }) => {
    const number = count[framework];
    count[framework] += 1;
    const name = number % 2 === 0 ? framework : `${framework}-2`;
    const dash = DASHES[Math.floor(number / 2) % DASHES.length] ?? [];
    return { variable: `--diptych-${name}`, className: `diptych-colour-${name}`, dash };
  });
}
