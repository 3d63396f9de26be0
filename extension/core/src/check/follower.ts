import type { DiptychClient } from '../api/client.js';
import type { CheckRequest } from '../api/types.js';
import type { Disposable } from '../host.js';
import { isAbort } from '../ui/problem.js';
import { shownProgress, type CheckViewState } from './state.js';

const PAUSE = 300; // milliseconds between two questions

/** One check from its start to its end; ending it early ends it on the server, too. */
export class CheckFollower implements Disposable {
  private readonly abort = new AbortController();
  private id: string | null = null;
  private ended = false;

  /** @param show gets every state, and none after `dispose` or `cancel` */
  constructor(
    private readonly client: DiptychClient,
    private readonly show: (state: CheckViewState) => void
  ) {}

  async run(request: Partial<CheckRequest> & Pick<CheckRequest, 'document'>): Promise<void> {
    try {
      let progress = await this.client.startCheck(request);
      this.id = progress.id;
      if (this.abort.signal.aborted) {
        await this.forget();
        return;
      }
      for (;;) {
        const state = shownProgress(progress);
        this.ended = state.kind !== 'going';
        this.show(state);
        if (this.ended) {
          return;
        }
        await pause(PAUSE, this.abort.signal);
        progress = await this.client.check(progress.id, this.abort.signal);
      }
    } catch (problem) {
      if (!isAbort(problem, this.abort.signal)) {
        this.ended = true;
        this.show({ kind: 'failed', problem });
      }
    }
  }

  /** End both processes; resolves when the server has. */
  async cancel(): Promise<void> {
    if (!this.ended) {
      this.ended = true;
      this.abort.abort();
      await this.forget();
    }
  }

  dispose(): void {
    this.cancel().catch(() => undefined); // nobody is left to be told
  }

  private async forget(): Promise<void> {
    if (this.id !== null) {
      await this.client.deleteCheck(this.id);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('no longer wanted', 'AbortError'));
    });
  });
}
