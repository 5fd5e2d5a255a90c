/**
 * The life of an order as a row of steps, decided purely: which outside steps are due for a view of the order, what
 * it waits for and until when, what a person may do with it, and one sentence that says so. The workflow does what
 * is due; the database writes what is waited for; the API and the console show it. Each reads this one file.
 */
import { isCaptureDue, isTaken, isTakenInTime } from './captureMoment.ts';
import type { FulfillmentState } from './fulfillment.ts';
import { currentPayment, currentPayments, legsOfShare, paymentOfLeg } from './legs.ts';
import { METHODS } from './method.ts';
import { moneySteps } from './moneySteps.ts';
import { isTerminal, type Attention, type Direction, type Lifecycle, type PaymentMethod } from './order.ts';
import type { PaymentState } from './payment.ts';
import type { CaptureMoment, Policy } from './policy.ts';
import type { ShipmentState } from './shipment.ts';
import type { Leg } from './tender.ts';

export { currentPayment } from './legs.ts';

/** The steps that call an outside system. Their order is the order of the story. */
export type StepKind =
  | 'authorize'
  | 'void'
  | 'submit'
  | 'book'
  | 'capture'
  | 'void_label'
  /** Of one payment, not of a share; see moneySteps.ts. Due even when the order has ended. */
  | 'refund'
  | 'inspect';

/** One payment of a share that is no longer (or not yet) the current one but may still hold the customer's money. */
export interface PaymentView {
  id: string;
  attempt: number;
  /** Left out for the first. */
  tender?: number;
  state: PaymentState;
  /** The gateway gives the authorization back by itself after this instant, where it has said so. */
  captureBefore?: string;
}

/** A warehouse's share of the order, its payment and its parcel. */
export interface ShareView {
  id: string;
  seq: number;
  location: string;
  state: FulfillmentState;
  amountMinor: number;
  paymentAttempt: number;
  shipmentAttempt: number;
  /** What each tender that sets money aside pays of it; left out when the order has one tender. */
  legs?: Leg[];
  /** All payments of the share, oldest first (nearly always one). */
  payments: PaymentView[];
  /** The parcel of the current shipment attempt. */
  shipment: { id: string; state: ShipmentState } | null;
  /** True once a submission to the warehouse was written down, whatever became of it. */
  submitClaimed: boolean;
  /** Undo steps that were begun and not settled yet: they are finished before anything else. */
  undoing?: { kind: 'void' | 'void_label'; subject: string }[];
  /** Steps of this share that have stalled and wait for their retry. */
  stalled: StepKind[];
}

/** An open wait, as a row: what is awaited, from whom, until when, and what happens then. */
export interface WaitView {
  subject: string;
  kind: WaitKind;
  awaitedFrom: string;
  since: string;
  deadlineAt: string;
  thenWhat: string;
}

/** What an order can wait for. */
export type WaitKind =
  | 'stock'
  | 'payment'
  | 'release'
  | 'packing'
  | 'delivery'
  | 'retry'
  | 'case'
  /** A soft decline: the bank may say yes later. */
  | 'decline'
  /** An authorization that the gateway will drop. */
  | 'authorization'
  /** An authorization that was given back until shortly before the release. */
  | 'reauthorize'
  /** Money that comes after the goods. */
  | 'receipt'
  /** Money that goes back, also when the order has ended. */
  | 'approval'
  | 'refund';

/** What the workflow knows of its order: ids, states and amounts; never lines and never personal data. */
export interface OrderView {
  orderId: string;
  number: number;
  channel: string;
  currency: string;
  totalMinor: number;
  lineCount: number;
  /** Rises with every accepted change; the newer view wins. */
  version: number;
  lifecycle: Lifecycle;
  direction: Direction;
  method: PaymentMethod;
  /** Prepaid: the channel says it has the money. */
  paid: boolean;
  /** Of an offline method: some of the money has come, and not all. */
  isPaidInPart?: true;
  releaseAt: string | null;
  /** When money that was set aside is taken; left out = when its parcel is booked. */
  captureAt?: CaptureMoment;
  /** While it is there, no card is asked: what was authorized was given back until this instant, near the release. */
  authorizeAt?: string;
  /** Paid after the goods: until when; left out before all of them have left. */
  dueAt?: string;
  attention: Attention[];
  shares: ShareView[];
  waits: WaitView[];
  /** Money that is to be given back or looked at; left out while there is none. */
  money?: MoneyWork;
  timing: Pick<Policy, 'callTimeoutSeconds' | 'stepTimeoutSeconds' | 'callRetryMillis'>;
}

