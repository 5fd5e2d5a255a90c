/** Money moved from outside, as shown: disputes, payouts, and what reconciliation found between our books and the gateway's. */
import { z } from 'zod';
import { FINDING_KINDS } from '../../domain/reconcile.ts';
import { at, maybeAt, pageQuery, queryBoolean, slug, text } from './fields.ts';
import { moneyShown } from './orderParts.ts';

const DISPUTE_STATES = ['open', 'won', 'lost'] as const;

/** A charge that the customer disputes at their bank. */
export const DisputeShown = z
  .strictObject({
    id: z.string().meta({ description: 'The id the provider gave it.' }),
    orderId: z.string(),
    orderNumber: z.int(),
    channel: z.string(),
    paymentId: z.string(),
    amount: moneyShown,
    state: z.enum(DISPUTE_STATES),
    reason: z.string().nullable(),
    respondBy: maybeAt.meta({ description: 'Until when the provider takes evidence.' }),
    openedAt: at,
    closedAt: maybeAt,
  })
  .meta({ id: 'Dispute' });

/** A transfer of the provider to the merchant’s bank. */
export const PayoutShown = z
  .strictObject({
    id: z.string(),
    provider: z.string(),
    amount: z
      .strictObject({ amount: z.int(), currency: z.string() })
      .meta({ description: 'Negative when the provider takes money back.' }),
    state: z.string(),
    arrivesAt: maybeAt,
    seenAt: at,
    updatedAt: at,
  })
  .meta({ id: 'Payout' });

/** One run of the reconciliation. */
export const ReconciliationShown = z
  .strictObject({
    id: z.string(),
    provider: z.string(),
    dryRun: z.boolean(),
    since: at.meta({ description: 'Payments made since then were compared.' }),
    startedAt: at,
    endedAt: maybeAt.meta({ description: 'Null while it runs.' }),
    compared: z.int().meta({ description: 'Payments compared so far.' }),
    counts: z.record(z.string(), z.int()).meta({ description: 'Findings by kind.' }),
    settled: z.int().meta({
      description: 'Payments found paid out to the merchant’s bank; in a dry run those that would be.',
    }),
    problem: z.string().nullable().meta({ description: 'Why the run was broken off.' }),
  })
  .meta({ id: 'Reconciliation' });

/** One difference between our books and the gateway’s, and what was done about it. */
export const FindingShown = z
  .strictObject({
    id: z.string(),
    runId: z.string(),
    kind: z.enum(FINDING_KINDS),
    orderId: z.string().nullable(),
    orderNumber: z.int().nullable(),
    paymentId: z.string().nullable(),
    reference: z.string().nullable().meta({ description: 'The provider’s payment.' }),
    ours: moneyShown.nullable(),
    theirs: moneyShown.nullable(),
    detail: z.string(),
    action: z.enum(['inspected', 'case', 'none']),
    foundAt: at,
  })
  .meta({ id: 'Finding' });

/** A run to start. */
export const ReconciliationInputBody = z
  .strictObject({
    sinceHours: z
      .int()
      .min(1)
      .max(24 * 90)
      .optional()
      .meta({ description: 'How far back; since the last run when left out.' }),
    dryRun: z.boolean().optional().meta({ description: 'Only report: nothing is repaired.' }),
  })
  .meta({ id: 'ReconciliationInput' });

/** The query of `GET /v1/disputes`. */
export const DisputeListQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(DISPUTE_STATES).optional(),
  channel: slug.optional(),
  order: text(50).optional().meta({ description: 'Number or id of an order.' }),
});

/** The query of `GET /v1/payouts`. */
export const PayoutListQuery = z.strictObject({ ...pageQuery });

/** The query of `GET /v1/reconciliations`. */
export const ReconciliationListQuery = z.strictObject({
  ...pageQuery,
  dryRun: queryBoolean.optional(),
});

/** The query of a run’s findings. */
export const FindingListQuery = z.strictObject({ ...pageQuery, kind: z.enum(FINDING_KINDS).optional() });

/** Types for clients. */
export type Dispute = z.output<typeof DisputeShown>;
export type Payout = z.output<typeof PayoutShown>;
export type Reconciliation = z.output<typeof ReconciliationShown>;
export type Finding = z.output<typeof FindingShown>;
