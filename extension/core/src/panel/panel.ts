import type { Disposable, Host } from '../host.js';
import type { PanelContext } from './context.js';

/** The side panel: the code under the cursor beside its counterpart. */
export interface Panel extends Disposable {
  /** Follow the cursor; call it on every move, the panel waits for a rest. Null: no Python document is in front. */
  show(context: PanelContext | null): void;
}

/** Fill `element` with the side panel. The element is empty again after `dispose`. */
export function createPanel(_host: Host, element: HTMLElement): Panel {
  return { show: () => undefined, dispose: () => element.replaceChildren() };
}
