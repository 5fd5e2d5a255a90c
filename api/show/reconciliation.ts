/** Disputes, payouts, runs of the reconciliation and findings as the API shows them. */
import { FINDING_KINDS } from '../../domain/reconcile.ts';
import type { DisputeListRow, FindingRow, PayoutRow, RunRow } from '../../db/reads/reconciliation.ts';
import type { Dispute, Finding, Payout, Reconciliation } from '../schemas/reconciliation.ts';

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}

/** A dispute. */
export function showDisputeRow(row: DisputeListRow): Dispute {
  return {
    id: row.id,
    orderId: row.order_id,
    orderNumber: row.order_number,
    channel: row.channel,
    paymentId: row.payment_id,
    amount: { amount: row.amount_minor, currency: row.currency },
    state: row.state,
    reason: row.reason,
    respondBy: iso(row.respond_by),
    openedAt: row.opened_at.toISOString(),
    closedAt: iso(row.closed_at),
  };
}

/** A payout. */
export function showPayout(row: PayoutRow): Payout {
  return {
    id: row.id,
    provider: row.provider,
    amount: { amount: row.amount_minor, currency: row.currency },
    state: row.state,
    arrivesAt: iso(row.arrives_at),
    seenAt: row.seen_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** A run. */
export function showRun(row: RunRow): Reconciliation {
  return {
    id: row.id,
    provider: row.provider,
    dryRun: row.dry_run,
    since: row.since.toISOString(),
    startedAt: row.started_at.toISOString(),
    endedAt: iso(row.ended_at),
    compared: row.compared,
    counts: row.counts,
    settled: row.settled,
    problem: row.problem,
  };
}

/** A finding. */
export function showFinding(row: FindingRow): Finding {
  const { currency } = row;
  const money = (amount: number | null) =>
    amount === null || currency === null ? null : { amount, currency };
  return {
    id: row.id,
    runId: row.run_id,
    kind: FINDING_KINDS.find((kind) => kind === row.kind) ?? 'state_differs',
    orderId: row.order_id,
    orderNumber: row.order_number,
    paymentId: row.payment_id,
    reference: row.provider_ref,
    ours: money(row.ours_minor),
    theirs: money(row.theirs_minor),
    detail: row.detail,
    action: row.action === 'inspected' || row.action === 'case' ? row.action : 'none',
    foundAt: row.found_at.toISOString(),
  };
}
