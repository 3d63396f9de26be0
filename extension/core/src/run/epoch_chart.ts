import type { Run } from '../api/types.js';
import type { Say } from '../strings.js';
import { duration } from './format.js';
import type { Stroke } from './palette.js';

const SVG = 'http://www.w3.org/2000/svg';

export interface Bar {
  readonly run: number;
  readonly epoch: number;
  readonly seconds: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Bars of seconds per epoch, side by side for each epoch, in a box of the given size; the tallest fills it. */
export function barLayout(runs: readonly Pick<Run, 'epochs'>[], width: number, height: number): Bar[] {
  const all = runs.flatMap((run, index) => run.epochs.map(({ epoch, seconds }) => ({ run: index, epoch, seconds })));
  const tallest = Math.max(...all.map(bar => bar.seconds), 1e-9);
  const groups = Math.max(...all.map(bar => bar.epoch), 0) + 1;
  const group = width / groups;
  const bar = Math.min(28, (0.8 * group) / Math.max(1, runs.length));
  return all.map(item => {
    const tall = Math.max(1, (item.seconds / tallest) * height);
    const left = item.epoch * group + (group - bar * runs.length) / 2 + item.run * bar;
    return { ...item, x: left, y: height - tall, width: bar - 1, height: tall };
  });
}

const WIDTH = 360;
const HEIGHT = 110;
const FOOT = 16; // room for the epochs' numbers
const HEAD = 12; // room for the seconds above the bars

/** Seconds per epoch as bars in the colours of the curves. */
export function renderEpochChart(runs: readonly Run[], strokes: readonly Stroke[], say: Say): SVGSVGElement {
  const svg = element('svg', { class: 'diptych-bars', viewBox: `0 0 ${WIDTH} ${HEAD + HEIGHT + FOOT}`, role: 'img' });
  svg.setAttribute('aria-label', say('run.seconds'));
  const bars = barLayout(runs, WIDTH, HEIGHT);
  for (const bar of bars) {
    const rect = element('rect', { x: bar.x, y: HEAD + bar.y, width: Math.max(1, bar.width), height: bar.height });
    rect.setAttribute('class', strokes[bar.run]?.className ?? '');
    rect.append(text('title', {}, duration(bar.seconds, say)));
    svg.append(rect);
    if (bar.width >= 24) {
      svg.append(
        text('text', { x: bar.x + bar.width / 2, y: HEAD + bar.y - 3 }, bar.seconds.toFixed(bar.seconds < 10 ? 2 : 0))
      );
    }
  }
  const groups = new Set(bars.map(bar => bar.epoch));
  const group = WIDTH / (Math.max(...groups, 0) + 1);
  groups.forEach(epoch => svg.append(text('text', { x: (epoch + 0.5) * group, y: HEAD + HEIGHT + 13 }, String(epoch))));
  return svg;
}

function element<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, String(value)));
  return made;
}

function text(
  tag: 'text' | 'title',
  attributes: Readonly<Record<string, string | number>>,
  content: string
): SVGElement {
  const made = element(tag, attributes);
  made.textContent = content;
  return made;
}
