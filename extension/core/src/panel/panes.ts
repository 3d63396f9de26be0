import type { Framework } from '../api/types.js';
import { h, uniqueId } from '../dom.js';
import { DisposableSet } from '../disposables.js';
import type { Disposable, Host } from '../host.js';
import { strings, type Say } from '../strings.js';
import { SideEditor } from './side_editor.js';
import type { LineRange } from './links.js';
import type { Shown } from './state.js';

/** The two panes on their hinge: the code under the cursor, and its counterpart. */
export class Panes implements Disposable {
  readonly element: HTMLElement;
  private readonly disposables = new DisposableSet();
  private readonly say: Say;
  private readonly source: SideEditor;
  private readonly target: SideEditor;
  private readonly headings: Record<'source' | 'target', HTMLElement>;
  private readonly spoken = h('p', { class: 'diptych-spoken', role: 'status' });
  private shown: Shown | null = null;

  constructor(
    host: Host,
    private readonly onActive: (link: number | null) => void
  ) {
    this.say = strings(host.locale());
    const panes = {
      source: h('div', { class: 'diptych-pane-code' }),
      target: h('div', { class: 'diptych-pane-code' })
    };
    this.headings = { source: h('h3', { id: uniqueId('source') }), target: h('h3', { id: uniqueId('target') }) };
    this.element = h(
      'div',
      { class: 'diptych-panes' },
      h(
        'section',
        { class: 'diptych-pane', 'data-side': 'source', 'aria-labelledby': this.headings.source.id },
        this.headings.source,
        panes.source
      ),
      h(
        'section',
        { class: 'diptych-pane', 'data-side': 'target', 'aria-labelledby': this.headings.target.id },
        this.headings.target,
        panes.target
      ),
      this.spoken
    );
    const onLink = (link: number | null): void => this.activate(link);
    this.source = this.disposables.add(
      new SideEditor(
        panes.source,
        'source',
        { onActive: onLink, onCross: link => this.cross(this.target, link) },
        host.cspNonce
      )
    );
    this.target = this.disposables.add(
      new SideEditor(
        panes.target,
        'target',
        { onActive: onLink, onCross: link => this.cross(this.source, link) },
        host.cspNonce
      )
    );
  }

  show(shown: Shown): void {
    this.shown = shown;
    const { conversion } = shown;
    const other: Framework = conversion.target === 'mxnet' ? 'pytorch' : 'mxnet';
    const from = this.say(`framework.${conversion.source ?? other}`);
    const to = this.say(`framework.${conversion.target}`);
    this.heading('source', from, shown.title);
    this.heading(
      'target',
      to,
      conversion.target === 'mxnet' || conversion.source === 'mxnet' ? conversion.dialect : ''
    );
    this.source.show(shown.source, shown.links, this.say('panel.sourceEditor', { framework: from }));
    this.target.show(conversion.code, shown.links, this.say('panel.targetEditor', { framework: to }));
  }

  setLinksVisible(visible: boolean): void {
    this.source.setVisible(visible);
    this.target.setVisible(visible);
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private heading(side: 'source' | 'target', framework: string, detail: string): void {
    this.headings[side].replaceChildren(framework, h('span', { class: 'diptych-quiet' }, detail));
  }

  private activate(link: number | null): void {
    this.source.setActive(link);
    this.target.setActive(link);
    this.spoken.textContent = this.sentence(link);
    this.onActive(link);
  }

  private cross(pane: SideEditor, link: number | null): void {
    pane.focus(link);
    this.activate(link);
    pane.reveal();
  }

  private sentence(index: number | null): string {
    const link = index === null ? undefined : this.shown?.links[index];
    if (!link) {
      return '';
    }
    const lines = { source: this.range(link.source), target: this.range(link.target) };
    return link.number === null
      ? this.say('panel.linkedUnchanged', lines)
      : this.say('panel.linked', { ...lines, number: link.number });
  }

  private range({ start, end }: LineRange): string {
    if (end < start) {
      return this.say('panel.noLines');
    }
    return start === end ? this.say('panel.line', { line: start }) : this.say('panel.lines', { from: start, to: end });
  }
}
