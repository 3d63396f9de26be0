import type { DiptychClient } from '@diptych/core';
import { Token } from '@lumino/coreutils';

import type { Connection } from './connection.js';
import type { CurrentPlace } from './current_place.js';
import type { Documents } from './documents.js';
import type { Editors } from './editors.js';
import type { JupyterHost } from './host.js';
import type { Settings } from './settings.js';

/** What Diptych's plugins share. */
export interface IDiptych {
  readonly connection: Connection;
  readonly host: JupyterHost;
  readonly client: DiptychClient;
  readonly settings: Settings;
  readonly documents: Documents;
  readonly editors: Editors;
  readonly place: CurrentPlace;
}

export const IDiptych = new Token<IDiptych>('diptych-jupyterlab:IDiptych', 'What the plugins of Diptych share.');
