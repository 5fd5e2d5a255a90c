/**
 * The life of an order as a model: it does what the database does after each step, report, scan, retry and cancel. With
 * it tests of the rules reach any state that an order can get into.
 */
import fc from 'fast-check';
import { afterReport, WAREHOUSE_REPORTS, type WarehouseReport } from '../../domain/fulfillment.ts';
import { cancelRefusal } from '../../domain/actions.ts';
import {
  dueSteps,
  isReadyForRelease,
  legToAuthorize,
  type OrderView,
  type ShareView,
  type Step,
} from '../../domain/lifecycle.ts';
import { mayLeave } from '../../domain/captureMoment.ts';
import { legsToChargeAnew } from '../../domain/legs.ts';
import type { PaymentState } from '../../domain/payment.ts';
import type { Leg } from '../../domain/tender.ts';
import { CAPTURE_MOMENTS, DEFAULT_POLICY, type CaptureMoment } from '../../domain/policy.ts';
import { afterScan, TRACKING_STATUSES, type TrackingStatus } from '../../domain/shipment.ts';
import { needsPaymentAction, wantedWaits } from '../../domain/waits.ts';

export const NOW = Date.parse('2026-03-01T12:00:00Z');
export const LATER = NOW + 3_600_000;

/** A gift card, two cards: what three tenders pay of a share. */
function legs(): Leg[] {
  const methods = ['gift_card', 'card', 'card'] as const;
  return methods.map((method, index) => ({
    tender: index + 1,
    method,
    amountMinor: 300 + 100 * index,
    attempt: 1,
  }));
}

export function newOrder(
  shareCount: number,
  method: 'card' | 'prepaid' | 'tenders',
  captureAt: CaptureMoment = 'shipment',
): OrderView {
  const shares = Array.from({ length: shareCount }, (_, index): ShareView => ({
    id: `ful_1_${index + 1}`,
    seq: index + 1,
    location: `wh-${index + 1}`,
    state: 'open',
    amountMinor: 1_000,
    paymentAttempt: 1,
    shipmentAttempt: 1,
    payments: [],
    ...(method === 'tenders' && { legs: legs() }),
    shipment: null,
    submitClaimed: false,
    stalled: [],
    undoing: [],
  }));
  const view: OrderView = {
    orderId: 'ord_1',
    number: 100_001,
    channel: 'web',
    currency: 'EUR',
    totalMinor: 1_000 * shareCount,
    lineCount: shareCount,
    version: 1,
    lifecycle: 'processing',
    direction: 'forward',
    method: method === 'tenders' ? 'gift_card' : method,
    paid: method === 'prepaid',
    releaseAt: null,
    ...(captureAt !== 'shipment' && { captureAt }),
    attention: [],
    shares,
    waits: [],
    timing: DEFAULT_POLICY,
  };
  setReleaseTime(view);
  return view;
}

/** The release time is fixed at the moment at which every share is covered. */
function setReleaseTime(view: OrderView): void {
  if (isReadyForRelease(view) && view.direction === 'forward') view.releaseAt ??= new Date(NOW).toISOString();
}

/** What an outside system answers. `unknown` stands for no answer at all. */
export type Answer = 'done' | 'refused' | 'unknown';

const AUTHORIZED = { done: 'authorized', refused: 'declined', unknown: 'unknown' } as const;

/** What the database holds after a step was answered. */
export function answer(view: OrderView, step: Step, given: Answer): void {
  const share = shareOf(view, step.shareId);
  const payment = share.payments.find((one) => one.id === step.subject);
  // Only a success settles these; refused or unknown, they stall and are tried again under the same key.
  if (given !== 'done' && step.kind !== 'authorize' && !(step.kind === 'capture' && given === 'refused')) {
    if (step.kind === 'submit') share.submitClaimed = true;
    share.stalled = [...share.stalled, step.kind];
    return;
  }
  switch (step.kind) {
    case 'authorize':
      authorized(view, share, AUTHORIZED[given]);
      if (given === 'unknown') share.stalled = [...share.stalled, 'authorize'];
      break;
    case 'void':
      if (payment) payment.state = 'voided';
      break;
    case 'submit':
      share.submitClaimed = true;
      share.state = 'submitted';
      break;
    case 'book':
      share.shipment = { id: `shp_1_${share.seq}_${share.shipmentAttempt}`, state: 'booked' };
      break;
    case 'capture':
      if (payment) payment.state = given === 'done' ? 'captured' : 'failed';
      break;
    case 'void_label':
      if (share.shipment) share.shipment.state = 'cancelled';
      break;
    case 'refund':
    case 'inspect':
      throw new RangeError('the model takes no refunds');
  }
  setReleaseTime(view);
}

function authorized(view: OrderView, share: ShareView, state: PaymentState): void {
  const leg = legToAuthorize(view, share);
  if (!leg) throw new RangeError('nothing is to be authorized');
  const { tender, attempt } = leg;
  const id = tender === 1 ? `pay_1_${share.seq}_${attempt}` : `pay_1_${share.seq}t${tender}_${attempt}`;
  const known = share.payments.find((one) => one.id === id);
  if (known) known.state = state;
  else share.payments.push({ id, attempt, ...(tender !== 1 && { tender }), state });
}

