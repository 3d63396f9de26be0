import type { Disposable } from './host.js';

/** Disposables that end together, the youngest first. */
export class DisposableSet implements Disposable {
  private readonly items: Disposable[] = [];
  private ended = false;

  get isDisposed(): boolean {
    return this.ended;
  }

  /** Keep `item` until `dispose`; at once disposed of if that has happened. */
  add<T extends Disposable>(item: T): T {
    if (this.ended) {
      item.dispose();
    } else {
      this.items.push(item);
    }
    return item;
  }

  addCallback(dispose: () => void): void {
    this.add({ dispose });
  }

  dispose(): void {
    this.ended = true;
    for (const item of this.items.splice(0).reverse()) {
      item.dispose();
    }
  }
}
