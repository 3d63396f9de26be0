import type { HoverModel, HoverParameter } from './model.js';
import { strings, type Say } from '../strings.js';

/** The hover as GitHub-flavoured Markdown, for hosts whose hovers are Markdown. */
export function renderHoverMarkdown(model: HoverModel): string {
  const say = strings(model.locale);
  const target = say(`framework.${model.target}`);
  const heading =
    model.counterparts.length > 0
      ? say('hover.counterpart', { framework: target })
      : say('hover.none', { framework: target });
  return [
    `**${escapeText(model.title)}** · ${escapeText(heading)}`,
    model.counterparts.map(codeSpan).join('  \n'),
    model.code === null ? '' : codeBlock(model.code),
    ...model.messages.map(({ severity, text }) => `**${say(`severity.${severity}`)}**: ${sentence(text)}`),
    sentence(model.reason),
    model.workaround === '' ? '' : `**${say('hover.workaround')}**: ${sentence(model.workaround)}`,
    section(say('hover.differences'), model.differences),
    model.parameters.length === 0 ? '' : parameterTable(model.parameters, say),
    model.returns === '' ? '' : `**${say('hover.returns')}**: ${sentence(model.returns)}`,
    section(say('hover.notes'), model.notes),
    `${model.proof.proven ? '✓' : '○'} **${escapeText(model.proof.label)}** ${escapeText(model.proof.detail)}`.trim(),
    model.links.map(link => `[${escapeText(link.label)}](${address(link.url)})`).join(' · ')
  ]
    .filter(block => block !== '')
    .join('\n\n');
}

function section(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `**${title}**\n\n${items.map(item => `- ${sentence(item)}`).join('\n')}`;
}

function parameterTable(rows: readonly HoverParameter[], say: Say): string {
  const cells = rows.map(row => [
    parameter(row.torch, row.torchDefault),
    parameter(row.mxnet, row.mxnetDefault),
    [row.differs ? `**${say('hover.differs')}**` : '', sentence(row.note)].filter(text => text !== '').join(' ')
  ]);
  const lines = [['PyTorch', 'MXNet', ''], ['---', '---', '---'], ...cells];
  return lines.map(line => `| ${line.map(cell => cell.replace(/\|/g, '\\|')).join(' | ')} |`).join('\n');
}

function parameter(name: string | null, value: string | null): string {
  return name === null ? '' : codeSpan(value === null ? name : `${name}=${value}`);
}

/** Escapes everything but code in backquotes. */
function sentence(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map(part => (part.startsWith('`') && part.length > 2 ? codeSpan(part.slice(1, -1)) : escapeText(part)))
    .join('');
}

function escapeText(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&')
    .replace(/\n/g, ' ')
    .replace(/&/g, '&amp;');
}

/** A code span whose fence is longer than any run of backquotes in it. */
function codeSpan(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text.replace(/\n/g, ' ')}${pad}${fence}`;
}

function codeBlock(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}python\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(run => run.length));
}

/** A link's target, with what would end it early percent-encoded. */
function address(url: string): string {
  return url.replace(/[()<>\s]/g, character => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
