import { describe, expect, it } from 'vitest';

import type { EventList, Run, Runtime } from '../../src/index.js';
import { align, smooth } from '../../src/run/curves.js';
import { barLayout } from '../../src/run/epoch_chart.js';
import { toCsv, toJson } from '../../src/run/export.js';
import {
  deviceChoices,
  emptyForm,
  fieldProblem,
  leftOut,
  readForm,
  runRequest,
  type Scripts
} from '../../src/run/form_model.js';
import { median } from '../../src/run/format.js';
import { fractionDone, liveRun, withEvent, withRun, type LiveRun } from '../../src/run/live.js';
import { strokes } from '../../src/run/palette.js';
import { ratioSoFar, resultTable } from '../../src/run/table_model.js';
import { answers } from '../recordings/answers.js';

function recordedEvents(framework: 'pytorch' | 'mxnet'): EventList {
  const lists = [...answers()].filter(([key]) => key.endsWith('/events')).map(([, value]) => value as EventList);
  const found = lists.find(list => list.run.framework === framework);
  if (!found) {
    throw new Error(`no events of ${framework} were recorded`);
  }
  return found;
}

function queued(run: Run): Run {
  return {
    ...run,
    state: 'queued',
    epochs: [],
    test_accuracy: null,
    environment: null,
    started: null,
    ended: null,
    sequence: 0
  };
}

function replayed(framework: 'pytorch' | 'mxnet'): LiveRun {
  const { events, run } = recordedEvents(framework);
  return events.reduce(withEvent, liveRun(queued(run)));
}

describe('a run told by its events', () => {
  it.each(['pytorch', 'mxnet'] as const)('ends as the server says it ended (%s)', framework => {
    const { run } = recordedEvents(framework);
    const live = replayed(framework);
    expect(live.run.state).toBe('finished');
    expect(live.run.epochs).toEqual(run.epochs);
    expect(live.run.test_accuracy).toBe(run.test_accuracy);
    expect(live.run.environment).toEqual(run.environment);
    expect(live.sequence).toBe(run.sequence);
    expect(fractionDone(live)).toBe(1);
  });

  it('is not changed by events that are replayed', () => {
    const { events } = recordedEvents('pytorch');
    const live = replayed('pytorch');
    expect(events.reduce(withEvent, live)).toBe(live);
  });

  it('does not go back from its end to an older answer', () => {
    const live = replayed('pytorch');
    expect(withRun(live, { ...live.run, state: 'running' })).toBe(live);
  });

  it('knows how much is done only where the script tells how much there is', () => {
    const live = liveRun({ ...queued(recordedEvents('mxnet').run), state: 'running', total_epochs: 2 });
    const progress = { epoch: 1, step: 235, stepsPerEpoch: 470, remaining: null };
    expect(fractionDone({ ...live, progress })).toBeCloseTo(0.75);
    expect(fractionDone({ ...live, progress: { ...progress, stepsPerEpoch: null } })).toBeNull();
    expect(fractionDone(live)).toBeNull();
  });
});

describe('curves', () => {
  it('are smoothed without a pull towards zero, past values that are no numbers', () => {
    expect(smooth([2, 2, 2], 0.9)).toEqual([2, 2, 2].map(value => expect.closeTo(value, 12)));
    expect(smooth([1, NaN, 1], 0.5)[2]).toBeCloseTo(1);
    expect(smooth([1, 5], 0)).toEqual([1, 5]);
  });

  it('meet on one axis, with gaps where one has no value', () => {
    const one = { steps: [0, 2], losses: [1, 3], seconds: [0.1, 0.2] };
    const other = { steps: [1, 2], losses: [5, NaN], seconds: [0.1, 0.3] };
    const byStep = align([one, other], 'step', 0);
    expect(byStep.x).toEqual([0, 1, 2]);
    expect(byStep.series.map(series => series.raw)).toEqual([
      [1, null, 3],
      [null, 5, null]
    ]);
    expect(align([one, other], 'time', 0).x).toEqual([0.1, 0.2, 0.3]);
  });

  it('never share a stroke', () => {
    const many = strokes(
      (['pytorch', 'pytorch', 'mxnet', 'pytorch', 'mxnet'] as const).map(framework => ({ framework }))
    );
    expect(new Set(many.map(stroke => stroke.className + stroke.dash.join())).size).toBe(5);
  });

  it('have bars of seconds per epoch that fill the height', () => {
    const bars = barLayout(
      [{ epochs: [{ epoch: 0, avg_loss: 1, seconds: 8 }] }, { epochs: [{ epoch: 0, avg_loss: 1, seconds: 4 }] }],
      100,
      80
    );
    expect(bars.map(bar => bar.height)).toEqual([80, 40]);
    expect(bars[1]?.x).toBeGreaterThan(bars[0]?.x ?? 0);
  });
});

