import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../command_ids.js';
import { diptychIcon } from '../icons.js';
import { PanelWidget } from '../panel_widget.js';
import { PanelWidth } from '../panel_width.js';
import { IDiptych } from '../tokens.js';

/** The side panel, and the command that shows it. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'diptych-jupyterlab:panel',
  description: 'Shows the code under the cursor beside its counterpart.',
  autoStart: true,
  requires: [IDiptych],
  optional: [ILayoutRestorer, ICommandPalette, ITranslator, ILabShell, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    diptych: IDiptych,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null,
    shell: ILabShell | null,
    state: IStateDB | null
  ) => {
    const trans = (translator ?? nullTranslator).load('diptych');
    // Read before JupyterLab's router takes the query away.
    const asked = new URLSearchParams(window.location.search).get('diptych') === 'panel';
    const panel = new PanelWidget(diptych, trans.__('PyTorch and MXNet side by side'));
    app.shell.add(panel, 'right', { rank: 900, type: trans.__('Diptych') });
    restorer?.add(panel, PanelWidget.id);
    const width = new PanelWidth(panel, shell, state);

    app.commands.addCommand(CommandIDs.showPanel, {
      label: trans.__('Diptych: Counterpart Panel'),
      caption: trans.__('Show the code under the cursor beside its PyTorch or MXNet counterpart'),
      icon: diptychIcon,
      execute: () => app.shell.activateById(PanelWidget.id)
    });
    palette?.addItem({ command: CommandIDs.showPanel, category: trans.__('Diptych') });

    void app.restored.then(() => {
      if (asked || diptych.settings.choices.openOnStart) {
        app.shell.activateById(PanelWidget.id);
      }
      return width.start();
    });
  }
};
