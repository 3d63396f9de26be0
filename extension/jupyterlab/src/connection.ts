import { ApiProblem, strings, type Disposable, type Locale, type Method } from '@diptych/core';
import { ServerConnection } from '@jupyterlab/services';
import { Signal, type ISignal } from '@lumino/signaling';

import { join, problemOf, withToken } from './addresses.js';

/** Diptych's part of the Jupyter server that this page belongs to, whatever its base URL. */
export class Connection {
  private readonly runsSignal = new Signal<this, void>(this);

  constructor(
    private readonly settings: ServerConnection.ISettings,
    private readonly locale: () => Locale
  ) {}

  /** Emitted when the server was asked to start or to end runs. */
  get runsAsked(): ISignal<this, void> {
    return this.runsSignal;
  }

  /** One request; see `Host.request`. */
  async request<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const init: RequestInit = {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal })
    };
    const response = await this.fetch(join(this.settings.baseUrl, path), init);
    const text = await response.text();
    if (method !== 'GET' && /^runs\b/.test(path)) {
      this.runsSignal.emit();
    }
    if (!response.ok) {
      throw problemOf(response, text);
    }
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** A WebSocket; see `Host.subscribe`. */
  subscribe(path: string, onMessage: (message: unknown) => void, onClose: () => void): Disposable {
    const { wsUrl, appendToken, token, WebSocket: Socket } = this.settings;
    const socket = new Socket(withToken(join(wsUrl, path), appendToken ? token : ''));
    let open = true;
    const close = (): void => {
      if (open) {
        open = false;
        onClose();
      }
    };
    socket.onmessage = event => open && onMessage(JSON.parse(String(event.data)));
    socket.onclose = close;
    socket.onerror = close;
    return {
      dispose: () => {
        open = false;
        socket.close();
      }
    };
  }

  private async fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await ServerConnection.makeRequest(url, init, this.settings);
    } catch (problem) {
      if (init.signal?.aborted) {
        throw init.signal.reason;
      }
      if (problem instanceof ServerConnection.NetworkError) {
        throw new ApiProblem('unreachable', strings(this.locale())('common.unreachable'), 0);
      }
      throw problem;
    }
  }
}
