import type { Disposable, Host } from '../host.js';

/** The run view: both frameworks trained against each other. */
export type RunView = Disposable;

/** Fill `element` with the run view. The element is empty again after `dispose`; runs go on at the server. */
export function createRunView(_host: Host, element: HTMLElement): RunView {
  return { dispose: () => element.replaceChildren() };
}
