import type { Check, CheckRow, CheckSide, Lines } from '../api/types.js';
import { h } from '../dom.js';
import type { Say } from '../strings.js';
import { english } from '../ui/problem.js';
import { arranged, shortNumber } from './order.js';

const marks = { equal: '✓', close: '≈', differs: '≠', 'not-compared': '–' } as const;

/** The result of a check: the sentence, where both sides part, every value, and what failed sides said. */
export function renderCheck(check: Check, say: Say): HTMLElement[] {
  const { compared, others } = arranged(check.rows);
  const sides = [check.original, check.converted].filter(side => side !== null);
  return [
    h(
      'p',
      { class: 'diptych-check-verdict', 'data-state': check.state, role: 'status' },
      h('b', {}, say(`check.state.${check.state}`)),
      ' ',
      english(check.message)
    ),
    ...(check.parting === null
      ? []
      : [
          h(
            'p',
            { class: 'diptych-check-parting' },
            say('check.parting', {
              name: check.parting.name,
              original: place(check.parting.original, say),
              conversion: place(check.parting.converted, say)
            })
          )
        ]),
    ...sides.filter(side => side.problem !== '').map(side => trouble(side, say)),
    ...(compared.length > 0 ? [table(compared, say('check.values'), say)] : []),
    ...(others.length > 0
      ? [
          h(
            'details',
            {},
            h('summary', {}, say('check.notCompared', { count: others.length })),
            table(others, say('check.notCompared', { count: others.length }), say)
          )
        ]
      : []),
    ...sides.filter(side => side.stdout !== '').map(side => printed(side, say))
  ];
}

function table(rows: readonly CheckRow[], caption: string, say: Say): HTMLElement {
  const headers = [say('check.name'), say('check.verdict'), say('check.difference'), say('check.from')];
  return h(
    'table',
    { class: 'diptych-check-table' },
    h('caption', { class: 'diptych-spoken' }, caption),
    h('thead', {}, h('tr', {}, ...headers.map(header => h('th', { scope: 'col' }, header)))),
    h('tbody', {}, ...rows.map(row => tableRow(row, say)))
  );
}

function tableRow(row: CheckRow, say: Say): HTMLElement {
  const kinds = row.original === row.converted ? [row.original] : [row.original, row.converted];
  const described = kinds.filter(kind => kind !== '').join(' → ');
  const line = row.line === null ? '' : place({ first: row.line, last: row.line, cell: row.cell }, say);
  return h(
    'tr',
    { 'data-verdict': row.verdict, 'data-name': row.name },
    h(
      'th',
      { scope: 'row' },
      h('code', {}, row.name),
      described !== '' && h('span', { class: 'diptych-quiet' }, described),
      row.note !== '' && h('span', { class: 'diptych-quiet' }, english(row.note))
    ),
    h('td', {}, `${marks[row.verdict]} ${say(`check.verdict.${row.verdict}`)}`),
    h('td', {}, shortNumber(row.difference)),
    h('td', {}, line)
  );
}

function place(lines: Lines, say: Say): string {
  const numbers =
    lines.first === lines.last
      ? say('panel.line', { line: lines.first })
      : say('panel.lines', { from: lines.first, to: lines.last });
  return lines.cell === null ? numbers : say('check.cell', { cell: lines.cell + 1, lines: numbers });
}

function trouble(side: CheckSide, say: Say): HTMLElement {
  return h(
    'div',
    { class: 'diptych-check-trouble', role: 'alert' },
    h('p', {}, h('b', {}, say(`framework.${side.framework}`)), ': ', english(side.problem)),
    side.traceback !== '' &&
      h('details', {}, h('summary', {}, say('check.traceback')), h('pre', { lang: 'en' }, side.traceback))
  );
}

function printed(side: CheckSide, say: Say): HTMLElement {
  const title = say('check.printed', { framework: say(`framework.${side.framework}`) });
  return h('details', {}, h('summary', {}, title), h('pre', {}, side.stdout));
}
