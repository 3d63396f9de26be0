import { pythonLanguage } from '@codemirror/lang-python';
import { HighlightStyle } from '@codemirror/language';
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight';

import { h } from './dom.js';

/** Kinds of Python text, each a class that `style/code.css` colours from the host's variables. */
const kinds = [
  {
    tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword, tags.definitionKeyword, tags.moduleKeyword],
    class: 'diptych-tok-keyword'
  },
  { tag: [tags.string, tags.special(tags.string)], class: 'diptych-tok-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'diptych-tok-number' },
  { tag: [tags.comment, tags.lineComment], class: 'diptych-tok-comment' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: 'diptych-tok-function' },
  { tag: [tags.className, tags.function(tags.definition(tags.variableName))], class: 'diptych-tok-definition' },
  {
    tag: [tags.operator, tags.arithmeticOperator, tags.compareOperator, tags.definitionOperator],
    class: 'diptych-tok-operator'
  }
];

const highlighter = tagHighlighter(kinds);

/** The same classes for editors. */
export const pythonStyle = HighlightStyle.define(kinds);

/** Python text as nodes with the classes of `style/code.css`, without an editor. */
export function highlighted(text: string): Node[] {
  const nodes: Node[] = [];
  highlightCode(
    text,
    pythonLanguage.parser.parse(text),
    highlighter,
    (part, classes) => nodes.push(classes === '' ? document.createTextNode(part) : h('span', { class: classes }, part)),
    () => nodes.push(document.createTextNode('\n'))
  );
  return nodes;
}
