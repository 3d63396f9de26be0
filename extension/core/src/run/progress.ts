import { h } from '../dom.js';
import type { Say } from '../strings.js';
import { duration, runName } from './format.js';
import { fractionDone, isFinal, type LiveRun } from './live.js';
import type { Stroke } from './palette.js';

/** One line a run: where it is, how much is done, how long it will take. */
export function renderProgress(runs: readonly LiveRun[], strokes: readonly Stroke[], say: Say): HTMLElement[] {
  const repeated = runs.some(({ run }) => run.repeat > 0);
  return runs.map((live, index) => progressRow(live, strokes[index], runName(live.run, repeated, say), say));
}

function progressRow(live: LiveRun, stroke: Stroke | undefined, name: string, say: Say): HTMLElement {
  const { run } = live;
  const fraction = fractionDone(live);
  const bar = h('progress', {
    max: 1,
    value: isFinal(run.state) ? (fraction ?? 0) : fraction,
    'aria-label': `${name}: ${say('run.progress')}`
  });
  return h(
    'div',
    { class: `diptych-progress ${stroke?.className ?? ''}`, 'data-state': run.state, 'data-framework': run.framework },
    h('span', { class: 'diptych-progress-name' }, h('span', { class: 'diptych-swatch' }), name),
    bar,
    h('span', { class: 'diptych-state' }, say(`run.state.${run.state}`)),
    h('span', { class: 'diptych-quiet' }, progressText(live, say)),
    run.reason === '' ? null : h('p', { class: 'diptych-reason', lang: 'en' }, run.reason)
  );
}

/** Where a run is, in words. */
export function progressText({ run, progress }: LiveRun, say: Say): string {
  if (progress === null || isFinal(run.state)) {
    return run.started !== null && run.ended !== null ? duration(run.ended - run.started, say) : '';
  }
  const epoch = progress.epoch + 1;
  const { step, stepsPerEpoch, remaining } = progress;
  const known = run.total_epochs !== null && stepsPerEpoch !== null;
  const where = known
    ? say('run.epochOf', { epoch, total: run.total_epochs ?? 0, step, steps: stepsPerEpoch ?? 0 })
    : say('run.epochAt', { epoch, step });
  return remaining === null ? where : `${where} · ${say('run.left', { time: duration(remaining, say) })}`;
}
