import type { Comparison, Environment, Run } from '../api/types.js';
import { h } from '../dom.js';
import type { MessageKey, Say } from '../strings.js';
import { duration, loss, percent, runName } from './format.js';
import type { Stroke } from './palette.js';
import { ratioSoFar, resultTable, type Cell, type Summary } from './table_model.js';

/** The table of the runs on show, what they say about each other, and what they were measured on. */
export function renderResults(
  runs: readonly Run[],
  strokes: readonly Stroke[],
  comparison: Comparison | null,
  say: Say
): HTMLElement[] {
  const repeated = runs.some(run => run.repeat > 0);
  const names = runs.map(run => runName(run, repeated, say));
  return [
    verdict(runs, comparison, say),
    epochTable(runs, names, strokes, say),
    environmentTable(runs, names, strokes, say)
  ];
}

/** What the server makes of the runs once all have ended; before that the ratio alone, called what it is. */
function verdict(runs: readonly Run[], comparison: Comparison | null, say: Say): HTMLElement {
  const soFar = comparison === null ? ratioSoFar(runs) : null;
  const ratio = comparison?.ratio ?? soFar;
  const label = soFar === null ? say('run.ratio') : say('run.ratioSoFar');
  return h(
    'div',
    { class: 'diptych-verdict', role: soFar === null ? 'status' : null },
    ratio === null
      ? null
      : h(
          'p',
          { class: 'diptych-ratio', 'data-so-far': soFar !== null },
          h('b', {}, ratio.toFixed(2)),
          ' ',
          h('span', { class: 'diptych-quiet' }, label)
        ),
    comparison === null ? null : h('p', { lang: 'en' }, comparison.verdict)
  );
}

function epochTable(runs: readonly Run[], names: readonly string[], strokes: readonly Stroke[], say: Say): HTMLElement {
  const table = resultTable(runs);
  const pairs = runs.flatMap(() => [
    h('th', { scope: 'col' }, say('run.avgLoss')),
    h('th', { scope: 'col' }, say('run.seconds.short'))
  ]);
  const seconds = (value: number | null): string => (value === null ? '' : duration(value, say));
  const losses = (value: number | null): string => (value === null ? '' : loss(value));
  const row = (key: MessageKey, cells: (summary: Summary) => [string, string]): HTMLElement =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, say(key)),
      ...table.summaries.flatMap(summary => cells(summary).map(text => h('td', {}, text)))
    );
  const accuracies = table.summaries.map(({ accuracy }, index) =>
    h('td', { colspan: 2 }, accuracy === null ? (isOver(runs[index]) ? say('run.notMeasured') : '') : percent(accuracy))
  );
  return h(
    'table',
    { class: 'diptych-results-table', 'aria-label': say('run.results') },
    h(
      'thead',
      {},
      h('tr', {}, h('td', {}), ...headings(names, strokes, 2)),
      h('tr', {}, h('th', { scope: 'col' }, say('run.epoch')), ...pairs)
    ),
    h(
      'tbody',
      {},
      ...table.epochs.map(({ epoch, cells }) =>
        h('tr', {}, h('th', { scope: 'row' }, String(epoch)), ...cells.flatMap(cell => epochCells(cell, say)))
      )
    ),
    h(
      'tfoot',
      {},
      row('run.best', summary => [losses(summary.bestLoss), seconds(summary.fastest)]),
      row('run.last', summary => [losses(summary.lastLoss), seconds(summary.lastSeconds)]),
      row('run.median', summary => ['', seconds(summary.medianSeconds)]),
      h('tr', {}, h('th', { scope: 'row' }, say('run.accuracy')), ...accuracies)
    )
  );
}

function isOver(run: Run | undefined): boolean {
  return run?.state === 'finished';
}

function headings(names: readonly string[], strokes: readonly Stroke[], span: number): HTMLElement[] {
  return names.map((name, index) =>
    h(
      'th',
      { scope: 'colgroup', colspan: span, class: strokes[index]?.className },
      h('span', { class: 'diptych-swatch' }),
      name
    )
  );
}

function epochCells(cell: Cell, say: Say): HTMLElement[] {
  return [
    h('td', { 'data-best': cell.isBest }, cell.loss === null ? '' : loss(cell.loss)),
    h('td', {}, cell.seconds === null ? '' : duration(cell.seconds, say))
  ];
}

function environmentTable(
  runs: readonly Run[],
  names: readonly string[],
  strokes: readonly Stroke[],
  say: Say
): HTMLElement {
  const rows: readonly (readonly [MessageKey, (environment: Environment) => string])[] = [
    ['run.env.framework', environment => environment.framework],
    ['run.env.python', environment => environment.python],
    ['run.env.numpy', environment => environment.numpy],
    ['run.env.device', environment => environment.device],
    ['run.env.threads', ({ threads, cores }) => (threads === 0 ? '' : say('run.env.threadsOf', { threads, cores }))],
    ['run.env.processor', environment => environment.processor],
    ['run.env.platform', environment => environment.platform]
  ];
  return h(
    'table',
    { class: 'diptych-environment', 'aria-label': say('run.environment') },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, say('run.environment')), ...headings(names, strokes, 1))),
    h(
      'tbody',
      {},
      ...rows.map(([key, value]) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, say(key)),
          ...runs.map(run => h('td', {}, run.environment ? value(run.environment) : ''))
        )
      )
    )
  );
}
