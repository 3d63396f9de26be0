import { Compartment, type Extension } from '@codemirror/state';
import { closeHoverTooltips, EditorView, hasHoverTooltips, hoverTooltip, type Tooltip } from '@codemirror/view';
import type { CodeEditor } from '@jupyterlab/codeeditor';

import { isPython } from '../documents.js';
import type { IDiptych } from '../tokens.js';
import { isShown, keyboardTooltip, showAtCursor } from './keyboard_tooltip.js';
import type { LookupTooltips } from './lookup_tooltip.js';

/** While the user types, a hover would only be in the way. */
const TYPING = 700; // milliseconds

/** Marks an editor with a tooltip open: what the Escape key's binding looks for. */
const OPEN_CLASS = 'diptych-mod-hover';

/** Where Escape closes a hover: in its editor, and in the hover itself, which JupyterLab keeps outside of the editor. */
export const ESCAPE_SELECTORS = [`.${OPEN_CLASS}`, '.diptych-tooltip'] as const;

/** JupyterLab's mark of an editor whose completer is open. */
const COMPLETER = '.jp-mod-completer-active';

/** The hover of all editors; settings change it in those that are open, too. */
export class HoverExtension {
  private readonly pointer = new Compartment();

  constructor(
    private readonly diptych: IDiptych,
    private readonly tooltips: LookupTooltips
  ) {
    diptych.settings.changed.connect((settings, before) => {
      const { hoverEnabled, hoverDelay } = settings.choices;
      if (hoverEnabled !== before.hoverEnabled || hoverDelay !== before.hoverDelay) {
        this.reconfigure();
      }
    });
  }

  /** What one editor needs. */
  of(model: CodeEditor.IModel): Extension {
    return [
      this.diptych.editors.extension(model),
      this.pointer.of(this.onPointer()),
      keyboardTooltip,
      EditorView.editorAttributes.of(view => (isOpen(view) ? { class: OPEN_CLASS } : null))
    ];
  }

  private reconfigure(): void {
    this.tooltips.cancel();
    for (const view of this.diptych.editors.views) {
      view.dispatch({ effects: [closeHoverTooltips, this.pointer.reconfigure(this.onPointer())] });
    }
  }

  private onPointer(): Extension {
    const { hoverEnabled, hoverDelay } = this.diptych.settings.choices;
    if (!hoverEnabled) {
      return [];
    }
    return hoverTooltip((view, offset) => this.ask(view, offset), { hoverTime: hoverDelay, hideOnChange: true });
  }

  private async ask(view: EditorView, offset: number): Promise<Tooltip | null> {
    const model = this.diptych.editors.model(view);
    // The language is read only now: a file's editor begins as plain text.
    if (model === undefined || !isPython(model) || this.isBusy(view)) {
      return null;
    }
    try {
      const tooltip = await this.tooltips.at(view, model, offset);
      return this.isBusy(view) ? null : tooltip;
    } catch {
      // Nobody asked for it: a hover that can't be had is no reason to disturb. The panel and the command say why.
      return null;
    }
  }

  private isBusy(view: EditorView): boolean {
    return isShown(view) || this.diptych.editors.rest(view) < TYPING || view.dom.closest(COMPLETER) !== null;
  }
}

/** Whether a view shows a tooltip of ours, by pointer or by keyboard. */
export function isOpen(view: EditorView): boolean {
  return isShown(view) || hasHoverTooltips(view.state);
}

/** Close what a view shows, and let it have the focus again. */
export function close(view: EditorView): void {
  view.dispatch({ effects: closeHoverTooltips });
  showAtCursor(view, null);
  view.focus();
}
