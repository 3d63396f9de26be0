import type { Check, CheckProgress } from '../api/types.js';

/** What the section shows. It is closed until somebody asks for a check. */
export type CheckViewState =
  | { readonly kind: 'closed' }
  /** The document is not trusted: nothing has run. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'going'; readonly progress: CheckProgress | null }
  | { readonly kind: 'done'; readonly check: Check }
  | { readonly kind: 'cancelled' }
  /** The server could not be asked; null where the check itself broke down. */
  | { readonly kind: 'failed'; readonly problem: unknown };

/** What a check's progress shows. */
export function shownProgress(progress: CheckProgress): CheckViewState {
  if (progress.phase === 'broken') {
    return { kind: 'failed', problem: null };
  }
  return progress.check === null ? { kind: 'going', progress } : { kind: 'done', check: progress.check };
}
