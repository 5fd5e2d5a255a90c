/** The goods of a seeded order: reserved, packed, on their way, arrived or lost. */
import type { WarehouseReport } from '../../domain/fulfillment.ts';
import type { ShareView } from '../../domain/lifecycle.ts';
import { afterScan, hasLeft, shipmentId, type TrackingStatus } from '../../domain/shipment.ts';
import { at } from './copy.ts';
import type { SeedLife, SeedParcel } from './life.ts';
import { operation } from './money.ts';

/** A step could not be done for now: a case, and a retry that waits. */
export function stall(
  life: SeedLife,
  share: ShareView,
  given: {
    at: number;
    step: 'submit' | 'book';
    code: 'provider_unavailable' | 'carrier_refused';
    detail: string;
  },
): void {
  share.stalled = [...share.stalled, given.step];
  if (given.step === 'submit') share.submitClaimed = true;
  const { step, code, detail } = given;
  life.event('step.stalled', { shareId: share.id, step, code, retryInSeconds: 3600 }, { at: given.at });
  const attention = step === 'book' ? 'carrier' : 'warehouse';
  life.openCase({ subject: `${share.id}#${step}`, code, attention, detail }, given.at);
  life.changed(given.at);
}

function unstall(life: SeedLife, share: ShareView, now: number): void {
  if (share.stalled.length === 0) return;
  share.stalled = [];
  life.resolveCases('done', { at: now });
}

/** The warehouse takes the share. */
export function submit(life: SeedLife, share: ShareView, now: number): void {
  unstall(life, share, now);
  share.submitClaimed = true;
  share.state = 'submitted';
  times(life, share).submittedAt = now;
  addUnits(life, share, 'fulfilled');
  operation(life, {
    kind: 'submit',
    share,
    subject: share.id,
    amountMinor: null,
    attempt: 1,
    providerRef: null,
    at: now,
  });
  life.event('fulfillment.created', { fulfillmentId: share.id, location: share.location }, { at: now });
  life.changed(now);
}

function times(life: SeedLife, share: ShareView) {
  const known = life.times.get(share.id) ?? { submittedAt: null, packedAt: null, closedAt: null };
  life.times.set(share.id, known);
  return known;
}

/** The warehouse reports. */
export function report(
  life: SeedLife,
  share: ShareView,
  given: { at: number; report: Exclude<WarehouseReport, 'rejected'> },
): void {
  share.state = given.report;
  if (given.report === 'packed') times(life, share).packedAt = given.at;
  const data = { fulfillmentId: share.id, location: share.location };
  life.event(`fulfillment.${given.report}`, data, { at: given.at, actor: 'warehouse' });
  life.resolveCases(given.report, { at: given.at, code: 'pack_overdue' });
  life.changed(given.at);
}

/** The carrier gives a label. */
export function book(life: SeedLife, share: ShareView, now: number): void {
  unstall(life, share, now);
  const { view, channel, world } = life;
  const id = shipmentId(view.orderId, share.seq, share.shipmentAttempt);
  const providerRef = `shp_seed_${view.number}_${share.seq}`;
  const trackingCode = `${channel.carrier.prefix}${String(view.number).padStart(10, '0')}${share.seq}${world.random.whole(10, 99)}`;
  share.shipment = { id, state: 'booked' };
  life.parcels.push({
    share,
    trackingCode,
    providerRef,
    bookedAt: now,
    dispatchAt: null,
    handedOverAt: null,
    deliveredAt: null,
    lastScanAt: null,
  });
  operation(life, { kind: 'book', share, subject: id, amountMinor: null, attempt: 1, providerRef, at: now });
  const { name: carrier } = channel.carrier;
  const service = life.order.shipping?.service ?? null;
  life.event(
    'shipment.created',
    { shipmentId: id, fulfillmentId: share.id, carrier, service, trackingCode },
    { at: now },
  );
  life.changed(now);
}

/** One scan of the carrier. */
export interface SeedScan {
  at: number;
  status: TrackingStatus;
  detail: string;
  message: string;
}

const EXCEPTIONS = {
  lost: 'parcel_lost',
  damaged: 'parcel_damaged',
  returned_to_sender: 'parcel_returned',
  delivery_failed: 'delivery_failed',
} as const;

/** The carrier scans the parcel: it leaves, moves, arrives, or something went wrong with it. */
export function scan(life: SeedLife, share: ShareView, given: SeedScan): void {
  const parcel = life.parcels.find((one) => one.share === share);
  if (!parcel || !share.shipment) return;
  const { status, detail, message } = given;
  const when = at(given.at) ?? '';
  const key = `${when.replaceAll(/\D/g, '')}/${status}/${detail}`;
  life.batch.rows.add('scans', [share.shipment.id, key, status, detail, message, when, when]);
  parcel.lastScanAt = given.at;
  const next = afterScan(share.shipment.state, given);
  if (next === undefined) return;
  const leaves = !hasLeft(share.shipment.state) && hasLeft(next);
  share.shipment.state = next;
  if (leaves) leave(life, parcel, given.at);
  if (next === 'delivered') deliver(life, parcel, given.at);
  const data = { shipmentId: share.shipment.id, status: next, occurredAt: when };
  const by = { at: given.at, actor: 'carrier' };
  if (next === 'lost' || next === 'damaged' || next === 'returned_to_sender' || next === 'delivery_failed') {
    life.event('shipment.exception', data, by);
    const { id } = share.shipment;
    life.openCase({ subject: id, code: EXCEPTIONS[next], attention: 'carrier', detail: message }, given.at);
  } else {
    const type = next === 'out_for_delivery' || next === 'delivered' ? next : 'in_transit';
    life.event(`shipment.${type}`, data, by);
    life.resolveCases(next, by);
  }
  life.changed(given.at);
}

function leave(life: SeedLife, parcel: SeedParcel, now: number): void {
  parcel.dispatchAt = parcel.bookedAt;
  parcel.handedOverAt = now;
  move(life, parcel.share, { kind: 'sale', at: now });
  addUnits(life, parcel.share, 'shipped');
}

function deliver(life: SeedLife, parcel: SeedParcel, now: number): void {
  parcel.deliveredAt = now;
  parcel.share.state = 'closed';
  times(life, parcel.share).closedAt = now;
  addUnits(life, parcel.share, 'delivered');
}

/** Moves the share's units in stock. */
export function move(
  life: SeedLife,
  share: ShareView,
  given: { kind: 'allocation' | 'release' | 'sale'; at: number },
): void {
  for (const part of life.parts.get(share.id) ?? [])
    life.world.stock.move(life.batch.rows, {
      ...given,
      key: `${share.id}/${part.lineNo}/${given.kind}`,
      sku: part.sku,
      location: share.location,
      quantity: part.quantity,
      orderId: life.view.orderId,
    });
}

function addUnits(life: SeedLife, share: ShareView, counter: 'fulfilled' | 'shipped' | 'delivered'): void {
  for (const part of life.parts.get(share.id) ?? []) {
    const line = life.lines[part.lineNo - 1];
    if (line) line[counter] += part.quantity;
  }
}

/** The units of a share. */
export function unitsOf(life: SeedLife, shareId: string): number {
  return (life.parts.get(shareId) ?? []).reduce((sum, part) => sum + part.quantity, 0);
}
