import type { PanelContext } from '@diptych/core';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { IDocumentWidget } from '@jupyterlab/docregistry';
import type { FileEditor, IEditorTracker } from '@jupyterlab/fileeditor';
import { NotebookPanel, type INotebookTracker } from '@jupyterlab/notebook';
import { Signal, type ISignal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

import { isPython, notebookDocument } from './documents.js';
import type { Editors } from './editors.js';
import { toCodePoints, toSpan } from './positions.js';

type FileWidget = IDocumentWidget<FileEditor>;

/**
 * Where the user is: the notebook or file that was last in front, and the cursor in it. Going to the side panel or the
 * run view does not change it.
 */
export class CurrentPlace {
  private readonly signal = new Signal<this, void>(this);
  private widget: NotebookPanel | FileWidget | null = null;
  private model: CodeEditor.IModel | null = null;

  constructor(
    shell: JupyterFrontEnd.IShell,
    editors: Editors,
    private readonly notebooks: INotebookTracker,
    private readonly files: IEditorTracker | null
  ) {
    shell.currentChanged?.connect((_, { newValue }) => this.follow(newValue));
    notebooks.currentChanged.connect((_, panel) => this.follow(panel));
    files?.currentChanged.connect((_, file) => this.follow(file));
    editors.changed.connect(() => this.emit());
    this.follow(shell.currentWidget);
  }

  /** Emitted when the cursor, the text or the document changed. */
  get changed(): ISignal<this, void> {
    return this.signal;
  }

  /** The notebook the user is in; null in a file or nowhere. */
  get notebook(): NotebookPanel | null {
    return this.widget instanceof NotebookPanel ? this.widget : null;
  }

  /** The editor of the active cell or the file; null while it is not there yet. */
  get editor(): CodeEditor.IEditor | null {
    if (this.widget instanceof NotebookPanel) {
      return this.widget.content.activeCell?.editor ?? null;
    }
    return this.widget?.content.editor ?? null;
  }

  /** The path of the document, '' where there is none. */
  get path(): string {
    return this.widget?.context.path ?? '';
  }

  /**
   * Whether the code in front may run: a notebook's once JupyterLab trusts all its cells, a file's always, as JupyterLab
   * has no untrusted files.
   */
  get isTrusted(): boolean {
    const { widget } = this;
    if (!(widget instanceof NotebookPanel)) {
      return widget !== null;
    }
    const cells = Array.from(widget.content.model?.cells ?? []);
    return cells.every(cell => cell.type !== 'code' || cell.trusted);
  }

  /** What the panel is to show; null where there is no Python text. */
  context(): PanelContext | null {
    const { widget, editor } = this;
    if (widget === null || this.model === null || !isPython(this.model)) {
      return null;
    }
    const title = widget.title.label;
    const text = this.model.sharedModel.getSource();
    const place = placeIn(editor, text);
    if (widget instanceof NotebookPanel) {
      return { document: notebookDocument(widget, widget.content.activeCellIndex), title, ...place };
    }
    return { document: { type: 'module', text }, title, ...place };
  }

  private follow(widget: Widget | null): void {
    const known = this.asDocument(widget);
    if (known === null || known === this.widget) {
      return;
    }
    this.leave();
    this.widget = known;
    known.disposed.connect(this.leave, this);
    if (known instanceof NotebookPanel) {
      known.content.activeCellChanged.connect(this.followModel, this);
      known.content.modelContentChanged.connect(this.emit, this);
    }
    this.followModel();
  }

  private asDocument(widget: Widget | null): NotebookPanel | FileWidget | null {
    if (widget === null) {
      return null;
    }
    if (this.notebooks.has(widget)) {
      return widget as NotebookPanel;
    }
    return this.files?.has(widget) ? (widget as FileWidget) : null;
  }

  private leave(): void {
    if (this.widget instanceof NotebookPanel) {
      this.widget.content.activeCellChanged.disconnect(this.followModel, this);
      this.widget.content.modelContentChanged.disconnect(this.emit, this);
    }
    this.widget?.disposed.disconnect(this.leave, this);
    this.widget = null;
    this.followModel();
  }

  /** The language of a text is known later than the text: an editor begins as plain text. */
  private followModel(): void {
    this.model?.mimeTypeChanged.disconnect(this.emit, this);
    const { widget } = this;
    this.model = widget instanceof NotebookPanel ? (widget.content.activeCell?.model ?? null) : this.fileModel();
    this.model?.mimeTypeChanged.connect(this.emit, this);
    this.emit();
  }

  private fileModel(): CodeEditor.IModel | null {
    return this.widget === null ? null : (this.widget as FileWidget).content.model;
  }

  private emit(): void {
    this.signal.emit();
  }
}

/** The cursor and the selection in a text; its beginning while no editor shows it. */
function placeIn(editor: CodeEditor.IEditor | null, text: string): Pick<PanelContext, 'line' | 'column' | 'selection'> {
  if (editor === null) {
    return { line: 1, column: 0 };
  }
  const lines = text.split('\n');
  const { line, column } = editor.getCursorPosition();
  return {
    line: line + 1,
    column: toCodePoints(lines[line] ?? '', column),
    selection: toSpan(lines, editor.getSelection())
  };
}
