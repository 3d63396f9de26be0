import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { counterpartPlugin } from './plugins/counterpart.js';
import { diptychPlugin } from './plugins/diptych.js';
import { hoverPlugin } from './plugins/hover.js';
import { panelPlugin } from './plugins/panel.js';
import { runsPlugin } from './plugins/runs.js';
import { statusPlugin } from './plugins/status.js';
import type { IDiptych } from './tokens.js';

/** JupyterLab reads an extension's plugins from its default export. */
const plugins: (JupyterFrontEndPlugin<IDiptych> | JupyterFrontEndPlugin<void>)[] = [
  diptychPlugin,
  hoverPlugin,
  panelPlugin,
  runsPlugin,
  counterpartPlugin,
  statusPlugin
];

export default plugins;
