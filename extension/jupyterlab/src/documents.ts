import type { Document } from '@diptych/core';
import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';

/** Notebooks and files as documents of the server's. */
export class Documents {
  constructor(private readonly notebooks: INotebookTracker) {}

  /** The document that a model belongs to: the whole notebook with this cell active, or the text on its own. */
  of(model: CodeEditor.IModel): Document {
    for (const panel of this.panels()) {
      const active = indexOf(panel, model);
      if (active >= 0) {
        return notebookDocument(panel, active);
      }
    }
    return { type: 'module', text: model.sharedModel.getSource() };
  }

  private panels(): NotebookPanel[] {
    const panels: NotebookPanel[] = [];
    this.notebooks.forEach(panel => panels.push(panel));
    return panels;
  }
}

function indexOf(panel: NotebookPanel, model: CodeEditor.IModel): number {
  return Array.from(panel.model?.cells ?? []).findIndex(cell => cell === model);
}

/** All cells of a notebook as they stand in its model, which has those that are scrolled out of sight, too. */
export function notebookDocument(panel: NotebookPanel, active: number): Document {
  const cells = Array.from(panel.model?.cells ?? []).map(cell => ({
    text: cell.sharedModel.getSource(),
    type: cellType(cell.type),
    id: cell.id
  }));
  return { type: 'notebook', cells, active };
}

function cellType(type: string): 'code' | 'markdown' | 'raw' {
  return type === 'code' || type === 'markdown' ? type : 'raw';
}

/** Whether a text is Python, as far as the editor knows by now. */
export function isPython(model: Pick<CodeEditor.IModel, 'mimeType'>): boolean {
  return /^text\/x-i?python\d*$/.test(model.mimeType);
}
