import { ApiProblem } from '@diptych/core';

/** `path` under `diptych/` of a base URL; the path's query stays as it is. */
export function join(base: string, path: string): string {
  return `${base.replace(/\/*$/, '')}/diptych/${path}`;
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
