import type { Framework, Runtime } from '../api/types.js';
import { h, setAttribute, uniqueId } from '../dom.js';
import type { MessageKey, Say } from '../strings.js';
import { around, english } from '../ui/problem.js';
import {
  FRAMEWORKS,
  PARAMETER_NAMES,
  deviceChoices,
  emptyForm,
  fieldProblem,
  leftOut,
  runtimeOf,
  scriptDefault,
  settable,
  type DeviceChoice,
  type FieldProblem,
  type FormValues,
  type LeftOut,
  type ParameterName,
  type Scripts
} from './form_model.js';

const labels: Readonly<Record<ParameterName | 'repeats', MessageKey>> = {
  epochs: 'run.epochs',
  batch_size: 'run.batchSize',
  learning_rate: 'run.learningRate',
  seed: 'run.seed',
  repeats: 'run.repeats'
};

/** The server's own words in it are elements of their own. */
type Sentence = readonly (Node | string)[];

export interface FormActions {
  run(frameworks: readonly Framework[], values: FormValues): void;
  cancel(): void;
  change(values: FormValues): void;
}

/** What a run is asked for with, and the buttons that ask. */
export class Form {
  readonly element: HTMLElement;
  private readonly device = h('select', { name: 'device', on: { change: () => this.changed() } });
  private readonly fields = new Map<ParameterName | 'repeats', HTMLInputElement>();
  private readonly buttons: readonly { element: HTMLButtonElement; frameworks: readonly Framework[] }[];
  private readonly cancel: HTMLButtonElement;
  private readonly reasons = h('div', { class: 'diptych-reasons', role: 'status' });
  private runtimes: readonly Runtime[] = [];
  private scripts: Scripts = {};
  private isBusy = false;

  constructor(
    private readonly actions: FormActions,
    private readonly say: Say
  ) {
    const controls = [...PARAMETER_NAMES, 'repeats' as const].map(name => this.field(name));
    this.buttons = [
      this.button('run.runPytorch', ['pytorch']),
      this.button('run.runMxnet', ['mxnet']),
      this.button('run.compare', FRAMEWORKS)
    ];
    this.cancel = h(
      'button',
      { type: 'button', class: 'diptych-button', disabled: true, on: { click: () => actions.cancel() } },
      say('run.cancel')
    );
    this.element = h(
      'form',
      { class: 'diptych-form', 'aria-label': say('run.settings'), on: { submit: event => event.preventDefault() } },
      h('div', { class: 'diptych-form-fields' }, this.labelled('run.device', this.device), ...controls),
      h('div', { class: 'diptych-form-buttons' }, ...this.buttons.map(button => button.element), this.cancel),
      this.reasons
    );
    this.setValues(emptyForm);
  }

  get values(): FormValues {
    const entries = [...this.fields].map(([name, input]) => [name, input.value]);
    return { ...emptyForm, ...Object.fromEntries(entries), device: this.device.value || 'cpu' };
  }

  setValues(values: FormValues): void {
    this.fields.forEach((input, name) => {
      input.value = values[name];
    });
    if ([...this.device.options].some(option => option.value === values.device && !option.disabled)) {
      this.device.value = values.device;
    }
    this.update();
  }

  setRuntimes(runtimes: readonly Runtime[]): void {
    const chosen = this.device.value;
    this.runtimes = runtimes;
    this.device.replaceChildren(...deviceChoices(runtimes).map(choice => this.option(choice)));
    this.device.value = [...this.device.options].find(option => option.value === chosen)?.value ?? 'cpu';
    this.update();
  }

  setScripts(scripts: Scripts): void {
    this.scripts = scripts;
    this.update();
  }

  /** @param busy a run was asked for and has not been answered */
  setBusy(busy: boolean, active: boolean): void {
    this.isBusy = busy;
    this.cancel.disabled = !active;
    this.update();
  }

  private changed(): void {
    this.update();
    this.actions.change(this.values);
  }

  private update(): void {
    const problem = fieldProblem(this.values);
    this.fields.forEach((input, name) => {
      if (name !== 'repeats') {
        const usable = FRAMEWORKS.some(framework => settable(this.scripts, [framework], name));
        input.disabled = !usable;
        input.placeholder = scriptDefault(this.scripts, name) || this.say('run.default');
      }
      setAttribute(input, 'aria-invalid', problem?.field === name ? 'true' : null);
    });
    const choice = deviceChoices(this.runtimes).find(candidate => candidate.name === this.device.value);
    const ready = (framework: Framework): boolean =>
      (choice?.usable[framework] ?? false) && this.scripts[framework]?.isReading === false;
    for (const { element, frameworks } of this.buttons) {
      element.disabled = this.isBusy || problem !== null || !frameworks.every(ready);
    }
    this.showReasons(this.sentences(problem, choice));
  }

