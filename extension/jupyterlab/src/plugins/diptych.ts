import { DiptychClient, type Locale } from '@diptych/core';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IThemeManager } from '@jupyterlab/apputils';
import { IEditorTracker } from '@jupyterlab/fileeditor';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator } from '@jupyterlab/translation';

import { Connection } from '../connection.js';
import { CurrentPlace } from '../current_place.js';
import { Documents } from '../documents.js';
import { Editors } from '../editors.js';
import { JupyterHost } from '../host.js';
import { insertCellBelow, openAsFile } from '../results.js';
import { Settings, type Language } from '../settings.js';
import { IDiptych } from '../tokens.js';

const PLUGIN = 'diptych-jupyterlab:plugin';

/** What the other plugins share: the host for the core's views, settings, and where the user is. */
export const diptychPlugin: JupyterFrontEndPlugin<IDiptych> = {
  id: PLUGIN,
  description: 'Connects Diptych to its server and to the documents that are open.',
  autoStart: true,
  provides: IDiptych,
  requires: [INotebookTracker],
  optional: [IEditorTracker, ISettingRegistry, IThemeManager, IStateDB, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    notebooks: INotebookTracker,
    files: IEditorTracker | null,
    registry: ISettingRegistry | null,
    themes: IThemeManager | null,
    state: IStateDB | null,
    translator: ITranslator | null
  ): IDiptych => {
    const settings = new Settings();
    registry
      ?.load(PLUGIN)
      .then(loaded => settings.connect(loaded))
      .catch((problem: unknown) => console.error('Diptych keeps to its default settings:', problem));
    const locale = (): Locale => chosenLocale(settings.choices.language, translator?.languageCode ?? 'en');
    const editors = new Editors();
    const place = new CurrentPlace(app.shell, editors, notebooks, files);
    const connection = new Connection(app.serviceManager.serverSettings, locale);
    const host = new JupyterHost({
      connection,
      settings,
      locale,
      themes,
      state,
      openSource: (text, name) => openAsFile(app, text, name, place.path),
      insertBelow: async (text, framework) => insertCellBelow(place.notebook, text, framework),
      isTrusted: () => place.isTrusted
    });
    return {
      connection,
      host,
      client: new DiptychClient(host),
      settings,
      documents: new Documents(notebooks),
      editors,
      place
    };
  }
};

/** JupyterLab's language unless the user wants another; English where there is no translation. */
function chosenLocale(language: Language, jupyterlab: string): Locale {
  const wanted = language === 'auto' ? jupyterlab : language;
  return /^zh\b/i.test(wanted.replace('_', '-')) ? 'zh' : 'en';
}
