/** What needs no page: for hosts that also run outside a browser. */
export { ApiProblem } from './host.js';
export type { Disposable, Host, Method, Theme } from './host.js';
export { DiptychClient } from './api/client.js';
export type * from './api/types.js';
export { strings } from './strings.js';
export type { Locale, MessageKey, Say } from './strings.js';
export { buildHover } from './hover/model.js';
export type { HoverModel } from './hover/model.js';
export { renderHoverMarkdown } from './hover/markdown.js';
