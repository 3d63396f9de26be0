import type { Framework } from './api/types.js';
import type { Locale } from './strings.js';

/** Something that holds on to a resource until it is let go. Disposing twice does no harm. */
export interface Disposable {
  dispose(): void;
}

export type Theme = 'light' | 'dark';

export type Method = 'GET' | 'POST' | 'DELETE';

/** What the server answers instead of a result; `message` is a sentence that says what to do next. */
export class ApiProblem extends Error {
  /**
   * @param code stable and kebab-case; 'unreachable' where no answer came at all
   * @param status of HTTP; 0 where no answer came at all
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status: number
  ) {
    super(message);
    this.name = 'ApiProblem';
  }
}

/** Whether the server understood a request and will not do it, however often it is asked. */
export function isRefusal(problem: unknown): problem is ApiProblem {
  return problem instanceof ApiProblem && problem.status >= 400 && problem.status < 500;
}

/**
 * All that Diptych's views want from the program they live in. JupyterLab, VS Code's webview and a notebook widget each
 * write one of these. No CodeMirror object crosses it.
 */
export interface Host {
  /**
   * One request of the REST interface.
   *
   * @param path relative to `diptych/` under the server's base URL, query included: `runs?limit=20`
   * @returns the decoded JSON body, undefined for an answer without one
   * @throws ApiProblem for every failure but an abort, which rejects with the signal's reason
   */
  request<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T>;

  /**
   * Open a WebSocket.
   *
   * @param onMessage gets each message, decoded from JSON
   * @param onClose is called once when the socket ended or could not be opened, and not after `dispose`
   */
  subscribe(path: string, onMessage: (message: unknown) => void, onClose: () => void): Disposable;

  theme(): Theme;
  onThemeChanged(listener: (theme: Theme) => void): Disposable;

  locale(): Locale;

  readonly clipboard: { write(text: string): Promise<void> };

  /** Small JSON values that survive a reload; `get` answers undefined for a key never set. */
  readonly storage: { get(key: string): Promise<unknown>; set(key: string, value: unknown): Promise<void> };

  /** Open `text` in an editor of its own, as a new file called `name` or something like it. */
  openSource(text: string, name: string): Promise<void>;

  /**
   * Insert `text`, which uses `framework`, as a new code cell below the current one; absent where no notebook can be
   * meant.
   */
  insertBelow?: (text: string, framework: Framework) => Promise<void>;

  /**
   * Whether the user has said that code of the document in front may run here (a trusted notebook or workspace). Where
   * it is absent or answers false, a view asks before it executes anything.
   */
  isTrusted?(): boolean | Promise<boolean>;

  /** Open an https page outside this program. */
  openExternal(url: string): void;

  /** Give a file to the user: a download, or a dialog that asks where to keep it. */
  saveFile(name: string, content: Blob): Promise<void>;

  /** The nonce for style elements under a content security policy that asks for one. */
  readonly cspNonce?: string;
}
