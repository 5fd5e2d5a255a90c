/**
 * Books a receipt on its order, under the order's lock: the charge on the offline payment, whether that is all that is owed,
 * and what follows when it is too much, or when the order has ended without it.
 */
import type { FailureCode } from '../../domain/failures.ts';
import { METHODS, type OfflineMethod } from '../../domain/method.ts';
import { formatMoney } from '../../domain/money.ts';
import { offlinePaymentId } from '../../domain/payment.ts';
import { offlineTender, receiptProblem, receivedState, type ReceiptSource } from '../../domain/receipt.ts';
import { wantedWaits } from '../../domain/waits.ts';
import { openCase, resolveCases } from './cases.ts';
import { endWait } from './endWait.ts';
import { hereMinor, isReceived } from './received.ts';
import { recordMoney } from './money.ts';
import { openOffline } from './offlinePayment.ts';
import type { OrderWork } from './order.ts';
import { grantUndoRefund } from './refunds.ts';

interface GivenReceipt {
  id: string;
  method: OfflineMethod;
  currency: string;
  amountMinor: number;
  receivedAt: Date;
  source: ReceiptSource;
  actor: string;
}

/** Takes the receipt that a message names. What is not on its way any more, or belongs to another order, changes nothing. */
export async function applyReceipt(
  work: OrderWork,
  message: { payload: Record<string, unknown> },
): Promise<{ applied: boolean; code?: FailureCode; detail?: string }> {
  const { rows } = await work.tx.query<GivenReceipt>(
    `select id, method, currency, amount_minor as "amountMinor", received_at as "receivedAt", source, actor
     from receipts where id = $1 and order_id = $2 and state = 'given' for update`,
    [message.payload['receiptId'], work.order.id],
  );
  const receipt = rows[0];
  if (!receipt) return { applied: false, detail: 'the receipt is not on its way to this order' };
  const problem = receiptProblem(receipt, work.order);
  if (problem) {
    await work.tx.query(
      `update receipts set state = 'unmatched', problem = $2, order_id = null where id = $1`,
      [receipt.id, problem],
    );
    return { applied: false, code: problem };
  }
  await book(work, receipt);
  return { applied: true };
}

async function book(work: OrderWork, receipt: GivenReceipt): Promise<void> {
  const { id: receiptId, amountMinor, method } = receipt;
  const paymentId = await paymentFor(work, receipt);
  await recordMoney(work, {
    paymentId,
    events: [
      {
        ...{ type: 'charge_success', reference: receiptId, amountMinor },
        ...{ source: receipt.source, actor: receipt.actor, at: receipt.receivedAt.toISOString() },
      },
    ],
  });
  await work.tx.query(
    `update receipts set state = 'booked', problem = null, payment_id = $2, settled_at = now() where id = $1`,
    [receiptId, paymentId],
  );
  const { currency } = work.order;
  work.record('payment.received', { receiptId, paymentId, method, amountMinor, currency }, receipt.actor);
  await settle(work, amountMinor);
}

/**
 * The payment that takes it: the order's offline payment; money that lies elsewhere than that one's (cash for an invoice)
 * has one of its own, so that the books say where it is.
 */
async function paymentFor(work: OrderWork, { method }: GivenReceipt): Promise<string> {
  const tender = offlineTender(work.order);
  const id = offlinePaymentId(work.order.id);
  const { account } = METHODS[method];
  const known = work.snapshot.payments.find((payment) => payment.id === id);
  const isElsewhere = METHODS[known?.method ?? tender?.method ?? method].account !== account;
  const own = isElsewhere ? `${id}_${account}` : id;
  if (work.snapshot.payments.some((payment) => payment.id === own)) return own;
  const isAwaited = tender !== undefined && !isElsewhere;
  await openOffline(work, {
    ...{ id: own, method: isAwaited ? tender.method : method, tender: tender?.seq ?? 1 },
    amountMinor: isAwaited ? tender.amountMinor : 0,
  });
  await work.reload();
  return own;
}

/**
 * The order owes by receipts from now on, after a change of how it is paid: what came in before, and is still here, counts. Does
 * nothing when nothing did.
 */
export async function countReceived(work: OrderWork): Promise<void> {
  await work.reload();
  const tender = offlineTender(work.order);
  if (!tender || (await hereMinor(work)) === 0) return;
  const id = offlinePaymentId(work.order.id);
  const known = work.snapshot.payments.find((payment) => payment.id === id);
  if (known && METHODS[known.method].account === METHODS[tender.method].account)
    await work.tx.query('update payments set amount_minor = $2, tender = $3 where id = $1', [
      ...[id, tender.amountMinor, tender.seq],
    ]);
  // What was too much before is owed now, or less of it is too much.
  await resolveCases(work, { subject: id, codes: ['overpaid'], resolution: 'owed' });
  await settle(work, 0);
}

/** What the receipts of the order come to now, and what follows from it; `addedMinor` has just come in. */
async function settle(work: OrderWork, addedMinor: number): Promise<void> {
  const { order } = work;
  const id = offlinePaymentId(order.id);
  // Until the order is paid, what went back meanwhile does not count.
  const receivedMinor = order.paid ? capturedMinor(work) : await hereMinor(work);
  const owedMinor = owedBefore(work, receivedMinor - addedMinor);
  await work.tx.query(
    `update payments set state = $3 where order_id = $1 and provider = 'offline' and (captured_minor > 0 or id = $2)`,
    [order.id, id, receivedState(receivedMinor, owedMinor)],
  );
  if (owedMinor > 0 && receivedMinor >= owedMinor && !order.paid) await markPaid(work);
  await work.reload();
  if (order.lifecycle === 'cancelled' || order.lifecycle === 'expired') return grantUndoRefund(work);
  // An order that goes back gives all of it back when it ends.
  if (receivedMinor <= owedMinor || order.direction === 'undo') return;
  const over = formatMoney(receivedMinor - owedMinor, order.currency);
  await openCase(work, {
    subject: id,
    code: 'overpaid',
    attention: 'payment_action',
    detail: `${over} more came in by receipts than is owed that way.`,
  });
}

/** What came in by receipts. */
function capturedMinor(work: OrderWork): number {
  return work.snapshot.payments
    .filter((payment) => isReceived(work, payment))
    .reduce((sum, payment) => sum + payment.capturedMinor, 0);
}

/** What is owed by receipts; nothing when the order was paid in another way before. */
function owedBefore({ order }: OrderWork, receivedBeforeMinor: number): number {
  const owedMinor = offlineTender(order)?.amountMinor ?? 0;
  return order.paid && receivedBeforeMinor < owedMinor ? receivedBeforeMinor : owedMinor;
}

/** All of it is there: a deadline that passes in this very moment must not undo what was paid. */
async function markPaid(work: OrderWork): Promise<void> {
  const { id } = work.order;
  await work.tx.query('update orders set payment_paid = true, payment_time = now() where id = $1', [id]);
  await resolveCases(work, { subject: id, codes: ['payment_overdue'], resolution: 'paid' });
  await work.reload();
  const stillWanted = wantedWaits(work.view, work.snapshot.policy).some((wait) => wait.kind === 'payment');
  if (!stillWanted) await endWait(work, { subject: id, kind: 'payment', as: 'paid' });
  await endWait(work, { subject: id, kind: 'receipt', as: 'paid' });
}
