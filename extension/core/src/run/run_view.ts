import { DiptychClient } from '../api/client.js';
import type { Framework } from '../api/types.js';
import { DisposableSet } from '../disposables.js';
import { h } from '../dom.js';
import type { Disposable, Host } from '../host.js';
import { strings, type Say } from '../strings.js';
import { problemSentence } from '../ui/problem.js';
import { followTheme } from '../ui/themed.js';
import { ChartSection } from './chart_section.js';
import { toCsv, toJson } from './export.js';
import { Form } from './form.js';
import { readForm, runRequest, type FormValues } from './form_model.js';
import { History } from './history.js';
import { isFinal } from './live.js';
import { strokes } from './palette.js';
import { renderProgress } from './progress.js';
import { renderResults } from './results.js';
import { ScriptsView } from './scripts.js';
import { RunsStore } from './store.js';
import { Troubles } from './troubles.js';

/** The run view: both frameworks trained against each other. */
export type RunView = Disposable;

/** Fill `element` with the run view. The element is empty again after `dispose`; runs go on at the server. */
export function createRunView(host: Host, element: HTMLElement): RunView {
  return new RunViewImpl(host, element);
}

const STORED = 'run.form';

class RunViewImpl implements RunView {
  private readonly disposables = new DisposableSet();
  private readonly client: DiptychClient;
  private readonly say: Say;
  private readonly root: HTMLElement;
  private readonly problem = h('div', {
    class: 'diptych-message',
    'data-severity': 'error',
    role: 'alert',
    hidden: true
  });
  private readonly trouble = h('div', {});
  private readonly troubles = new Troubles(() => this.showTrouble());
  private readonly transport: HTMLElement;
  private readonly progress = h('section', { class: 'diptych-progress-list' });
  private readonly results = h('section', { class: 'diptych-results' });
  private readonly output = h('pre', { class: 'diptych-code', tabindex: 0 });
  private readonly outputDetails: HTMLElement;
  private readonly exports: HTMLElement;
  private readonly store: RunsStore;
  private readonly form: Form;
  private readonly scripts: ScriptsView;
  private readonly charts: ChartSection;
  private readonly history: History;
  private isStarting = false;
  private frame = 0;

  constructor(
    private readonly host: Host,
    private readonly element: HTMLElement
  ) {
    this.client = new DiptychClient(host);
    this.say = strings(host.locale());
    const onProblem = (problem: unknown): void => this.tell(problem);
    this.store = this.disposables.add(new RunsStore(this.client, () => this.schedule(), onProblem, this.troubles));
    this.form = new Form(
      {
        run: (frameworks, values) => void this.start(frameworks, values),
        cancel: () => void this.cancel(),
        change: values => void this.host.storage.set(STORED, values).catch(onProblem)
      },
      this.say
    );
    this.scripts = this.disposables.add(
      new ScriptsView(this.client, host, scripts => this.form.setScripts(scripts), onProblem, this.troubles)
    );
    this.charts = this.disposables.add(new ChartSection(host));
    const actions = {
      show: (ids: readonly string[]) => this.store.show(ids),
      remove: (id: string) => void this.remove(id),
      older: () => void this.attempt(() => this.store.loadOlder())
    };
    this.history = new History(actions, this.say, host.locale());
    this.transport = h('p', { class: 'diptych-quiet', hidden: true }, this.say('run.polling'));
    this.outputDetails = h(
      'details',
      { class: 'diptych-output' },
      h('summary', {}, this.say('run.output')),
      this.output
    );
    this.exports = this.exportButtons();
    this.root = this.layout();
    element.replaceChildren(this.root);
    this.disposables.add(followTheme(host, this.root));
    this.disposables.addCallback(() => cancelAnimationFrame(this.frame));
    this.render();
    void this.load();
  }

  dispose(): void {
    this.disposables.dispose();
    this.element.replaceChildren();
  }

  private layout(): HTMLElement {
    return h(
      'div',
      { class: 'diptych diptych-run', role: 'region', lang: this.host.locale(), 'aria-label': this.say('run.label') },
      h(
        'div',
        { class: 'diptych-run-body' },
        this.form.element,
        this.scripts.element,
        this.problem,
        this.trouble,
        this.transport,
        this.progress,
        this.charts.element,
        this.results,
        this.exports,
        this.outputDetails,
        this.history.element
      )
    );
  }

  private load(): Promise<void> {
    return this.readAll([
      async () => this.form.setRuntimes((await this.client.runtimes()).runtimes),
      () => this.scripts.load(),
      () => this.store.load(),
      async () => this.form.setValues(readForm(await this.host.storage.get(STORED)))
    ]);
  }