export function shareOf(view: OrderView, id: string): ShareView {
  const share = view.shares.find((one) => one.id === id);
  if (!share) throw new RangeError(`no share ${id}`);
  return share;
}

export function report(share: ShareView, given: WarehouseReport): void {
  if (!share.submitClaimed) return;
  share.state = afterReport(share.state === 'open' ? 'submitted' : share.state, given) ?? share.state;
}

export function scan(view: OrderView, share: ShareView, status: TrackingStatus): void {
  // The warehouse hands over only what may leave: as a rule, what was captured or is paid at the channel.
  if (!share.shipment || !mayLeave(view, share)) return;
  share.shipment.state = afterScan(share.shipment.state, { status, detail: '' }) ?? share.shipment.state;
  if (share.shipment.state === 'delivered') share.state = 'closed';
}

/** A person's or the timer's retry: stalled steps go on, refused payments and voided labels get a new attempt. */
export function retry(view: OrderView): void {
  for (const share of view.shares) {
    share.stalled = [];
    if (view.direction === 'undo' || !needsPaymentAction(share)) continue;
    const anew = legsToChargeAnew(view, share);
    if (!share.legs) share.paymentAttempt += 1;
    for (const leg of anew) leg.attempt += 1;
    if (share.shipment?.state !== 'cancelled') continue;
    share.shipmentAttempt += 1;
    share.shipment = null;
  }
}

type Move =
  | { kind: 'step'; pick: number; answer: Answer }
  | { kind: 'report'; pick: number; report: WarehouseReport }
  | { kind: 'scan'; pick: number; status: TrackingStatus }
  | { kind: 'retry' }
  | { kind: 'cancel' };

const pick = fc.nat(4);
const moves = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('step' as const),
        pick,
        answer: fc.constantFrom<Answer>('done', 'done', 'done', 'refused', 'unknown'),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('report' as const),
        pick,
        report: fc.constantFrom(...WAREHOUSE_REPORTS, 'packed' as const, 'packed' as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('scan' as const),
        pick,
        status: fc.constantFrom(...TRACKING_STATUSES),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'retry' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'cancel' as const }) },
  ),
  { maxLength: 40 },
);

function apply(view: OrderView, move: Move): void {
  const steps = dueSteps(view, LATER);
  const share = 'pick' in move ? view.shares[move.pick % view.shares.length] : undefined;
  if (move.kind === 'step') {
    const step = steps[move.pick % Math.max(1, steps.length)];
    if (step) answer(view, step, move.answer);
  } else if (move.kind === 'report' && share) report(share, move.report);
  else if (move.kind === 'scan' && share) scan(view, share, move.status);
  else if (move.kind === 'retry') retry(view);
  else if (move.kind === 'cancel' && cancelRefusal(view) === undefined) view.direction = 'undo';
}

/** Any state an order can get into whose money is taken when a parcel is booked. */
export const reached = walks(fc.constant('shipment' as const));

/** The same for every moment of capture. */
export const reachedAtAnyMoment = walks(fc.constantFrom(...CAPTURE_MOMENTS));

function walks(moments: fc.Arbitrary<CaptureMoment>): fc.Arbitrary<OrderView> {
  return fc
    .tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom('card' as const, 'prepaid' as const, 'tenders' as const),
      moves,
      moments,
    )
    .map(([shares, method, all, captureAt]) => {
      const view = newOrder(shares, method, captureAt);
      for (const move of all) apply(view, move);
      return view;
    });
}

/** Answers every due step with a success until none is due; returns how many there were. */
export function drive(view: OrderView, limit = 200): number {
  for (let count = 0; count < limit; count += 1) {
    const step = dueSteps(view, LATER)[0];
    if (!step) return count;
    answer(view, step, 'done');
  }
  throw new RangeError(`steps without end: ${JSON.stringify(dueSteps(view, LATER))}`);
}

/** The same view with the waits the database would hold open: those its state wants, and one for each stalled step. */
export function withWaits(view: OrderView): OrderView {
  const since = new Date(NOW).toISOString();
  const isStuck = view.shares.some((share) => share.stalled.length > 0 || share.state === 'rejected');
  const told: OrderView = { ...view, attention: isStuck ? ['carrier'] : view.attention };
  const wanted = wantedWaits(told, DEFAULT_POLICY).map(({ seconds, at, ...wait }) => ({
    ...wait,
    since,
    deadlineAt: at ?? new Date(NOW + seconds * 1000).toISOString(),
  }));
  const stalls = view.shares.flatMap((share) =>
    share.stalled.map((step) => ({
      subject: `${share.id}#${step}`,
      kind: 'retry' as const,
      awaitedFrom: 'carrier',
      since,
      deadlineAt: new Date(LATER).toISOString(),
      thenWhat: 'retry',
    })),
  );
  return { ...told, waits: [...wanted, ...stalls] };
}
