import type { DialectChoice, Locale } from '@diptych/core';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { JSONValue, ReadonlyJSONObject } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';

export type Language = 'auto' | Locale;

/** What the user chose in the settings editor; `schema/plugin.json` describes and checks it. */
export interface Choices {
  readonly hoverEnabled: boolean;
  /** Milliseconds of rest before the hover asks. */
  readonly hoverDelay: number;
  readonly openOnStart: boolean;
  readonly language: Language;
  /** What was chosen in the panel itself: direction, dialect, scope, line links. */
  readonly panel: ReadonlyJSONObject;
}

export const defaultChoices: Choices = {
  hoverEnabled: true,
  hoverDelay: 350,
  openOnStart: false,
  language: 'auto',
  panel: {}
};

/** The settings, with their defaults until the registry has answered. */
export class Settings {
  private readonly signal = new Signal<this, Choices>(this);
  private registered: ISettingRegistry.ISettings | null = null;
  private current: Choices = defaultChoices;
  private writing = 0;

  /** Emitted with the choices before the change. */
  get changed(): ISignal<this, Choices> {
    return this.signal;
  }

  get choices(): Choices {
    return this.current;
  }

  /** Whether a choice is being kept by `set` now, rather than changed in the settings editor. */
  get isOwnChange(): boolean {
    return this.writing > 0;
  }

  /** The dialect chosen in the panel, which is the hover's and the commands' as well. */
  get dialect(): DialectChoice {
    const { dialect } = this.current.panel;
    return dialect === 'nd' || dialect === 'np' ? dialect : 'auto';
  }

  /** Follow what the registry holds. */
  connect(registered: ISettingRegistry.ISettings): void {
    this.registered = registered;
    registered.changed.connect(() => this.read());
    this.read();
  }

  /** Keep a choice, in the user's settings where there is a registry. */
  async set<K extends keyof Choices>(key: K, value: Choices[K]): Promise<void> {
    this.writing += 1;
    try {
      if (this.registered) {
        await this.registered.set(key, value as JSONValue);
      } else {
        this.replace({ ...this.current, [key]: value });
      }
    } finally {
      this.writing -= 1;
    }
  }

  private read(): void {
    this.replace({ ...defaultChoices, ...(this.registered?.composite as Partial<Choices>) });
  }

  private replace(next: Choices): void {
    const before = this.current;
    this.current = next;
    this.signal.emit(before);
  }
}
