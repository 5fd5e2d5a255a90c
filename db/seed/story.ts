/**
 * Draws what becomes of a seeded order and when, and tells it up to the moment at which everything is looked at. Most
 * orders arrive; the rest meet what real ones meet: declined cards, short stock, second thoughts, slow warehouses,
 * carriers that lose, damage or return parcels.
 */
import type { ShareView } from '../../domain/lifecycle.ts';
import type { CancelReason } from '../../domain/order.ts';
import { Agenda, DAY, HOUR, MINUTE, SECOND, TROUBLES } from './agenda.ts';
import { weighted } from './basket.ts';
import type { SeedLife } from './life.ts';
import { authorize, capture } from './money.ts';
import { book, report, scan, stall, submit, type SeedScan } from './parcel.ts';
import {
  allocate,
  backorder,
  complete,
  endCancel,
  missPayment,
  place,
  recordPrepaid,
  startCancel,
} from './steps.ts';

const CAUSES: readonly (readonly [CancelReason, number])[] = [
  ['customer', 68],
  ['staff', 14],
  ['fraud', 9],
  ['other', 9],
];

/** Tells the life of a live order. */
export function tellLife(life: SeedLife): void {
  const { random } = life.world;
  const agenda = new Agenda(random, weighted(random, TROUBLES));
  place(life);
  const start = life.placedAt + agenda.between(300, 2_500);
  planStart(life, agenda, start);
  agenda.play(life);
}

function planStart(life: SeedLife, agenda: Agenda, start: number): void {
  const { trouble } = agenda;
  const isPrepaid = life.view.method === 'prepaid';
  let paidAt = start;
  if (isPrepaid && trouble === 'unpaid') {
    agenda.at(start, (now) => missPayment(life, now));
    paidAt = start + agenda.between(HOUR, 60 * HOUR);
    if (agenda.random.chance(0.25)) {
      agenda.at(start + 50, (now) => allocate(life, { at: now, shares: 1 }));
      return planCancel(life, agenda, { at: start + 72 * HOUR, cause: 'expired' });
    }
  }
  if (isPrepaid) agenda.at(paidAt, (now) => recordPrepaid(life, now));
  let allocatedAt = start + 20;
  if (trouble === 'shortStock') {
    agenda.at(start + 20, (now) => backorder(life, now));
    if (agenda.random.chance(0.3))
      return planCancel(life, agenda, { at: start + 7 * DAY, cause: 'inventory' });
    allocatedAt = start + agenda.between(4 * HOUR, 70 * HOUR);
  }
  const isSplit = trouble === 'none' && life.lines.length > 1 && agenda.random.chance(0.12);
  agenda.shares = isSplit ? 2 : 1;
  agenda.at(allocatedAt, (now) => allocate(life, { at: now, shares: agenda.shares }));
  planPayment(life, agenda, Math.max(paidAt, allocatedAt));
}

function planPayment(life: SeedLife, agenda: Agenda, from: number): void {
  const { view } = life;
  let coveredAt = from + 5;
  if (view.method === 'card') {
    let at = from + agenda.between(400, 3_500);
    if (agenda.trouble === 'declined') {
      agenda.at(at, (now) => eachShare(life, (share) => authorize(life, share, { at: now, declined: true })));
      if (agenda.random.chance(0.45))
        return planCancel(life, agenda, { at: at + 72 * HOUR, cause: 'expired' });
      at += agenda.between(HOUR, 40 * HOUR);
    }
    const paidAt = at;
    agenda.at(paidAt, (now) => eachShare(life, (share) => authorize(life, share, { at: now })));
    coveredAt = paidAt + 5;
  }
  const releaseAt = coveredAt + life.world.policy.releaseDelaySeconds * SECOND;
  if (agenda.trouble === 'cancelled') {
    const cause = weighted(agenda.random, CAUSES);
    return planCancel(life, agenda, {
      at: agenda.between(coveredAt + 20 * SECOND, releaseAt - SECOND),
      cause,
    });
  }
  planShares(life, agenda, releaseAt);
}

function planCancel(life: SeedLife, agenda: Agenda, given: { at: number; cause: CancelReason }): void {
  const byPerson = given.cause !== 'expired' && given.cause !== 'inventory';
  const actor = byPerson ? 'key:support' : 'system';
  agenda.at(given.at, (now) => startCancel(life, { at: now, cause: given.cause, actor }));
  agenda.at(given.at + agenda.between(200, 2_000), (now) => endCancel(life, now));
  const resolved = given.at + agenda.between(2 * HOUR, 60 * HOUR);
  agenda.at(resolved, (now) => {
    life.resolveCases('refunded at the channel', { at: now, actor: 'key:support' });
    life.changed(now);
  });
}

function eachShare(life: SeedLife, act: (share: ShareView) => void): void {
  for (const share of life.view.shares) act(share);
}

/** The way of each share, from its release on. */
function planShares(life: SeedLife, agenda: Agenda, releaseAt: number): void {
  agenda.at(releaseAt, (now) => life.event('order.released', {}, { at: now }));
  const arrivals = Array.from({ length: agenda.shares }, (_, index) => {
    const act = (work: (share: ShareView, now: number) => void) => (now: number) => {
      const share = life.view.shares[index];
      if (share) work(share, now);
    };
    const packedAt = planWarehouse(life, agenda, { act, from: releaseAt + 1 });
    return planTransport(life, agenda, { act, from: packedAt });
  });
  for (const arrival of arrivals)
    if (arrival !== null)
      agenda.at(arrival + 400, (now) => {
        const all = life.view.shares.every((share) => share.shipment?.state === 'delivered');
        if (all && life.view.lifecycle === 'processing') complete(life, now);
      });
}

