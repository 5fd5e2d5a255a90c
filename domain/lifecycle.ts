/**
 * The life of an order as a row of steps, decided purely: which outside steps are due for a view of the order, what
 * it waits for and until when, what a person may do with it, and one sentence that says so. The workflow does what
 * is due; the database writes what is waited for; the API and the console show it. Each reads this one file.
 */
import type { FailureCode } from './failures.ts';
import type { FulfillmentState } from './fulfillment.ts';
import { isTerminal, type Attention, type Direction, type Lifecycle, type PaymentMethod } from './order.ts';
import type { PaymentState } from './payment.ts';
import type { Policy } from './policy.ts';
import { hasLeft, type ShipmentState } from './shipment.ts';

/** The steps that call an outside system. Their order is the order of the story. */
export type StepKind = 'authorize' | 'void' | 'submit' | 'book' | 'capture' | 'void_label';

/** One payment of a share that is no longer (or not yet) the current one but may still hold the customer's money. */
export interface PaymentView {
  id: string;
  attempt: number;
  state: PaymentState;
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
export type WaitKind = 'stock' | 'payment' | 'release' | 'packing' | 'delivery' | 'retry' | 'case';

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
  releaseAt: string | null;
  attention: Attention[];
  shares: ShareView[];
  waits: WaitView[];
  timing: Pick<Policy, 'callTimeoutSeconds' | 'stepTimeoutSeconds' | 'callRetryMillis'>;
}

/** One due step: the share it belongs to and what it acts on. */
export interface Step {
  kind: StepKind;
  shareId: string;
  /** Payment id for authorize, void and capture; share id for submit; parcel id for book and void_label. */
  subject: string;
}

/** The payment of the share's current business attempt, if it was ever begun. */
export function currentPayment(share: ShareView): PaymentView | undefined {
  return share.payments.find((payment) => payment.attempt === share.paymentAttempt);
}

/** True when the share may go to the warehouse as far as money is concerned. */
export function isCovered(view: Pick<OrderView, 'method' | 'paid'>, share: ShareView): boolean {
  const state = currentPayment(share)?.state;
  if (view.method === 'prepaid') return view.paid;
  if (share.undoing?.length) return false;
  return state === 'authorized' || state === 'captured';
}

/** States of a payment that may hold the customer's money and must be given back when the order is undone. */
const HOLDS_MONEY: readonly PaymentState[] = ['created', 'authorized', 'unknown', 'failed'];

/** True when the payment of the share's current attempt got a definite no. */
export function isRefused(share: ShareView): boolean {
  return ['declined', 'expired', 'requires_action'].includes(currentPayment(share)?.state ?? '');
}

/** The payments of a share that have to be voided now. */
function paymentsToVoid(view: OrderView, share: ShareView): PaymentView[] {
  const current = currentPayment(share);
  if (view.direction === 'undo')
    return share.payments.filter((payment) => HOLDS_MONEY.includes(payment.state));
  const stale = share.payments.filter(
    (payment) => payment !== current && HOLDS_MONEY.includes(payment.state),
  );
  if (current?.state === 'failed') return [...stale, current];
  const siblingRefused =
    share.state === 'open' && view.shares.some((other) => other !== share && isRefused(other));
  return siblingRefused && current?.state === 'authorized' ? [...stale, current] : stale;
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
  if (view.method !== 'card') return undefined;
  if (currentPayment(share)?.state === 'failed' && share.shipment?.state === 'booked')
    return { kind: 'void_label', shareId: share.id, subject: share.shipment.id };
  const open = paymentsToVoid(view, share)[0];
  return open && { kind: 'void', shareId: share.id, subject: open.id };
}

