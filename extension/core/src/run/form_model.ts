import type { Device, Framework, Parameters, RunRequest, Runtime, ScriptParameter } from '../api/types.js';

export const FRAMEWORKS: readonly Framework[] = ['pytorch', 'mxnet'];

export type ParameterName = keyof Parameters;

export const PARAMETER_NAMES: readonly ParameterName[] = ['epochs', 'batch_size', 'learning_rate', 'seed'];

/** The form as the user typed it; an empty field leaves the script's own value. */
export interface FormValues extends Readonly<Record<ParameterName, string>> {
  readonly device: string;
  readonly repeats: string;
}

export const emptyForm: FormValues = {
  device: 'cpu',
  epochs: '',
  batch_size: '',
  learning_rate: '',
  seed: '',
  repeats: '1'
};

/** One side's script in the editor. */
export interface SideScript {
  readonly text: string;
  readonly shipped: string;
  readonly path: string;
  /** What the form can set in `text`; `reason` says why there is nothing. */
  readonly parameters: readonly ScriptParameter[];
  readonly reason: string;
  /** Whether `parameters` is still that of an earlier text. */
  readonly isReading: boolean;
}

export type Scripts = Readonly<Partial<Record<Framework, SideScript>>>;

/** A device and which frameworks can use it; `reasons` says why one can't. */
export interface DeviceChoice {
  readonly name: string;
  readonly label: string;
  readonly usable: Readonly<Record<Framework, boolean>>;
  readonly reasons: Readonly<Partial<Record<Framework, string>>>;
}

/** A framework's runtime that works, or the first that says why it does not. */
export function runtimeOf(runtimes: readonly Runtime[], framework: Framework): Runtime | undefined {
  const own = runtimes.filter(runtime => runtime.framework === framework);
  return own.find(runtime => runtime.problem === '') ?? own[0];
}

/** All devices that either framework knows, the CPU first. */
export function deviceChoices(runtimes: readonly Runtime[]): DeviceChoice[] {
  const devices = new Map<Framework, readonly Device[]>(
    FRAMEWORKS.map(framework => {
      const runtime = runtimeOf(runtimes, framework);
      return [framework, runtime && runtime.problem === '' ? runtime.devices : []];
    })
  );
  const names = [...new Set([...devices.values()].flat().map(device => device.name))];
  return names.map(name => {
    const found = (framework: Framework): Device | undefined =>
      devices.get(framework)?.find(device => device.name === name);
    const reasons = Object.fromEntries(FRAMEWORKS.map(framework => [framework, found(framework)?.reason ?? '']));
    return {
      name,
      label: found('pytorch')?.label ?? found('mxnet')?.label ?? name,
      usable: { pytorch: found('pytorch')?.available ?? false, mxnet: found('mxnet')?.available ?? false },
      reasons
    };
  });
}

/** Fields whose value some script to be run can take. */
export function settable(scripts: Scripts, frameworks: readonly Framework[], name: ParameterName): boolean {
  return frameworks.every(
    framework => scripts[framework]?.parameters.some(parameter => parameter.name === name) ?? false
  );
}

/** A typed value that some run leaves out, and the one framework whose script can take it; null where none can. */
export interface LeftOut {
  readonly field: ParameterName;
  readonly takenBy: Framework | null;
}

/** Typed values that not both scripts can take; none while a script is still being read. */
export function leftOut(values: FormValues, scripts: Scripts): LeftOut[] {
  return PARAMETER_NAMES.flatMap(field => {
    const takers = FRAMEWORKS.filter(framework => settable(scripts, [framework], field));
    const typed = values[field].trim() !== '' && FRAMEWORKS.every(framework => scripts[framework] !== undefined);
    return typed && takers.length < FRAMEWORKS.length ? [{ field, takenBy: takers[0] ?? null }] : [];
  });
}

/** What the scripts have themselves: shown in an empty field where both sides agree. */
export function scriptDefault(scripts: Scripts, name: ParameterName): string {
  const defaults = FRAMEWORKS.map(
    framework => scripts[framework]?.parameters.find(parameter => parameter.name === name)?.default
  );
  return defaults[0] !== undefined && defaults[0] === defaults[1] ? defaults[0] : '';
}

export type FieldProblem =
  | { readonly field: ParameterName | 'repeats'; readonly kind: 'whole'; readonly low: number; readonly high: number }
  | { readonly field: ParameterName; readonly kind: 'positive' };

const wholeNumbers: readonly (readonly [Exclude<ParameterName, 'learning_rate'> | 'repeats', number, number])[] = [
  ['epochs', 1, 10_000],
  ['batch_size', 1, 60_000],
  ['seed', 0, 2 ** 31 - 1],
  ['repeats', 1, 20]
];

/** The first field that holds something no run can use. */
export function fieldProblem(values: FormValues): FieldProblem | null {
  for (const [field, low, high] of wholeNumbers) {
    const text = values[field].trim();
    const optional = field !== 'repeats';
    if (!(optional && text === '') && !(/^\d+$/.test(text) && Number(text) >= low && Number(text) <= high)) {
      return { field, kind: 'whole', low, high };
    }
  }
  const rate = values.learning_rate.trim();
  return rate === '' || (Number.isFinite(Number(rate)) && Number(rate) > 0)
    ? null
    : { field: 'learning_rate', kind: 'positive' };
}

/** What a button sends; call it only where `fieldProblem` is null. Fields that are off are not sent. */
export function runRequest(values: FormValues, frameworks: readonly Framework[], scripts: Scripts): RunRequest {
  const value = (name: ParameterName): number | null => {
    const text = values[name].trim();
    return text === '' || !settable(scripts, frameworks, name) ? null : Number(text);
  };
  const edited = frameworks.flatMap(framework => {
    const script = scripts[framework];
    return script && script.text !== script.shipped
      ? [[framework, { text: script.text, path: script.path, arguments: [] as string[] }] as const]
      : [];
  });
  return {
    frameworks: [...frameworks],
    device: values.device,
    parameters: {
      epochs: value('epochs'),
      batch_size: value('batch_size'),
      learning_rate: value('learning_rate'),
      seed: value('seed')
    },
    repeats: Number(values.repeats),
    threads: null,
    parallel: false,
    scripts: Object.fromEntries(edited)
  };
}

/** Form values as they were stored; whatever is missing or of another type takes its default. */
export function readForm(stored: unknown): FormValues {
  const given = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {};
  const entries = Object.entries(emptyForm).map(([name, value]) => [
    name,
    typeof given[name] === 'string' ? given[name] : value
  ]);
  return Object.fromEntries(entries) as FormValues;
}