describe('the table', () => {
  it('has best, last and median beside the epochs', () => {
    const run = {
      epochs: [0.3, 0.1, 0.2].map((avg_loss, epoch) => ({ epoch, avg_loss, seconds: 4 - epoch })),
      test_accuracy: 0.97
    } as Run;
    const table = resultTable([run]);
    expect(table.summaries).toEqual([
      { bestLoss: 0.1, lastLoss: 0.2, fastest: 2, lastSeconds: 2, medianSeconds: 3, accuracy: 0.97 }
    ]);
    expect(table.epochs.map(({ cells }) => cells[0]?.isBest)).toEqual([false, true, false]);
  });

  it('compares medians while runs are under way, once both sides have one', () => {
    const epochs = (...seconds: number[]): Run['epochs'] =>
      seconds.map((taken, epoch) => ({ epoch, avg_loss: 1, seconds: taken }));
    const torch = { framework: 'pytorch', state: 'finished', epochs: epochs(4, 6) } as Run;
    const mxnet = { framework: 'mxnet', state: 'running', epochs: epochs(2) } as Run;
    expect(ratioSoFar([torch, mxnet])).toBe(2.5);
    expect(ratioSoFar([torch, { ...mxnet, epochs: [] }])).toBeNull();
    expect(ratioSoFar([torch, { ...mxnet, state: 'finished' }])).toBeNull(); // the server compares them
    expect(ratioSoFar([{ ...torch, state: 'failed' }, mxnet])).toBeNull(); // as it leaves out what failed
  });

  it('knows a median', () => {
    expect([median([]), median([3]), median([4, 1]), median([9, 1, 2])]).toEqual([null, 3, 2.5, 2]);
  });
});

describe('the form', () => {
  const parameters = ['epochs', 'seed'].map(name => ({ name, default: '5', value: 5 }));
  const side = { text: 'a', shipped: 'a', path: '', parameters, reason: '', isReading: false };
  const scripts: Scripts = { pytorch: side, mxnet: { ...side, text: 'edited' } };

  it('offers the devices that each framework has, with the reason where one cannot', () => {
    const { runtimes } = answers().get('GET runtimes') as { runtimes: Runtime[] };
    const choices = deviceChoices(runtimes);
    expect(choices[0]).toMatchObject({ name: 'cpu', usable: { pytorch: true, mxnet: true } });
    const gpu = choices.find(choice => choice.name.startsWith('cuda'));
    expect(gpu?.usable).toEqual({ pytorch: false, mxnet: false });
    expect(gpu?.reasons.pytorch).not.toBe('');
  });

  it('offers nothing for a framework that does not import', () => {
    const { runtimes } = answers().get('GET runtimes') as { runtimes: Runtime[] };
    const broken = runtimes.map(runtime =>
      runtime.framework === 'mxnet' ? { ...runtime, problem: 'No module named mxnet.' } : runtime
    );
    expect(deviceChoices(broken)[0]?.usable).toEqual({ pytorch: true, mxnet: false });
  });

  it('sends what was typed, the edited script, and no field that is off', () => {
    const values = { ...emptyForm, epochs: '2', batch_size: '64', repeats: '3' };
    expect(runRequest(values, ['pytorch', 'mxnet'], scripts)).toEqual({
      frameworks: ['pytorch', 'mxnet'],
      device: 'cpu',
      parameters: { epochs: 2, batch_size: null, learning_rate: null, seed: null },
      repeats: 3,
      threads: null,
      parallel: false,
      scripts: { mxnet: { text: 'edited', path: '', arguments: [] } }
    });
  });

  it('knows which typed values some script cannot take', () => {
    const values = { ...emptyForm, epochs: '2', batch_size: '64', seed: '1', learning_rate: ' ' };
    const uneven: Scripts = { ...scripts, mxnet: { ...side, parameters: parameters.slice(0, 1) } };
    expect(leftOut(values, uneven)).toEqual([
      { field: 'batch_size', takenBy: null },
      { field: 'seed', takenBy: 'pytorch' }
    ]);
    expect(leftOut(values, { pytorch: side })).toEqual([]); // the other script is still being read
    expect(leftOut({ ...emptyForm, epochs: '2' }, uneven)).toEqual([]);
  });

  it.each([
    ['epochs', '0'],
    ['epochs', '1.5'],
    ['batch_size', 'many'],
    ['repeats', ''],
    ['learning_rate', '0'],
    ['learning_rate', 'Infinity']
  ])('stops at %s = "%s"', (field, text) => {
    expect(fieldProblem({ ...emptyForm, [field]: text })?.field).toBe(field);
  });

  it('takes empty fields and reads back what it stored', () => {
    expect(fieldProblem(emptyForm)).toBeNull();
    expect(readForm({ epochs: '3', repeats: 2 })).toEqual({ ...emptyForm, epochs: '3' });
  });
});

describe('exports', () => {
  it('hold every step and every epoch as CSV', () => {
    const live = replayed('pytorch');
    const lines = toCsv([live]).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + live.curve.steps.length + live.run.epochs.length);
    expect(lines[0]).toBe('run,framework,repeat,row,epoch,step,seconds,loss');
  });

  it('hold runs, curves and the comparison as JSON', () => {
    const content = JSON.parse(toJson([replayed('mxnet')], null)) as {
      runs: { curve: { steps: number[] } }[];
      ratio: null;
    };
    expect(content.runs[0]?.curve.steps.length).toBeGreaterThan(0);
    expect(content.ratio).toBeNull();
  });
});
