import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../command_ids.js';
import { notebookDocument } from '../documents.js';
import { insertIcon } from '../icons.js';
import { insertCellBelow } from '../results.js';
import { IDiptych } from '../tokens.js';

/** A cell's counterpart as a new cell: a button on code cells, a command, a context menu entry. */
export const counterpartPlugin: JupyterFrontEndPlugin<void> = {
  id: 'diptych-jupyterlab:counterpart',
  description: 'Converts a cell and inserts the result below it.',
  autoStart: true,
  requires: [IDiptych],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    diptych: IDiptych,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('diptych');
    const inCodeCell = (): boolean => diptych.place.notebook?.content.activeCell?.model.type === 'code';
    app.commands.addCommand(CommandIDs.insertCounterpart, {
      label: trans.__('Insert Counterpart Below'),
      caption: trans.__('Convert this cell between PyTorch and MXNet, and insert the result below it'),
      icon: insertIcon,
      isEnabled: inCodeCell,
      isVisible: inCodeCell,
      execute: async () => {
        const { notebook } = diptych.place;
        if (notebook === null) {
          return;
        }
        try {
          await insertCounterpart(diptych, notebook, trans.__('This cell uses neither PyTorch nor MXNet.'));
        } catch (problem) {
          Notification.error(problem instanceof Error ? problem.message : String(problem), { autoClose: 5000 });
        }
      }
    });
    diptych.place.changed.connect(() => app.commands.notifyCommandChanged(CommandIDs.insertCounterpart));
    palette?.addItem({ command: CommandIDs.insertCounterpart, category: trans.__('Diptych') });
    palette?.addItem({ command: CommandIDs.showHover, category: trans.__('Diptych') });
    palette?.addItem({ command: CommandIDs.toggleHover, category: trans.__('Diptych') });
  }
};

async function insertCounterpart(diptych: IDiptych, notebook: NotebookPanel, nothing: string): Promise<void> {
  const conversion = await diptych.client.convert({
    document: notebookDocument(notebook, notebook.content.activeCellIndex),
    to: null,
    dialect: diptych.settings.dialect,
    selection: null,
    scope: 'cell'
  });
  if (conversion.source === null) {
    Notification.info(nothing, { autoClose: 5000 });
    return;
  }
  insertCellBelow(notebook, conversion.code, conversion.target);
  const open = conversion.diagnostics.filter(({ severity }) => severity !== 'info');
  if (open.length > 0) {
    Notification.warning(open.map(({ message, suggestion }) => `${message} ${suggestion}`.trim()).join('\n'), {
      autoClose: 10000
    });
  }
}
