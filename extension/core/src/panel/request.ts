import type { ConvertRequest, Span } from '../api/types.js';
import type { PanelContext } from './context.js';
import type { PanelOptions } from './options.js';

/** Why nothing is asked of the server. */
export type NothingToAsk = 'no-document' | 'empty-selection';

/** The request that the panel makes for a place and the user's choices. */
export function convertRequest(context: PanelContext | null, options: PanelOptions): ConvertRequest | NothingToAsk {
  if (context === null) {
    return 'no-document';
  }
  const common = {
    document: context.document,
    to: options.direction === 'auto' ? null : options.direction,
    dialect: options.dialect
  };
  if (options.scope === 'cell') {
    return { ...common, selection: null, scope: context.document.type === 'notebook' ? 'cell' : 'document' };
  }
  const selection = context.selection && !isEmpty(context.selection) ? context.selection : null;
  if (options.scope === 'selection') {
    return selection === null ? 'empty-selection' : { ...common, selection, scope: 'selection' };
  }
  return { ...common, selection: selection ?? cursor(context), scope: 'statement' };
}

function cursor({ line, column }: PanelContext): Span {
  return { start_line: line, start_column: column, end_line: line, end_column: column };
}

function isEmpty(span: Span): boolean {
  return span.start_line === span.end_line && span.start_column === span.end_column;
}

/** The text on the panel's left: the part that was converted, or all of the document. */
export function sourceText(context: PanelContext, converted: string | null): string {
  if (converted !== null) {
    return converted;
  }
  const { document } = context;
  return document.type === 'module' ? document.text : (document.cells[document.active]?.text ?? '');
}
