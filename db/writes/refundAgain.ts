/**
 * What people do about a refund whose movement failed, or that they move themselves: try it again under a new key, or
 * record that the money went back by another route.
 */
import type { RefundRoute } from '../../domain/method.ts';
import { planRefund, type RefundFacts, type RefundRequest } from '../../domain/refund.ts';
import { refundableOfPayment } from '../../domain/refundWalk.ts';
import { readRefundFacts } from '../reads/refundFacts.ts';
import { resolveCases } from './cases.ts';
import type { OrderWork } from './order.ts';
import {
  claimMovement,
  foldRefund,
  readMovements,
  settleMovement,
  startMovements,
  type MovementRow,
} from './refundMoves.ts';
import { findRefund, refuse, type Decision, type RefundResult, type RefundRow } from './refunds.ts';

/** Tries the failed movements of a refund again: the next attempt, with a new key. The money and the units must still be free. */
export async function retryRefund(work: OrderWork, decision: Decision): Promise<RefundResult> {
  const refund = await findRefund(work, decision.refundId);
  if (!refund) return refuse(work, decision, { code: 'refund_unknown' });
  if (refund.state !== 'failed')
    return refuse(work, decision, { code: 'refused_by_state', detail: `the refund is ${refund.state}` });
  const movements = await readMovements(work, refund.id);
  const failed = movements.filter((one) => one.state === 'failed');
  const refusal = await claimsRefused(work, refund, { movements, failed });
  if (refusal) return refuse(work, decision, refusal);
  const next = await claimAgain(work, refund, { failed, byHand: false });
  work.record(
    'refund.retried',
    { refundId: refund.id, seq: refund.seq, commandId: decision.commandId },
    decision.actor,
  );
  await resolveCases(work, { subject: refund.id, resolution: 'retried', actor: decision.actor });
  await startMovements(work, refund.id, next);
  return { applied: true, refundId: refund.id };
}

/**
 * The money went back by another route than the gateway: movements by hand and failed ones are done under that route's
 * reference, and the books take it from the account of that route. Refused while one is under way at the gateway, for the customer would be paid twice.
 */
export async function recordRefund(
  work: OrderWork,
  decision: Decision & { reference: string; route?: RefundRoute },
): Promise<RefundResult> {
  const refund = await findRefund(work, decision.refundId);
  if (!refund) return refuse(work, decision, { code: 'refund_unknown' });
  const isGranted = refund.state === 'granted' || refund.state === 'executing' || refund.state === 'failed';
  const movements = await readMovements(work, refund.id);
  const isPossible =
    isGranted && movements.every((one) => ['by_hand', 'failed', 'succeeded'].includes(one.state));
  if (!isPossible)
    return refuse(work, decision, { code: 'refused_by_state', detail: `the refund is ${refund.state}` });
  if (await isBooked(work, decision.reference))
    return refuse(work, decision, {
      code: 'refused_by_state',
      detail: 'the gateway has reported this very refund: it is booked; withdraw the one that failed',
    });
  const failed = movements.filter((one) => one.state === 'failed');
  const refusal = failed.length > 0 && (await claimsRefused(work, refund, { movements, failed }));
  if (refusal) return refuse(work, decision, refusal);
  await claimAgain(work, refund, { failed, byHand: true });
  await foldRefund(work, refund.id);
  await resolveCases(work, { subject: refund.id, resolution: 'recorded', actor: decision.actor });
  await settleByHand(work, refund.id, decision);
  return { applied: true, refundId: refund.id };
}

/** True when the gateway has reported a refund of this name that we did not ask for: recorded again, it would count twice. */
async function isBooked(work: OrderWork, reference: string): Promise<boolean> {
  const { rowCount } = await work.tx.query(
    `select from payment_events e where e.order_id = $1 and e.reference = $2 and e.source = 'gateway' and e.type = 'refund_success'
       and not exists (select from payment_events back where back.payment_id = e.payment_id and back.reference = e.reference
         and back.type = 'refund_reverse')`,
    [work.order.id, reference],
  );
  return Boolean(rowCount);
}

