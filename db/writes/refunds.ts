/**
 * The decision about a refund: asked for, granted or waiting for a second person, approved, declined, withdrawn. What is
 * asked for counts as used from that moment on, under the order's lock, so parallel requests can't grant the same money twice.
 */
import type { FailureCode } from '../../domain/failures.ts';
import {
  needsApproval,
  planRefund,
  refundableMinor,
  type RefundPlan,
  type RefundRequest,
} from '../../domain/refund.ts';
import type { RefundState } from '../../domain/refundStates.ts';
import { newId } from '../ids.ts';
import { readRefundFacts } from '../reads/refundFacts.ts';
import { openCase, resolveCases } from './cases.ts';
import type { OrderWork } from './order.ts';
import { endChannelCase } from './refundCases.ts';
import { claimMovement, dropMovements, readMovements, startMovements } from './refundMoves.ts';

/** How a command about a refund ended. */
export type RefundResult =
  { applied: true; refundId: string } | { applied: false; code: FailureCode; detail?: string };

/** A refund as its decisions need it. */
export interface RefundRow {
  id: string;
  seq: number;
  state: RefundState;
  amountMinor: number;
  requestedBy: string;
}

/** A refund that is asked for. */
export interface AskedRefund {
  request: RefundRequest;
  /** Who asks; of a signal also who they say they are. */
  requestedBy: string;
  /** Who events name, when that is not who asks: what a signal says of its sender is a person's words. */
  actor?: string;
  /** The message that asks: a repeat is the same refund. */
  commandId: string;
  /** Above this, in whole units of the currency, a second person has to approve; null: never. */
  limitMajor: number | null;
  note: string | null;
}

/** Grants a refund or lets it wait for a second person; refused when the plan is. */
export async function grantRefund(work: OrderWork, asked: AskedRefund): Promise<RefundResult> {
  const { rows } = await work.tx.query<{ id: string }>('select id from refunds where command_id = $1', [
    asked.commandId,
  ]);
  if (rows[0]) return { applied: true, refundId: rows[0].id };
  const facts = await readRefundFacts(work.tx, work.order.id);
  const planned = facts && planRefund(facts, asked.request);
  if (!planned?.ok) {
    const code = planned?.code ?? 'not_found';
    work.record('refund.refused', { code, commandId: asked.commandId }, asked.actor ?? asked.requestedBy);
    return { applied: false, code, ...(planned && { detail: planned.detail }) };
  }
  const { plan } = planned;
  const waits =
    asked.limitMajor !== null && needsApproval(plan.amountMinor, work.order.currency, asked.limitMajor);
  const refund = await insertRefund(work, asked, {
    plan,
    state: waits ? 'awaiting_approval' : 'granted',
  });
  for (const [index, { paymentId, amountMinor, byHand }] of plan.movements.entries()) {
    await claimMovement(work, { refund, paymentId, seq: index + 1, attempt: 1, amountMinor, byHand });
  }
  work.record(
    'refund.requested',
    {
      refundId: refund.id,
      seq: refund.seq,
      amountMinor: plan.amountMinor,
      currency: work.order.currency,
      reason: asked.request.reason,
      needsApproval: waits,
      commandId: asked.commandId,
    },
    asked.actor ?? asked.requestedBy,
  );
  if (!waits) await startMovements(work, refund.id, await readMovements(work, refund.id));
  return { applied: true, refundId: refund.id };
}

async function insertRefund(
  work: OrderWork,
  asked: AskedRefund,
  { plan, state }: { plan: RefundPlan; state: RefundState },
): Promise<{ id: string; seq: number }> {
  const id = newId('rfd');
  const { rows } = await work.tx.query<{ seq: number }>(
    `insert into refunds (id, order_id, seq, state, reason, note, currency, amount_minor, lines, shipping_minor,
       goodwill_minor, fees, fees_minor, rounding_minor, chosen_payment, requested_by, command_id)
     select $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
     from refunds where order_id = $2 returning seq`,
    [
      id,
      work.order.id,
      state,
      asked.request.reason,
      asked.note,
      work.order.currency,
      plan.amountMinor,
      JSON.stringify(plan.lines),
      plan.shippingMinor,
      plan.goodwillMinor,
      JSON.stringify(plan.fees),
      plan.feesMinor,
      plan.roundingMinor,
      asked.request.paymentId ?? null,
      asked.requestedBy,
      asked.commandId,
    ],
  );
  work.changed = true;
  return { id, seq: rows[0]?.seq ?? 0 };
}

/**
 * An order that was undone gives back all that is left of what was taken: nobody needs to approve it. Does nothing when
 * nothing is left. Money that was taken and can't be planned back is a case.
 */
export async function grantUndoRefund(work: OrderWork): Promise<void> {
  const facts = await readRefundFacts(work.tx, work.order.id);
  const left = facts ? refundableMinor(facts) : 0;
  if (left === 0) return;
  const result = await grantRefund(work, {
    request: { amountMinor: left, reason: 'cancelled' },
    requestedBy: work.order.undoActor ?? 'system',
    commandId: `undo/${newId('cmd')}`,
    limitMajor: null,
    note: null,
  });
  if (result.applied) return;
  await openCase(work, {
    subject: work.order.id,
    code: 'refund_failed',
    attention: 'payment_action',
    detail: `The order ended and its money could not be given back by itself: ${result.detail ?? result.code}.`,
  });
}

