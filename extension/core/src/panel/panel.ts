import { DiptychClient } from '../api/client.js';
import type { EquivalenceEntry, Framework } from '../api/types.js';
import { CheckView } from '../check/check_view.js';
import { DisposableSet } from '../disposables.js';
import { h } from '../dom.js';
import type { Disposable, Host } from '../host.js';
import { strings, type MessageKey, type Say } from '../strings.js';
import { isAbort, problemNode, problemSentence } from '../ui/problem.js';
import { followTheme } from '../ui/themed.js';
import type { PanelContext } from './context.js';
import { renderDifferences } from './differences.js';
import { defaultOptions, readOptions, type PanelOptions } from './options.js';
import { Panes } from './panes.js';
import { convertRequest } from './request.js';
import { initialState, reduce, type PanelAction, type PanelState } from './state.js';
import { Toolbar } from './toolbar.js';

/** The side panel: the code under the cursor beside its counterpart. */
export interface Panel extends Disposable {
  /** Follow the cursor; call it on every move, the panel waits for a rest. Null: no Python document is in front. */
  show(context: PanelContext | null): void;
}

/** Fill `element` with the side panel. The element is empty again after `dispose`. */
export function createPanel(host: Host, element: HTMLElement): Panel {
  return new PanelView(host, element);
}

const REST = 120; // milliseconds without a move before the server is asked
const STORED = 'panel.options';

const emptyText: Readonly<Record<'no-document' | 'empty-selection' | 'no-framework', MessageKey>> = {
  'no-document': 'panel.noDocument',
  'empty-selection': 'panel.emptySelection',
  'no-framework': 'panel.noFramework'
};

class PanelView implements Panel {
  private readonly disposables = new DisposableSet();
  private readonly client: DiptychClient;
  private readonly say: Say;
  private readonly entries = new Map<string, EquivalenceEntry>();
  private readonly root: HTMLElement;
  private readonly message = h('div', { class: 'diptych-empty', role: 'status' });
  private readonly explained = h('div', { class: 'diptych-explained-slot' });
  private readonly toolbar: Toolbar;
  private readonly panes: Panes;
  private readonly check: CheckView;
  private options: PanelOptions = defaultOptions;
  private context: PanelContext | null = null;
  private state: PanelState = initialState;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private request = new AbortController();

  constructor(
    private readonly host: Host,
    private readonly element: HTMLElement
  ) {
    this.client = new DiptychClient(host);
    this.say = strings(host.locale());
    this.panes = this.disposables.add(new Panes(host, link => this.pointAt(link)));
    this.check = this.disposables.add(new CheckView(host));
    this.toolbar = new Toolbar(this.options, this.actions(), this.say);
    this.root = h(
      'div',
      { class: 'diptych diptych-panel', role: 'region', lang: host.locale(), 'aria-label': this.say('panel.label') },
      h(
        'div',
        { class: 'diptych-panel-body' },
        this.toolbar.element,
        this.check.element,
        this.message,
        this.panes.element,
        this.explained
      )
    );
    element.replaceChildren(this.root);
    this.disposables.add(followTheme(host, this.root));
    this.render();
    void this.restore();
  }

