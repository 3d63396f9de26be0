import { createRunView } from '@diptych/core';
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { CommandIDs } from '../command_ids.js';
import { runsIcon } from '../icons.js';
import type { Choices, Settings } from '../settings.js';
import { IDiptych } from '../tokens.js';

/** The run view in the main area: both frameworks trained against each other. */
export const runsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'diptych-jupyterlab:runs',
  description: 'Trains in both frameworks and compares the runs.',
  autoStart: true,
  requires: [IDiptych],
  optional: [ILayoutRestorer, ICommandPalette, ITranslator, ILauncher],
  activate: (
    app: JupyterFrontEnd,
    diptych: IDiptych,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null,
    launcher: ILauncher | null
  ) => {
    const trans = (translator ?? nullTranslator).load('diptych');
    const tracker = new WidgetTracker<MainAreaWidget>({ namespace: 'diptych-runs' });

    app.commands.addCommand(CommandIDs.openRuns, {
      label: args => (args['isLauncher'] ? trans.__('Train and Compare') : trans.__('Diptych: Train and Compare')),
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
    launcher?.add({ command: CommandIDs.openRuns, args: { isLauncher: true }, category: trans.__('Diptych'), rank: 1 });
    void restorer?.restore(tracker, { command: CommandIDs.openRuns, name: () => 'runs' });
  }
};

function runView(diptych: IDiptych, title: string): MainAreaWidget {
  const content = new Widget();
  let view = createRunView(diptych.host, content.node);
  // A view keeps the language it was made with; its runs are the server's.
  const onSettings = ({ choices }: Settings, before: Choices): void => {
    if (choices.language !== before.language) {
      view.dispose();
      view = createRunView(diptych.host, content.node);
    }
  };
  diptych.settings.changed.connect(onSettings);
  content.disposed.connect(() => {
    diptych.settings.changed.disconnect(onSettings);
    view.dispose();
  });
  content.addClass('diptych-main');
  const widget = new MainAreaWidget({ content });
  widget.toolbar.hide();
  widget.id = 'diptych-runs';
  widget.title.label = title;
  widget.title.icon = runsIcon;
  widget.title.closable = true;
  return widget;
}