/** Money that became free after its order had ended undone goes back as well; for any other order nothing is done. */
export async function giveBackFreed(work: OrderWork): Promise<void> {
  const { lifecycle } = work.order;
  if (lifecycle === 'cancelled' || lifecycle === 'expired') await grantUndoRefund(work);
}

/** A refund of this order; undefined when it has none with this id. */
export async function findRefund(work: OrderWork, refundId: string): Promise<RefundRow | undefined> {
  const { rows } = await work.tx.query<RefundRow>(
    `select id, seq, state, amount_minor as "amountMinor", requested_by as "requestedBy"
     from refunds where id = $1 and order_id = $2`,
    [refundId, work.order.id],
  );
  return rows[0];
}

/** Who decides on which refund, by which message (none when its time is over). */
export interface Decision {
  refundId: string;
  actor: string;
  commandId?: string;
}

/** A second person approves: the movements may go. Refused to who asked for it. */
export async function approveRefund(work: OrderWork, decision: Decision): Promise<RefundResult> {
  const refund = await findRefund(work, decision.refundId);
  const refusal = !refund
    ? 'refund_unknown'
    : refund.state !== 'awaiting_approval'
      ? 'refused_by_state'
      : refund.requestedBy === decision.actor
        ? 'own_request'
        : undefined;
  if (!refund || refusal)
    return refuse(work, decision, {
      code: refusal ?? 'refund_unknown',
      ...(refund && refusal === 'refused_by_state' && { detail: `the refund is ${refund.state}` }),
    });
  await decide(work, decision, 'granted');
  work.record('refund.approved', eventOf(work, refund, decision), decision.actor);
  await startMovements(work, refund.id, await readMovements(work, refund.id));
  return { applied: true, refundId: refund.id };
}

/** A second person declines: nothing moves, and the amount is free again. */
export async function declineRefund(work: OrderWork, decision: Decision): Promise<RefundResult> {
  const refund = await findRefund(work, decision.refundId);
  if (!refund) return refuse(work, decision, { code: 'refund_unknown' });
  if (refund.state !== 'awaiting_approval')
    return refuse(work, decision, { code: 'refused_by_state', detail: `the refund is ${refund.state}` });
  if (refund.requestedBy === decision.actor)
    return refuse(work, decision, {
      code: 'own_request',
      detail: 'withdraw your own request instead of declining it',
    });
  const movements = await readMovements(work, refund.id);
  await dropMovements(work, movements, { code: 'declined', wereStarted: false });
  await decide(work, decision, 'declined');
  work.record('refund.declined', eventOf(work, refund, decision), decision.actor);
  await giveBackFreed(work);
  return { applied: true, refundId: refund.id };
}

/** Takes a refund back of which nothing has moved and nothing is under way. */
export async function withdrawRefund(work: OrderWork, decision: Decision): Promise<RefundResult> {
  const refund = await findRefund(work, decision.refundId);
  if (!refund) return refuse(work, decision, { code: 'refund_unknown' });
  const movements = await readMovements(work, refund.id);
  const isUntouched =
    refund.state === 'awaiting_approval' ||
    (['granted', 'executing', 'failed'].includes(refund.state) &&
      movements.every((one) => one.state === 'by_hand' || one.state === 'failed'));
  if (!isUntouched)
    return refuse(work, decision, { code: 'refused_by_state', detail: `the refund is ${refund.state}` });
  const wereStarted = refund.state !== 'awaiting_approval';
  await dropMovements(work, movements, { code: 'withdrawn', wereStarted });
  await decide(work, decision, 'withdrawn');
  const how = { resolution: 'withdrawn', actor: decision.actor };
  await resolveCases(work, { subject: refund.id, ...how });
  await endChannelCase(work, how);
  work.record('refund.withdrawn', eventOf(work, refund, decision), decision.actor);
  // What was granted and is withdrawn stays here because a person wants it to.
  if (!wereStarted) await giveBackFreed(work);
  return { applied: true, refundId: refund.id };
}

async function decide(
  work: OrderWork,
  { refundId, actor }: Decision,
  state: 'granted' | 'declined' | 'withdrawn',
): Promise<void> {
  await work.tx.query('update refunds set state = $2, decided_by = $3, decided_at = now() where id = $1', [
    refundId,
    state,
    actor,
  ]);
  work.changed = true;
}

/** What the event of a decision names. */
function eventOf(work: OrderWork, refund: RefundRow, { commandId }: Decision): Record<string, unknown> {
  const { id: refundId, seq, amountMinor } = refund;
  return {
    refundId,
    seq,
    amountMinor,
    currency: work.order.currency,
    ...(commandId !== undefined && { commandId }),
  };
}

/** A command about a refund that is refused leaves an event, and nothing else. */
export function refuse(
  work: OrderWork,
  { refundId, actor, commandId }: Decision,
  why: { code: FailureCode; detail?: string },
): RefundResult {
  work.record(
    'refund.refused',
    { refundId, code: why.code, ...(commandId !== undefined && { commandId }) },
    actor,
  );
  return { applied: false, ...why };
}
