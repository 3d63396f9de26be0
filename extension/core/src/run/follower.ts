import type { DiptychClient } from '../api/client.js';
import type { Run, RunEvent } from '../api/types.js';
import { isRefusal, type Disposable } from '../host.js';
import { isFinal } from './live.js';

export interface FollowerEvents {
  onEvent(event: RunEvent): void;
  onRun(run: Run): void;
  /** Whether events come at once or the server is asked for them. */
  onTransport(transport: 'stream' | 'polling'): void;
  onProblem(problem: unknown): void;
  /** The server answers (again). */
  onAnswer(): void;
}

/** Milliseconds; shortened in tests. */
export interface Pace {
  /** Between two questions while polling. */
  readonly poll: number;
  /** Before a broken stream is opened again. */
  readonly reopen: number;
  /** Questions before the stream is tried once more. */
  readonly polls: number;
}

const usual: Pace = { poll: 1500, reopen: 500, polls: 10 };

/**
 * Follows one run to its end: by WebSocket, replayed from the last event seen whenever it breaks, and by polling for a
 * while where it breaks without having brought anything.
 */
export class RunFollower implements Disposable {
  private readonly abort = new AbortController();
  private socket: Disposable | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param since sequence number of the last event already known */
  constructor(
    private readonly client: DiptychClient,
    private readonly id: string,
    private since: number,
    private readonly events: FollowerEvents,
    private readonly pace: Pace = usual
  ) {
    this.open();
  }

  dispose(): void {
    this.abort.abort();
    this.socket?.dispose();
    clearTimeout(this.timer);
  }

  private open(): void {
    let fruitful = false;
    const onEvent = (event: RunEvent): void => {
      if (!fruitful) {
        fruitful = true;
        this.events.onTransport('stream');
        this.events.onAnswer();
      }
      this.take(event);
    };
    this.socket = this.client.stream(this.id, this.since, onEvent, () => {
      this.socket = null;
      if (!this.abort.signal.aborted) {
        void this.afterClose(fruitful);
      }
    });
  }

  /** The server closes the stream of a run that has ended; every other end is a fault to get over. */
  private async afterClose(fruitful: boolean): Promise<void> {
    if (await this.poll()) {
      return;
    }
    if (fruitful) {
      this.later(() => this.open(), this.pace.reopen);
    } else {
      this.events.onTransport('polling');
      this.later(() => void this.keepPolling(this.pace.polls), this.pace.poll);
    }
  }

  private async keepPolling(left: number): Promise<void> {
    if (await this.poll()) {
      return;
    }
    this.later(() => (left > 0 ? void this.keepPolling(left - 1) : this.open()), this.pace.poll);
  }

  /** @returns whether nothing more will come */
  private async poll(): Promise<boolean> {
    try {
      const { events, run } = await this.client.events(this.id, this.since, this.abort.signal);
      if (this.abort.signal.aborted) {
        return true;
      }
      this.events.onAnswer();
      events.forEach(event => this.take(event));
      this.events.onRun(run);
      return isFinal(run.state) && run.sequence <= this.since;
    } catch (problem) {
      if (this.abort.signal.aborted) {
        return true;
      }
      this.events.onProblem(problem);
      return isRefusal(problem); // a run that is gone will not come back by asking again
    }
  }

  private take(event: RunEvent): void {
    if (event.sequence > this.since) {
      this.since = event.sequence;
      this.events.onEvent(event);
    }
  }

  private later(action: () => void, milliseconds: number): void {
    if (!this.abort.signal.aborted) {
      this.timer = setTimeout(action, milliseconds);
    }
  }
}
