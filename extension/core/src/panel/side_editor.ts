import { pythonLanguage } from '@codemirror/lang-python';
import { syntaxHighlighting } from '@codemirror/language';
import { EditorState, StateEffect, StateField, type Extension, type RangeSet } from '@codemirror/state';
import { Decoration, EditorView, GutterMarker, gutter, keymap, type DecorationSet } from '@codemirror/view';

import { h } from '../dom.js';
import type { Disposable } from '../host.js';
import { pythonStyle } from '../python.js';
import { linkAt, nextLinkedLine, type Link, type Side } from './links.js';

/** What one pane marks: all links, and the one that is under the pointer or the keyboard. */
interface Marks {
  readonly links: readonly Link[];
  readonly visible: boolean;
  readonly active: number | null;
}

const setMarks = StateEffect.define<Marks>();

interface Listeners {
  /** The pointer or the keyboard came to a link, or left all of them. */
  onActive(link: number | null): void;
  /** Left or right arrow: go on in the other pane. */
  onCross(link: number | null): void;
}

/** One pane of the panel: read-only Python whose lines are linked to the other pane's. */
export class SideEditor implements Disposable {
  private readonly view: EditorView;
  private marks: Marks = { links: [], visible: true, active: null };
  private line = 0;

  constructor(
    parent: HTMLElement,
    private readonly side: Side,
    private readonly listeners: Listeners,
    nonce?: string
  ) {
    this.view = new EditorView({ parent, state: EditorState.create({ extensions: this.extensions(nonce) }) });
  }

  show(text: string, links: readonly Link[], label: string): void {
    if (text !== this.view.state.doc.toString()) {
      this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
      this.view.scrollDOM.scrollLeft = 0;
      this.view.scrollDOM.scrollTop = 0;
    }
    this.view.contentDOM.setAttribute('aria-label', label);
    this.line = 0;
    this.mark({ ...this.marks, links, active: null });
  }

  setVisible(visible: boolean): void {
    this.mark({ ...this.marks, visible });
  }

  setActive(active: number | null): void {
    if (active !== this.marks.active) {
      this.mark({ ...this.marks, active });
    }
  }

  /** Bring the lines of the active link into view. */
  reveal(): void {
    const link = this.marks.active === null ? undefined : this.marks.links[this.marks.active];
    if (link && link[this.side].end >= link[this.side].start) {
      const line = this.view.state.doc.line(Math.min(link[this.side].start, this.view.state.doc.lines));
      this.view.dispatch({ effects: EditorView.scrollIntoView(line.from, { y: 'nearest' }) });
    }
  }

  focus(link: number | null): void {
    this.view.focus();
    this.line = (link === null ? undefined : this.marks.links[link])?.[this.side].start ?? 0;
  }

  /** Measure again, after the element was shown or moved. */
  refresh(): void {
    this.view.requestMeasure();
  }

  dispose(): void {
    this.view.destroy();
  }

  private mark(marks: Marks): void {
    this.marks = marks;
    this.view.dispatch({ effects: setMarks.of(marks) });
  }

  private extensions(nonce: string | undefined): Extension[] {
    return [
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorView.contentAttributes.of({ tabindex: '0', 'aria-readonly': 'true' }),
      ...(nonce === undefined ? [] : [EditorView.cspNonce.of(nonce)]),
      pythonLanguage,
      syntaxHighlighting(pythonStyle),
      linkMarks(this.side),
      keymap.of([
        { key: 'ArrowDown', run: () => this.step(1) },
        { key: 'ArrowUp', run: () => this.step(-1) },
        { key: this.side === 'source' ? 'ArrowRight' : 'ArrowLeft', run: () => this.cross() },
        { key: 'Escape', run: () => this.leave() }
      ]),
      EditorView.domEventHandlers({
        mousemove: event => this.point(event),
        mouseleave: () => this.listeners.onActive(null),
        blur: () => this.listeners.onActive(null)
      })
    ];
  }

  private point(event: MouseEvent): void {
    const position = this.view.posAtCoords({ x: event.clientX, y: event.clientY }, false);
    const line = this.view.state.doc.lineAt(position).number;
    this.listeners.onActive(linkAt(this.marks.links, this.side, line)?.index ?? null);
  }

  private step(step: 1 | -1): boolean {
    const line = nextLinkedLine(this.marks.links, this.side, this.line, step);
    if (line !== null) {
      this.line = line;
      this.listeners.onActive(linkAt(this.marks.links, this.side, line)?.index ?? null);
      this.reveal();
    }
    return true;
  }

  private cross(): boolean {
    this.listeners.onCross(this.marks.active);
    return true;
  }

  private leave(): boolean {
    this.listeners.onActive(null);
    return false;
  }
}

class NumberMarker extends GutterMarker {
  constructor(
    private readonly text: string,
    private readonly colour: number,
    private readonly active: boolean
  ) {
    super();
  }

  override eq(other: NumberMarker): boolean {
    return this.text === other.text && this.colour === other.colour && this.active === other.active;
  }

  override toDOM(): Node {
    const attributes = { class: `diptych-link-number diptych-link-${this.colour}`, 'data-active': this.active };
    return h('span', attributes, this.text);
  }
}

/** A state field with the marks, drawn as line decorations and as numbers in a gutter. */
function linkMarks(side: Side): Extension {
  const field = StateField.define<Marks>({
    create: () => ({ links: [], visible: true, active: null }),
    update: (marks, transaction) =>
      transaction.effects.reduce((latest, effect) => (effect.is(setMarks) ? effect.value : latest), marks)
  });
  return [
    field,
    EditorView.decorations.compute([field, 'doc'], state => lineDecorations(state, state.field(field), side)),
    gutter({
      class: 'diptych-link-gutter',
      lineMarker: (view, line) =>
        numberMarker(view, view.state.doc.lineAt(line.from).number, view.state.field(field), side),
      lineMarkerChange: update => update.startState.field(field) !== update.state.field(field),
      initialSpacer: () => new NumberMarker('00', 0, false)
    })
  ];
}

function lineDecorations(state: EditorState, marks: Marks, side: Side): DecorationSet | RangeSet<Decoration> {
  const ranges = [];
  for (const link of marks.links) {
    const shown = marks.visible && link.number !== null;
    const active = marks.active === link.index;
    for (
      let line = link[side].start;
      (shown || active) && line <= Math.min(link[side].end, state.doc.lines);
      line += 1
    ) {
      const names = [
        'diptych-linked',
        ...(shown ? [`diptych-link-${link.colour}`] : []),
        ...(active ? ['diptych-link-active'] : [])
      ];
      ranges.push(Decoration.line({ class: names.join(' ') }).range(state.doc.line(line).from));
    }
  }
  return Decoration.set(ranges, true);
}

function numberMarker(_view: EditorView, line: number, marks: Marks, side: Side): GutterMarker | null {
  const link = linkAt(marks.links, side, line);
  if (!marks.visible || link === null || link.number === null || link[side].start !== line) {
    return null;
  }
  return new NumberMarker(String(link.number), link.colour, marks.active === link.index);
}
