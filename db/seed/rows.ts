/** Writes a seeded order down as it stands when its life has been told. */
import { withDefaults } from '../../domain/policy.ts';
import { wantedWaits } from '../../domain/waits.ts';
import { columns } from '../writes/intakeColumns.ts';
import { CASE_OWNERS } from '../writes/cases.ts';
import { arrayText, at, type Cell } from './copy.ts';
import { seedId, type SeedLife } from './life.ts';

/** Orders of the present, or of the past and taken over as finished. */
export type SeedOrigin = 'api' | 'history';

const NO_ACCOUNTS: ReadonlyMap<number, string> = new Map();

/**
 * Writes all rows of the order. `due_at` stays empty, also while it is open: nothing may drive a seeded order by itself,
 * because gateway, warehouse and carrier have never heard of it. For the same reason a booked parcel has no `dispatch_at`:
 * the warehouse would be told to hand over goods it does not have.
 */
export function writeOrder(life: SeedLife, origin: SeedOrigin): void {
  const { view, order, batch, channel } = life;
  const own = columns(order, life.sums, NO_ACCOUNTS);
  const recipient = seedId('con', { at: life.createdAt, count: 0, tail: life.tail });
  const isOpen = !life.hasEnded;
  batch.rows.add('orders', [
    ...[view.orderId, view.number, channel.id, order.externalId, origin, view.lifecycle, view.direction],
    ...[life.undo?.cause ?? null, life.undo?.actor ?? null, life.undo?.reason ?? null],
    ...[life.paymentStatus(), life.fulfillmentStatus(), arrayText(view.attention), view.version, 1],
    ...[own.currency, own.subtotalMinor, own.discountMinor, own.shippingMinor, own.taxMinor, own.totalMinor],
    ...[own.totals, own.lineCount, own.unitCount, recipient, own.shipCountry],
    ...[own.paymentMethod, own.paymentToken, own.paymentNumber, view.method === 'prepaid' && view.paid],
    ...[
      own.paymentTime === null ? null : own.paymentTime.toISOString(),
      own.customerNote,
      own.attributes,
      own.metadata,
    ],
    ...[
      arrayText(own.tags),
      at(life.placedAt),
      order.promisedBy ?? null,
      at(life.releaseAt),
      at(life.completedAt),
    ],
    ...[
      at(life.cancelledAt),
      order.externalId,
      'seed',
      life.eventSeq,
      at(life.createdAt),
      at(life.updatedAt),
    ],
    ...[life.stage, at(life.stageSince), true],
  ] satisfies Cell[]);
  writePeople(life, recipient);
  writeLines(life);
  writeShares(life);
  writePayments(life);
  writeParcels(life);
  writeCases(life);
  if (isOpen) writeWaits(life);
}

function writePeople(life: SeedLife, id: string): void {
  const { recipient, shippingAddress: address } = life.order;
  life.batch.rows.add('contacts', [
    ...[id, life.view.orderId, 'recipient', recipient.name, recipient.email ?? null, recipient.phone ?? null],
    ...[address.line1, address.city, address.region ?? null, address.postalCode ?? null, address.country],
    at(life.createdAt),
  ]);
}

function writeLines(life: SeedLife): void {
  for (const line of life.lines) {
    const item = life.world.items.get(line.sku);
    life.batch.rows.add('order_lines', [
      ...[life.view.orderId, line.line_no, line.sku, item?.name ?? line.sku, item?.variant ?? null, '{}'],
      ...[
        line.net,
        line.gross,
        line.discount,
        JSON.stringify(line.discounts),
        line.tax,
        JSON.stringify(line.taxes),
      ],
      ...[line.total, item?.weightGrams ?? 0, line.quantity, line.cancelled, line.allocated, line.fulfilled],
      ...[line.shipped, line.delivered],
    ]);
  }
}

