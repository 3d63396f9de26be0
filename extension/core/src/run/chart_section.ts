import { DisposableSet } from '../disposables.js';
import { h } from '../dom.js';
import type { Disposable, Host } from '../host.js';
import { strings } from '../strings.js';
import { Segmented } from '../ui/segmented.js';
import { CurveChart } from './curve_chart.js';
import { renderEpochChart } from './epoch_chart.js';
import { runName } from './format.js';
import type { LiveRun } from './live.js';
import type { Stroke } from './palette.js';

const SMOOTHING = 0.9; // weight of what came before, as in TensorBoard

/** The charts with their choices: loss of each step, and seconds per epoch. */
export class ChartSection implements Disposable {
  readonly element: HTMLElement;
  private readonly disposables = new DisposableSet();
  private readonly chart: CurveChart;
  private readonly bars = h('div', { class: 'diptych-bars-holder' });
  private readonly empty: HTMLElement;
  private readonly charts: HTMLElement;
  private barsKey = '';

  constructor(private readonly host: Host) {
    const say = strings(host.locale());
    this.chart = this.disposables.add(new CurveChart(say, 'step', SMOOTHING));
    const axes = [
      { value: 'step', label: say('run.step') },
      { value: 'time', label: say('run.time') }
    ] as const;
    const axis = new Segmented<'step' | 'time'>(say('run.xAxis'), axes, 'step', value => this.chart.setAxis(value));
    const range = h('input', { type: 'range', min: 0, max: 0.99, step: 0.01, value: SMOOTHING });
    range.addEventListener('input', () => this.chart.setSmoothing(Number(range.value)));
    const reset = h(
      'button',
      {
        type: 'button',
        class: 'diptych-button',
        title: say('run.zoomHelp'),
        on: { click: () => this.chart.resetZoom() }
      },
      say('run.resetZoom')
    );
    const smoothing = h(
      'label',
      { class: 'diptych-field' },
      h('span', { class: 'diptych-field-label' }, say('run.smoothing')),
      range
    );
    this.empty = h('p', { class: 'diptych-empty' }, say('run.noCurve'));
    this.charts = h(
      'div',
      { class: 'diptych-charts' },
      h(
        'figure',
        {},
        h(
          'figcaption',
          {},
          say('run.loss'),
          h('div', { class: 'diptych-chart-options' }, axis.element, smoothing, reset)
        ),
        this.chart.element
      ),
      h('figure', {}, h('figcaption', {}, say('run.seconds')), this.bars)
    );
    this.element = h('section', { class: 'diptych-chart-section' }, this.empty, this.charts);
    this.disposables.add(host.onThemeChanged(() => requestAnimationFrame(() => this.chart.rebuild())));
  }

  render(runs: readonly LiveRun[], strokes: readonly Stroke[]): void {
    const say = strings(this.host.locale());
    const hasCurve = runs.some(({ curve, run }) => curve.steps.length > 0 || run.epochs.length > 0);
    this.empty.hidden = hasCurve || runs.length === 0;
    this.charts.hidden = !hasCurve;
    if (!hasCurve) {
      return;
    }
    const repeated = runs.some(({ run }) => run.repeat > 0);
    this.chart.show(
      runs.flatMap((live, index) => {
        const stroke = strokes[index];
        return stroke ? [{ live, stroke, name: runName(live.run, repeated, say) }] : [];
      })
    );
    const key = JSON.stringify(runs.map(({ run }) => [run.id, run.epochs]));
    if (key !== this.barsKey) {
      this.barsKey = key;
      this.bars.replaceChildren(
        renderEpochChart(
          runs.map(({ run }) => run),
          strokes,
          say
        )
      );
    }
  }

  picture(): Promise<Blob | null> {
    return this.chart.picture();
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
