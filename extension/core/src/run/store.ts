import type { DiptychClient } from '../api/client.js';
import type { Comparison, Run } from '../api/types.js';
import type { Disposable } from '../host.js';
import { RunFollower, type Pace } from './follower.js';
import { isFinal, liveRun, withEvent, withRun, type LiveRun } from './live.js';
import type { Troubles } from './troubles.js';

const PAGE = 50;

/** The runs that the view knows: a page of the history, and those on show followed event by event. */
export class RunsStore implements Disposable {
  private readonly runs = new Map<string, LiveRun>();
  private readonly followers = new Map<string, RunFollower>();
  private readonly abort = new AbortController();
  private readonly polling = new Set<string>();
  private order: readonly string[] = [];
  private chosen: readonly string[] = [];
  private compared = '';
  comparison: Comparison | null = null;
  total = 0;

  constructor(
    private readonly client: DiptychClient,
    private readonly onChange: () => void,
    private readonly onProblem: (problem: unknown) => void,
    private readonly troubles: Troubles,
    private readonly pace?: Pace
  ) {}

  /** All known runs, newest first. */
  get history(): readonly LiveRun[] {
    return this.order.flatMap(id => this.runs.get(id) ?? []);
  }

  /** The runs on show, in the order in which they were chosen. */
  get shown(): readonly LiveRun[] {
    return this.chosen.flatMap(id => this.runs.get(id) ?? []);
  }

  get isPolling(): boolean {
    return this.chosen.some(id => this.polling.has(id));
  }

  /** Read the newest runs and show the newest comparison; active ones are followed from where they are. */
  async load(): Promise<void> {
    const { runs, total } = await this.client.runs(PAGE, 0, this.abort.signal);
    this.total = total;
    this.take(runs, true);
    const newest = runs[0];
    if (newest && this.chosen.length === 0) {
      this.show(
        runs
          .filter(run => run.comparison === newest.comparison)
          .reverse()
          .map(run => run.id)
      );
    }
    this.onChange();
  }

  async loadOlder(): Promise<void> {
    const { runs, total } = await this.client.runs(PAGE, this.order.length, this.abort.signal);
    this.total = total;
    this.take(runs, true);
    this.onChange();
  }

  /** Runs that were just started. */
  add(runs: readonly Run[]): void {
    this.take(runs, false);
    this.total += runs.length;
    this.show(runs.map(run => run.id));
  }

  show(ids: readonly string[]): void {
    this.chosen = ids.filter(id => this.runs.has(id));
    for (const id of this.chosen) {
      this.follow(id);
    }
    this.compare();
    this.onChange();
  }

  replace(run: Run): void {
    this.update(run.id, live => withRun(live, run));
  }

  remove(id: string): void {
    this.followers.get(id)?.dispose();
    this.followers.delete(id);
    this.troubles.end(id);
    this.runs.delete(id);
    this.order = this.order.filter(other => other !== id);
    this.total -= 1;
    this.show(this.chosen.filter(other => other !== id));
  }

  dispose(): void {
    this.abort.abort();
    this.followers.forEach(follower => follower.dispose());
    this.followers.clear();
  }

  private take(runs: readonly Run[], older: boolean): void {
    const fresh = runs.filter(run => !this.runs.has(run.id));
    fresh.forEach(run => this.runs.set(run.id, liveRun(run)));
    const ids = fresh.map(run => run.id);
    this.order = older ? [...this.order, ...ids] : [...ids.reverse(), ...this.order];
  }

  private follow(id: string): void {
    const live = this.runs.get(id);
    if (!live || this.followers.has(id)) {
      return;
    }
    const follower = new RunFollower(
      this.client,
      id,
      live.sequence,
      {
        onEvent: event => this.update(id, known => withEvent(known, event)),
        onRun: run => this.update(id, known => withRun(known, run)),
        onTransport: transport => this.setPolling(id, transport === 'polling'),
        onProblem: problem => this.troubles.begin(id, problem),
        onAnswer: () => this.troubles.end(id)
      },
      this.pace
    );
    this.followers.set(id, follower);
  }

  private update(id: string, change: (live: LiveRun) => LiveRun): void {
    const live = this.runs.get(id);
    if (live) {
      this.runs.set(id, change(live));
      this.compare();
      this.onChange();
    }
  }

  private setPolling(id: string, polling: boolean): void {
    if (polling) {
      this.polling.add(id);
    } else {
      this.polling.delete(id);
    }
    this.onChange();
  }

  /** Ask for the comparison again when what it depends on has changed: an epoch more, or a run that ended. */
  private compare(): void {
    const shown = this.shown;
    const key = shown
      .map(({ run }) => `${run.id}:${isFinal(run.state) ? run.state : ''}:${run.epochs.length}`)
      .join(' ');
    const ended = shown.length > 0 && shown.every(({ run }) => isFinal(run.state));
    if (key === this.compared) {
      return;
    }
    this.compared = key;
    this.comparison = null;
    if (ended) {
      void this.askComparison(key);
    }
  }

  private async askComparison(key: string): Promise<void> {
    try {
      const comparison = await this.client.comparison(this.chosen, this.abort.signal);
      if (key === this.compared) {
        this.comparison = comparison;
        this.onChange();
      }
    } catch (problem) {
      if (!this.abort.signal.aborted) {
        this.onProblem(problem);
      }
    }
  }
}
