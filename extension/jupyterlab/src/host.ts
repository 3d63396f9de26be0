import type { Disposable, Framework, Host, Locale, Method, Theme } from '@diptych/core';
import { Clipboard, type IThemeManager } from '@jupyterlab/apputils';
import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyJSONObject, ReadonlyPartialJSONValue } from '@lumino/coreutils';

import type { Connection } from './connection.js';
import type { Settings } from './settings.js';

/** The panel's options are settings, so that the hover and the settings editor share them. */
const PANEL_OPTIONS = 'panel.options';

export interface HostParts {
  readonly connection: Connection;
  readonly settings: Settings;
  readonly locale: () => Locale;
  readonly themes: IThemeManager | null;
  readonly state: IStateDB | null;
  readonly openSource: (text: string, name: string) => Promise<void>;
  readonly insertBelow: (text: string, framework: Framework) => Promise<void>;
  readonly isTrusted: () => boolean;
}

/** JupyterLab as the core's views see it. */
export class JupyterHost implements Host {
  constructor(private readonly parts: HostParts) {}

  request<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    return this.parts.connection.request<T>(method, path, body, signal);
  }

  subscribe(path: string, onMessage: (message: unknown) => void, onClose: () => void): Disposable {
    return this.parts.connection.subscribe(path, onMessage, onClose);
  }

  theme(): Theme {
    const { themes } = this.parts;
    return themes?.theme && !themes.isLight(themes.theme) ? 'dark' : 'light';
  }

  onThemeChanged(listener: (theme: Theme) => void): Disposable {
    const { themes } = this.parts;
    const slot = (): void => listener(this.theme());
    themes?.themeChanged.connect(slot);
    return { dispose: () => void themes?.themeChanged.disconnect(slot) };
  }

  locale(): Locale {
    return this.parts.locale();
  }

  readonly clipboard = {
    write: async (text: string): Promise<void> => {
      // Pages that did not come over https have no clipboard of their own.
      if (window.isSecureContext) {
        await navigator.clipboard.writeText(text);
      } else {
        Clipboard.copyToSystem(text);
      }
    }
  };

  readonly storage = {
    get: async (key: string): Promise<unknown> =>
      key === PANEL_OPTIONS ? this.parts.settings.choices.panel : this.parts.state?.fetch(stored(key)),
    set: async (key: string, value: unknown): Promise<void> => {
      if (key === PANEL_OPTIONS) {
        await this.parts.settings.set('panel', value as ReadonlyJSONObject);
      } else {
        await this.parts.state?.save(stored(key), value as ReadonlyPartialJSONValue);
      }
    }
  };

  openSource(text: string, name: string): Promise<void> {
    return this.parts.openSource(text, name);
  }

  insertBelow(text: string, framework: Framework): Promise<void> {
    return this.parts.insertBelow(text, framework);
  }

  isTrusted(): boolean {
    return this.parts.isTrusted();
  }

  openExternal(url: string): void {
    window.open(url, '_blank', 'noopener,noreferrer');
  }

  async saveFile(name: string, content: Blob): Promise<void> {
    const url = URL.createObjectURL(content);
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    // The download has begun once the click's own task is over.
    setTimeout(() => URL.revokeObjectURL(url), 0);
  }
}

function stored(key: string): string {
  return `diptych:${key}`;
}
