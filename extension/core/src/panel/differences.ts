import type { Diagnostic, EquivalenceEntry } from '../api/types.js';
import { h, inline } from '../dom.js';
import type { Host } from '../host.js';
import { describeProof } from '../hover/model.js';
import { strings, type Say } from '../strings.js';
import { english } from '../ui/problem.js';
import { numbersOf, type Link } from './links.js';
import type { Shown } from './state.js';

/** Below the panes: what the converter says, then what each record says. */
export function renderDifferences(state: Shown, host: Host): HTMLElement {
  const say = strings(host.locale());
  const entries = state.entries.map(entry => recordCard(entry, state.links, host, say));
  const complete = state.entries.length === state.conversion.equivalences.length;
  const nothing = complete && entries.length === 0 && state.conversion.diagnostics.length === 0;
  return h(
    'section',
    { class: 'diptych-explained', 'aria-label': say('panel.differences') },
    h('h3', {}, say('panel.differences')),
    ...state.conversion.diagnostics.map(diagnostic => diagnosticRow(diagnostic, say)),
    ...entries,
    nothing && h('p', { class: 'diptych-quiet' }, say('panel.noDifferences'))
  );
}

function diagnosticRow(diagnostic: Diagnostic, say: Say): HTMLElement {
  return h(
    'p',
    { class: 'diptych-message', 'data-severity': diagnostic.severity },
    h('b', {}, say(`severity.${diagnostic.severity}`)),
    ` · ${say('panel.line', { line: diagnostic.line })} · `,
    english([diagnostic.message, diagnostic.suggestion].filter(text => text !== '').join(' '))
  );
}

function recordCard(
  { equivalence, proof }: EquivalenceEntry,
  links: readonly Link[],
  host: Host,
  say: Say
): HTMLElement {
  const locale = host.locale();
  const badge = describeProof(proof, equivalence, locale);
  const sentences = [equivalence.reason, equivalence.workaround, ...equivalence.differences].filter(
    text => text !== null
  );
  const notes = equivalence.notes.map(note => h('li', {}, ...inline(note[locale])));
  return h(
    'article',
    { class: 'diptych-record', 'data-equivalence': equivalence.id },
    h(
      'header',
      {},
      ...numberChips(equivalence.id, links),
      h('b', {}, equivalence.title[locale]),
      h(
        'span',
        { class: 'diptych-badge', 'data-proven': badge.proven ? 'true' : 'false', title: badge.detail },
        badge.proven ? '✓ ' : '○ ',
        badge.label
      )
    ),
    sentences.length === 0 ? null : h('ul', {}, ...sentences.map(text => h('li', {}, ...inline(text[locale])))),
    notes.length === 0 ? null : h('details', {}, h('summary', {}, say('panel.more')), h('ul', {}, ...notes))
  );
}

/** The numbers of the linked lines that the record explains, in the colours of the links. */
function numberChips(id: string, links: readonly Link[]): HTMLElement[] {
  const numbers = new Set(numbersOf(links, id));
  return links
    .filter(link => link.number !== null && numbers.has(link.number) && link.equivalences.includes(id))
    .map(link => h('span', { class: `diptych-link-number diptych-link-${link.colour}` }, String(link.number)));
}
