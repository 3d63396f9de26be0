import type { Equivalence, Framework, Lookup, Parameter, ProofResult, Severity } from '../api/types.js';
import { strings, type Locale } from '../strings.js';

/** A row of the parameter table; a name is null where that side has no such parameter. */
export interface HoverParameter {
  readonly torch: string | null;
  readonly mxnet: string | null;
  readonly torchDefault: string | null;
  readonly mxnetDefault: string | null;
  /** Both sides have a default, but another one: what is left out means something else. */
  readonly differs: boolean;
  readonly note: string;
}

export interface HoverLink {
  readonly framework: Framework;
  readonly label: string;
  readonly url: string;
}

/** What execution said of the record. */
export interface HoverProof {
  readonly proven: boolean;
  /** A few words for the badge. */
  readonly label: string;
  /** Versions, largest difference and date, or why there is no proof. */
  readonly detail: string;
}

export interface HoverMessage {
  readonly severity: Severity;
  readonly text: string;
}

/** Everything the hover says, as data: rendered to DOM and to Markdown alike. Texts may hold code in backquotes. */
export interface HoverModel {
  readonly title: string;
  readonly symbol: string;
  readonly source: Framework;
  readonly target: Framework;
  /** Preferred spellings of the other side, best first; empty where there is no counterpart. */
  readonly counterparts: readonly string[];
  /** The user's own call converted with its own arguments, where it can be. */
  readonly code: string | null;
  readonly messages: readonly HoverMessage[];
  readonly parameters: readonly HoverParameter[];
  readonly returns: string;
  readonly differences: readonly string[];
  readonly notes: readonly string[];
  /** Where there is no counterpart: why, and the nearest thing. */
  readonly reason: string;
  readonly workaround: string;
  readonly links: readonly HoverLink[];
  readonly proof: HoverProof;
  readonly locale: Locale;
}

/** What the hover says about a symbol, in one language. */
export function buildHover(lookup: Lookup, locale: Locale): HoverModel {
  const { equivalence: record, framework } = lookup;
  const target: Framework = framework === 'pytorch' ? 'mxnet' : 'pytorch';
  const text = (value: { en: string; zh: string } | null): string => value?.[locale] ?? '';
  return {
    title: text(record.title),
    symbol: lookup.symbol,
    source: framework,
    target,
    counterparts: counterparts(lookup, target),
    code: lookup.converted_call,
    messages: lookup.diagnostics.map(({ severity, message, suggestion }) => ({
      severity,
      text: suggestion ? `${message} ${suggestion}` : message
    })),
    parameters: parameters(lookup, locale),
    returns: text(record.returns),
    differences: record.differences.map(text),
    notes: record.notes.map(text),
    reason: text(record.reason),
    workaround: text(record.workaround),
    links: links(lookup),
    proof: describeProof(lookup.proof, record, locale),
    locale
  };
}

/** Spellings of the other side that the unit's dialect has; `mxnet.nd.ones` and `mxnet.np.ones` never both. */
function counterparts(lookup: Lookup, target: Framework): string[] {
  const spellings = target === 'pytorch' ? lookup.equivalence.torch : lookup.equivalence.mxnet;
  const usable = spellings.filter(spelling => target === 'pytorch' || spelling.dialects.includes(lookup.dialect));
  const preferred = usable.filter(spelling => spelling.preferred);
  const shown = preferred.length > 0 ? preferred : usable;
  const texts = shown.map(spelling => spelling.name + spelling.signature);
  return [...new Set(texts.length > 0 ? texts : expressions(lookup, target))];
}

/** What is written where the other side has no name for it: `np.log(np.exp(x) + np.exp(other))`. */
function expressions(lookup: Lookup, target: Framework): string[] {
  const { to_torch: toTorch, to_mxnet: toMxnet } = lookup.equivalence;
  const texts = target === 'pytorch' ? toTorch.map(each => each.torch) : toMxnet.map(each => each[lookup.dialect]);
  return texts.filter(text => text !== '').map(readable);
}

/** The text of a writing as people read it: every argument by its name, optional ones too. */
export function readable(text: string): string {
  const results = text.split(';;').map(part => {
    const optional = part.replace(/\{(,[^{}]*\{[^{}]*\}[^{}]*)\}/g, '$1');
    return optional.replace(/\{(\*?\w+)(?:\|\w+)?\}/g, (_, name: string) => (name === 'self' ? 'x' : name)).trim();
  });
  return results.length > 1 ? `(${results.join(', ')})` : (results[0] ?? '');
}

function parameters(lookup: Lookup, locale: Locale): HoverParameter[] {
  return lookup.equivalence.params.map(row => ({
    torch: row.torch,
    mxnet: row.mxnet,
    torchDefault: row.torch_default,
    mxnetDefault: row.mxnet_default,
    differs: row.torch_default !== null && row.mxnet_default !== null && row.torch_default !== row.mxnet_default,
    note: [written(row, lookup.framework, locale), row.note?.[locale] ?? ''].filter(text => text !== '').join(' ')
  }));
}

/** An argument that conversion writes although the call does not have it. */
function written(row: Parameter, source: Framework, locale: Locale): string {
  const text = source === 'pytorch' ? row.write_mxnet : row.write_torch;
  const key = row.omit_when === null ? 'hover.written' : 'hover.writtenUnless';
  return text === null ? '' : strings(locale)(key, { code: `\`${text}\`` });
}

/** One documentation page a side: that of the symbol itself where it has one. */
function links(lookup: Lookup): HoverLink[] {
  const { torch, mxnet } = lookup.equivalence;
  const sides = [
    ['pytorch', torch],
    ['mxnet', mxnet.filter(spelling => spelling.dialects.includes(lookup.dialect))]
  ] as const;
  return sides.flatMap(([framework, spellings]) => {
    const linked = spellings.filter(spelling => /^https:\/\//.test(spelling.url));
    const best =
      linked.find(spelling => spelling.name === lookup.symbol) ??
      linked.find(spelling => spelling.preferred) ??
      linked[0];
    return best ? [{ framework, label: best.name, url: best.url }] : [];
  });
}

/** The badge of a record: proven on which versions and how closely, or why not. */
export function describeProof(result: ProofResult | null, record: Equivalence, locale: Locale): HoverProof {
  const say = strings(locale);
  if (result?.state !== 'proven') {
    return { proven: false, label: say('proof.unproven'), detail: record.unproven?.[locale] ?? say('proof.notRun') };
  }
  const versions = Object.entries(result.versions).map(([name, version]) => `${name} ${version}`);
  const largest = result.max_difference;
  const difference = largest === null ? [] : [say('proof.difference', { value: scientific(largest) })];
  const detail = [versions.join(', '), ...difference, result.date].filter(part => part !== '').join(' · ');
  return { proven: true, label: say('proof.proven'), detail };
}

/** 0 as it is, everything else with two digits: 1.2e-7. */
function scientific(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}
