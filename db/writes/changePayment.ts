/**
 * Another way to pay for an order that waits for one, and the new payment attempts that a retry makes: after a definite
 * refusal each is a new business attempt with new keys.
 */
import { RETRIED } from '../../domain/cases.ts';
import { changePaymentRefusal, tenderToReplace, type PaymentChange } from '../../domain/changePayment.ts';
import { isHeld, isOffline } from '../../domain/method.ts';
import { PAYMENT_METHODS } from '../../domain/order.ts';
import { offlineTender } from '../../domain/receipt.ts';
import { awaitedTender, storedTenders, type Tender } from '../../domain/tender.ts';
import { sharesToChargeAnew } from '../../domain/waits.ts';
import { chargeAnew } from './authorizations.ts';
import { resolveCases } from './cases.ts';
import { endWait } from './endWait.ts';
import type { OrderWork } from './order.ts';
import { countReceived } from './receiptBooking.ts';
import { hereMinor } from './received.ts';

/**
 * Replaces a tender that was refused or has not come, and charges every share anew that waits for it. Tokens and accounts
 * stay with the order: events hold none.
 */
export async function changePayment(
  work: OrderWork,
  message: { id: string; actor: string; payload: Record<string, unknown> },
): Promise<{ applied: boolean; code?: string }> {
  const change = readChange(message.payload);
  const refusal = changePaymentRefusal(work.view);
  const tenders = storedTenders(work.order);
  const target = refusal || !change ? undefined : tenderToReplace(work.view, tenders, change);
  if (!change || !target) return { applied: false, code: refusal ?? 'payment_not_changeable' };
  await switchTender(work, { target, change, actor: message.actor, because: { commandId: message.id } });
  return { applied: true };
}

/** Replaces one tender, charges anew what waits for it, and counts what came in by receipts before. */
async function switchTender(
  work: OrderWork,
  given: { target: Tender; change: PaymentChange; actor: string; because: Record<string, string> },
): Promise<void> {
  const { target, change, actor, because } = given;
  work.record('payment.method_changed', { method: change.method, tender: target.seq, ...because }, actor);
  await endPaymentWaits(work, 'changed');
  await nextPaymentAttempts(work, actor);
  await replaceTender(work, target, change);
  await countReceived(work);
}

/**
 * The customer has paid what was refused in another way, all of it: the receipts take the place of that tender, so that nobody
 * is charged for it again. Less than all of it is left to a person, as too much.
 */
export async function takeReceiptsInstead(work: OrderWork): Promise<void> {
  const { order, snapshot, view } = work;
  const received = snapshot.payments.find((one) => isOffline(one.method) && one.capturedMinor > 0);
  if (!received || offlineTender(order) || changePaymentRefusal(view)) return;
  const change = { method: received.method, token: null };
  const target = tenderToReplace(view, storedTenders(order), change);
  if (!target || (await hereMinor(work)) < target.amountMinor) return;
  await switchTender(work, { target, change, actor: 'system', because: { paymentId: received.id } });
  await work.reload();
}

/** The payload as the API wrote it; undefined when it is something else. */
function readChange({
  method,
  token,
  tender,
  termsDays,
}: Record<string, unknown>): PaymentChange | undefined {
  const known = PAYMENT_METHODS.find((one) => one === method);
  if (!known || known === 'prepaid' || (isHeld(known) && typeof token !== 'string')) return undefined;
  return {
    method: known,
    token: typeof token === 'string' ? token : null,
    ...(typeof tender === 'number' && { tender }),
    ...(typeof termsDays === 'number' && { termsDays }),
  };
}

async function replaceTender(work: OrderWork, target: Tender, change: PaymentChange): Promise<void> {
  const { order } = work;
  const { method, token, termsDays = null } = change;
  const tenders = storedTenders(order).map((one) =>
    one.seq === target.seq ? { ...one, method, token } : one,
  );
  const speaks = awaitedTender({ ...order, tenders }) ?? tenders[0] ?? { method, token };
  await work.tx.query(
    `update orders set payment_method = $2, payment_token = $3, tenders = $4, payment_terms_days = coalesce($5, payment_terms_days)
     where id = $1`,
    [order.id, speaks.method, speaks.token, order.tenders && JSON.stringify(tenders), termsDays],
  );
  work.changed = true;
}

/** A deadline that passes in this very moment must not undo what was just asked for. */
export async function endPaymentWaits(work: OrderWork, as: string): Promise<void> {
  for (const wait of work.view.waits.filter((one) => one.kind === 'payment' || one.kind === 'decline'))
    await endWait(work, { subject: wait.subject, kind: wait.kind, as });
}

/** A new payment for everything of a share that was refused; a voided label is booked anew. */
export async function nextPaymentAttempts(work: OrderWork, actor: string): Promise<void> {
  for (const share of sharesToChargeAnew(work.view)) {
    await chargeAnew(work, share);
    if (share.shipment?.state === 'cancelled')
      await work.tx.query(
        'update fulfillment_orders set shipment_attempt = shipment_attempt + 1 where id = $1',
        [share.id],
      );
    work.changed = true;
    await resolveCases(work, { subject: share.id, resolution: RETRIED, actor });
    // That a part was missing is answered by charging it.
    for (const { id } of share.payments.filter((one) => one.state === 'partially_captured'))
      await resolveCases(work, { subject: id, codes: ['amount_mismatch'], resolution: RETRIED, actor });
  }
}