/** Movements by hand of a refund are done, under this reference. */
async function settleByHand(
  work: OrderWork,
  refundId: string,
  given: { reference: string; actor: string; route?: RefundRoute },
): Promise<void> {
  const open = (await readMovements(work, refundId)).filter((one) => one.state === 'by_hand');
  for (const { id: attemptId } of open) {
    await settleMovement(work, {
      attemptId,
      outcome: {
        state: 'succeeded',
        providerRef: given.reference,
        source: 'person',
        actor: given.actor,
        ...(given.route !== undefined && { route: given.route }),
      },
    });
  }
}

/**
 * A person closed the case that asked to give money back by hand: what they wrote says that it was done, so the movements
 * it asked for are done under the case's id.
 */
export async function recordByCase(
  work: OrderWork,
  closed: { id: string; code: string; subject: string },
  actor: string,
): Promise<void> {
  if (closed.code !== 'refund_by_hand' && closed.code !== 'refund_at_channel') return;
  const { rows } = await work.tx.query<{ id: string }>(
    `select distinct r.id from refunds r join refund_attempts a on a.refund_id = r.id
     where r.order_id = $1 and a.state = 'by_hand' and r.state in ('granted', 'executing', 'failed')
       and (r.id = $2 or ($2 = r.order_id and not exists (
         select from cases c where c.order_id = r.order_id and c.subject = r.id and c.code = 'refund_by_hand' and c.resolved_at is null)))`,
    [work.order.id, closed.subject],
  );
  for (const { id } of rows) await settleByHand(work, id, { reference: closed.id, actor });
}

async function claimAgain(
  work: OrderWork,
  refund: RefundRow,
  { failed, byHand }: { failed: readonly MovementRow[]; byHand: boolean },
): Promise<MovementRow[]> {
  for (const one of failed) {
    const { paymentId, seq, amountMinor } = one;
    const attempt = one.attempt + 1;
    await claimMovement(work, { refund, paymentId, seq, attempt, amountMinor, byHand });
  }
  const places = new Set(failed.map((one) => one.seq));
  return (await readMovements(work, refund.id)).filter((one) => places.has(one.seq));
}

/** Why failed movements can't be claimed anew: meanwhile another refund took the money or the units. */
async function claimsRefused(
  work: OrderWork,
  refund: RefundRow,
  { movements, failed }: { movements: readonly MovementRow[]; failed: readonly MovementRow[] },
) {
  const facts = await readRefundFacts(work.tx, work.order.id);
  if (!facts) return { code: 'not_found' as const };
  const isFree = failed.every((one) => leftOf(facts, one.paymentId) >= neededOf(failed, one.paymentId));
  if (!isFree)
    return { code: 'refund_too_large' as const, detail: 'another refund took the money meanwhile' };
  // While one movement stands, the units still count as refunded by this refund.
  if (failed.length < movements.length) return undefined;
  const planned = planRefund(facts, await requestOf(work, refund));
  return planned.ok ? undefined : { code: planned.code, detail: planned.detail };
}

function leftOf(facts: RefundFacts, paymentId: string): number {
  const payment = facts.payments.find((one) => one.id === paymentId);
  return payment ? refundableOfPayment(payment) : 0;
}

function neededOf(failed: readonly MovementRow[], paymentId: string): number {
  return failed.filter((one) => one.paymentId === paymentId).reduce((sum, one) => sum + one.amountMinor, 0);
}

async function requestOf(work: OrderWork, refund: RefundRow): Promise<RefundRequest> {
  const { rows } = await work.tx.query<Required<Omit<RefundRequest, 'amountMinor' | 'paymentId'>>>(
    `select reason, lines, shipping_minor as "shippingMinor", goodwill_minor as "goodwillMinor", fees from refunds where id = $1`,
    [refund.id],
  );
  return rows[0] ?? { reason: 'other' };
}
