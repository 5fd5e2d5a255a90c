/**
 * What our own database can carry on with by itself, whatever the caller came for: record a prepaid amount, allocate
 * stock, fix the release time, end an order that is undone or delivered. Each part looks before it acts.
 */
import { isFulfilled, isReadyForRelease, isUndone } from '../../domain/lifecycle.ts';
import { isTerminal, type CancelReason } from '../../domain/order.ts';
import { channelPaymentId } from '../../domain/payment.ts';
import { awaitedTender } from '../../domain/tender.ts';
import { MONEY_CASES } from '../../domain/moneySteps.ts';
import { restAuthorizations } from './authorizations.ts';
import { takeReceiptsInstead } from './changePayment.ts';
import { openCase, resolveCases } from './cases.ts';
import { openPayment } from './money.ts';
import { dropOffline, recordOffline, setDue } from './offlinePayment.ts';
import type { OrderWork } from './order.ts';
import { grantUndoRefund } from './refunds.ts';
import { allocateStock, releaseStock } from './stock.ts';

/** Carries the order on as far as our own database can. */
export async function progress(work: OrderWork): Promise<void> {
  if (isTerminal(work.order.lifecycle)) return;
  await recordPrepaid(work);
  await recordOffline(work);
  await allocate(work);
  await takeReceiptsInstead(work);
  await setReleaseTime(work);
  await restAuthorizations(work);
  await setDue(work);
  await endUndone(work);
  await endDelivered(work);
}

/** A prepaid order's money is at the channel: booked once, the gateway is never called. */
async function recordPrepaid(work: OrderWork): Promise<void> {
  const { order, snapshot } = work;
  const tender = awaitedTender(order);
  if (tender?.method !== 'prepaid') return;
  if (!order.paid) {
    if (order.direction === 'undo') return;
    const known = snapshot.cases.some((open) => open.code === 'unpaid_at_channel');
    if (known) return;
    await openCase(work, {
      subject: order.id,
      code: 'unpaid_at_channel',
      attention: 'payment_action',
      detail: 'The channel has not reported the payment yet.',
    });
    return work.reload();
  }
  const id = channelPaymentId(order.id);
  if (snapshot.payments.some((payment) => payment.id === id)) return;
  const { amountMinor } = tender;
  const amount = { reference: id, amountMinor, source: 'channel' as const };
  await openPayment(work, {
    ...{
      id,
      shareId: null,
      attempt: 1,
      method: 'prepaid',
      provider: 'channel',
      providerRef: order.paymentNumber,
    },
    ...{ tender: tender.seq, state: 'captured', amountMinor },
    events: [
      { type: 'authorization_success', ...amount },
      { type: 'charge_success', ...amount },
    ],
  });
  await resolveCases(work, {
    subject: order.id,
    codes: ['unpaid_at_channel'],
    resolution: 'paid at the channel',
  });
  work.record('payment.captured', {
    paymentId: id,
    amountMinor,
    currency: order.currency,
    provider: 'channel',
  });
  await work.reload();
}

/** Looks once more for stock before the order is given up for want of it; true when everything was found. */
export async function allocateAtLast(work: OrderWork): Promise<boolean> {
  await resolveCases(work, { subject: work.order.id, codes: ['short_stock'], resolution: 'looked again' });
  await allocate(work);
  return work.snapshot.shares.length > 0;
}

async function allocate(work: OrderWork): Promise<void> {
  const { order, snapshot } = work;
  const waitsForStock = snapshot.cases.some((open) => open.code === 'short_stock');
  if (order.direction === 'undo' || snapshot.shares.length > 0 || waitsForStock) return;
  const result = await allocateStock(work);
  if (result.ok) {
    await work.tx.query(`update orders set lifecycle = 'processing' where id = $1`, [order.id]);
    work.record('order.allocated', { shares: result.shares });
  } else {
    work.record('order.backordered', { missing: result.missing });
    const detail = result.missing.map((one) => `${one.sku}: ${one.available} of ${one.wanted}`).join(', ');
    await openCase(work, {
      subject: order.id,
      code: 'short_stock',
      attention: 'stock',
      detail: detail.slice(0, 500),
    });
  }
  await work.reload();
}

/** The release delay counts from the moment at which every share is covered; without a delay it is already past. */
async function setReleaseTime(work: OrderWork): Promise<void> {
  const { order, view, snapshot } = work;
  if (order.releaseAt !== null || order.direction === 'undo' || !isReadyForRelease(view)) return;
  const delay = snapshot.policy.releaseDelaySeconds;
  const releaseAt = delay === 0 ? order.createdAt : new Date(snapshot.now.getTime() + delay * 1000);
  await work.tx.query(`update orders set release_at = $2 where id = $1`, [order.id, releaseAt]);
  work.changed = true;
  await work.reload();
}

const LIFECYCLE_AFTER: Partial<Record<CancelReason, 'expired'>> = { expired: 'expired' };

async function endUndone(work: OrderWork): Promise<void> {
  if (!isUndone(work.view)) return;
  const { order } = work;
  await releaseStock(work);
  await dropOffline(work);
  const lifecycle = LIFECYCLE_AFTER[order.undoCause ?? 'other'] ?? 'cancelled';
  await work.tx.query(
    `with shares as (update fulfillment_orders set state = 'cancelled' where order_id = $1
     ), counted as (
       insert into report_deltas (report, day, channel, country, currency, key, n, units, amount_minor)
       select 'cancelled', (now() at time zone c.time_zone)::date, o.channel, coalesce(o.ship_country, ''), o.currency,
         coalesce(o.undo_cause, 'other'), 1, o.unit_count, o.total_minor
       from orders o join channels c on c.id = o.channel where o.id = $1)
     update orders set lifecycle = $2, cancelled_at = now() where id = $1`,
    [order.id, lifecycle],
  );
  await resolveCases(work, { subject: '*', except: MONEY_CASES, resolution: lifecycle });
  await grantUndoRefund(work);
  work.record(
    lifecycle === 'expired' ? 'order.expired' : 'order.cancelled',
    { cause: order.undoCause },
    order.undoActor ?? 'system',
  );
  await work.reload();
}

/** The channel was paid for an order that had ended without it: the money is booked and a person gives it back there. */
export async function returnLatePayment(work: OrderWork): Promise<void> {
  await work.reload();
  await recordPrepaid(work);
  await grantUndoRefund(work);
}

async function endDelivered(work: OrderWork): Promise<void> {
  if (work.order.direction === 'undo' || !isFulfilled(work.view)) return;
  await work.tx.query(`update orders set lifecycle = 'completed', completed_at = now() where id = $1`, [
    work.order.id,
  ]);
  await resolveCases(work, { subject: '*', except: MONEY_CASES, resolution: 'delivered' });
  work.record('order.completed', {});
  await work.reload();
}
