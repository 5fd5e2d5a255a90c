/**
 * What an order owes by an offline method: its payment row, written once, and when it is due. Receipts are booked on it
 * (db/writes/receiptBooking.ts).
 */
import { METHODS, type OfflineMethod } from '../../domain/method.ts';
import { offlinePaymentId } from '../../domain/payment.ts';
import { dueAfter, offlineTender } from '../../domain/receipt.ts';
import { hasLeft } from '../../domain/shipment.ts';
import type { Tender } from '../../domain/tender.ts';
import type { PaymentFacts } from '../reads/snapshot.ts';
import { openPayment } from './money.ts';
import type { OrderWork } from './order.ts';

/**
 * Writes the payment that the order's offline tender stands for, once. While nothing came in for it, it follows the order: another
 * method or amount, or nothing any more.
 */
export async function recordOffline(work: OrderWork): Promise<void> {
  const { order, snapshot } = work;
  if (order.direction === 'undo') return;
  const tender = offlineTender(order);
  const id = offlinePaymentId(order.id);
  const known = snapshot.payments.find((payment) => payment.id === id);
  if (!known) {
    if (!tender) return;
    await openOffline(work, { ...tender, id, tender: tender.seq });
    return work.reload();
  }
  if (known.capturedMinor > 0 || isOf(known, tender)) return;
  if (tender)
    await work.tx.query(
      `update payments set method = $2, tender = $3, amount_minor = $4, state = 'created' where id = $1`,
      [id, tender.method, tender.seq, tender.amountMinor],
    );
  else await dropOffline(work);
  work.changed = true;
  await work.reload();
}

/** True when a payment on which nothing was booked says what the tender says. */
function isOf(known: PaymentFacts, tender: Tender | undefined): boolean {
  if (!tender) return known.state === 'voided';
  const { method, seq, amountMinor } = tender;
  const isTheSame = known.method === method && known.tender === seq && known.amountMinor === amountMinor;
  return isTheSame && known.state === 'created';
}

/** Writes an offline payment on which nothing was booked yet. */
export async function openOffline(
  work: OrderWork,
  given: { id: string; method: OfflineMethod; tender: number; amountMinor: number },
): Promise<void> {
  await openPayment(work, {
    ...given,
    ...{ shareId: null, attempt: 1, provider: 'offline', providerRef: null, state: 'created', events: [] },
  });
}

/** Fixes when money that comes after the goods is due, once all of them have left. */
export async function setDue(work: OrderWork): Promise<void> {
  const { order, view, snapshot } = work;
  const tender = offlineTender(order);
  if (!tender || METHODS[tender.method].moment !== 'after') return;
  if (order.dueAt !== null || order.paid || order.direction === 'undo') return;
  const isOnItsWay = (share: (typeof view.shares)[number]) =>
    share.shipment !== null && hasLeft(share.shipment.state);
  if (view.shares.length === 0 || !view.shares.every(isOnItsWay)) return;
  const { invoiceTermsDays, cashTermsDays } = snapshot.policy;
  const days = order.termsDays ?? (tender.method === 'invoice' ? invoiceTermsDays : cashTermsDays);
  const dueAt = dueAfter(snapshot.now, days);
  await work.tx.query('update orders set payment_due_at = $2 where id = $1', [order.id, dueAt]);
  const { amountMinor, method } = tender;
  work.record('payment.due', { method, amountMinor, currency: order.currency, dueAt: dueAt.toISOString() });
  await work.reload();
}

/** An order that ends unpaid awaits nothing any more. */
export async function dropOffline(work: OrderWork): Promise<void> {
  await work.tx.query(
    `update payments set state = 'voided' where order_id = $1 and provider = 'offline' and state = 'created'`,
    [work.order.id],
  );
}
