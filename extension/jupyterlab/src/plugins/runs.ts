import { createRunView } from '@diptych/core';
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { CommandIDs } from '../command_ids.js';
import { runsIcon } from '../icons.js';
import { IDiptych } from '../tokens.js';

/** The run view in the main area: both frameworks trained against each other. */
export const runsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'diptych-jupyterlab:runs',
  description: 'Trains in both frameworks and compares the runs.',
  autoStart: true,
  requires: [IDiptych],
  optional: [ILayoutRestorer, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    diptych: IDiptych,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load('diptych');
    const tracker = new WidgetTracker<MainAreaWidget>({ namespace: 'diptych-runs' });

    app.commands.addCommand(CommandIDs.openRuns, {
      label: trans.__('Diptych: Train and Compare'),
      caption: trans.__('Train in PyTorch and in MXNet, and compare the runs'),
      icon: runsIcon,
      execute: async () => {
        const widget = tracker.currentWidget ?? runView(diptych, trans.__('Train and Compare'));
        if (!widget.isAttached) {
          await tracker.add(widget);
          app.shell.add(widget, 'main');
        }
        app.shell.activateById(widget.id);
      }
    });
    palette?.addItem({ command: CommandIDs.openRuns, category: trans.__('Diptych') });
    void restorer?.restore(tracker, { command: CommandIDs.openRuns, name: () => 'runs' });
  }
};

function runView(diptych: IDiptych, title: string): MainAreaWidget {
  const content = new Widget();
  const view = createRunView(diptych.host, content.node);
  content.disposed.connect(() => view.dispose());
  content.addClass('diptych-main');
  const widget = new MainAreaWidget({ content });
  widget.toolbar.hide();
  widget.id = 'diptych-runs';
  widget.title.label = title;
  widget.title.icon = runsIcon;
  widget.title.closable = true;
  return widget;
}