interface Leg {
  /** Wraps what is done with the share that this plan is for; nothing is done when the order has no such share. */
  act(work: (share: ShareView, now: number) => void): (now: number) => void;
  from: number;
}

/** From the release to the packed parcel; returns when that is. */
function planWarehouse(life: SeedLife, agenda: Agenda, { act, from }: Leg): number {
  const { trouble } = agenda;
  let at = from + agenda.between(200, 2_000);
  if (trouble === 'warehouseAway') {
    const detail = 'The warehouse did not answer in time.';
    const code = 'provider_unavailable';
    agenda.at(
      at,
      act((share, now) => stall(life, share, { at: now, step: 'submit', code, detail })),
    );
    at += agenda.between(20 * MINUTE, 9 * HOUR);
  }
  agenda.at(
    at,
    act((share, now) => submit(life, share, now)),
  );
  const submittedAt = at;
  at += agenda.between(30 * SECOND, 15 * MINUTE);
  agenda.at(
    at,
    act((share, now) => report(life, share, { at: now, report: 'accepted' })),
  );
  at += trouble === 'slowPacking' ? agenda.between(40 * HOUR, 80 * HOUR) : agenda.about(5 * HOUR);
  if (trouble === 'slowPacking')
    agenda.at(
      submittedAt + life.world.policy.packTimeoutSeconds * SECOND,
      act((share, now) => {
        if (share.state === 'packed') return;
        const detail = `Not packed since ${new Date(submittedAt).toISOString()}.`;
        life.openCase({ subject: share.id, code: 'pack_overdue', attention: 'warehouse', detail }, now);
        life.changed(now);
      }),
    );
  agenda.at(
    at,
    act((share, now) => report(life, share, { at: now, report: 'picking' })),
  );
  at += trouble === 'slowPacking' ? agenda.between(10 * HOUR, 40 * HOUR) : agenda.about(2 * HOUR);
  agenda.at(
    at,
    act((share, now) => report(life, share, { at: now, report: 'packed' })),
  );
  return at;
}

/** From the packed parcel to the door; returns when it arrives, null when it never does. */
function planTransport(life: SeedLife, agenda: Agenda, { act, from }: Leg): number | null {
  const { trouble } = agenda;
  let at = from + agenda.between(300, 3_000);
  if (trouble === 'labelRefused') {
    const detail = 'Unable to verify the address: house number is missing.';
    const code = 'carrier_refused';
    agenda.at(
      at,
      act((share, now) => stall(life, share, { at: now, step: 'book', code, detail })),
    );
    at += agenda.between(HOUR, 26 * HOUR);
  }
  agenda.at(
    at,
    act((share, now) => book(life, share, now)),
  );
  agenda.at(
    at + agenda.between(200, 1_500),
    act((share, now) => capture(life, share, now)),
  );
  const scanned = (instant: number, given: Omit<SeedScan, 'at'>) =>
    agenda.at(
      instant,
      act((share, now) => scan(life, share, { ...given, at: now })),
    );
  at += agenda.about(7 * HOUR);
  scanned(at, { status: 'in_transit', detail: 'arrived_at_facility', message: 'Accepted at the depot.' });
  at += trouble === 'silent' ? 7 * DAY + agenda.between(HOUR, 50 * HOUR) : agenda.about(20 * HOUR);
  if (trouble === 'silent')
    agenda.at(
      at - agenda.between(MINUTE, HOUR) - HOUR,
      act((share, now) => {
        if (!share.shipment) return;
        const detail = 'No scan that moved it for seven days.';
        life.openCase(
          { subject: share.shipment.id, code: 'parcel_silent', attention: 'carrier', detail },
          now,
        );
        life.changed(now);
      }),
    );
  if (trouble === 'lost' || trouble === 'damaged' || trouble === 'returned')
    return planLoss(life, agenda, { at, scanned });
  at += agenda.about(24 * HOUR);
  scanned(at, { status: 'out_for_delivery', detail: 'out_for_delivery', message: 'Out for delivery.' });
  if (trouble === 'failedDelivery') {
    at += agenda.between(2 * HOUR, 8 * HOUR);
    scanned(at, { status: 'failure', detail: 'delivery_failed', message: 'Nobody was at home.' });
    at += agenda.between(15 * HOUR, 60 * HOUR);
  }
  at += agenda.between(HOUR, 9 * HOUR);
  scanned(at, { status: 'delivered', detail: 'arrived_at_destination', message: 'Delivered.' });
  return at;
}

const LOSSES = {
  lost: { status: 'failure', detail: 'lost', message: 'The parcel could not be found.' },
  damaged: { status: 'failure', detail: 'damaged', message: 'The parcel was damaged on its way.' },
  returned: { status: 'return_to_sender', detail: 'return', message: 'Refused by the recipient.' },
} as const;

/** The parcel does not arrive; mostly somebody has seen to it within days. */
function planLoss(
  life: SeedLife,
  agenda: Agenda,
  given: { at: number; scanned: (instant: number, scan: Omit<SeedScan, 'at'>) => void },
): null {
  const { trouble } = agenda;
  if (trouble !== 'lost' && trouble !== 'damaged' && trouble !== 'returned') return null;
  const at = given.at + agenda.about(2 * DAY);
  given.scanned(at, LOSSES[trouble]);
  if (!agenda.random.chance(0.75)) return null;
  agenda.at(at + agenda.between(3 * HOUR, 6 * DAY), (now) => {
    life.resolveCases('claimed with the carrier, customer refunded', { at: now, actor: 'key:support' });
    life.changed(now);
  });
  return null;
}
