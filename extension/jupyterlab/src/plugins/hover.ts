import { closeHoverTooltips, type EditorView } from '@codemirror/view';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { EditorExtensionRegistry, IEditorExtensionRegistry, type CodeMirrorEditor } from '@jupyterlab/codemirror';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../command_ids.js';
import { isPython } from '../documents.js';
import { close, ESCAPE_SELECTORS, HoverExtension, isOpen } from '../hover/extension.js';
import { focusTooltip, isShown, showAtCursor } from '../hover/keyboard_tooltip.js';
import { LookupTooltips, saying } from '../hover/lookup_tooltip.js';
import { IDiptych } from '../tokens.js';

/** The counterpart of what is under the pointer or the cursor, in cells and in the file editor. */
export const hoverPlugin: JupyterFrontEndPlugin<void> = {
  id: 'diptych-jupyterlab:hover',
  description: 'Shows the counterpart of PyTorch and MXNet code in a hover.',
  autoStart: true,
  requires: [IDiptych, IEditorExtensionRegistry],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    diptych: IDiptych,
    registry: IEditorExtensionRegistry,
    translator: ITranslator | null
  ) => {
    const tooltips = new LookupTooltips(diptych);
    const extension = new HoverExtension(diptych, tooltips);
    registry.addExtension({
      name: 'diptych:hover',
      factory: ({ model }) => EditorExtensionRegistry.createImmutableExtension(extension.of(model))
    });
    addCommands(app, diptych, tooltips, translator ?? nullTranslator);
  }
};

function addCommands(
  { commands }: JupyterFrontEnd,
  diptych: IDiptych,
  tooltips: LookupTooltips,
  translator: ITranslator
): void {
  const trans = translator.load('diptych');
  commands.addCommand(CommandIDs.showHover, {
    label: trans.__('Show Counterpart at Cursor'),
    caption: trans.__('Show the counterpart of what is under the cursor; once more to move into it'),
    isEnabled: () => cursorView(diptych) !== null,
    execute: async () => {
      const view = cursorView(diptych);
      if (view !== null && isShown(view)) {
        focusTooltip(view);
      } else if (view !== null) {
        await showHover(view, diptych, tooltips, trans.__('No PyTorch or MXNet name is known here.'));
      }
    }
  });
  commands.addCommand(CommandIDs.hideHover, {
    label: trans.__('Hide Counterpart'),
    execute: () => {
      [...diptych.editors.views].filter(isOpen).forEach(close);
    }
  });
  commands.addCommand(CommandIDs.toggleHover, {
    label: trans.__('Show Counterparts on Hover'),
    isToggleable: true,
    isToggled: () => diptych.settings.choices.hoverEnabled,
    execute: () => diptych.settings.set('hoverEnabled', !diptych.settings.choices.hoverEnabled)
  });
  diptych.settings.changed.connect(() => commands.notifyCommandChanged(CommandIDs.toggleHover));
  for (const selector of ESCAPE_SELECTORS) {
    commands.addKeyBinding({ command: CommandIDs.hideHover, keys: ['Escape'], selector });
  }
}

async function showHover(
  view: EditorView,
  diptych: IDiptych,
  tooltips: LookupTooltips,
  nothing: string
): Promise<void> {
  const model = diptych.editors.model(view);
  const cursor = view.state.selection.main.head;
  const theme = diptych.host.theme();
  view.dispatch({ effects: closeHoverTooltips });
  try {
    const tooltip = model && isPython(model) ? await tooltips.at(view, model, cursor) : null;
    showAtCursor(view, tooltip ?? saying(nothing, cursor, theme));
  } catch (problem) {
    showAtCursor(view, saying(problem instanceof Error ? problem.message : String(problem), cursor, theme));
  }
}

/** The editor with the focus, else that of the place the user was last in. */
function cursorView(diptych: IDiptych): EditorView | null {
  return diptych.editors.focused() ?? (diptych.place.editor as CodeMirrorEditor | null)?.editor ?? null;
}
