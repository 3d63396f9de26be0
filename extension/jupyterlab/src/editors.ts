import { Transaction, type Extension } from '@codemirror/state';
import { ViewPlugin, type EditorView, type ViewUpdate } from '@codemirror/view';
import type { CodeEditor } from '@jupyterlab/codeeditor';
import { Signal, type ISignal } from '@lumino/signaling';

/** The editors of cells and files that are alive, and the model that each of them edits. */
export class Editors {
  private readonly models = new Map<EditorView, CodeEditor.IModel>();
  private readonly typed = new WeakMap<EditorView, number>();
  private readonly signal = new Signal<this, EditorView>(this);

  /** Emitted with the view whose text or selection changed. */
  get changed(): ISignal<this, EditorView> {
    return this.signal;
  }

  get views(): Iterable<EditorView> {
    return this.models.keys();
  }

  model(view: EditorView): CodeEditor.IModel | undefined {
    return this.models.get(view);
  }

  /** The view that has the focus. */
  focused(): EditorView | null {
    for (const view of this.models.keys()) {
      if (view.dom.contains(document.activeElement)) {
        return view;
      }
    }
    return null;
  }

  /** Milliseconds since the user last changed the text. */
  rest(view: EditorView): number {
    return Date.now() - (this.typed.get(view) ?? 0);
  }

  /** What one editor needs so that it is known here. */
  extension(model: CodeEditor.IModel): Extension {
    return ViewPlugin.define(view => {
      this.models.set(view, model);
      return {
        update: (update: ViewUpdate) => this.update(update),
        destroy: () => void this.models.delete(view)
      };
    });
  }

  private update(update: ViewUpdate): void {
    // A document that is being loaded is not typed.
    if (update.transactions.some(change => change.docChanged && change.annotation(Transaction.userEvent))) {
      this.typed.set(update.view, Date.now());
    }
    if (update.docChanged || update.selectionSet) {
      this.signal.emit(update.view);
    }
  }
}
