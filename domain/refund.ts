/**
 * What a refund gives back: units of lines at what was paid for them, shipping, goodwill, less fees. Preview and execution
 * share this one calculation. Rounding is cumulative per line, so refunds of parts in any order and any grouping add up to
 * exactly what was paid.
 */
import type { FailureCode } from './failures.ts';
import { cardStepMinor, formatMoney, minorDigits } from './money.ts';
import type { PaymentMethod } from './order.ts';
import type { PaymentState } from './payment.ts';
import { isMovedByCard, refundableMinor, walkPayments, type RefundMovement } from './refundWalk.ts';

export { refundableMinor } from './refundWalk.ts';

/** Why money is given back. */
export const REFUND_REASONS = [
  'customer_request',
  'goodwill',
  'defective',
  'wrong_item',
  'late',
  'lost',
  'returned',
  'price_error',
  'duplicate',
  'cancelled',
  'other',
] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

/** What may be held back from a refund. */
export const FEE_KINDS = ['restocking', 'return_label', 'other'] as const;

/** An amount held back from a refund; `taxMinor` is the tax on it, on top. */
export interface RefundFee {
  kind: (typeof FEE_KINDS)[number];
  amountMinor: number;
  taxMinor?: number;
}

/** What somebody asks to be given back. */
export interface RefundRequest {
  lines?: readonly { lineNo: number; units: number }[];
  shippingMinor?: number;
  goodwillMinor?: number;
  fees?: readonly RefundFee[];
  /** A plain amount instead of all the above: goodwill, unless it is all that is left. */
  amountMinor?: number;
  /** The payment to take it from first. */
  paymentId?: string;
  reason: RefundReason;
}

/** One line of the order, as far as refunds go. The total contains the tax, whether prices do or not. */
export interface RefundableLine {
  lineNo: number;
  quantity: number;
  shipped: number;
  cancelled: number;
  totalMinor: number;
  taxMinor: number;
  /** Units of earlier refunds that have not failed. */
  refundedUnits: number;
}

/** One payment of the order, as far as refunds go. */
export interface RefundablePayment {
  id: string;
  method: PaymentMethod;
  state: PaymentState;
  capturedMinor: number;
  refundedMinor: number;
  /** On its way back: asked for and not settled. */
  refundClaimedMinor: number;
  chargedBackMinor: number;
}

/** What is known about an order when a refund is planned. */
export interface RefundFacts {
  currency: string;
  totalMinor: number;
  lines: readonly RefundableLine[];
  shippingPaidMinor: number;
  shippingRefundedMinor: number;
  /** Lines and shipping of earlier refunds that have not failed, exact, before any step of card networks. */
  exactBeforeMinor: number;
  /** Oldest first. */
  payments: readonly RefundablePayment[];
}

/** One line of a planned refund; net + tax = total. */
export interface RefundPlanLine {
  lineNo: number;
  units: number;
  netMinor: number;
  taxMinor: number;
  totalMinor: number;
}

/** A refund as it would be granted: amount = lines + shipping + goodwill − fees + rounding. */
export interface RefundPlan {
  amountMinor: number;
  lines: RefundPlanLine[];
  shippingMinor: number;
  goodwillMinor: number;
  fees: RefundFee[];
  /** All fees with their taxes. */
  feesMinor: number;
  /** What card networks can't move now (below 0) or move now for earlier refunds (above 0). */
  roundingMinor: number;
  movements: RefundMovement[];
}

/** Why a refund can't be planned. */
export interface RefundRefusal {
  ok: false;
  code: FailureCode;
  detail: string;
}

/** A plan, or the reason why there is none. */
export type RefundPlanned = { ok: true; plan: RefundPlan } | RefundRefusal;

/** Plans a refund; nothing is moved. */
export function planRefund(facts: RefundFacts, request: RefundRequest): RefundPlanned {
  const unsound = unsoundRequest(facts, request);
  if (unsound !== undefined) return refuse('invalid', unsound);
  if (refundableMinor(facts) === 0)
    return refuse('nothing_to_refund', 'no money of this order is left to give back');
  const parts = request.amountMinor === undefined ? request : partsOfAmount(facts, request.amountMinor);
  const over = unrefundable(facts, parts);
  if (over) return over;
  const priced = price(facts, parts);
  return settle(facts, priced, request.paymentId);
}

