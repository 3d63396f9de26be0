import type { Document, Span } from '../api/types.js';

/** How much of the document around the cursor the panel shows. */
export type PanelScope = 'statement' | 'selection' | 'cell';

/** Where the user is. Lines are 1-based, columns 0-based in code points, both in the active cell of a notebook. */
export interface PanelContext {
  readonly document: Document;
  readonly line: number;
  readonly column: number;
  /** What is selected, where anything is. */
  readonly selection?: Span | undefined;
  /** The scope that the host proposes; left out, the user's choice in the panel holds. */
  readonly scope?: PanelScope | undefined;
  /** The file's or notebook's name, for people. */
  readonly title: string;
}
