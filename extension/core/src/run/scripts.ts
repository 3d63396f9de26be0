import type { DiptychClient } from '../api/client.js';
import type { Framework } from '../api/types.js';
import { DisposableSet } from '../disposables.js';
import { h } from '../dom.js';
import { isRefusal, type Disposable, type Host } from '../host.js';
import { strings } from '../strings.js';
import { FRAMEWORKS, type Scripts, type SideScript } from './form_model.js';
import { ScriptEditor } from './script_editor.js';
import type { Troubles } from './troubles.js';

const REST = 400; // milliseconds without a keystroke before the server is asked for the script's parameters
const AGAIN = 3000; // milliseconds before it is asked once more after a failure
const STORED = 'run.scripts';

/** Both scripts that will run, shown and edited; edits are kept by the host. */
export class ScriptsView implements Disposable {
  readonly element: HTMLElement;
  private readonly disposables = new DisposableSet();
  private readonly abort = new AbortController();
  private readonly editors = new Map<Framework, ScriptEditor>();
  private readonly timers = new Map<Framework, ReturnType<typeof setTimeout>>();
  private current: Partial<Record<Framework, SideScript>> = {};

  constructor(
    private readonly client: DiptychClient,
    private readonly host: Host,
    private readonly onChange: (scripts: Scripts) => void,
    private readonly onProblem: (problem: unknown) => void,
    private readonly troubles: Troubles
  ) {
    const say = strings(host.locale());
    for (const framework of FRAMEWORKS) {
      const changed = (text: string): void => this.edit(framework, text);
      this.editors.set(framework, this.disposables.add(new ScriptEditor(framework, changed, say, host.cspNonce)));
    }
    const sections = [...this.editors.values()].map(editor => editor.element);
    this.element = h(
      'details',
      { class: 'diptych-scripts' },
      h('summary', {}, say('run.scripts')),
      h('div', { class: 'diptych-scripts-body' }, ...sections)
    );
  }

  get scripts(): Scripts {
    return this.current;
  }

  /** Read the shipped scripts that are not yet known, and put back what the user had edited. */
  async load(): Promise<void> {
    const stored = await this.host.storage.get(STORED).catch(() => undefined);
    const missing = FRAMEWORKS.filter(framework => this.current[framework] === undefined);
    await Promise.all(missing.map(framework => this.loadOne(framework, storedText(stored, framework))));
  }

  dispose(): void {
    this.abort.abort();
    this.timers.forEach(clearTimeout);
    this.disposables.dispose();
  }

  private async loadOne(framework: Framework, edited: string | null): Promise<void> {
    const { script, parameters, reason } = await this.client.script(framework, this.abort.signal);
    const side = { text: script.text, shipped: script.text, path: script.path, parameters, reason, isReading: false };
    this.put(framework, side);
    this.editors.get(framework)?.show(edited ?? script.text, script.text);
  }

  private put(framework: Framework, side: SideScript): void {
    this.current = { ...this.current, [framework]: side };
    this.onChange(this.current);
  }

  private edit(framework: Framework, text: string): void {
    const side = this.current[framework];
    if (!side || side.text === text) {
      return;
    }
    this.put(framework, { ...side, text, isReading: true });
    this.later(framework, text, REST);
  }

  private later(framework: Framework, text: string, milliseconds: number): void {
    clearTimeout(this.timers.get(framework));
    this.timers.set(
      framework,
      setTimeout(() => void this.settle(framework, text), milliseconds)
    );
  }

  /** After a rest: keep the edit, and ask what the form can set in it. */
  private async settle(framework: Framework, text: string): Promise<void> {
    this.keepEdits().catch(this.onProblem);
    try {
      const { parameters, reason } = await this.client.parameters(text, this.abort.signal);
      this.read(framework, text, parameters, reason);
    } catch (problem) {
      if (this.abort.signal.aborted) {
        return;
      }
      if (isRefusal(problem)) {
        this.read(framework, text, [], problem.message);
      } else if (this.current[framework]?.text === text) {
        this.troubles.begin(framework, problem);
        this.later(framework, text, AGAIN);
      }
    }
  }

  /** What the form can set in `text` is known now; a later edit is asked about by itself. */
  private read(framework: Framework, text: string, parameters: SideScript['parameters'], reason: string): void {
    const side = this.current[framework];
    if (side?.text === text) {
      this.troubles.end(framework);
      this.put(framework, { ...side, parameters, reason, isReading: false });
    }
  }

  private keepEdits(): Promise<void> {
    const edits = FRAMEWORKS.flatMap(name => {
      const side = this.current[name];
      return side && side.text !== side.shipped ? [[name, side.text] as const] : [];
    });
    return this.host.storage.set(STORED, Object.fromEntries(edits));
  }
}

function storedText(stored: unknown, framework: Framework): string | null {
  const text = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>)[framework] : null;
  return typeof text === 'string' ? text : null;
}