/** Work on money that was taken: it goes on when the order has ended. Ids only. */
export interface MoneyWork {
  /** Movements of refunds that the gateway is to be asked for, oldest first. */
  refunds: { attemptId: string; paymentId: string; amountMinor: number }[];
  /** Payments of which the gateway is asked for the truth. */
  inspections: string[];
  /** Steps that have stalled and wait for their retry: `<payment id>#refund`. */
  stalled: string[];
  /** True while a dispute is open: nothing more is sent. */
  isDisputed: boolean;
  /** Refunds that wait for a second person. */
  toApprove?: string[];
  /** Refunds of which the gateway has not said yet whether they arrived. */
  pending?: string[];
}

/** One due step: the lane it runs in (one at a time a lane) and what it acts on. */
export interface Step {
  kind: StepKind;
  /** The share; for refund and inspect the payment, because money of one payment is one queue. */
  shareId: string;
  /** Payment id for authorize, void, capture and inspect; share id for submit; parcel id for book and void_label; movement id for refund. */
  subject: string;
}

/** True when the share may go to the warehouse as far as money is concerned. */
export function isCovered(view: Pick<OrderView, 'method' | 'paid'>, share: ShareView): boolean {
  if (METHODS[view.method].moment === 'before' && !view.paid) return false;
  if (legsOfShare(view, share).length === 0) return true;
  if (share.undoing?.length) return false;
  const state = currentPayment(share)?.state;
  return state === 'authorized' || state === 'captured';
}

/** States of a payment that may hold the customer's money and must be given back when the order is undone. */
const HOLDS_MONEY: readonly PaymentState[] = ['created', 'authorized', 'unknown', 'failed'];

/** True when the payment of the share's current attempt got a definite no. */
export function isRefused(share: ShareView): boolean {
  return ['declined', 'expired', 'requires_action'].includes(currentPayment(share)?.state ?? '');
}

/** True while the bank is asked again by itself for a share whose card it has declined. */
export function isAskedAgain(view: Pick<OrderView, 'waits'>, share: Pick<ShareView, 'id'>): boolean {
  return view.waits.some((wait) => wait.kind === 'decline' && wait.subject === share.id);
}

/** The payments of a share that have to be voided now. */
function paymentsToVoid(view: OrderView, share: ShareView): PaymentView[] {
  const current = currentPayments(share);
  if (view.direction === 'undo')
    return share.payments.filter((payment) => HOLDS_MONEY.includes(payment.state));
  const stale = share.payments.filter(
    (payment) => !current.includes(payment) && HOLDS_MONEY.includes(payment.state),
  );
  const failed = current.filter((payment) => payment.state === 'failed');
  // What is authorized for one part is of no use while another part of the order is refused.
  const isOtherRefused =
    share.state === 'open' && view.shares.some((other) => isRefused(other) && !isAskedAgain(view, other));
  const useless = isOtherRefused ? current.filter((payment) => payment.state === 'authorized') : [];
  return [...stale, ...failed, ...useless];
}

/** The step that is due for one share, or undefined while it waits for somebody or is done. */
export function dueStep(view: OrderView, share: ShareView, nowMs: number): Step | undefined {
  if (isTerminal(view.lifecycle)) return undefined;
  const step = nextStep(view, share, nowMs);
  return step && share.stalled.includes(step.kind) ? undefined : step;
}

/** The undo step that is begun or due for a share, in whichever direction the order goes. */
function nextUndo(view: OrderView, share: ShareView): Step | undefined {
  const begun = share.undoing?.[0];
  if (begun) return { ...begun, shareId: share.id };
  if (currentPayment(share)?.state === 'failed' && share.shipment?.state === 'booked')
    return { kind: 'void_label', shareId: share.id, subject: share.shipment.id };
  const open = paymentsToVoid(view, share)[0];
  return open && { kind: 'void', shareId: share.id, subject: open.id };
}

