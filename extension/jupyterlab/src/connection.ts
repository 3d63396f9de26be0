import { ApiProblem, strings, type Disposable, type Locale, type Method } from '@diptych/core';
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** Diptych's part of the Jupyter server that this page belongs to, whatever its base URL. */
export class Connection {
  constructor(
    private readonly settings: ServerConnection.ISettings,
    private readonly locale: () => Locale
  ) {}

  /** One request; see `Host.request`. */
  async request<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const init: RequestInit = {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal })
    };
    const response = await this.fetch(join(this.settings.baseUrl, path), init);
    const text = await response.text();
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

/** `path` under `diptych/` of a base URL; the path's query stays as it is. */
export function join(base: string, path: string): string {
  return `${URLExt.join(base, 'diptych')}/${path}`;
}

/** Browsers send no Authorization header with a WebSocket, so the token travels in the query. */
export function withToken(url: string, token: string): string {
  return token === '' ? url : `${url}${url.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`;
}

/** An error answer as a problem: Diptych's own `{code, message}`, Jupyter's `{message}`, or a proxy's page. */
export function problemOf(response: Pick<Response, 'status' | 'statusText'>, text: string): ApiProblem {
  const { status, statusText } = response;
  const body = parsed(text);
  const message = typeof body['message'] === 'string' ? body['message'] : '';
  const code = typeof body['code'] === 'string' ? body['code'] : `http-${status}`;
  return new ApiProblem(code, message || `The server answered ${status} ${statusText}.`, status);
}

function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
