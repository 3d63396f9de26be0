import { createPanel, type Panel } from '@diptych/core';
import { JSONExt } from '@lumino/coreutils';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';

import { diptychIcon } from './icons.js';
import type { Choices, Settings } from './settings.js';
import type { IDiptych } from './tokens.js';

/** The side panel: follows the cursor while it can be seen. */
export class PanelWidget extends Widget {
  static readonly id = 'diptych-panel';
  private panel: Panel;

  constructor(
    private readonly diptych: IDiptych,
    caption: string
  ) {
    super();
    this.id = PanelWidget.id;
    this.addClass('diptych-side');
    this.title.icon = diptychIcon;
    this.title.caption = caption;
    this.panel = createPanel(diptych.host, this.node);
    diptych.place.changed.connect(this.follow, this);
    diptych.settings.changed.connect(this.onSettings, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.diptych.place.changed.disconnect(this.follow, this);
      this.diptych.settings.changed.disconnect(this.onSettings, this);
      this.panel.dispose();
      super.dispose();
    }
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.follow();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.follow();
  }

  private follow(): void {
    if (this.isVisible) {
      this.panel.show(this.diptych.place.context());
    }
  }

  /** A view keeps the language and the options it was made with; its own options it has changed already. */
  private onSettings({ choices, isOwnChange }: Settings, before: Choices): void {
    const elsewhere = !isOwnChange && !JSONExt.deepEqual(choices.panel, before.panel);
    if (elsewhere || choices.language !== before.language) {
      this.panel.dispose();
      this.panel = createPanel(this.diptych.host, this.node);
      this.follow();
    }
  }
}