function writeShares(life: SeedLife): void {
  for (const share of life.view.shares) {
    const parts = life.parts.get(share.id) ?? [];
    const times = life.times.get(share.id);
    const weight = parts.reduce(
      (sum, part) => sum + part.quantity * (life.world.items.get(part.sku)?.weightGrams ?? 0),
      0,
    );
    life.batch.rows.add('fulfillment_orders', [
      ...[share.id, life.view.orderId, share.seq, share.location, share.state, share.amountMinor],
      ...[share.paymentAttempt, weight, at(times?.submittedAt ?? null), at(times?.packedAt ?? null)],
      at(times?.closedAt ?? null),
    ]);
    for (const part of parts)
      life.batch.rows.add('fulfillment_lines', [share.id, part.lineNo, part.sku, part.quantity]);
  }
}

function writePayments(life: SeedLife): void {
  for (const payment of life.payments) {
    const isCard = payment.share !== null;
    life.batch.rows.add('payments', [
      ...[payment.id, life.view.orderId, payment.share?.id ?? null, payment.attempt],
      ...[
        life.view.method,
        isCard ? 'stripe' : 'channel',
        payment.providerRef,
        payment.state,
        life.view.currency,
      ],
      ...[payment.share?.amountMinor ?? life.sums.totalMinor, payment.authorizedMinor, payment.capturedMinor],
      ...[payment.voidedMinor, payment.capturedMinor],
      ...[isCard ? '{"brand": "visa", "last4": "4242"}' : '{}', payment.failureCode],
      at(payment.createdAt),
    ]);
  }
}

function writeParcels(life: SeedLife): void {
  const { carrier } = life.channel;
  for (const parcel of life.parcels) {
    if (!parcel.share.shipment) continue;
    life.batch.rows.add('shipments', [
      ...[parcel.share.shipment.id, life.view.orderId, parcel.share.id, 1, parcel.share.shipment.state],
      ...[carrier.name, life.order.shipping?.service ?? null, parcel.trackingCode, parcel.providerRef],
      ...[at(parcel.dispatchAt), at(parcel.bookedAt), at(parcel.handedOverAt), at(parcel.deliveredAt)],
      at(parcel.lastScanAt),
    ]);
  }
}

function writeCases(life: SeedLife): void {
  for (const [count, one] of life.cases.entries())
    life.batch.rows.add('cases', [
      ...[
        seedId('cas', { at: one.openedAt, count, tail: life.tail }),
        life.view.orderId,
        one.subject,
        one.code,
        one.attention,
      ],
      ...[CASE_OWNERS[one.attention], one.detail, at(one.openedAt), at(one.resolvedAt), one.resolution],
    ]);
}

/** What an open order waits for; a deadline that has passed has been set anew, as the lane does. */
function writeWaits(life: SeedLife): void {
  const { view, world } = life;
  const open = life.cases.filter((one) => one.resolvedAt === null);
  const firstOpened = Math.min(...open.map((one) => one.openedAt));
  const add = (wait: {
    subject: string;
    kind: string;
    awaitedFrom: string;
    thenWhat: string;
    seconds: number;
    from: number;
    tries: number;
  }) => {
    const step = Math.max(1, wait.seconds) * 1000;
    const rounds = Math.max(0, Math.floor((world.untilMillis - wait.from) / step));
    const since = wait.from + rounds * step;
    life.batch.rows.add('waits', [
      ...[
        view.orderId,
        wait.subject,
        wait.kind,
        wait.awaitedFrom,
        at(since),
        at(since + step),
        wait.thenWhat,
      ],
      ...[wait.tries, 1, null, null],
    ]);
  };
  for (const wait of wantedWaits(view, withDefaults(world.policy))) {
    const from = wait.kind === 'case' ? firstOpened : life.stageSince;
    if (wait.at === undefined) add({ ...wait, from, tries: 0 });
    else if (Date.parse(wait.at) > world.untilMillis)
      add({ ...wait, from, seconds: (Date.parse(wait.at) - from) / 1000, tries: 0 });
  }
  for (const share of view.shares)
    for (const step of share.stalled)
      add({
        subject: `${share.id}#${step}`,
        kind: 'retry',
        awaitedFrom: step === 'book' ? 'carrier' : 'warehouse',
        thenWhat: 'retry',
        seconds: world.policy.retryPauseMaxSeconds,
        from: firstOpened,
        tries: 3,
      });
}