function nextStep(view: OrderView, share: ShareView, nowMs: number): Step | undefined {
  const payment = currentPayment(share);
  const undo = nextUndo(view, share);
  if (undo) return undo;
  if (view.direction === 'undo') return undefined;
  if (view.method === 'card') {
    const someRefused = view.shares.some((other) => other.state === 'open' && isRefused(other));
    const begun = payment === undefined || payment.state === 'created' || payment.state === 'unknown';
    const stillWanted = share.state !== 'open' || !someRefused || payment !== undefined;
    if (begun && stillWanted) {
      return { kind: 'authorize', shareId: share.id, subject: payment?.id ?? share.id };
    }
  }
  if (!isCovered(view, share)) return undefined;
  if (share.state === 'open') return dueSubmit(view, share, nowMs);
  const parcel = share.shipment;
  if (share.state === 'packed' && (parcel === null || parcel.state === 'planned')) {
    return { kind: 'book', shareId: share.id, subject: parcel?.id ?? share.id };
  }
  // A parcel that left before its capture was settled is charged all the same.
  const chargeable = parcel !== null && (parcel.state === 'booked' || hasLeft(parcel.state));
  if (view.method === 'card' && chargeable && payment?.state === 'authorized') {
    return { kind: 'capture', shareId: share.id, subject: payment.id };
  }
  return undefined;
}

function dueSubmit(view: OrderView, share: ShareView, nowMs: number): Step | undefined {
  const allCovered = view.shares.every((other) => isCovered(view, other));
  const released = view.releaseAt !== null && Date.parse(view.releaseAt) <= nowMs;
  return allCovered && released ? { kind: 'submit', shareId: share.id, subject: share.id } : undefined;
}

/** All due steps of the order, one a share at most. */
export function dueSteps(view: OrderView, nowMs: number): Step[] {
  return view.shares.flatMap((share) => dueStep(view, share, nowMs) ?? []);
}

/** True when everything that was done outside has been undone, so that stock can go back and the order can end. */
export function isUndone(view: OrderView): boolean {
  return view.direction === 'undo' && view.shares.every((share) => nextUndo(view, share) === undefined);
}

/** True when every share was delivered and paid for: only then is the order complete. */
export function isFulfilled(view: OrderView): boolean {
  const isPaid = (share: ShareView) =>
    view.method === 'prepaid' || currentPayment(share)?.state === 'captured';
  return (
    view.shares.length > 0 &&
    view.shares.every((share) => share.shipment?.state === 'delivered' && isPaid(share))
  );
}

/** True when all shares are covered and none was released yet: the moment from which the release delay counts. */
export function isReadyForRelease(view: OrderView): boolean {
  return view.shares.length > 0 && view.shares.every((share) => isCovered(view, share));
}

/** An action a person may take, or why not. */
export interface AllowedAction {
  action: 'cancel' | 'retry';
  enabled: boolean;
  reasonIfDisabled?: FailureCode;
  needsReason: boolean;
}

/** What can be done with the order now. The same rule decides when the command arrives. */
export function allowedActions(view: OrderView): AllowedAction[] {
  const cancel = cancelRefusal(view);
  const retry = retryRefusal(view);
  return [
    {
      action: 'cancel',
      enabled: cancel === undefined,
      needsReason: true,
      ...(cancel && { reasonIfDisabled: cancel }),
    },
    {
      action: 'retry',
      enabled: retry === undefined,
      needsReason: false,
      ...(retry && { reasonIfDisabled: retry }),
    },
  ];
}

/**
 * Why a cancel is refused now, or undefined. Until the full cancel table exists, a cancel works before release, and for
 * shares that their warehouse has rejected.
 */
export function cancelRefusal(
  view: Pick<OrderView, 'lifecycle' | 'direction' | 'shares'>,
): FailureCode | undefined {
  if (isTerminal(view.lifecycle)) return 'already_ended';
  if (view.direction === 'undo') return 'refused_by_state';
  const isOut = (share: ShareView) =>
    share.state !== 'rejected' && (share.submitClaimed || share.state !== 'open');
  return view.shares.some(isOut) ? 'already_released' : undefined;
}

/**
 * Why a retry is refused now, or undefined: it needs a step, stock or a card payment that waits. A new payment attempt
 * also waits until everything of the old one is given back.
 */
export function retryRefusal(view: OrderView): FailureCode | undefined {
  if (isTerminal(view.lifecycle)) return 'already_ended';
  if (view.waits.some((wait) => wait.kind === 'retry' || wait.kind === 'stock')) return undefined;
  if (view.method !== 'card' || !view.waits.some((wait) => wait.kind === 'payment'))
    return 'nothing_to_retry';
  return hasUndoOpen(view) ? 'refused_by_state' : undefined;
}

/** True while a payment or a label of an attempt that failed is still being given back. */
export function hasUndoOpen(view: OrderView): boolean {
  return view.shares.some((share) => nextUndo(view, share) !== undefined);
}
