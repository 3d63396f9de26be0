import { h } from '../dom.js';
import type { Say } from '../strings.js';
import { Segmented } from '../ui/segmented.js';
import type { PanelOptions } from './options.js';

export interface PanelActions {
  /** The user chose something. */
  change(part: Partial<PanelOptions>): void;
  copy(): void;
  open(): void;
  /** Execute both sides of the document and compare. */
  check(): void;
  /** Absent where no notebook can be meant. */
  insert?: (() => void) | undefined;
}

/** The panel's choices and actions. */
export class Toolbar {
  readonly element: HTMLElement;
  private readonly buttons: HTMLButtonElement[];
  private readonly parts: {
    direction: Segmented<PanelOptions['direction']>;
    scope: Segmented<PanelOptions['scope']>;
    dialect: Segmented<PanelOptions['dialect']>;
    links: HTMLButtonElement;
  };

  constructor(options: PanelOptions, actions: PanelActions, say: Say) {
    this.parts = {
      direction: directionChoice(options, actions, say),
      scope: scopeChoice(options, actions, say),
      dialect: dialectChoice(options, actions, say),
      links: linksSwitch(actions, say)
    };
    this.buttons = [
      button(say('common.copy'), say('panel.copy'), 'copy', actions.copy),
      ...(actions.insert ? [button(say('panel.insert'), say('panel.insertHelp'), 'insert', actions.insert)] : []),
      button(say('panel.open'), say('panel.openHelp'), 'open', actions.open),
      button(say('check.button'), say('check.buttonHelp'), 'check', actions.check)
    ];
    this.element = h(
      'div',
      { class: 'diptych-toolbar', role: 'group', 'aria-label': say('panel.options') },
      this.parts.direction.element,
      this.parts.scope.element,
      this.parts.dialect.element,
      h('div', { class: 'diptych-toolbar-end' }, this.parts.links, ...this.buttons)
    );
    this.set(options);
  }

  set(options: PanelOptions): void {
    this.parts.direction.set(options.direction);
    this.parts.scope.set(options.scope);
    this.parts.dialect.set(options.dialect);
    this.parts.links.setAttribute('aria-pressed', String(options.links));
  }

  /** Whether there is a counterpart to copy, insert, open or check. */
  setUsable(usable: boolean): void {
    this.buttons.forEach(element => {
      element.disabled = !usable;
    });
  }
}

function button(label: string, title: string, action: string, run: () => void): HTMLButtonElement {
  return h(
    'button',
    { type: 'button', class: 'diptych-button', title, 'data-action': action, on: { click: run } },
    label
  );
}

function linksSwitch(actions: PanelActions, say: Say): HTMLButtonElement {
  const element: HTMLButtonElement = button(say('panel.links'), say('panel.linksHelp'), 'links', () =>
    actions.change({ links: element.getAttribute('aria-pressed') !== 'true' })
  );
  return element;
}

function directionChoice(options: PanelOptions, actions: PanelActions, say: Say): Segmented<PanelOptions['direction']> {
  const segments = [
    { value: 'auto', label: say('panel.directionAuto') },
    { value: 'mxnet', label: say('panel.toMxnet') },
    { value: 'pytorch', label: say('panel.toPytorch') }
  ] as const;
  return new Segmented(say('panel.direction'), segments, options.direction, direction => actions.change({ direction }));
}

function scopeChoice(options: PanelOptions, actions: PanelActions, say: Say): Segmented<PanelOptions['scope']> {
  const segments = [
    { value: 'statement', label: say('panel.scopeStatement') },
    { value: 'selection', label: say('panel.scopeSelection') },
    { value: 'cell', label: say('panel.scopeCell') }
  ] as const;
  return new Segmented(say('panel.scope'), segments, options.scope, scope => actions.change({ scope }));
}

function dialectChoice(options: PanelOptions, actions: PanelActions, say: Say): Segmented<PanelOptions['dialect']> {
  const segments = [
    { value: 'auto', label: say('panel.dialectAuto'), title: say('panel.dialectAutoHelp') },
    { value: 'nd', label: say('panel.dialectNd'), title: say('panel.dialectNdHelp') },
    { value: 'np', label: say('panel.dialectNp'), title: say('panel.dialectNpHelp') }
  ] as const;
  return new Segmented(say('panel.dialect'), segments, options.dialect, dialect => actions.change({ dialect }));
}
