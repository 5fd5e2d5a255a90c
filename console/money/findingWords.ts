/** What reconciliation finds and does about it, in words. Pure. */
import type { Finding, Reconciliation } from '../../api/schemas/reconciliation.ts';
import { FINDING_KINDS, type FindingKind } from '../../domain/reconcile.ts';
import { formatCount, words } from '../format.ts';

/** What each difference is called. */
export const FINDING_WORDS: Readonly<Record<FindingKind, string>> = Object.freeze({
  captured_but_cancelled: 'Charged, and the order was cancelled',
  authorized_but_ended: 'Still held, and the order has ended',
  paid_but_unknown: 'Paid, and no order knows it',
  state_differs: 'Another state there',
  amount_differs: 'Another amount there',
  currency_differs: 'Another currency there',
  refund_differs: 'Another sum of refunds there',
  dispute_differs: 'A dispute that we did not know',
  missing_at_gateway: 'Not there at all',
});

/** What was done about it. */
export const FINDING_ACTION_WORDS: Readonly<Record<Finding['action'], string>> = Object.freeze({
  inspected: 'its order asks the provider and books the truth',
  case: 'a case was opened',
  none: 'only reported',
});

/** The findings of a run by kind: "2 × Another amount there"; empty when there is none. */
export function countWords({ counts }: Pick<Reconciliation, 'counts'>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${formatCount(count)} × ${findingWords(kind)}`)
    .join(', ');
}

/** A kind in words; one that nobody knows here is only made readable. */
export function findingWords(kind: string): string {
  const known = FINDING_KINDS.find((one) => one === kind);
  return known === undefined ? words(kind) : FINDING_WORDS[known];
}

/** How a run stands: under way, broken off, or done and with how many differences. */
export function runWords(run: Pick<Reconciliation, 'endedAt' | 'problem' | 'counts'>): {
  status: string;
  label: string;
} {
  if (run.problem !== null) return { status: 'failed', label: 'Broken off' };
  if (run.endedAt === null) return { status: 'pending', label: 'Running' };
  const found = Object.values(run.counts).reduce((sum, count) => sum + count, 0);
  if (found === 0) return { status: 'done', label: 'No difference' };
  return {
    status: 'needs_attention',
    label: `${formatCount(found)} ${found === 1 ? 'difference' : 'differences'}`,
  };
}
