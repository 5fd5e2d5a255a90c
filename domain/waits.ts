/**
 * What an order waits for: which waits should be open in its present state, from whom, until when and what happens then;
 * and the words for it that operators read in Temporal Web.
 */
import { firstToReplace } from './authorization.ts';
import { currentPayments, needsNewAttempt } from './legs.ts';
import {
  currentPayment,
  hasUndoOpen,
  isAskedAgain,
  isCovered,
  isReadyForRelease,
  isRefused,
  type OrderView,
  type ShareView,
  type WaitKind,
  type WaitView,
} from './lifecycle.ts';
import { METHODS } from './method.ts';
import { isTerminal } from './order.ts';
import type { Policy } from './policy.ts';
import { hasGoneWrong, hasLeft, type ShipmentState } from './shipment.ts';

/** A wait that should be open for the present state; its deadline counts from the moment it opens. */
export interface WantedWait {
  subject: string;
  kind: WaitKind;
  awaitedFrom: string;
  seconds: number;
  thenWhat: string;
  /** An exact instant instead of `seconds` from now. Once it has passed, `seconds` count; with 0 of them nothing is awaited. */
  at?: string;
}

/**
 * What the order waits for in its present state, apart from what is opened by what went wrong (the next try of a stalled
 * step, the pause after a soft decline).
 */
export function wantedWaits(view: OrderView, policy: Policy): WantedWait[] {
  if (isTerminal(view.lifecycle)) return refundWaits(view, policy);
  const id = view.orderId;
  const waits: WantedWait[] = refundWaits(view, policy);
  const forward = view.direction === 'forward';
  if (view.attention.length > 0) {
    waits.push({
      subject: id,
      kind: 'case',
      awaitedFrom: 'a person',
      seconds: policy.caseReminderSeconds,
      thenWhat: 'remind',
    });
  }
  if (forward && view.shares.length === 0) {
    waits.push({
      subject: id,
      kind: 'stock',
      awaitedFrom: 'warehouse',
      seconds: policy.stockWaitSeconds,
      thenWhat: 'cancel',
    });
  }
  const released = view.shares.some((share) => share.submitClaimed || share.state !== 'open');
  const isAwaited = METHODS[view.method].moment === 'before' && !view.paid;
  const unpaid =
    isAwaited ||
    view.shares.some(
      (share) =>
        (needsPaymentAction(share) && !isAskedAgain(view, share)) || share.stalled.includes('authorize'),
    );
  if (forward && unpaid && view.shares.length > 0) {
    waits.push({
      subject: id,
      kind: 'payment',
      awaitedFrom: 'customer',
      seconds:
        isAwaited && view.method === 'bank_transfer' ? policy.transferWaitSeconds : policy.paymentWaitSeconds,
      thenWhat: released ? 'remind' : 'expire',
    });
  }
  if (forward && view.authorizeAt !== undefined) {
    waits.push({
      subject: id,
      kind: 'reauthorize',
      awaitedFrom: 'time',
      seconds: 0,
      at: view.authorizeAt,
      thenWhat: 'authorize',
    });
  }
  if (forward) waits.push(...receiptWait(view, policy));
  // Shares wait for their release together, as one wait of the order; one row is open per subject and kind.
  const isNew = (wait: WantedWait) =>
    !waits.some((other) => other.subject === wait.subject && other.kind === wait.kind);
  for (const share of forward ? view.shares : [])
    waits.push(...shareWaits(view, share, policy).filter(isNew), ...authorizationWait(view, share, policy));
  return waits;
}

/**
 * Money that comes after the goods: until it is due, and then again and again, so that an order that is overdue is never
 * forgotten when somebody closes its case.
 */
