import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { CommandIDs } from '../command_ids.js';
import { StatusItem } from '../status_item.js';
import { IDiptych } from '../tokens.js';

/** The state of Diptych's server in the status bar. */
export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: 'diptych-jupyterlab:status',
  description: "Shows whether Diptych's server answers and what it trains.",
  autoStart: true,
  requires: [IDiptych, IStatusBar],
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, diptych: IDiptych, bar: IStatusBar, translator: ITranslator | null) => {
    const item = new StatusItem(diptych, (translator ?? nullTranslator).load('diptych'), () => {
      void app.commands.execute(CommandIDs.openRuns);
    });
    bar.registerStatusItem('diptych-jupyterlab:status', { item, align: 'left', rank: 900 });
  }
};
