import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { pythonLanguage } from '@codemirror/lang-python';
import { syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';

import type { Framework } from '../api/types.js';
import { h } from '../dom.js';
import type { Disposable } from '../host.js';
import { pythonStyle } from '../python.js';
import type { Say } from '../strings.js';

/** One side's script: what will run, and a way back to the shipped example. */
export class ScriptEditor implements Disposable {
  readonly element: HTMLElement;
  private readonly view: EditorView;
  private readonly edited: HTMLElement;
  private readonly reset: HTMLButtonElement;
  private shipped = '';

  constructor(framework: Framework, onChange: (text: string) => void, say: Say, nonce?: string) {
    const code = h('div', { class: 'diptych-script-code' });
    const name = say(`framework.${framework}`);
    this.edited = h('span', { class: 'diptych-quiet', hidden: true }, say('run.edited'));
    this.reset = h(
      'button',
      { type: 'button', class: 'diptych-button', hidden: true, on: { click: () => this.setText(this.shipped) } },
      say('run.reset')
    );
    this.element = h('section', { class: 'diptych-script' }, h('h4', {}, name, this.edited, this.reset), code);
    const extensions = [
      EditorView.contentAttributes.of({ 'aria-label': say('run.scriptEditor', { framework: name }) }),
      ...(nonce === undefined ? [] : [EditorView.cspNonce.of(nonce)]),
      lineNumbers(),
      history(),
      pythonLanguage,
      syntaxHighlighting(pythonStyle),
      keymap.of([...historyKeymap, ...defaultKeymap]),
      EditorView.updateListener.of(update => {
        if (update.docChanged) {
          this.mark();
          onChange(this.text);
        }
      })
    ];
    this.view = new EditorView({ parent: code, state: EditorState.create({ extensions }) });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  show(text: string, shipped: string): void {
    this.shipped = shipped;
    this.setText(text);
    this.mark();
  }

  dispose(): void {
    this.view.destroy();
  }

  private setText(text: string): void {
    if (text !== this.text) {
      this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    }
  }

  private mark(): void {
    const edited = this.text !== this.shipped;
    this.edited.hidden = !edited;
    this.reset.hidden = !edited;
  }
}
