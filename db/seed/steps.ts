/** The beginning and the end of a seeded order: placed, reserved, paid at its channel, completed, called off. */
import { fulfillmentId } from '../../domain/fulfillment.ts';
import type { ShareView } from '../../domain/lifecycle.ts';
import { prorate } from '../../domain/money.ts';
import type { CancelReason } from '../../domain/order.ts';
import { paymentOf } from '../../domain/givenTenders.ts';
import { channelPaymentId } from '../../domain/payment.ts';
import type { SeedLife } from './life.ts';
import { bookAtChannel, giveBack, setReleaseTime } from './money.ts';
import { move, unitsOf } from './parcel.ts';

/** The order came in: its first event, and what reports count of it. */
export function place(life: SeedLife): void {
  const { order, placedAt, sums } = life;
  life.event(
    'order.placed',
    {
      externalId: order.externalId,
      origin: 'api',
      lineCount: order.lines.length,
      total: { amount: sums.totalMinor, currency: order.currency },
    },
    { at: placedAt, actor: `key:${life.channel.id}` },
  );
  countSale(life);
}

/** Counts the order as sold, and each of its products. */
export function countSale(life: SeedLife): void {
  const { counts } = life.batch;
  const units = life.lines.reduce((sum, line) => sum + line.quantity, 0);
  counts.add(life, { report: 'sales', at: life.placedAt, key: '', units, amountMinor: life.sums.totalMinor });
  // A basket holds every item once.
  for (const line of life.lines)
    counts.add(life, {
      report: 'product',
      at: life.placedAt,
      key: line.sku,
      units: line.quantity,
      amountMinor: line.total,
    });
}

/** The channel has not reported the money of a prepaid order yet. */
export function missPayment(life: SeedLife, now: number): void {
  life.view.paid = false;
  life.openCase(
    {
      subject: life.view.orderId,
      code: 'unpaid_at_channel',
      attention: 'payment_action',
      detail: 'The channel has not reported the payment yet.',
    },
    now,
  );
  life.changed(now);
}

/** A prepaid order's money is at the channel. */
export function recordPrepaid(life: SeedLife, now: number): void {
  const { view, sums } = life;
  view.paid = true;
  const id = channelPaymentId(view.orderId);
  const payment = paymentOf(life.order);
  bookAtChannel(life, { id, providerRef: payment.method === 'prepaid' ? payment.number : '', at: now });
  life.resolveCases('paid at the channel', { at: now, code: 'unpaid_at_channel' });
  const data = { paymentId: id, amountMinor: sums.totalMinor, currency: view.currency, provider: 'channel' };
  life.event('payment.captured', data, { at: now });
  life.changed(now);
}

/** No warehouse set has everything. */
export function backorder(life: SeedLife, now: number): void {
  const [line] = life.lines;
  const missing = [{ sku: line?.sku ?? '', wanted: line?.quantity ?? 0, available: 0 }];
  life.event('order.backordered', { missing }, { at: now });
  life.openCase(
    {
      subject: life.view.orderId,
      code: 'short_stock',
      attention: 'stock',
      detail: missing.map((one) => `${one.sku}: ${one.available} of ${one.wanted}`).join(', '),
    },
    now,
  );
  life.changed(now);
}

/** Reserves all units: in one share, or in two when the order is to be split and has lines enough. */
export function allocate(life: SeedLife, given: { at: number; shares: number }): void {
  const { view, lines } = life;
  const now = given.at;
  const cut = given.shares > 1 && lines.length > 1 ? Math.ceil(lines.length / 2) : lines.length;
  const parts = [lines.slice(0, cut), lines.slice(cut)].filter((part) => part.length > 0);
  const worth = parts.map((part) => part.reduce((sum, line) => sum + line.total, 0));
  const amounts = prorate(life.sums.totalMinor, worth);
  view.lifecycle = 'processing';
  life.resolveCases('retried', { at: now, code: 'short_stock' });
  view.shares = parts.map((part, index): ShareView => {
    const id = fulfillmentId(view.orderId, index + 1);
    life.times.set(id, { submittedAt: null, packedAt: null, closedAt: null });
    life.parts.set(
      id,
      part.map((line) => ({ lineNo: line.line_no, sku: line.sku, quantity: line.quantity })),
    );
    return {
      id,
      seq: index + 1,
      location: life.channel.locations[index] ?? life.channel.locations[0],
      state: 'open',
      amountMinor: amounts[index] ?? 0,
      paymentAttempt: 1,
      shipmentAttempt: 1,
      payments: [],
      shipment: null,
      submitClaimed: false,
      stalled: [],
    };
  });
  for (const line of lines) line.allocated = line.quantity;
  for (const share of view.shares) move(life, share, { kind: 'allocation', at: now });
  const shares = view.shares.map(({ id, location, amountMinor }) => ({
    id,
    location,
    units: unitsOf(life, id),
    amountMinor,
  }));
  life.event('order.allocated', { shares }, { at: now });
  setReleaseTime(life, now);
  life.changed(now);
}

/** Every parcel has arrived and is paid for. */
export function complete(life: SeedLife, now: number): void {
  life.view.lifecycle = 'completed';
  life.completedAt = now;
  life.resolveCases('delivered', { at: now });
  life.event('order.completed', {}, { at: now });
  life.changed(now);
}

/** The order turns round: from here on it is only undone. */
export function startCancel(life: SeedLife, given: { at: number; cause: CancelReason; actor: string }): void {
  life.undo = { cause: given.cause, actor: given.actor, reason: null };
  life.view.direction = 'undo';
  if (given.actor !== 'system')
    life.event('order.cancel_requested', { reason: given.cause }, { at: given.at, actor: given.actor });
  life.changed(given.at);
}

/** Everything is given back and the order ends. */
export function endCancel(life: SeedLife, now: number): void {
  const { view } = life;
  const cause = life.undo?.cause ?? 'other';
  for (const share of view.shares) {
    giveBack(life, share, now);
    share.state = 'cancelled';
    move(life, share, { kind: 'release', at: now });
  }
  const units = life.lines.reduce((sum, line) => sum + line.quantity, 0);
  for (const line of life.lines)
    Object.assign(line, { allocated: 0, fulfilled: 0, cancelled: line.quantity });
  view.lifecycle = cause === 'expired' ? 'expired' : 'cancelled';
  life.cancelledAt = now;
  life.resolveCases(view.lifecycle, { at: now });
  if (view.method === 'prepaid' && view.paid)
    life.openCase(
      {
        subject: view.orderId,
        code: 'refund_at_channel',
        attention: 'payment_action',
        detail: 'The channel took the money and the order ended without it: refund it there.',
      },
      now,
    );
  const type = view.lifecycle === 'expired' ? 'order.expired' : 'order.cancelled';
  life.event(type, { cause }, { at: now, actor: life.undo?.actor ?? 'system' });
  life.batch.counts.add(life, {
    report: 'cancelled',
    at: now,
    key: cause,
    units,
    amountMinor: life.sums.totalMinor,
  });
  life.changed(now);
}
