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
HTMLCanvasElement.prototype.getContext = () => null;
