import { h } from '../dom.js';
import { rovingTarget } from './roving.js';

interface Segment<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly title?: string;
}

/** One choice of a few, side by side: a radio group with one tab stop. */
export class Segmented<V extends string> {
  readonly element: HTMLElement;
  private readonly buttons: HTMLButtonElement[];

  constructor(
    label: string,
    private readonly segments: readonly Segment<V>[],
    value: V,
    private readonly onChange: (value: V) => void
  ) {
    this.buttons = segments.map(segment =>
      h(
        'button',
        { type: 'button', role: 'radio', title: segment.title, on: { click: () => this.choose(segment.value) } },
        segment.label
      )
    );
    const group = h(
      'div',
      {
        class: 'diptych-segmented',
        role: 'radiogroup',
        'aria-label': label,
        on: { keydown: event => this.move(event) }
      },
      ...this.buttons
    );
    this.element = h(
      'div',
      { class: 'diptych-field' },
      h('span', { class: 'diptych-field-label', 'aria-hidden': 'true' }, label),
      group
    );
    this.set(value);
  }

  set(value: V): void {
    this.segments.forEach((segment, index) => {
      const chosen = segment.value === value;
      this.buttons[index]?.setAttribute('aria-checked', String(chosen));
      this.buttons[index]?.setAttribute('tabindex', chosen ? '0' : '-1');
    });
  }

  private choose(value: V): void {
    this.set(value);
    this.onChange(value);
  }

  private move(event: KeyboardEvent): void {
    const index = this.buttons.findIndex(button => button === document.activeElement);
    const target = index < 0 ? null : rovingTarget(event.key, index, this.buttons.length);
    const segment = target === null ? undefined : this.segments[target];
    if (target !== null && segment) {
      event.preventDefault();
      this.buttons[target]?.focus();
      this.choose(segment.value);
    }
  }
}
