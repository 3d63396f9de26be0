/** What jsdom lacks and CodeMirror and uPlot measure with; nothing is laid out in these tests. */
class NoResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoResizeObserver as unknown as typeof ResizeObserver;
Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect ??= () => new DOMRect();
globalThis.matchMedia ??= () => new EventTarget() as unknown as MediaQueryList;

/** Draws nothing. */
class NoPath {
  moveTo(): void {}
  lineTo(): void {}
  rect(): void {}
  arc(): void {}
}
globalThis.Path2D ??= NoPath as unknown as typeof Path2D;

function noContext(canvas: HTMLCanvasElement): unknown {
  const answers: Record<string, unknown> = { canvas, measureText: () => ({ width: 0 }) };
  const quiet = (): undefined => undefined;
  return new Proxy({}, { get: (_target, name) => answers[String(name)] ?? quiet, set: () => true });
}
HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement) {
  return noContext(this);
} as unknown as typeof HTMLCanvasElement.prototype.getContext;
