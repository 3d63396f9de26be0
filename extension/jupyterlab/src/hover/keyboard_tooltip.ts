import { StateEffect, StateField, type Extension } from '@codemirror/state';
import { getTooltip, showTooltip, type EditorView, type Tooltip } from '@codemirror/view';

const show = StateEffect.define<Tooltip | null>();

const shown = StateField.define<Tooltip | null>({
  create: () => null,
  update(tooltip, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(show)) {
        return effect.value;
      }
    }
    return transaction.docChanged || transaction.selection ? null : tooltip;
  },
  provide: field => showTooltip.from(field)
});

/** A tooltip that a command shows at the cursor, and that ends with the next edit or move. */
export const keyboardTooltip: Extension = shown;

export function showAtCursor(view: EditorView, tooltip: Tooltip | null): void {
  view.dispatch({ effects: show.of(tooltip) });
}

export function isShown(view: EditorView): boolean {
  return (view.state.field(shown, false) ?? null) !== null;
}

/** Give the tooltip the focus, so that its text scrolls and its links are reached by keyboard. */
export function focusTooltip(view: EditorView): void {
  const tooltip = view.state.field(shown, false);
  if (tooltip) {
    getTooltip(view, tooltip)?.dom.focus();
  }
}
