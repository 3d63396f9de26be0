/** Diptych's views, with no host inside: a host writes a `Host` and calls what is named here. */
export * from './headless.js';
export { renderHoverDom } from './hover/dom.js';
export { createPanel } from './panel/panel.js';
export type { Panel } from './panel/panel.js';
export type { PanelContext, PanelScope } from './panel/context.js';
export { createRunView } from './run/run_view.js';
export type { RunView } from './run/run_view.js';
