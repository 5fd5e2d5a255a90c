/**
 * Another card for an order that waits for one, and the new payment attempts that a retry makes: after a definite refusal
 * each is a new business attempt with new keys.
 */
import { RETRIED } from '../../domain/cases.ts';
import { changePaymentRefusal } from '../../domain/actions.ts';
import { sharesToChargeAnew } from '../../domain/waits.ts';
import { resolveCases } from './cases.ts';
import { endWait } from './deadlines.ts';
import type { OrderWork } from './order.ts';

/** Takes the new card and charges every share anew that was refused. The token stays with the order: events hold none. */
export async function changePayment(
  work: OrderWork,
  message: { id: string; actor: string; payload: Record<string, unknown> },
): Promise<{ applied: boolean; code?: string }> {
  const { token } = message.payload;
  const refusal = typeof token === 'string' ? changePaymentRefusal(work.view) : 'payment_not_changeable';
  if (refusal) return { applied: false, code: refusal };
  await work.tx.query('update orders set payment_token = $2 where id = $1', [work.order.id, token]);
  work.record('payment.method_changed', { method: 'card', commandId: message.id }, message.actor);
  await endPaymentWaits(work, 'changed');
  await nextPaymentAttempts(work, message.actor);
  return { applied: true };
}

/** A deadline that passes in this very moment must not undo what was just asked for. */
export async function endPaymentWaits(work: OrderWork, as: string): Promise<void> {
  for (const wait of work.view.waits.filter((one) => one.kind === 'payment' || one.kind === 'decline'))
    await endWait(work, { subject: wait.subject, kind: wait.kind, as });
}

/** A new payment for every share that was refused; a voided label is booked anew. */
export async function nextPaymentAttempts(work: OrderWork, actor: string): Promise<void> {
  for (const share of sharesToChargeAnew(work.view)) {
    const rebook = share.shipment?.state === 'cancelled';
    await work.tx.query(
      'update fulfillment_orders set payment_attempt = payment_attempt + 1, shipment_attempt = shipment_attempt + $2 where id = $1',
      [share.id, rebook ? 1 : 0],
    );
    work.changed = true;
    await resolveCases(work, { subject: share.id, resolution: RETRIED, actor });
  }
}