  /** All are read side by side, so that a fault in one leaves the others usable; those that failed can be tried again. */
  private async readAll(readers: readonly (() => Promise<void>)[]): Promise<void> {
    const results = await Promise.allSettled(readers.map(read => read()));
    const failed = results.flatMap((result, index) => {
      const read = readers[index];
      return result.status === 'rejected' && read ? [{ read, problem: result.reason as unknown }] : [];
    });
    const first = failed[0];
    if (first) {
      this.tell(first.problem, () => void this.readAll(failed.map(({ read }) => read)));
    }
  }

  private async start(frameworks: readonly Framework[], values: FormValues): Promise<void> {
    this.isStarting = true;
    this.render();
    await this.attempt(async () => {
      const { runs } = await this.client.start(runRequest(values, frameworks, this.scripts.scripts));
      this.store.add(runs);
    });
    this.isStarting = false;
    this.schedule();
  }

  private async cancel(): Promise<void> {
    const active = this.store.shown.filter(({ run }) => !isFinal(run.state));
    await this.attempt(async () => {
      for (const { run } of active) {
        this.store.replace(await this.client.cancel(run.id));
      }
    });
  }

  private async remove(id: string): Promise<void> {
    await this.attempt(async () => {
      await this.client.delete(id);
      this.store.remove(id);
    });
  }

  /** Do something that may fail; the view then says why and stays usable. */
  private async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (problem) {
      this.tell(problem);
    }
  }

  /** @param again tries once more, where that may help */
  private tell(problem: unknown, again?: () => void): void {
    if (this.disposables.isDisposed) {
      return;
    }
    const dismiss = (): void => {
      this.problem.hidden = true;
    };
    const retry = (): void => {
      dismiss();
      again?.();
    };
    const button = (label: string, run: () => void): HTMLElement =>
      h('button', { type: 'button', class: 'diptych-button', on: { click: run } }, label);
    this.problem.replaceChildren(
      this.problemSentence(problem),
      h(
        'span',
        { class: 'diptych-message-buttons' },
        again && button(this.say('common.retry'), retry),
        button(this.say('common.close'), dismiss)
      )
    );
    this.problem.hidden = false;
  }

  /** What is being tried again by itself; gone as soon as it worked, and not told again with every attempt. */
  private showTrouble(): void {
    const problem = this.troubles.first;
    const sentence = problem === undefined ? null : this.problemSentence(problem);
    if ((sentence?.textContent ?? '') !== this.trouble.textContent) {
      const attributes = { class: 'diptych-message', 'data-severity': 'error', role: 'alert' };
      this.trouble.replaceChildren(...(sentence === null ? [] : [h('div', attributes, sentence)]));
    }
  }

  private problemSentence(problem: unknown): HTMLElement {
    return h('p', {}, ...problemSentence('run.failed', problem, this.say));
  }

  /** Many events a second become one drawing a frame. */
  private schedule(): void {
    if (this.frame === 0 && !this.disposables.isDisposed) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.render();
      });
    }
  }

  private render(): void {
    const shown = this.store.shown;
    const runs = shown.map(({ run }) => run);
    const drawn = strokes(runs);
    this.form.setBusy(
      this.isStarting,
      runs.some(run => !isFinal(run.state))
    );
    this.transport.hidden = !this.store.isPolling;
    this.progress.replaceChildren(...renderProgress(shown, drawn, this.say));
    this.charts.render(shown, drawn);
    const measured = runs.some(run => run.epochs.length > 0);
    this.results.replaceChildren(...(measured ? renderResults(runs, drawn, this.store.comparison, this.say) : []));
    this.exports.hidden = !measured;
    const output = shown.map(live => live.output).join('');
    this.outputDetails.hidden = output === '';
    if (this.output.textContent !== output) {
      this.output.textContent = output;
    }
    this.history.render(
      this.store.history,
      runs.map(run => run.id),
      this.store.total
    );
  }

  private exportButtons(): HTMLElement {
    const button = (label: string, run: () => Promise<void>): HTMLElement =>
      h('button', { type: 'button', class: 'diptych-button', on: { click: () => void this.attempt(run) } }, label);
    const save = (name: string, content: string, type: string): Promise<void> =>
      this.host.saveFile(name, new Blob([content], { type }));
    return h(
      'div',
      { class: 'diptych-exports', role: 'group', 'aria-label': this.say('run.export') },
      h('span', { class: 'diptych-quiet' }, this.say('run.export')),
      button(this.say('run.exportCsv'), () => save('diptych.csv', toCsv(this.store.shown), 'text/csv')),
      button(this.say('run.exportJson'), () =>
        save('diptych.json', toJson(this.store.shown, this.store.comparison), 'application/json')
      ),
      button(this.say('run.exportPng'), () => this.exportPicture())
    );
  }

  private async exportPicture(): Promise<void> {
    const picture = await this.charts.picture();
    if (picture === null) {
      throw new Error(this.say('run.pngFailed'));
    }
    await this.host.saveFile('diptych.png', picture);
  }
}
