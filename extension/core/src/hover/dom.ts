import type { Host } from '../host.js';
import { h, inline, present } from '../dom.js';
import { strings, type Say } from '../strings.js';
import { highlighted } from '../python.js';
import { english } from '../ui/problem.js';
import type { HoverModel, HoverParameter } from './model.js';

/** The hover as an element; styled by `style/hover.css`. */
export function renderHoverDom(model: HoverModel, host: Host): HTMLElement {
  const say = strings(model.locale);
  return h(
    'section',
    {
      class: 'diptych diptych-hover',
      'data-diptych-theme': host.theme(),
      lang: model.locale,
      'aria-label': say('hover.label', { symbol: model.symbol })
    },
    header(model, say),
    model.code === null ? null : code(model.code),
    ...model.messages.map(({ severity, text }) =>
      h(
        'p',
        { class: 'diptych-message', 'data-severity': severity },
        h('b', {}, say(`severity.${severity}`)),
        ' ',
        english(text)
      )
    ),
    paragraph('', model.reason),
    paragraph(say('hover.workaround'), model.workaround),
    list(say('hover.differences'), model.differences, 'diptych-differences'),
    model.parameters.length === 0 ? null : parameterTable(model.parameters, say),
    paragraph(say('hover.returns'), model.returns),
    list(say('hover.notes'), model.notes, 'diptych-notes'),
    footer(model, host, say)
  );
}

function header(model: HoverModel, say: Say): HTMLElement {
  const framework = say(`framework.${model.target}`);
  const none = model.counterparts.length === 0;
  return h(
    'header',
    { class: 'diptych-hover-header' },
    h('span', { class: 'diptych-hover-title' }, model.title),
    h(
      'span',
      { class: 'diptych-chip', 'data-framework': model.target },
      none ? say('hover.none', { framework }) : framework
    ),
    badge(model),
    h('span', { class: 'diptych-quiet diptych-hover-proof' }, model.proof.detail),
    h('div', { class: 'diptych-hover-counterparts' }, ...model.counterparts.map(name => h('code', {}, name)))
  );
}

function badge(model: HoverModel): HTMLElement {
  return h(
    'span',
    { class: 'diptych-badge', 'data-proven': String(model.proof.proven), title: model.proof.detail },
    model.proof.proven ? '✓ ' : '○ ',
    model.proof.label
  );
}

function code(text: string): HTMLElement {
  return h('pre', { class: 'diptych-code' }, h('code', {}, ...highlighted(text)));
}

function paragraph(label: string, text: string): HTMLElement | null {
  return text === '' ? null : h('p', {}, ...present([label !== '' && h('b', {}, `${label}: `)]), ...inline(text));
}

function list(title: string, items: readonly string[], name: string): HTMLElement | null {
  return items.length === 0
    ? null
    : h('div', { class: name }, h('h4', {}, title), h('ul', {}, ...items.map(item => h('li', {}, ...inline(item)))));
}

function parameterTable(rows: readonly HoverParameter[], say: Say): HTMLElement {
  return h(
    'table',
    { class: 'diptych-parameters', 'aria-label': say('hover.parameters') },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'PyTorch'), h('th', { scope: 'col' }, 'MXNet'), h('th', {}))),
    h('tbody', {}, ...rows.map(row => parameterRow(row, say)))
  );
}

function parameterRow(row: HoverParameter, say: Say): HTMLElement {
  const mark = h('span', { class: 'diptych-mark', title: say('hover.differsLong') }, '≠ ', say('hover.differs'));
  return h(
    'tr',
    { 'data-differs': row.differs },
    parameterCell(row.torch, row.torchDefault),
    parameterCell(row.mxnet, row.mxnetDefault),
    h('td', {}, row.differs && mark, ...(row.differs ? [' '] : []), ...inline(row.note))
  );
}

function parameterCell(name: string | null, value: string | null): HTMLElement {
  if (name === null) {
    return h('td', { class: 'diptych-absent' }, '–');
  }
  return h('td', {}, h('code', {}, name, value === null ? null : h('span', { class: 'diptych-default' }, `=${value}`)));
}

function footer(model: HoverModel, host: Host, say: Say): HTMLElement {
  const links = model.links.map(link =>
    h(
      'a',
      {
        href: link.url,
        title: say('hover.docs', { framework: say(`framework.${link.framework}`), name: link.label }),
        on: {
          click: event => {
            event.preventDefault();
            host.openExternal(link.url);
          }
        }
      },
      link.label
    )
  );
  return h('footer', { class: 'diptych-hover-footer' }, h('nav', {}, ...links));
}