  show(context: PanelContext | null): void {
    this.context = context;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), REST);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.request.abort();
    this.disposables.dispose();
    this.element.replaceChildren();
  }

  private async restore(): Promise<void> {
    const stored = await this.host.storage.get(STORED).catch(() => undefined);
    if (!this.disposables.isDisposed && stored !== undefined) {
      this.options = readOptions(stored);
      this.applyOptions();
    }
  }

  private change(part: Partial<PanelOptions>): void {
    this.options = { ...this.options, ...part };
    this.applyOptions();
    this.host.storage.set(STORED, this.options).catch(problem => this.tell(problem));
    if (!('links' in part)) {
      void this.ask();
    }
  }

  private applyOptions(): void {
    this.toolbar.set(this.options);
    this.panes.setLinksVisible(this.options.links);
  }

  /** Ask the server for the counterpart; an answer that a later question has overtaken is dropped. */
  private async ask(): Promise<void> {
    this.request.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    const { context } = this;
    const request = convertRequest(context, this.options);
    if (typeof request === 'string' || context === null) {
      this.apply({ type: 'nothing', reason: typeof request === 'string' ? request : 'no-document' });
      return;
    }
    this.apply({ type: 'asked' });
    this.root.setAttribute('aria-busy', 'true');
    try {
      const conversion = await this.client.convert(request, signal);
      if (!signal.aborted) {
        this.apply({ type: 'converted', context, conversion });
        await this.explain(conversion.equivalences, signal);
      }
    } catch (problem) {
      if (!isAbort(problem, signal)) {
        this.apply({ type: 'failed', problem });
      }
    } finally {
      if (!signal.aborted) {
        this.root.removeAttribute('aria-busy');
      }
    }
  }

  private async explain(ids: readonly string[], signal: AbortSignal): Promise<void> {
    const missing = ids.filter(id => !this.entries.has(id));
    const found = await Promise.all(missing.map(id => this.client.equivalence(id, signal)));
    found.forEach(entry => this.entries.set(entry.equivalence.id, entry));
    if (!signal.aborted) {
      this.apply({ type: 'explained', entries: ids.flatMap(id => this.entries.get(id) ?? []) });
    }
  }

  private apply(action: PanelAction): void {
    const before = this.state;
    this.state = reduce(before, action);
    if (this.state !== before) {
      this.render(action.type !== 'explained');
    }
  }

  private render(panesToo = true): void {
    const { state } = this;
    const shown = state.kind === 'shown';
    this.panes.element.hidden = !shown;
    this.explained.hidden = !shown;
    this.message.hidden = shown;
    this.toolbar.setUsable(shown);
    if (!shown) {
      this.message.replaceChildren(...this.messageParts(state));
      return;
    }
    if (panesToo) {
      this.panes.show(state);
    }
    this.explained.replaceChildren(renderDifferences(state, this.host));
  }

  private messageParts(state: Exclude<PanelState, { kind: 'shown' }>): (HTMLElement | string)[] {
    switch (state.kind) {
      case 'empty':
        return [h('p', {}, this.say(emptyText[state.reason]))];
      case 'loading':
        return [h('p', {}, this.say('common.loading'))];
      case 'failed': {
        const retry = h(
          'button',
          { type: 'button', class: 'diptych-button', on: { click: () => void this.ask() } },
          this.say('common.retry')
        );
        return [h('p', { role: 'alert' }, ...problemSentence('panel.failed', state.problem, this.say)), retry];
      }
    }
  }

  /** Mark the records that explain the link under the pointer. */
  private pointAt(index: number | null): void {
    const link = this.state.kind === 'shown' && index !== null ? this.state.links[index] : undefined;
    for (const card of this.explained.querySelectorAll<HTMLElement>('[data-equivalence]')) {
      card.toggleAttribute('data-active', link?.equivalences.includes(card.dataset['equivalence'] ?? '') ?? false);
    }
  }

  private actions(): ConstructorParameters<typeof Toolbar>[1] {
    const insert = this.host.insertBelow?.bind(this.host);
    return {
      change: part => this.change(part),
      check: () => this.startCheck(),
      copy: () => void this.use(code => this.host.clipboard.write(code), 'common.copied'),
      open: () => void this.use((code, target) => this.host.openSource(code, `counterpart_${target}.py`)),
      insert: insert && (() => void this.use(insert, 'panel.inserted'))
    };
  }

  private startCheck(): void {
    if (this.context !== null) {
      const { direction, dialect } = this.options;
      const to = direction === 'auto' ? null : direction;
      void this.check.start({ document: this.context.document, to, dialect });
    }
  }

  private async use(action: (code: string, target: Framework) => Promise<void>, done?: MessageKey): Promise<void> {
    if (this.state.kind !== 'shown') {
      return;
    }
    try {
      await action(this.state.conversion.code, this.state.conversion.target);
      if (done) {
        this.tell(this.say(done));
      }
    } catch (problem) {
      this.tell(problem);
    }
  }

  /** A line at the bottom for a while: something was done, or could not be. */
  private tell(what: unknown): void {
    const note = h(
      'p',
      { class: 'diptych-toast', role: 'status' },
      typeof what === 'string' ? what : problemNode(what, this.say)
    );
    this.root.append(note);
    setTimeout(() => note.remove(), 3000);
  }
}
