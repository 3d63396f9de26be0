import type { Document, Span } from '../api/types.js';

/** How much of the document around the cursor the panel shows; chosen in the panel, a module's cell is all of it. */
export type PanelScope = 'statement' | 'selection' | 'cell';

/** Where the user is. Lines are 1-based, columns 0-based in code points, both in the active cell of a notebook. */
export interface PanelContext {
  readonly document: Document;
  readonly line: number;
  readonly column: number;
  /** What is selected, where anything is. */
  readonly selection?: Span | undefined;
  /** The file's or notebook's name, for people. */
  readonly title: string;
}