function receiptWait(view: OrderView, policy: Policy): WantedWait[] {
  if (METHODS[view.method].moment !== 'after' || view.paid || view.dueAt === undefined) return [];
  return [
    {
      subject: view.orderId,
      kind: 'receipt',
      awaitedFrom: view.method === 'cash_on_delivery' ? 'carrier' : 'customer',
      seconds: policy.caseReminderSeconds,
      at: view.dueAt,
      thenWhat: 'case',
    },
  ];
}

/** Money that goes back: for a second person, or for the gateway's word; it is waited for after the end as well. */
function refundWaits({ money }: OrderView, policy: Policy): WantedWait[] {
  const toApprove = (money?.toApprove ?? []).map((subject): WantedWait => ({
    subject,
    kind: 'approval',
    awaitedFrom: 'a second person',
    seconds: policy.refundApprovalSeconds,
    thenWhat: 'withdraw',
  }));
  const pending = (money?.pending ?? []).map((subject): WantedWait => ({
    subject,
    kind: 'refund',
    awaitedFrom: 'payment provider',
    seconds: policy.refundLookupSeconds,
    thenWhat: 'look',
  }));
  return [...toApprove, ...pending];
}

function authorizationWait(view: OrderView, share: ShareView, policy: Policy): WantedWait[] {
  const first = firstToReplace(view, share, policy);
  if (!first) return [];
  const wait = { kind: 'authorization' as const, awaitedFrom: 'time', seconds: 0, thenWhat: 'authorize' };
  return [{ ...wait, subject: first.paymentId, at: first.at }];
}

/** True for a wait of money that was taken: it stays open when the order ends. */
export function isMoneyWait(wait: Pick<WaitView, 'kind' | 'subject'>): boolean {
  if (wait.kind === 'retry') return wait.subject.endsWith('#refund') || wait.subject.endsWith('#inspect');
  return wait.kind === 'approval' || wait.kind === 'refund';
}

/**
 * True for an open wait that stays although no rule asks for it: what went wrong has opened it, and it ends with its
 * deadline or with its cause.
 */
export function isKeptOpen(view: OrderView, wait: Pick<WaitView, 'kind' | 'subject'>): boolean {
  if (wait.kind === 'retry') return !isTerminal(view.lifecycle) || isMoneyWait(wait);
  const share = view.shares.find((one) => one.id === wait.subject);
  const isForward = view.direction === 'forward' && !isTerminal(view.lifecycle);
  return wait.kind === 'decline' && isForward && share !== undefined && isRefused(share);
}

/** True when money of this share cannot go on without a person. */
export function needsPaymentAction(share: ShareView): boolean {
  return needsNewAttempt(currentPayment(share)?.state);
}

/** The shares a retry charges anew, each as a new business attempt; none while an old attempt is still being given back. */
export function sharesToChargeAnew(view: OrderView): ShareView[] {
  const isForward = view.direction === 'forward' && !isTerminal(view.lifecycle);
  const isPossible = isForward && !hasUndoOpen(view);
  return isPossible ? view.shares.filter(needsPaymentAction) : [];
}

function shareWaits(view: OrderView, share: ShareView, policy: Policy): WantedWait[] {
  if (share.state === 'open') {
    if (!isReadyForRelease(view) || view.releaseAt === null || share.submitClaimed) return [];
    return [
      {
        subject: view.orderId,
        kind: 'release',
        awaitedFrom: 'time',
        seconds: 0,
        at: view.releaseAt,
        thenWhat: 'release',
      },
    ];
  }
  if (['submitted', 'accepted', 'picking'].includes(share.state)) {
    return [
      {
        subject: share.id,
        kind: 'packing',
        awaitedFrom: `warehouse ${share.location}`,
        seconds: policy.packTimeoutSeconds,
        thenWhat: 'case',
      },
    ];
  }
  const parcel = share.shipment;
  const moving =
    parcel && (parcel.state === 'booked' || hasLeft(parcel.state)) && !isJourneyOver(parcel.state);
  if (!moving || !isCovered(view, share)) return [];
  return [
    {
      subject: parcel.id,
      kind: 'delivery',
      awaitedFrom: 'carrier',
      seconds: policy.parcelSilenceSeconds,
      thenWhat: 'case',
    },
  ];
}