/** True when a refund of this amount is above the limit, which is given in whole units of the currency. */
export function needsApproval(amountMinor: number, currency: string, limitMajor: number): boolean {
  return amountMinor > limitMajor * 10 ** minorDigits(currency);
}

/** What `units` of a line cost, tax included, counted from its first unit and rounded half up; all units cost the total. */
function costOfUnits(line: RefundableLine, units: number): { totalMinor: number; taxMinor: number } {
  const totalMinor = shareHalfUp(line.totalMinor, units, line.quantity);
  return { totalMinor, taxMinor: shareHalfUp(line.taxMinor, totalMinor, line.totalMinor) };
}

/** whole × part ÷ of, rounded half up, exactly. */
function shareHalfUp(whole: number, part: number, of: number): number {
  if (of === 0) return 0;
  const divisor = 2n * BigInt(of);
  return Number((2n * BigInt(whole) * BigInt(part) + BigInt(of)) / divisor);
}

type Parts = Pick<RefundRequest, 'lines' | 'shippingMinor' | 'goodwillMinor' | 'fees'>;

/** The first thing about a request that makes no sense for any order like this one. */
function unsoundRequest(facts: RefundFacts, request: RefundRequest): string | undefined {
  const { amountMinor, lines = [], shippingMinor, goodwillMinor, fees = [] } = request;
  const hasParts =
    lines.length > 0 || fees.length > 0 || shippingMinor !== undefined || goodwillMinor !== undefined;
  if (amountMinor !== undefined && hasParts)
    return 'give either a plain amount, or lines, shipping, goodwill and fees';
  if (amountMinor === undefined && !hasParts) return 'say what is given back';
  const amounts = [amountMinor, shippingMinor, goodwillMinor].concat(
    fees.flatMap((fee) => [fee.amountMinor, fee.taxMinor]),
  );
  if (amounts.some((amount) => amount !== undefined && !(Number.isSafeInteger(amount) && amount >= 0)))
    return 'amounts are whole minor units and not negative';
  const numbers = lines.map((line) => line.lineNo);
  if (new Set(numbers).size < numbers.length) return 'each line is named once';
  const unknown = numbers.find((lineNo) => facts.lines.every((line) => line.lineNo !== lineNo));
  if (unknown !== undefined) return `the order has no line ${unknown}`;
  if (lines.some((line) => !Number.isSafeInteger(line.units) || line.units < 1))
    return 'units are whole and at least 1';
  if (request.paymentId !== undefined && facts.payments.every((one) => one.id !== request.paymentId))
    return 'the order has no such payment';
  return unmovable(facts, request);
}

/** Card networks move three-decimal currencies in steps; what people choose freely has to keep to them. */
function unmovable(facts: RefundFacts, request: RefundRequest): string | undefined {
  const step = stepOf(facts);
  const isOff = (minor: number | undefined) => (minor ?? 0) % step !== 0;
  const said = `have to be multiples of ${formatMoney(step, facts.currency)}, as cards settle them`;
  if (isOff(request.amountMinor)) return `plain amounts ${said}`;
  if (isOff(request.goodwillMinor)) return `goodwill amounts ${said}`;
  if (isOff(feesMinor(request.fees))) return `fees with their taxes ${said}`;
  return undefined;
}

function stepOf(facts: RefundFacts): number {
  const isByCard = facts.payments.some((one) => isMovedByCard(one) && one.capturedMinor > 0);
  return isByCard ? cardStepMinor(facts.currency) : 1;
}

function feesMinor(fees: readonly RefundFee[] = []): number {
  return fees.reduce((sum, fee) => sum + fee.amountMinor + (fee.taxMinor ?? 0), 0);
}