function nextStep(view: OrderView, share: ShareView, nowMs: number): Step | undefined {
  const undo = nextUndo(view, share);
  if (undo) return undo;
  if (view.direction === 'undo') return undefined;
  const leg = legToAuthorize(view, share);
  if (leg) return { kind: 'authorize', shareId: share.id, subject: paymentOfLeg(share, leg)?.id ?? share.id };
  if (!isCovered(view, share)) return undefined;
  const order = {
    allCovered: view.shares.every((other) => isCovered(view, other)),
    isReleased: isReleased(view, nowMs),
  };
  const held = currentPayments(share).find((payment) => payment.state === 'authorized');
  if (held && isCaptureDue(view, share, order))
    return { kind: 'capture', shareId: share.id, subject: held.id };
  if (share.state === 'open') return dueSubmit(view, share, nowMs);
  const parcel = share.shipment;
  const isToBook = share.state === 'packed' && (parcel === null || parcel.state === 'planned');
  if (isToBook && !view.money?.isDisputed) {
    return { kind: 'book', shareId: share.id, subject: parcel?.id ?? share.id };
  }
  return undefined;
}

/** The leg of the share for which money is to be set aside now; undefined when that is done, refused or has to wait. */
export function legToAuthorize(view: OrderView, share: ShareView): Leg | undefined {
  if (view.authorizeAt !== undefined) return undefined;
  const someRefused = view.shares.some((other) => other.state === 'open' && isRefused(other));
  return legsOfShare(view, share).find((leg) => {
    const payment = paymentOfLeg(share, leg);
    if (payment !== undefined) return payment.state === 'created' || payment.state === 'unknown';
    return share.state !== 'open' || !someRefused;
  });
}

function dueSubmit(view: OrderView, share: ShareView, nowMs: number): Step | undefined {
  if (view.money?.isDisputed) return undefined;
  const mayGo = view.shares.every((other) => isCovered(view, other) && isTakenInTime(view, other));
  return mayGo && isReleased(view, nowMs)
    ? { kind: 'submit', shareId: share.id, subject: share.id }
    : undefined;
}

/** True once the release time has come. */
export function isReleased(view: Pick<OrderView, 'releaseAt'>, nowMs: number): boolean {
  return view.releaseAt !== null && Date.parse(view.releaseAt) <= nowMs;
}

/** All due steps of the order, one a lane at most. */
export function dueSteps(view: OrderView, nowMs: number): Step[] {
  return [...view.shares.flatMap((share) => dueStep(view, share, nowMs) ?? []), ...moneySteps(view)];
}

/** The step that is due in one lane, a share's or a payment's; undefined while there is none. */
export function dueInLane(view: OrderView, laneId: string, nowMs: number): Step | undefined {
  return dueSteps(view, nowMs).find((step) => step.shareId === laneId);
}

/** True when everything that was done outside has been undone, so that stock can go back and the order can end. */
export function isUndone(view: OrderView): boolean {
  return view.direction === 'undo' && view.shares.every((share) => nextUndo(view, share) === undefined);
}

/** True when every share was delivered and paid for: only then is the order complete. */
export function isFulfilled(view: OrderView): boolean {
  const isAwaited = METHODS[view.method].moment !== 'hold' && !view.paid;
  return (
    !isAwaited &&
    view.shares.length > 0 &&
    view.shares.every((share) => share.shipment?.state === 'delivered' && isTaken(view, share))
  );
}

/** True when all shares are covered and none was released yet: the moment from which the release delay counts. */
export function isReadyForRelease(view: OrderView): boolean {
  return view.shares.length > 0 && view.shares.every((share) => isCovered(view, share));
}

/** True while a payment or a label of an attempt that failed is still being given back. */
export function hasUndoOpen(view: OrderView): boolean {
  return view.shares.some((share) => nextUndo(view, share) !== undefined);
}
