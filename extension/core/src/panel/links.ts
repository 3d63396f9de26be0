import type { Conversion, LineLink } from '../api/types.js';

/** Colours that `style/panel.css` has for links. */
export const LINK_COLOURS = 6;

export type Side = 'source' | 'target';

/** Lines of both sides that belong together, as they are shown. Lines are 1-based, both ends included. */
export interface Link {
  /** Position in the list, which all parts of the panel call it by. */
  readonly index: number;
  /** 1-based number shown beside the lines; null for lines that were taken over as they are. */
  readonly number: number | null;
  readonly colour: number;
  readonly source: LineRange;
  readonly target: LineRange;
  readonly equivalences: readonly string[];
}

export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** The links of a conversion, numbered where something changed. */
export function numberLinks(conversion: Pick<Conversion, 'links' | 'code'>, source: string): Link[] {
  const before = source.split('\n');
  const after = conversion.code.split('\n');
  let count = 0;
  return conversion.links.map((link, index) => {
    const changed = link.equivalences.length > 0 || textOf(before, link, 'source') !== textOf(after, link, 'target');
    count += changed ? 1 : 0;
    return {
      index,
      number: changed ? count : null,
      colour: (count - 1 + LINK_COLOURS) % LINK_COLOURS,
      source: { start: link.source_start, end: link.source_end },
      target: { start: link.target_start, end: link.target_end },
      equivalences: link.equivalences
    };
  });
}

function textOf(lines: readonly string[], link: LineLink, side: Side): string {
  const [start, end] = side === 'source' ? [link.source_start, link.source_end] : [link.target_start, link.target_end];
  return lines.slice(start - 1, Math.max(start - 1, end)).join('\n');
}

/** The link that a line belongs to. */
export function linkAt(links: readonly Link[], side: Side, line: number): Link | null {
  return links.find(link => link[side].start <= line && line <= link[side].end) ?? null;
}

/** Numbers of the links that a record explains. */
export function numbersOf(links: readonly Link[], equivalence: string): number[] {
  return links.flatMap(link => (link.number !== null && link.equivalences.includes(equivalence) ? [link.number] : []));
}

/** The next line up or down that is linked to something, from `line` (0 and count + 1 are the edges); null at the end. */
export function nextLinkedLine(links: readonly Link[], side: Side, line: number, step: 1 | -1): number | null {
  const starts = links.filter(link => link[side].end >= link[side].start).map(link => link[side].start);
  const sorted = starts.sort((one, other) => step * (one - other));
  return sorted.find(start => step * (start - line) > 0) ?? null;
}