/** A plain amount is goodwill, unless it is exactly what all units and the shipping that are left come to. */
function partsOfAmount(facts: RefundFacts, amountMinor: number): Parts {
  const rest: Parts = {
    lines: facts.lines
      .map((line) => ({ lineNo: line.lineNo, units: line.quantity - line.refundedUnits }))
      .filter((line) => line.units > 0),
    shippingMinor: facts.shippingPaidMinor - facts.shippingRefundedMinor,
  };
  const isAllLeft =
    amountMinor === refundableMinor(facts) &&
    unrefundable(facts, rest) === undefined &&
    price(facts, rest).amountMinor === amountMinor;
  return isAllLeft ? rest : { goodwillMinor: amountMinor };
}

/** Refuses units that were neither sent nor cancelled or were refunded, and shipping that wasn't paid or was refunded. */
function unrefundable(facts: RefundFacts, parts: Parts): RefundRefusal | undefined {
  for (const wanted of parts.lines ?? []) {
    const line = facts.lines.find((one) => one.lineNo === wanted.lineNo);
    const free = line ? Math.max(0, line.shipped + line.cancelled - line.refundedUnits) : 0;
    if (wanted.units > free)
      return refuse(
        'units_not_refundable',
        `line ${wanted.lineNo}: ${free} of its units can be refunded, not ${wanted.units}`,
      );
  }
  const left = Math.max(0, facts.shippingPaidMinor - facts.shippingRefundedMinor);
  if ((parts.shippingMinor ?? 0) <= left) return undefined;
  return refuse(
    'shipping_not_refundable',
    `${formatMoney(left, facts.currency)} of the shipping can be refunded`,
  );
}

type Priced = Omit<RefundPlan, 'movements'>;

function price(facts: RefundFacts, parts: Parts): Priced {
  const lines = (parts.lines ?? []).flatMap((wanted) => {
    const line = facts.lines.find((one) => one.lineNo === wanted.lineNo);
    return line ? [priceLine(line, wanted.units)] : [];
  });
  const shippingMinor = parts.shippingMinor ?? 0;
  const goodwillMinor = parts.goodwillMinor ?? 0;
  const fees = feesMinor(parts.fees);
  const exact = lines.reduce((sum, line) => sum + line.totalMinor, shippingMinor);
  const before = facts.exactBeforeMinor;
  const moved = movable(facts, before + exact) - movable(facts, before);
  return {
    amountMinor: moved + goodwillMinor - fees,
    lines,
    shippingMinor,
    goodwillMinor,
    fees: [...(parts.fees ?? [])],
    feesMinor: fees,
    roundingMinor: moved - exact,
  };
}

function priceLine(line: RefundableLine, units: number): RefundPlanLine {
  const before = costOfUnits(line, line.refundedUnits);
  const after = costOfUnits(line, line.refundedUnits + units);
  const totalMinor = after.totalMinor - before.totalMinor;
  const taxMinor = after.taxMinor - before.taxMinor;
  return { lineNo: line.lineNo, units, netMinor: totalMinor - taxMinor, taxMinor, totalMinor };
}

/** How much of an exact sum, counted from the first refund on, can have moved: whole steps, and everything at the end. */
function movable(facts: RefundFacts, exactMinor: number): number {
  return exactMinor >= facts.totalMinor ? exactMinor : exactMinor - (exactMinor % stepOf(facts));
}

/** Holds the amount against what is left, and spreads it over the payments. */
function settle(facts: RefundFacts, priced: Priced, paymentId: string | undefined): RefundPlanned {
  const { amountMinor } = priced;
  const left = refundableMinor(facts);
  if (amountMinor <= 0) return refuse('nothing_to_refund', 'the refund comes to nothing');
  const tooLarge = refuse(
    'refund_too_large',
    `the refund comes to ${formatMoney(amountMinor, facts.currency)}; ${formatMoney(left, facts.currency)} can be given back`,
  );
  if (amountMinor > left) return tooLarge;
  const movements = walkPayments(facts, amountMinor, paymentId);
  const moved = movements.reduce((sum, movement) => sum + movement.amountMinor, 0);
  return moved === amountMinor ? { ok: true, plan: { ...priced, movements } } : tooLarge;
}

function refuse(code: FailureCode, detail: string): RefundRefusal {
  return { ok: false, code, detail };
}
