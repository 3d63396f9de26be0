import type { EditorView, Tooltip } from '@codemirror/view';
import { buildHover, renderHoverDom, type Lookup } from '@diptych/core';
import type { CodeEditor } from '@jupyterlab/codeeditor';

import { toCodePoints, toOffset } from '../positions.js';
import type { IDiptych } from '../tokens.js';

/** Asks the server what stands at an offset; a new question ends the one before it. */
export class LookupTooltips {
  private request = new AbortController();

  constructor(private readonly diptych: IDiptych) {}

  /**
   * The tooltip for an offset of a view's text; null where nothing known stands there, or where the text has changed
   * since it was asked. Rejects with `ApiProblem` when the server can't answer.
   */
  async at(view: EditorView, model: CodeEditor.IModel, offset: number): Promise<Tooltip | null> {
    this.cancel();
    const { signal } = this.request;
    const text = view.state.doc;
    const line = text.lineAt(offset);
    const { lookup } = await this.diptych.client.lookup(
      {
        document: this.diptych.documents.of(model),
        line: line.number,
        column: toCodePoints(line.text, offset - line.from),
        dialect: this.diptych.settings.dialect
      },
      signal
    );
    const stale = signal.aborted || !view.state.doc.eq(text);
    return lookup === null || stale ? null : this.show(view, lookup);
  }

  cancel(): void {
    this.request.abort();
    this.request = new AbortController();
  }

  private show(view: EditorView, lookup: Lookup): Tooltip {
    const { host } = this.diptych;
    const { span } = lookup;
    return {
      pos: toOffset(view.state.doc, span.start_line, span.start_column),
      end: toOffset(view.state.doc, span.end_line, span.end_column),
      above: true,
      create: () => {
        const content = renderHoverDom(buildHover(lookup, host.locale()), host);
        content.dataset['diptychTheme'] = host.theme();
        return { dom: frame(content) };
      }
    };
  }
}

/** A tooltip that only says something. */
export function saying(sentence: string, offset: number, theme: string): Tooltip {
  return {
    pos: offset,
    above: true,
    create: () => {
      const content = document.createElement('p');
      content.className = 'diptych diptych-hover';
      content.dataset['diptychTheme'] = theme;
      content.setAttribute('role', 'status');
      content.textContent = sentence;
      return { dom: frame(content) };
    }
  };
}

/** The part that scrolls, and that takes the focus when the user wants to read by keyboard. */
function frame(content: HTMLElement): HTMLElement {
  const element = document.createElement('div');
  element.className = 'diptych-tooltip';
  element.tabIndex = -1;
  element.append(content);
  return element;
}