/**
 * True for an open order that nothing happens to by itself any more: every parcel has arrived or gone wrong, everything
 * is charged, and no case is open. Such an order has no wait and no step that is due; only news moves it.
 */
export function isAtRest(view: OrderView): boolean {
  if (isTerminal(view.lifecycle) || view.direction === 'undo') return false;
  if (view.waits.length > 0 || view.attention.length > 0 || hasUndoOpen(view)) return false;
  const states = view.shares.map((share) => share.shipment?.state);
  const isSettled = view.shares.every((share) => isCovered(view, share) && !isChargeOwed(view, share));
  return (
    isSettled &&
    states.every((state) => state !== undefined && isJourneyOver(state)) &&
    states.some((state) => state !== undefined && hasGoneWrong(state))
  );
}

/** True while something of a share is set aside and should have been taken at this point of the story. */
export function isChargeOwed(view: Pick<OrderView, 'method' | 'captureAt'>, share: ShareView): boolean {
  if (!currentPayments(share).some((payment) => payment.state === 'authorized')) return false;
  return view.captureAt !== 'delivery' || share.shipment?.state === 'delivered';
}

function isJourneyOver(state: ShipmentState): boolean {
  return state === 'delivered' || hasGoneWrong(state);
}

/** The earliest deadline of all waits, as an ISO instant; null when nothing is waited for. */
export function nearestDeadline(view: Pick<OrderView, 'waits'>): string | null {
  return nearestWait(view)?.deadlineAt ?? null;
}

/** The wait that ends first; undefined when nothing is waited for. */
export function nearestWait(view: Pick<OrderView, 'waits'>): WaitView | undefined {
  return view.waits.toSorted((a, b) => (a.deadlineAt < b.deadlineAt ? -1 : 1))[0];
}

/** One line for a timer in Temporal Web: "wait for packing, until 2026-11-25 13:11 UTC". */
export function waitLine(wait: WaitView): string {
  return `wait for ${WAIT_WORDS[wait.kind]}, until ${wait.deadlineAt.slice(0, 16).replace('T', ' ')} UTC`;
}

/** What each wait is for, in words. */
export const WAIT_WORDS: Readonly<Record<WaitKind, string>> = {
  stock: 'stock',
  payment: 'a payment that works',
  release: 'its release to the warehouse',
  packing: 'packing',
  delivery: 'delivery',
  retry: 'the next try of a step that failed',
  case: 'a person who looks at it',
  decline: 'the next try of the card',
  authorization: 'the end of an authorization',
  reauthorize: 'its card to be authorized again',
  receipt: 'its money',
  approval: 'a second person to approve a refund',
  refund: 'a refund to arrive',
};

/** One markdown text for Temporal Web: where the order stands, what it waits for, from whom, since when, what then. */
export function describe(view: OrderView): string {
  const attention = view.attention.length > 0 ? ` · needs attention: **${view.attention.join(', ')}**` : '';
  const head = `Order **${view.number}** (${view.channel}) is **${view.direction === 'undo' && !isTerminal(view.lifecycle) ? 'being undone' : view.lifecycle}**${attention}`;
  const waits = view.waits.map(
    (wait) =>
      `- waits for ${WAIT_WORDS[wait.kind]} from ${wait.awaitedFrom} since ${wait.since}; at ${wait.deadlineAt}: ${wait.thenWhat} (${wait.subject})`,
  );
  const shares = view.shares.map(
    (share) =>
      `- share ${share.seq} at ${share.location}: ${share.state}, payment ${currentPayment(share)?.state ?? 'none'}, parcel ${share.shipment?.state ?? 'none'}`,
  );
  return [head, ...shares, ...waits].join('\n');
}
