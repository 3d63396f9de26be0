import type { Conversion, EquivalenceEntry } from '../api/types.js';
import type { PanelContext } from './context.js';
import { numberLinks, type Link } from './links.js';
import { sourceText, type NothingToAsk } from './request.js';

/** A conversion as it is shown. */
export interface Shown {
  readonly kind: 'shown';
  readonly title: string;
  readonly source: string;
  readonly conversion: Conversion;
  readonly links: readonly Link[];
  /** The records that explain it, as far as they have come. */
  readonly entries: readonly EquivalenceEntry[];
}

export type PanelState =
  | { readonly kind: 'empty'; readonly reason: NothingToAsk | 'no-framework' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: unknown }
  | Shown;

export type PanelAction =
  | { readonly type: 'nothing'; readonly reason: NothingToAsk }
  | { readonly type: 'asked' }
  | { readonly type: 'failed'; readonly problem: unknown }
  | { readonly type: 'converted'; readonly context: PanelContext; readonly conversion: Conversion }
  | { readonly type: 'explained'; readonly entries: readonly EquivalenceEntry[] };

export const initialState: PanelState = { kind: 'empty', reason: 'no-document' };

/** What is shown next. A result stays while the next one is on its way, so that moving about does not flicker. */
export function reduce(state: PanelState, action: PanelAction): PanelState {
  switch (action.type) {
    case 'nothing':
      return { kind: 'empty', reason: action.reason };
    case 'asked':
      return state.kind === 'shown' ? state : { kind: 'loading' };
    case 'failed':
      return { kind: 'failed', problem: action.problem };
    case 'converted':
      return shown(action.context, action.conversion);
    case 'explained':
      return state.kind === 'shown' ? { ...state, entries: action.entries } : state;
  }
}

function shown(context: PanelContext, conversion: Conversion): PanelState {
  if (conversion.source === null && conversion.diagnostics.every(({ severity }) => severity !== 'error')) {
    return { kind: 'empty', reason: 'no-framework' };
  }
  const source = sourceText(context, conversion.text);
  const links = numberLinks(conversion, source);
  return { kind: 'shown', title: context.title, source, conversion, links, entries: [] };
}
