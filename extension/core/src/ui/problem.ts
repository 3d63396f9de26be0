import { h, inline } from '../dom.js';
import { ApiProblem } from '../host.js';
import type { MessageKey, Say } from '../strings.js';

/** Text of the server, which is English whatever the interface's language is; marked so that it is read out as such. */
export function english(text: string): HTMLElement {
  return h('span', { lang: 'en' }, ...inline(text));
}

/** A sentence of the interface around an element: `{place}` in it is where the element goes. */
export function around(
  element: Node,
  place: string,
  say: Say,
  key: MessageKey,
  values: Readonly<Record<string, string>> = {}
): (Node | string)[] {
  const [before = '', after = ''] = say(key, values).split(`{${place}}`);
  return [before, element, after];
}

/** A sentence of the interface around what went wrong, which goes where `{message}` is. */
export function problemSentence(key: MessageKey, problem: unknown, say: Say): (Node | string)[] {
  return around(problemNode(problem, say), 'message', say, key);
}

/** What went wrong; in English but for what the interface itself has to say. */
export function problemNode(problem: unknown, say: Say): Node {
  const text = problemText(problem, say);
  return problem instanceof ApiProblem && problem.status === 0 ? document.createTextNode(text) : english(text);
}

function problemText(problem: unknown, say: Say): string {
  if (problem instanceof ApiProblem) {
    return problem.status === 0 ? say('common.unreachable') : problem.message;
  }
  return problem instanceof Error ? problem.message : String(problem);
}

/** Whether a rejected request was only given up because its answer is no longer wanted. */
export function isAbort(problem: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (problem instanceof DOMException && problem.name === 'AbortError');
}
