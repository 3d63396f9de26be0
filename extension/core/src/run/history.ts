import { h } from '../dom.js';
import type { Locale, Say } from '../strings.js';
import { duration, median, moment, percent } from './format.js';
import { isFinal, type LiveRun } from './live.js';
import type { Run } from '../api/types.js';

export interface HistoryActions {
  /** Show these runs over each other. */
  show(ids: readonly string[]): void;
  remove(id: string): void;
  older(): void;
}

/** All runs that are kept, newest first; ticked ones are on show. */
export class History {
  readonly element: HTMLElement;
  private readonly body = h('tbody');
  private readonly empty: HTMLElement;
  private readonly table: HTMLElement;
  private readonly older: HTMLButtonElement;
  private drawn = '';
  private chosen: readonly string[] = [];
  private asking: string | null = null;

  constructor(
    private readonly actions: HistoryActions,
    private readonly say: Say,
    private readonly locale: Locale
  ) {
    this.empty = h('p', { class: 'diptych-quiet' }, say('run.noRuns'));
    const columns = ['run.avgLoss', 'run.median', 'run.accuracy'] as const;
    this.table = h(
      'table',
      { class: 'diptych-history', 'aria-label': say('run.history') },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...['', '', '', '', ''].map(text => h('td', {}, text)),
          ...columns.map(key => h('th', { scope: 'col' }, say(key))),
          h('td')
        )
      ),
      this.body
    );
    this.older = h(
      'button',
      { type: 'button', class: 'diptych-button', on: { click: () => actions.older() } },
      say('run.older')
    );
    const help = h('p', { class: 'diptych-quiet' }, say('run.overlayHelp'));
    this.element = h(
      'section',
      {},
      h('h3', {}, say('run.history')),
      this.empty,
      help,
      h('div', { class: 'diptych-scroll' }, this.table),
      this.older
    );
  }

  render(runs: readonly LiveRun[], chosen: readonly string[], total: number): void {
    const rows = runs.map(
      ({ run }) => `${run.id}${run.state}${run.epochs.length}${chosen.includes(run.id)}${run.test_accuracy}`
    );
    const key = [...rows, total, this.asking].join(' ');
    if (key === this.drawn) {
      return;
    }
    this.drawn = key;
    this.chosen = chosen;
    const focused = this.body.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-key')
      : null;
    this.body.replaceChildren(
      ...runs.map(({ run }) => this.row(run, chosen.includes(run.id), () => this.render(runs, chosen, total)))
    );
    this.empty.hidden = runs.length > 0;
    this.table.hidden = runs.length === 0;
    this.older.hidden = runs.length >= total;
    if (focused) {
      this.body.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  private row(run: Run, chosen: boolean, redraw: () => void): HTMLElement {
    const date = moment(run, this.locale);
    const name = this.say(`framework.${run.framework}`);
    const middle = median(run.epochs.map(epoch => epoch.seconds));
    const last = run.epochs.at(-1);
    const tick = h('input', {
      type: 'checkbox',
      'aria-label': `${this.say('run.overlay')}: ${name} ${date}`,
      'data-key': `tick-${run.id}`,
      on: {
        change: () => this.actions.show(chosen ? this.chosen.filter(id => id !== run.id) : [...this.chosen, run.id])
      }
    });
    tick.checked = chosen;
    return h(
      'tr',
      { 'data-chosen': chosen, 'data-run': run.id },
      h('td', {}, tick),
      h('td', {}, h('span', { class: `diptych-swatch diptych-colour-${run.framework}` }), name),
      h('td', {}, date),
      h('td', {}, settings(run)),
      h(
        'td',
        { class: 'diptych-state', 'data-state': run.state, title: run.reason },
        this.say(`run.state.${run.state}`)
      ),
      h('td', {}, last ? last.avg_loss.toFixed(4) : ''),
      h('td', {}, middle === null ? '' : duration(middle, this.say)),
      h('td', {}, run.test_accuracy === null ? '' : percent(run.test_accuracy)),
      h('td', {}, isFinal(run.state) && this.deleteButton(run, date, redraw))
    );
  }

  /** Asks once more before it deletes. */
  private deleteButton(run: Run, date: string, redraw: () => void): HTMLElement {
    const asking = this.asking === run.id;
    const press = (): void => {
      this.asking = asking ? null : run.id;
      if (asking) {
        this.actions.remove(run.id);
      } else {
        redraw();
      }
    };
    const attributes = {
      type: 'button',
      class: 'diptych-button',
      'data-key': `delete-${run.id}`,
      'aria-label': this.say('run.deleteRun', { date }),
      on: { click: press }
    };
    return h('button', attributes, this.say(asking ? 'run.deleteAsk' : 'run.delete'));
  }
}

/** Device and parameters in a few words: `cpu · epochs 5 · batch_size 128`. */
function settings(run: Run): string {
  const given = Object.entries(run.parameters).filter(([, value]) => value !== null);
  return [run.device, ...given.map(([name, value]) => `${name} ${value}`)].join(' · ');
}
