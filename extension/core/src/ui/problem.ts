import { ApiProblem } from '../host.js';
import type { Say } from '../strings.js';

/** What went wrong as a sentence for people. */
export function problemText(problem: unknown, say: Say): string {
  if (problem instanceof ApiProblem) {
    return problem.status === 0 ? say('common.unreachable') : problem.message;
  }
  return problem instanceof Error ? problem.message : String(problem);
}

/** Whether a rejected request was only given up because its answer is no longer wanted. */
export function isAbort(problem: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (problem instanceof DOMException && problem.name === 'AbortError');
}