  /** Sentences that are there already are left alone, so that they are not read out again. */
  private showReasons(sentences: readonly Sentence[]): void {
    const rows = sentences.map(sentence => h('p', {}, ...sentence));
    if (rows.map(row => row.innerHTML).join('\n') !== [...this.reasons.children].map(row => row.innerHTML).join('\n')) {
      this.reasons.replaceChildren(...rows);
    }
  }

  /** Everything that is off, and why. */
  private sentences(problem: FieldProblem | null, choice: DeviceChoice | undefined): Sentence[] {
    const sentences: Sentence[] = problem === null ? [] : [[this.problemSentence(problem)]];
    for (const framework of this.runtimes.length === 0 ? [] : FRAMEWORKS) {
      const name = this.say(`framework.${framework}`);
      const runtime = runtimeOf(this.runtimes, framework);
      const script = this.scripts[framework];
      if (!runtime || runtime.problem !== '') {
        sentences.push(this.aboutRuntime(name, runtime));
      } else if (choice && !choice.usable[framework]) {
        const reason = choice.reasons[framework] ?? '';
        const values = { framework: name, device: choice.label };
        sentences.push(around(english(reason), 'reason', this.say, 'run.deviceOff', values));
      }
      if (script?.isReading) {
        sentences.push([this.say('run.readingScript', { framework: name })]);
      } else if (script && script.reason !== '') {
        sentences.push(around(english(script.reason), 'reason', this.say, 'run.fieldsOff', { framework: name }));
      }
    }
    return [...sentences, ...leftOut(this.values, this.scripts).map(field => [this.leftOutSentence(field)])];
  }

  private aboutRuntime(framework: string, runtime: Runtime | undefined): Sentence {
    const told = [runtime?.problem, runtime?.remedy].filter(part => part).join(' ');
    return told === ''
      ? [this.say('run.noRuntime', { framework, problem: this.say('run.deviceUnknown') })]
      : around(english(told), 'problem', this.say, 'run.noRuntime', { framework });
  }

  private leftOutSentence({ field, takenBy }: LeftOut): string {
    const name = this.say(labels[field]);
    if (takenBy === null) {
      return this.say('run.fieldNowhere', { name });
    }
    const other: Framework = takenBy === 'pytorch' ? 'mxnet' : 'pytorch';
    const frameworks = { framework: this.say(`framework.${takenBy}`), other: this.say(`framework.${other}`) };
    return this.say('run.fieldOneSided', { name, ...frameworks });
  }

  private problemSentence(problem: FieldProblem): string {
    const name = this.say(labels[problem.field]);
    return problem.kind === 'whole'
      ? this.say('run.wholeNumber', { name, low: problem.low, high: problem.high })
      : this.say('run.positive', { name });
  }

  private option(choice: DeviceChoice): HTMLOptionElement {
    const usable = FRAMEWORKS.filter(framework => choice.usable[framework]);
    const only = usable.length === 1 && usable[0] ? ` (${this.say(`framework.${usable[0]}`)})` : '';
    const reason = usable.length === 0 ? (choice.reasons.pytorch ?? choice.reasons.mxnet ?? '') : '';
    return h('option', { value: choice.name, disabled: usable.length === 0, title: reason }, choice.label + only);
  }

  private field(name: ParameterName | 'repeats'): HTMLElement {
    const mode = name === 'learning_rate' ? 'decimal' : 'numeric';
    const input = h('input', {
      type: 'text',
      inputmode: mode,
      name,
      autocomplete: 'off',
      on: { input: () => this.changed() }
    });
    this.fields.set(name, input);
    return this.labelled(labels[name], input);
  }

  private labelled(key: MessageKey, control: HTMLElement): HTMLElement {
    control.id = uniqueId('field');
    return h('label', { class: 'diptych-form-field', for: control.id }, h('span', {}, this.say(key)), control);
  }

  private button(
    key: MessageKey,
    frameworks: readonly Framework[]
  ): { element: HTMLButtonElement; frameworks: readonly Framework[] } {
    const run = (): void => this.actions.run(frameworks, this.values);
    const primary = frameworks.length > 1;
    const element = h(
      'button',
      { type: 'button', class: 'diptych-button', 'data-primary': primary, on: { click: run } },
      this.say(key)
    );
    return { element, frameworks };
  }
}
