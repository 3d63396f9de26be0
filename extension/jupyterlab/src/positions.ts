import type { CodeEditor } from '@jupyterlab/codeeditor';
import type { Span } from '@diptych/core';

/** What positions need of a text: lines counted from 1, without their ends. */
export interface Lines {
  line(number: number): { readonly text: string; readonly from: number; readonly to: number };
  readonly lines: number;
}

/** UTF-16 units, which editors count in, to code points, which Python and the server count in. */
export function toCodePoints(line: string, units: number): number {
  return [...line.slice(0, units)].length;
}

/** Code points to UTF-16 units; the line's end where it is shorter. */
export function toUnits(line: string, codePoints: number): number {
  return [...line].slice(0, codePoints).join('').length;
}

/** The offset of a place of the server's in an editor's text, clipped to the text. */
export function toOffset(text: Lines, line: number, column: number): number {
  if (line > text.lines) {
    return text.line(text.lines).to;
  }
  const { text: content, from } = text.line(Math.max(1, line));
  return from + toUnits(content, column);
}

/** A selection of an editor, whichever way it was drawn, as the server counts. */
export function toSpan(lines: readonly string[], range: CodeEditor.IRange): Span {
  const [start, end] = isBackward(range) ? [range.end, range.start] : [range.start, range.end];
  return {
    start_line: start.line + 1,
    start_column: toCodePoints(lines[start.line] ?? '', start.column),
    end_line: end.line + 1,
    end_column: toCodePoints(lines[end.line] ?? '', end.column)
  };
}

function isBackward({ start, end }: CodeEditor.IRange): boolean {
  return end.line < start.line || (end.line === start.line && end.column < start.column);
}
