/**
 * Reconciliation: what the gateway lists beside what we have written down, payment by payment. Only differences that stand
 * still count: a payment that a step is working on is left alone. Pure; what is done about a finding is its `repair`.
 */
import type { Lifecycle } from './order.ts';
import type { PaymentState } from './payment.ts';
import type { ListedPayment } from './truth.ts';

/** What reconciliation can find. */
export const FINDING_KINDS = [
  'captured_but_cancelled',
  'authorized_but_ended',
  'paid_but_unknown',
  'state_differs',
  'amount_differs',
  'currency_differs',
  'refund_differs',
  'dispute_differs',
  'missing_at_gateway',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** A payment as our books have it. */
export interface OurPayment {
  id: string;
  orderId: string;
  state: PaymentState;
  providerRef: string | null;
  currency: string;
  amountMinor: number;
  capturedMinor: number;
  refundedMinor: number;
  isDisputed: boolean;
  /** True when a dispute of it was ever written down. */
  hasDispute: boolean;
  /** What a refund that is under way will still give back. */
  refundOpenMinor: number;
  lifecycle: Lifecycle;
  /** True while a step works on it: what differs now may be equal in a moment. */
  isBusy: boolean;
}

/** One difference. `inspect`: the payment's own order asks the gateway and books the truth. `case`: a person has to look. */
export interface FoundDifference {
  kind: FindingKind;
  paymentId: string | null;
  orderId: string | null;
  reference: string | null;
  oursMinor: number | null;
  theirsMinor: number | null;
  currency: string;
  detail: string;
  repair: 'inspect' | 'case';
}

/** States in which we believe that nothing of the customer is held. */
const HOLDS_NOTHING: readonly PaymentState[] = ['declined', 'voided', 'expired', 'failed', 'requires_action'];
/** States that say the same as the gateway's. */
const SAYS_SAME: Readonly<Record<ListedPayment['state'], readonly PaymentState[]>> = {
  requires_action: ['requires_action', 'declined', 'created', 'unknown', 'failed', 'expired'],
  declined: ['declined', 'failed', 'expired', 'voided', 'created', 'unknown', 'requires_action'],
  authorized: ['authorized'],
  captured: ['captured', 'partially_captured'],
  voided: ['voided', 'expired', 'failed', 'declined'],
};

/** What differs between one payment that the gateway lists and ours; at most one finding, the gravest. */
export function compareListed(
  ours: OurPayment | undefined,
  listed: ListedPayment,
): FoundDifference | undefined {
  if (!ours) return unknownPayment(listed);
  if (ours.isBusy) return undefined;
  const difference = gravest(ours, listed);
  return (
    difference && {
      ...difference,
      paymentId: ours.id,
      orderId: ours.orderId,
      reference: listed.providerRef,
      currency: listed.currency,
      repair: 'inspect',
    }
  );
}

/** Money that the gateway holds for a payment nobody knows; attempts that moved nothing are not worth a finding. */
function unknownPayment(listed: ListedPayment): FoundDifference | undefined {
  const heldMinor = listed.state === 'authorized' ? listed.amountMinor : listed.capturedMinor;
  const leftMinor = heldMinor - listed.refundedMinor;
  if (leftMinor <= 0) return undefined;
  return {
    kind: 'paid_but_unknown',
    paymentId: null,
    orderId: null,
    reference: listed.providerRef,
    oursMinor: null,
    theirsMinor: leftMinor,
    currency: listed.currency,
    detail: `The gateway has ${listed.state} a payment that belongs to no order.`,
    repair: 'case',
  };
}

type Difference = Pick<FoundDifference, 'kind' | 'oursMinor' | 'theirsMinor' | 'detail'>;

function gravest(ours: OurPayment, listed: ListedPayment): Difference | undefined {
  if (ours.currency !== listed.currency) {
    return {
      kind: 'currency_differs',
      oursMinor: null,
      theirsMinor: null,
      detail: `We have ${ours.currency}, the gateway has ${listed.currency}.`,
    };
  }
  return endedDifference(ours, listed) ?? sumDifference(ours, listed) ?? stateDifference(ours, listed);
}

/** The order was cancelled or has expired and the gateway still has the customer's money. */
function endedDifference(ours: OurPayment, listed: ListedPayment): Difference | undefined {
  const isUndone = ours.lifecycle === 'cancelled' || ours.lifecycle === 'expired';
  const isEnded = isUndone || ours.lifecycle === 'completed';
  if (isEnded && listed.state === 'authorized' && listed.capturedMinor === 0) {
    return {
      kind: 'authorized_but_ended',
      oursMinor: HOLDS_NOTHING.includes(ours.state) ? 0 : ours.amountMinor,
      theirsMinor: listed.amountMinor,
      detail: `The order is ${ours.lifecycle} and the gateway still holds an authorization.`,
    };
  }
  const leftMinor = listed.capturedMinor - listed.refundedMinor - ours.refundOpenMinor;
  if (!isUndone || listed.hasDispute || leftMinor <= 0) return undefined;
  return {
    kind: 'captured_but_cancelled',
    oursMinor: ours.capturedMinor - ours.refundedMinor,
    theirsMinor: listed.capturedMinor - listed.refundedMinor,
    detail: `The order is ${ours.lifecycle}, the money was captured and was not given back.`,
  };
}

function sumDifference(ours: OurPayment, listed: ListedPayment): Difference | undefined {
  if (ours.capturedMinor !== listed.capturedMinor) {
    return {
      kind: 'amount_differs',
      oursMinor: ours.capturedMinor,
      theirsMinor: listed.capturedMinor,
      detail: 'Another amount was captured than our books have.',
    };
  }
  const gap = listed.refundedMinor - ours.refundedMinor;
  // What is under way may be done at the gateway and not be heard of here yet; it is never done here first.
  const isUnderWay = gap > 0 && gap <= ours.refundOpenMinor;
  if (gap !== 0 && !isUnderWay) {
    return {
      kind: 'refund_differs',
      oursMinor: ours.refundedMinor,
      theirsMinor: listed.refundedMinor,
      detail: 'Another amount was given back than our books have.',
    };
  }
  if (listed.hasDispute && !ours.hasDispute) {
    return {
      kind: 'dispute_differs',
      oursMinor: null,
      theirsMinor: null,
      detail: 'The charge is or was disputed and our books do not say so.',
    };
  }
  return undefined;
}

function stateDifference(ours: OurPayment, listed: ListedPayment): Difference | undefined {
  if (SAYS_SAME[listed.state].includes(ours.state)) {
    if (listed.state !== 'authorized' || ours.amountMinor === listed.amountMinor) return undefined;
    return {
      kind: 'amount_differs',
      oursMinor: ours.amountMinor,
      theirsMinor: listed.amountMinor,
      detail: 'Another amount was authorized than was asked for.',
    };
  }
  // An unsettled payment that the gateway has not finished either is neither's fault.
  return {
    kind: 'state_differs',
    oursMinor: HOLDS_NOTHING.includes(ours.state) ? 0 : ours.amountMinor,
    theirsMinor: listed.state === 'voided' || listed.state === 'declined' ? 0 : listed.amountMinor,
    detail: `We have the payment as ${ours.state}, the gateway as ${listed.state}.`,
  };
}

/** Payments of the time that was listed, which the gateway did not list although money of them moved here. */
export function missingAtGateway(
  ours: readonly OurPayment[],
  listedRefs: ReadonlySet<string>,
): FoundDifference[] {
  return ours
    .filter((payment) => !payment.isBusy && payment.providerRef !== null && payment.providerRef !== 'none')
    .filter((payment) => !listedRefs.has(payment.providerRef ?? ''))
    .filter((payment) => payment.capturedMinor > 0 || payment.state === 'authorized')
    .map((payment) => ({
      kind: 'missing_at_gateway',
      paymentId: payment.id,
      orderId: payment.orderId,
      reference: payment.providerRef,
      oursMinor: payment.capturedMinor || payment.amountMinor,
      theirsMinor: null,
      currency: payment.currency,
      detail: `We have the payment as ${payment.state}; the gateway does not list it.`,
      repair: 'inspect',
    }));
}
