import { DiptychClient } from '../api/client.js';
import type { CheckProgress, CheckRequest } from '../api/types.js';
import { h, setAttribute } from '../dom.js';
import type { Disposable, Host } from '../host.js';
import { strings, type Say } from '../strings.js';
import { problemSentence } from '../ui/problem.js';
import { CheckFollower } from './follower.js';
import type { CheckViewState } from './state.js';
import { renderCheck } from './table.js';

/** What is checked, and which framework its conversion is for. */
export type Checked = Pick<CheckRequest, 'document' | 'to' | 'dialect'>;

/** The panel's section that runs both sides of the document and shows every value beside its counterpart. */
export class CheckView implements Disposable {
  readonly element: HTMLElement;
  private readonly client: DiptychClient;
  private readonly say: Say;
  private readonly body = h('div', { class: 'diptych-check-body' });
  private follower: CheckFollower | null = null;
  private checked: Checked | null = null;
  private isDisposed = false;

  constructor(private readonly host: Host) {
    this.client = new DiptychClient(host);
    this.say = strings(host.locale());
    this.element = h(
      'section',
      { class: 'diptych-check', 'aria-label': this.say('check.label'), hidden: true },
      h(
        'header',
        {},
        h('h3', {}, this.say('check.label')),
        this.button('common.close', 'check-close', () => void this.close())
      ),
      this.body
    );
  }

  /** Check this document; where it is not trusted, ask first. A check that is under way is ended. */
  async start(checked: Checked): Promise<void> {
    await this.end();
    this.checked = checked;
    const trusted = (await this.host.isTrusted?.()) ?? false;
    if (this.isDisposed || this.checked !== checked) {
      return;
    }
    if (trusted) {
      this.run(checked);
    } else {
      this.show({ kind: 'asking' });
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.follower?.dispose();
  }

  private run(checked: Checked): void {
    this.show({ kind: 'going', progress: null });
    const follower = new CheckFollower(this.client, state => this.show(state));
    this.follower = follower;
    void follower.run(checked);
  }

  private async end(): Promise<void> {
    const { follower } = this;
    this.follower = null;
    await follower?.cancel().catch(() => undefined); // the server forgets it by itself
  }

  private async cancel(): Promise<void> {
    await this.end();
    this.show({ kind: 'cancelled' });
  }

  private async close(): Promise<void> {
    this.show({ kind: 'closed' });
    await this.end();
  }

  private show(state: CheckViewState): void {
    this.element.hidden = state.kind === 'closed';
    setAttribute(this.element, 'aria-busy', state.kind === 'going' ? 'true' : null);
    const focused = this.body.contains(document.activeElement);
    this.body.replaceChildren(...this.parts(state));
    if (focused || state.kind === 'asking') {
      this.body.querySelector('button')?.focus();
    }
  }

  private parts(state: CheckViewState): (HTMLElement | string)[] {
    switch (state.kind) {
      case 'closed':
        return [];
      case 'asking':
        return [
          h('p', { role: 'alert' }, this.say('check.ask')),
          this.button('check.dontRun', 'check-refuse', () => void this.close()),
          this.button('check.run', 'check-run', () => this.checked && this.run(this.checked))
        ];
      case 'going':
        return [
          h('p', { role: 'status' }, this.progress(state.progress)),
          this.button('check.cancel', 'check-cancel', () => void this.cancel())
        ];
      case 'done':
        return [...renderCheck(state.check, this.say), this.again()];
      case 'cancelled':
        return [h('p', { role: 'status' }, this.say('check.cancelled')), this.again()];
      case 'failed': {
        const told =
          state.problem === null
            ? [this.say('check.broken')]
            : problemSentence('check.failed', state.problem, this.say);
        return [h('p', { role: 'alert' }, ...told), this.again()];
      }
    }
  }

  private progress(progress: CheckProgress | null): string {
    if (progress?.phase === 'waiting') {
      return this.say('check.waiting');
    }
    const lines = (['pytorch', 'mxnet'] as const).flatMap(side => {
      const line = progress?.[side] ?? null;
      return line === null ? [] : [this.say('check.at', { framework: this.say(`framework.${side}`), line })];
    });
    return [this.say('check.going'), ...lines].join(' · ');
  }

  private again(): HTMLButtonElement {
    return this.button('check.again', 'check-again', () => this.checked && void this.start(this.checked));
  }

  private button(label: Parameters<Say>[0], action: string, run: () => void): HTMLButtonElement {
    return h(
      'button',
      { type: 'button', class: 'diptych-button', 'data-action': action, on: { click: run } },
      this.say(label)
    );
  }
}
