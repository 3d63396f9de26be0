import type { DialectChoice, Framework } from '../api/types.js';
import type { PanelScope } from './context.js';

export type Direction = 'auto' | Framework;

/** What the user chose in the panel; kept by the host. */
export interface PanelOptions {
  readonly direction: Direction;
  readonly dialect: DialectChoice;
  readonly scope: PanelScope;
  /** Whether lines that belong together are marked. */
  readonly links: boolean;
}

export const defaultOptions: PanelOptions = { direction: 'auto', dialect: 'auto', scope: 'statement', links: true };

/** Stored options; whatever is missing or unknown in `stored` takes its default. */
export function readOptions(stored: unknown): PanelOptions {
  const given = typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {};
  return {
    direction: oneOf(given['direction'], ['auto', 'pytorch', 'mxnet'], defaultOptions.direction),
    dialect: oneOf(given['dialect'], ['auto', 'nd', 'np'], defaultOptions.dialect),
    scope: oneOf(given['scope'], ['statement', 'selection', 'cell'], defaultOptions.scope),
    links: typeof given['links'] === 'boolean' ? given['links'] : defaultOptions.links
  };
}

function oneOf<V extends string>(value: unknown, allowed: readonly V[], otherwise: V): V {
  return allowed.find(candidate => candidate === value) ?? otherwise;
}
