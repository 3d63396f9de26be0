import type { CheckRow, Verdict } from '../api/types.js';

/** What a reader wants first: what differs, then what rounding explains, then what agrees. */
const rank: Readonly<Record<Verdict, number>> = { differs: 0, close: 1, equal: 2, 'not-compared': 3 };

/** The rows that were compared, the telling ones first; and the others. */
export function arranged(rows: readonly CheckRow[]): { compared: CheckRow[]; others: CheckRow[] } {
  const sorted = [...rows].sort((a, b) => rank[a.verdict] - rank[b.verdict]);
  return {
    compared: sorted.filter(row => row.verdict !== 'not-compared'),
    others: sorted.filter(row => row.verdict === 'not-compared')
  };
}

/** A difference in three digits; '' where there is none to tell. */
export function shortNumber(difference: number | null): string {
  return difference === null ? '' : difference === 0 ? '0' : Number(difference.toPrecision(3)).toString();
}
