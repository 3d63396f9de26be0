import type { Run } from '@diptych/core';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Poll } from '@lumino/polling';
import { Widget } from '@lumino/widgets';

import { activeRun, runText } from './status_text.js';
import type { IDiptych } from './tokens.js';

/** Milliseconds between two questions to the server: while a run is trained, while none is, after an error. */
const BUSY = 2000;
const IDLE = 20_000;
const MOST = 120_000;

/** Whether Diptych's server answers, and the run that it trains. A click opens the run view. */
export class StatusItem extends Widget {
  private readonly button = document.createElement('button');
  private readonly poll: Poll<void>;

  constructor(
    private readonly diptych: IDiptych,
    private readonly trans: TranslationBundle,
    openRuns: () => void
  ) {
    super();
    this.addClass('diptych-status');
    this.button.type = 'button';
    this.button.addEventListener('click', openRuns);
    this.node.append(this.button);
    this.say(trans.__('Diptych'), trans.__('Diptych: train and compare'));
    this.poll = new Poll({
      name: 'diptych-jupyterlab:status',
      factory: () => this.ask(),
      frequency: { interval: IDLE, backoff: true, max: MOST },
      standby: 'when-hidden'
    });
    diptych.connection.runsAsked.connect(this.askSoon, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.diptych.connection.runsAsked.disconnect(this.askSoon, this);
      this.poll.dispose();
      super.dispose();
    }
  }

  /** Runs were started or cancelled on this page. */
  private askSoon(): void {
    void this.poll.refresh().catch(() => undefined);
  }

  private async ask(): Promise<void> {
    try {
      const { runs } = await this.diptych.client.runs(20);
      this.tell(activeRun(runs));
    } catch (problem) {
      this.say(this.trans.__('Diptych: no answer'), problem instanceof Error ? problem.message : String(problem));
      throw problem;
    }
  }

  private tell(run: Run | null): void {
    this.poll.frequency = { interval: run === null ? IDLE : BUSY, backoff: true, max: MOST };
    if (run === null) {
      this.say(this.trans.__('Diptych'), this.trans.__('Diptych: train and compare'));
    } else {
      this.say(
        this.trans.__('Diptych: %1', runText(run)),
        this.trans.__('Diptych trains; the epoch under way is shown. Click for the run view.')
      );
    }
  }

  private say(text: string, title: string): void {
    this.button.textContent = text;
    this.button.title = title;
  }
}
