// @vitest-environment node
// The core draws its charts where there is a window; nothing here needs one.
import { describe, expect, it } from 'vitest';

import { join, problemOf, withToken } from '../src/addresses.js';

describe('an address', () => {
  it('stands under any base URL and keeps its query', () => {
    expect(join('http://host/a%40b/', 'runs?limit=2')).toBe('http://host/a%40b/diptych/runs?limit=2');
    expect(join('ws://host', 'runs/x/stream?since=0')).toBe('ws://host/diptych/runs/x/stream?since=0');
  });

  it('carries the token of a WebSocket, escaped', () => {
    expect(withToken('ws://host/s?since=0', 'a+b')).toBe('ws://host/s?since=0&token=a%2Bb');
    expect(withToken('ws://host/s', 'a')).toBe('ws://host/s?token=a');
    expect(withToken('ws://host/s', '')).toBe('ws://host/s');
  });
});

describe('an error answer', () => {
  const status = { status: 413, statusText: 'Too Large' };

  it("is Diptych's own code and sentence", () => {
    expect(problemOf(status, '{"code": "too-large", "message": "Send less."}')).toMatchObject({
      code: 'too-large',
      message: 'Send less.',
      status: 413
    });
  });

  it("is Jupyter's sentence without a code", () => {
    expect(problemOf(status, '{"message": "Forbidden", "reason": null}')).toMatchObject({
      code: 'http-413',
      message: 'Forbidden'
    });
  });

  it.each(['<html>Bad gateway</html>', '', 'null', '[1]'])('is the status where the body says nothing: %s', body => {
    expect(problemOf(status, body).message).toBe('The server answered 413 Too Large.');
  });
});
