/** Diptych's views, with no host inside: a host writes a `Host` and calls what is named here. */
export { ApiProblem } from './host.js';
export type { Disposable, Host, Method, Theme } from './host.js';
export { DiptychClient } from './api/client.js';
export type * from './api/types.js';
export { strings } from './strings.js';
export type { Locale, MessageKey, Say } from './strings.js';
export { buildHover } from './hover/model.js';
export type { HoverModel } from './hover/model.js';
export { renderHoverDom } from './hover/dom.js';
export { renderHoverMarkdown } from './hover/markdown.js';
export { createPanel } from './panel/panel.js';
export type { Panel } from './panel/panel.js';
export type { PanelContext, PanelScope } from './panel/context.js';
export { createRunView } from './run/run_view.js';
export type { RunView } from './run/run_view.js';
