import uPlot from 'uplot';

import { DisposableSet } from '../disposables.js';
import { h } from '../dom.js';
import type { Disposable } from '../host.js';
import type { Say } from '../strings.js';
import { align, type Axis } from './curves.js';
import { loss } from './format.js';
import type { LiveRun } from './live.js';
import type { Stroke } from './palette.js';

const HEIGHT = 260;
const FAINT = 0.25; // opacity of the raw curve behind the smoothed one

interface Drawn {
  readonly live: LiveRun;
  readonly name: string;
  readonly stroke: Stroke;
}

/** The loss curves on one chart: raw and faint behind, smoothed in front. A zoom survives new points. */
export class CurveChart implements Disposable {
  readonly element = h('div', { class: 'diptych-curves' });
  private readonly disposables = new DisposableSet();
  private readonly holder = h('div', { class: 'diptych-curves-plot' });
  private readonly legend = h('div', { class: 'diptych-legend' });
  private readonly hiddenRuns = new Set<string>();
  private plot: uPlot | null = null;
  private drawn: readonly Drawn[] = [];
  private built = '';
  private zoomed = false;

  constructor(
    private readonly say: Say,
    private axis: Axis,
    private weight: number
  ) {
    this.element.append(this.legend, this.holder);
    const observer = new ResizeObserver(() => this.plot?.setSize({ width: this.width, height: HEIGHT }));
    observer.observe(this.holder);
    this.disposables.addCallback(() => observer.disconnect());
    this.disposables.addCallback(() => this.plot?.destroy());
  }

  show(drawn: readonly Drawn[]): void {
    this.drawn = drawn;
    const key = [this.axis, ...drawn.map(({ live, stroke }) => live.run.id + stroke.className)].join(' ');
    if (key === this.built && this.plot !== null) {
      this.refill(this.plot);
    } else {
      this.built = key;
      this.rebuild();
    }
  }

  setAxis(axis: Axis): void {
    this.axis = axis;
    this.show(this.drawn);
  }

  setSmoothing(weight: number): void {
    this.weight = weight;
    this.show(this.drawn);
  }

  resetZoom(): void {
    this.zoomed = false;
    this.plot?.setData(this.data(), true);
  }

  /** Colours are read from the style sheet when the chart is made; call it after the theme changed. */
  rebuild(): void {
    if (this.disposables.isDisposed) {
      return;
    }
    this.plot?.destroy();
    this.zoomed = false;
    this.holder.setAttribute('role', 'img');
    this.holder.setAttribute('aria-label', this.description());
    this.plot = this.drawn.length === 0 ? null : new uPlot(this.options(), this.data(), this.holder);
    this.renderLegend();
  }

  /** The chart as a picture, on the background of the page and under its legend; null while nothing is drawn. */
  async picture(): Promise<Blob | null> {
    const source = this.plot?.ctx.canvas;
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    if (!source || !context) {
      return null;
    }
    const scale = source.width / Math.max(1, this.width);
    const head = 24 * scale;
    canvas.width = source.width;
    canvas.height = source.height + head;
    context.fillStyle = this.colour('--diptych-background');
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.font = `${12 * scale}px sans-serif`;
    let x = 12 * scale;
    for (const { name, stroke } of this.drawn.filter(({ live }) => !this.hiddenRuns.has(live.run.id))) {
      context.fillStyle = this.colour(stroke.variable);
      context.fillText(`■ ${name}`, x, 16 * scale);
      x += context.measureText(`■ ${name}`).width + 16 * scale;
    }
    context.drawImage(source, 0, head);
    return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private get width(): number {
    return Math.max(240, this.holder.clientWidth);
  }

  /** New points: the view moves on with them unless the user looks at a part. */
  private refill(plot: uPlot): void {
    const { min, max } = plot.scales['x'] ?? {};
    if (this.zoomed && min !== undefined && max !== undefined) {
      plot.batch(() => {
        plot.setData(this.data(), false);
        plot.setScale('x', { min, max });
      });
    } else {
      plot.setData(this.data(), true);
    }
  }

  private data(): uPlot.AlignedData {
    const { x, series } = align(
      this.drawn.map(({ live }) => live.curve),
      this.axis,
      this.weight
    );
    return [x, ...series.flatMap(({ raw, smooth }) => [raw, smooth])];
  }

  private options(): uPlot.Options {
    const quiet = this.colour('--diptych-quiet');
    const grid = { stroke: this.colour('--diptych-border'), width: 1 };
    const axis = {
      stroke: quiet,
      grid,
      ticks: grid,
      font: '11px sans-serif',
      labelFont: '11px sans-serif',
      labelSize: 16
    };
    return {
      width: this.width,
      height: HEIGHT,
      legend: { show: false },
      scales: { x: { time: false } },
      cursor: { drag: { x: true, y: false }, points: { size: 6 } },
      axes: [
        { ...axis, label: this.say(this.axis === 'step' ? 'run.step' : 'run.time'), size: 34 },
        { ...axis, label: this.say('run.lossAxis'), size: 46 }
      ],
      series: [{}, ...this.drawn.flatMap(drawn => this.seriesOf(drawn))],
      hooks: {
        setSelect: [plot => (this.zoomed ||= plot.select.width > 0)],
        setCursor: [plot => this.tellValues(plot.cursor.idx ?? null)],
        ready: [plot => plot.over.addEventListener('dblclick', () => (this.zoomed = false))]
      }
    };
  }

  private seriesOf({ live, name, stroke }: Drawn): uPlot.Series[] {
    const show = !this.hiddenRuns.has(live.run.id);
    const common = { label: name, stroke: this.colour(stroke.variable), spanGaps: true, show, points: { show: false } };
    return [
      { ...common, alpha: FAINT, width: 1 },
      { ...common, width: 2, dash: [...stroke.dash] }
    ];
  }

  private renderLegend(): void {
    this.legend.replaceChildren(...this.drawn.map((drawn, index) => this.legendItem(drawn, index)));
  }

  private legendItem({ live, name, stroke }: Drawn, index: number): HTMLElement {
    const item: HTMLButtonElement = h(
      'button',
      {
        type: 'button',
        class: `diptych-legend-item ${stroke.className}`,
        'aria-pressed': String(!this.hiddenRuns.has(live.run.id)),
        on: { click: () => item.setAttribute('aria-pressed', String(this.toggle(live.run.id, index))) }
      },
      h('span', { class: 'diptych-swatch' }),
      name,
      h('span', { class: 'diptych-quiet' })
    );
    return item;
  }

  private toggle(id: string, index: number): boolean {
    const show = this.hiddenRuns.delete(id);
    if (!show) {
      this.hiddenRuns.add(id);
    }
    this.plot?.setSeries(2 * index + 1, { show });
    this.plot?.setSeries(2 * index + 2, { show });
    return show;
  }

  /** The smoothed losses under the pointer, in the legend. */
  private tellValues(index: number | null): void {
    [...this.legend.children].forEach((item, number) => {
      const value = index === null ? null : (this.plot?.data[2 * number + 2]?.[index] ?? null);
      const place = item.querySelector('.diptych-quiet');
      if (place) {
        place.textContent = value === null ? '' : loss(value);
      }
    });
  }

  private description(): string {
    const names = this.drawn.map(({ name }) => name).join(', ');
    return this.say('run.chartLabel', { names, axis: this.say(this.axis === 'step' ? 'run.step' : 'run.time') });
  }

  private colour(variable: string): string {
    return getComputedStyle(this.element).getPropertyValue(variable).trim() || 'gray';
  }
}
