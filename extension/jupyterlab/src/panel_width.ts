import type { ILabShell } from '@jupyterlab/application';
import type { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import { MessageLoop } from '@lumino/messaging';
import { SplitPanel, Widget, type SplitLayout } from '@lumino/widgets';

import { firstWidth, widthAfterShrinking } from './widths.js';

const STORED = 'diptych:panel.width-chosen';
/** Below this the file browser, the document and the panel do not fit side by side. */
const ROOM_FOR_THREE = 1000;
const MOST_FRAMES = 60;

/**
 * Gives the panel room for both sides when a workspace shows it for the first time, and leaves the document room when
 * the window shrinks. From then on the width is the user's, and JupyterLab keeps it with the layout.
 */
export class PanelWidth implements IDisposable {
  private readonly observer = new ResizeObserver(() => this.fit());
  private room = 0;
  private width = 0;
  private isChosen = false;
  private attempts = 0;
  private frame = 0;
  /** What the panel had to give up to a smaller window, and gets back in a larger one. */
  private given: { readonly from: number; readonly to: number } | null = null;

  constructor(
    private readonly panel: Widget,
    private readonly shell: ILabShell | null,
    private readonly state: IStateDB | null
  ) {
    panel.disposed.connect(this.dispose, this);
  }

  get isDisposed(): boolean {
    return this.panel.isDisposed;
  }

  /** Begin once the layout has been restored. */
  async start(): Promise<void> {
    this.isChosen = (await this.state?.fetch(STORED)) === true;
    const split = splitOf(this.panel);
    if (split !== null && !this.isDisposed) {
      this.room = split.node.clientWidth;
      this.observer.observe(split.node);
      this.observer.observe(this.panel.node);
    }
  }

  dispose(): void {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
  }

  private fit(): void {
    const split = splitOf(this.panel);
    if (split === null || !this.panel.isVisible) {
      return;
    }
    const room = split.node.clientWidth;
    const current = this.panel.node.clientWidth;
    if (!this.isChosen) {
      this.choose(split, Math.max(current, firstWidth(room)));
    } else if (room !== this.room) {
      this.adapt(split, current, room);
    }
    this.room = room;
    this.width = this.panel.node.clientWidth;
  }

  /** A layout that is still being made may have no handle to move yet, so that it takes more than one frame. */
  private choose(split: SplitPanel, width: number): void {
    if (window.innerWidth < ROOM_FOR_THREE) {
      this.shell?.collapseLeft();
    }
    resize(split, this.panel, width);
    this.attempts += 1;
    if (this.panel.node.clientWidth < width - 2 && this.attempts < MOST_FRAMES) {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.fit());
    } else {
      this.isChosen = true;
      void this.state?.save(STORED, true);
    }
  }

  private adapt(split: SplitPanel, current: number, room: number): void {
    // JupyterLab has made room before this is asked, so that the width to keep is the one before.
    const before = room < this.room ? this.width : current;
    const wanted = this.given !== null && Math.abs(this.width - this.given.to) <= 2 ? this.given.from : before;
    const width = widthAfterShrinking(wanted, room);
    this.given = null;
    if (Math.abs(width - current) > 2) {
      resize(split, this.panel, width);
    }
    if (width < wanted) {
      this.given = { from: wanted, to: this.panel.node.clientWidth };
    }
  }
}

function splitOf(panel: Widget): SplitPanel | null {
  let widget = panel.parent;
  while (widget !== null && !(widget instanceof SplitPanel)) {
    widget = widget.parent;
  }
  return widget;
}

/** Move the handle as the user would, so that JupyterLab's own limits hold and the layout is kept. */
function resize(split: SplitPanel, panel: Widget, width: number): void {
  // A change of the layout that is still to come would undo the move, or have no handle to move yet.
  MessageLoop.flush();
  const place = split.widgets.findIndex(widget => widget.contains(panel));
  const layout = split.layout as SplitLayout;
  if (place === 0) {
    layout.moveHandle(0, width);
  } else {
    layout.moveHandle(place - 1, split.node.clientWidth - width - split.spacing);
  }
  MessageLoop.sendMessage(split, Widget.Msg.UpdateRequest);
}
