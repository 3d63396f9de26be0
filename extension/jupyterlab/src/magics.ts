import type { Framework } from '@diptych/core';

/**
 * A text as a cell of a notebook with these cells. Where the notebook sends MXNet's cells to a process of their own, so
 * does a new one: the two frameworks in one process may crash it.
 */
export function forCell(text: string, framework: Framework, cells: readonly string[]): string {
  const separate = cells.some(cell => /^\s*%%mxnet\b/.test(cell) || /^\s*%load_ext\s+diptych\b/m.test(cell));
  return framework === 'mxnet' && separate && !/^\s*%%/.test(text) ? `%%mxnet\n${text}` : text;
}
