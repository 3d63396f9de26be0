import type { Run, RunEvent, RunState } from '../api/types.js';

/** The loss of each step that was told, over the whole run; the three lists have one length. */
export interface Curve {
  readonly steps: readonly number[];
  readonly losses: readonly number[];
  readonly seconds: readonly number[];
}

export interface Progress {
  readonly epoch: number;
  readonly step: number;
  readonly stepsPerEpoch: number | null;
  /** Estimate in seconds, null while unknown. */
  readonly remaining: number | null;
}

/** A run and what its events have told so far. */
export interface LiveRun {
  readonly run: Run;
  /** Sequence number of the last event taken in; a reconnected stream goes on from here. */
  readonly sequence: number;
  readonly curve: Curve;
  readonly progress: Progress | null;
  readonly output: string;
}

const OUTPUT_KEPT = 20_000; // characters: the end of what a script printed is what people look for

export function liveRun(run: Run): LiveRun {
  return { run, sequence: 0, curve: { steps: [], losses: [], seconds: [] }, progress: null, output: '' };
}

export function isFinal(state: RunState): boolean {
  return state !== 'queued' && state !== 'starting' && state !== 'running';
}

/** Take in one event; one that was seen before (a replay) changes nothing. */
export function withEvent(live: LiveRun, event: RunEvent): LiveRun {
  return event.sequence <= live.sequence ? live : { ...told(live, event), sequence: event.sequence };
}

/** Take in a newer answer of the server about the run itself. */
export function withRun(live: LiveRun, run: Run): LiveRun {
  const stale = isFinal(live.run.state) && !isFinal(run.state);
  return stale ? live : { ...live, run };
}

function told(live: LiveRun, event: RunEvent): LiveRun {
  const { run } = live;
  switch (event.type) {
    case 'state':
      return {
        ...live,
        run: { ...run, state: event.state, reason: event.reason, ...times(run, event.state, event.time) }
      };
    case 'environment':
      return { ...live, run: { ...run, environment: event.environment } };
    case 'progress':
      return {
        ...live,
        curve: {
          steps: [...live.curve.steps, ...event.steps],
          losses: [...live.curve.losses, ...event.losses],
          seconds: [...live.curve.seconds, ...event.seconds]
        },
        progress: {
          epoch: event.epoch,
          step: event.step,
          stepsPerEpoch: event.steps_per_epoch,
          remaining: event.remaining
        }
      };
    case 'epoch': {
      const others = run.epochs.filter(epoch => epoch.epoch !== event.epoch.epoch);
      return { ...live, run: { ...run, epochs: [...others, event.epoch] } };
    }
    case 'output':
      return { ...live, output: (live.output + event.text).slice(-OUTPUT_KEPT) };
    case 'result':
      return { ...live, run: { ...run, test_accuracy: event.test_accuracy } };
  }
}

function times(run: Run, state: RunState, time: number): Pick<Run, 'started' | 'ended'> {
  return {
    started: run.started ?? (state === 'running' ? time : null),
    ended: isFinal(state) ? time : run.ended
  };
}

/** How much of a run is done, 0 to 1; null while that can't be known. */
export function fractionDone({ run, progress }: LiveRun): number | null {
  if (run.state === 'finished') {
    return 1;
  }
  if (progress === null || progress.stepsPerEpoch === null || run.total_epochs === null || run.total_epochs === 0) {
    return null;
  }
  return Math.min(1, (progress.epoch + progress.step / progress.stepsPerEpoch) / run.total_epochs);
}
