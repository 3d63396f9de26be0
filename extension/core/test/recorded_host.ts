import './setup.js';

import { ApiProblem, type Disposable, type Host, type Locale, type Method, type Theme } from '../src/index.js';

/** A socket that the code under test opened. */
export interface OpenSocket {
  readonly path: string;
  send(message: unknown): void;
  close(): void;
}

/** A host that answers with what a real server said, and remembers what it was asked to do. */
export class RecordedHost implements Host {
  readonly requests: { method: Method; path: string; body: unknown }[] = [];
  readonly sockets: OpenSocket[] = [];
  readonly stored = new Map<string, unknown>();
  readonly saved: { name: string; content: Blob }[] = [];
  readonly opened: string[] = [];
  readonly inserted: string[] = [];
  readonly copied: string[] = [];
  cspNonce?: string;
  trusted = true;
  private readonly listeners = new Set<(theme: Theme) => void>();
  private shownTheme: Theme = 'light';
  private language: Locale = 'en';

  /** @param answers by method and path without the query: `GET runs` */
  constructor(readonly answers: Map<string, unknown>) {}

  async request<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    this.requests.push({ method, path, body });
    const key = `${method} ${path.replace(/\?.*/, '')}`;
    await Promise.resolve();
    signal?.throwIfAborted();
    if (!this.answers.has(key)) {
      throw new ApiProblem('not-recorded', `Nothing was recorded for ${key}.`, 404);
    }
    return this.answers.get(key) as T;
  }

  /** Sockets close at once, as on a network that lets none through; `FaultyHost` has others. */
  subscribe(_path: string, _onMessage: (message: unknown) => void, onClose: () => void): Disposable {
    const timer = setTimeout(onClose);
    return { dispose: () => clearTimeout(timer) };
  }

  theme(): Theme {
    return this.shownTheme;
  }

  setTheme(theme: Theme): void {
    this.shownTheme = theme;
    this.listeners.forEach(listener => listener(theme));
  }

  onThemeChanged(listener: (theme: Theme) => void): Disposable {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  locale(): Locale {
    return this.language;
  }

  setLocale(locale: Locale): void {
    this.language = locale;
  }

  readonly clipboard = {
    write: async (text: string): Promise<void> => {
      this.copied.push(text);
    }
  };

  readonly storage = {
    get: async (key: string): Promise<unknown> => this.stored.get(key),
    set: async (key: string, value: unknown): Promise<void> => {
      this.stored.set(key, value);
    }
  };

  async openSource(text: string): Promise<void> {
    this.opened.push(text);
  }

  insertBelow = async (text: string): Promise<void> => {
    this.inserted.push(text);
  };

  isTrusted(): boolean {
    return this.trusted;
  }

  openExternal(url: string): void {
    this.opened.push(url);
  }

  async saveFile(name: string, content: Blob): Promise<void> {
    this.saved.push({ name, content });
  }
}

/** A recorded host that breaks where a test wants it to. */
export class FaultyHost extends RecordedHost {
  private readonly faults = new Map<string, ApiProblem>();
  private readonly held = new Map<string, Promise<void>>();

  /** Fail every request of this method and path. */
  fail(key: string, problem: ApiProblem): void {
    this.faults.set(key, problem);
  }

  mend(key: string): void {
    this.faults.delete(key);
  }

  /** Keep answers to this method and path back until the returned function is called. */
  hold(key: string): () => void {
    let release: () => void = () => undefined;
    this.held.set(key, new Promise(resolve => (release = resolve)));
    return () => {
      this.held.delete(key);
      release();
    };
  }

  override async request<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const key = `${method} ${path.replace(/\?.*/, '')}`;
    const answer = this.answers.get(key);
    await this.held.get(key);
    const fault = this.faults.get(key);
    if (fault) {
      this.requests.push({ method, path, body });
      throw fault;
    }
    const current = await super.request<T>(method, path, body, signal);
    return answer === undefined ? current : (answer as T);
  }

  /** Sockets stay open until a test closes them. */
  override subscribe(path: string, onMessage: (message: unknown) => void, onClose: () => void): Disposable {
    let open = true;
    this.sockets.push({
      path,
      send: message => {
        if (open) {
          onMessage(message);
        }
      },
      close: () => {
        if (open) {
          open = false;
          onClose();
        }
      }
    });
    return { dispose: () => (open = false) };
  }
}
