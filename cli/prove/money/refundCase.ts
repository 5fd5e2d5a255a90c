/**
 * Paid orders made from a seed, refunded piece by piece until every unit and the shipping is given back: in any grouping and
 * any order, over one payment or several. Shared by the unit tests and the proof.
 */
import { cardStepMinor } from '../../../domain/money.ts';
import {
  planRefund,
  type RefundableLine,
  type RefundablePayment,
  type RefundFacts,
  type RefundPlan,
  type RefundRequest,
} from '../../../domain/refund.ts';
import { seeded, type Random } from '../random.ts';

/** Currencies with 0, 2 and 3 decimals. */
export const CURRENCIES = ['JPY', 'EUR', 'USD', 'KWD'] as const;
const TAX_PER_MILLE = [0, 55, 100, 125, 190, 200] as const;

/** A piece of what is given back: some units of a line, or some of the shipping. */
interface Piece {
  lineNo?: number;
  units?: number;
  shippingMinor?: number;
}

/** Plans every refund of the case with this seed; says what is wrong, or nothing when all adds up. */
export function refundCase(seed: number): string | undefined {
  const random = seeded(seed);
  let facts = paidOrder(random);
  const rest = cutUp(random, facts);
  let waiting: Piece[] = [];
  let refundedMinor = 0;
  while (rest.length > 0) {
    waiting = [...waiting, ...rest.splice(0, random.between(1, 3))];
    const paymentId = random.chance(0.4) ? random.pick(paymentIds(facts)) : undefined;
    const planned = planRefund(facts, { ...asRequest(waiting), ...(paymentId && { paymentId }) });
    // A piece smaller than what can be moved waits for the next ones.
    if (!planned.ok && planned.code === 'nothing_to_refund') continue;
    if (!planned.ok) return `refused ${planned.code}: ${planned.detail}`;
    const wrong = wrongWithPlan(facts, planned.plan);
    if (wrong !== undefined) return wrong;
    refundedMinor += planned.plan.amountMinor;
    facts = afterRefund(facts, planned.plan);
    waiting = [];
  }
  if (refundedMinor !== facts.totalMinor)
    return `${refundedMinor} of ${facts.totalMinor} ${facts.currency} given back for everything`;
  const left = facts.payments.find((one) => one.refundedMinor !== one.capturedMinor);
  return left && `${left.id} gave back ${left.refundedMinor} of ${left.capturedMinor}`;
}

/** What of the facts changes when a plan has been carried out. */
export function afterRefund(facts: RefundFacts, plan: RefundPlan): RefundFacts {
  return {
    ...facts,
    lines: facts.lines.map((line) => ({
      ...line,
      refundedUnits: line.refundedUnits + (plan.lines.find((one) => one.lineNo === line.lineNo)?.units ?? 0),
    })),
    shippingRefundedMinor: facts.shippingRefundedMinor + plan.shippingMinor,
    exactBeforeMinor: facts.exactBeforeMinor + exactOf(plan),
    payments: facts.payments.map((payment) => ({
      ...payment,
      refundedMinor:
        payment.refundedMinor +
        plan.movements.reduce((sum, one) => (one.paymentId === payment.id ? sum + one.amountMinor : sum), 0),
    })),
  };
}

/** Lines and shipping of a plan, before any step of card networks. */
export function exactOf(plan: Pick<RefundPlan, 'lines' | 'shippingMinor'>): number {
  return plan.lines.reduce((sum, line) => sum + line.totalMinor, plan.shippingMinor);
}

/** The first thing that doesn't add up in a plan; undefined when all does. */
export function wrongWithPlan(facts: RefundFacts, plan: RefundPlan): string | undefined {
  const { amountMinor, lines, movements } = plan;
  const moved = movements.reduce((sum, one) => sum + one.amountMinor, 0);
  if (moved !== amountMinor) return `movements of ${moved} for ${amountMinor}`;
  const said = exactOf(plan) + plan.goodwillMinor - plan.feesMinor + plan.roundingMinor;
  if (said !== amountMinor) return `parts of ${said} for ${amountMinor}`;
  if (lines.some((line) => line.netMinor + line.taxMinor !== line.totalMinor))
    return 'net and tax are not the total';
  if (lines.some((line) => line.netMinor < 0 || line.taxMinor < 0)) return 'a negative net or tax';
  const step = cardStepMinor(facts.currency);
  if (movements.some((one) => !one.byHand && one.amountMinor % step !== 0))
    return 'a card moves no such step';
  for (const payment of facts.payments) {
    const more = movements.find((one) => one.paymentId === payment.id)?.amountMinor ?? 0;
    const back = payment.refundedMinor + payment.refundClaimedMinor + payment.chargedBackMinor;
    if (more > 0 && back + more > payment.capturedMinor)
      return `${payment.id}: ${back + more} back of ${payment.capturedMinor} taken`;
  }
  return undefined;
}

/** An order whose lines have quantities, discounts and taxes that divide badly; everything was sent and paid. */
export function paidOrder(random: Random): RefundFacts {
  const currency = random.pick(CURRENCIES);
  const step = cardStepMinor(currency);
  const lines = Array.from({ length: random.between(1, 5) }, (_, index) => anyLine(random, index + 1));
  const linesMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0);
  const isCardOnly = random.chance(0.6);
  const wished = random.chance(0.7) ? random.between(0, 4_000) : 0;
  // Cards take whole steps only, so the shipping makes the total even.
  const shippingMinor = isCardOnly ? wished + ((step - ((linesMinor + wished) % step)) % step) : wished;
  const totalMinor = linesMinor + shippingMinor;
  return {
    currency,
    totalMinor,
    lines,
    shippingPaidMinor: shippingMinor,
    shippingRefundedMinor: 0,
    exactBeforeMinor: 0,
    payments: paymentsOf(random, { totalMinor, step, isCardOnly }),
  };
}

function anyLine(random: Random, lineNo: number): RefundableLine {
  const quantity = random.chance(0.05) ? random.between(1, 500) : random.between(1, 9);
  const price = random.chance(0.1) ? random.between(0, 3) : random.between(1, 30_000);
  const list = price * quantity;
  const afterDiscount = list - (random.chance(0.5) ? random.between(0, list) : 0);
  const taxMinor = Math.round((afterDiscount * random.pick(TAX_PER_MILLE)) / 1_000);
  const totalMinor = afterDiscount + (random.chance(0.5) ? taxMinor : 0);
  const shipped = random.between(0, quantity);
  return {
    lineNo,
    quantity,
    shipped,
    cancelled: quantity - shipped,
    totalMinor,
    taxMinor: Math.min(taxMinor, totalMinor),
    refundedUnits: 0,
  };
}

function paymentsOf(
  random: Random,
  order: { totalMinor: number; step: number; isCardOnly: boolean },
): RefundablePayment[] {
  const count = random.between(1, 3);
  let left = order.totalMinor;
  return Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1;
    const isCard = order.isCardOnly || (!isLast && random.chance(0.5));
    const wished = isLast ? left : random.between(0, left);
    const capturedMinor = isCard ? wished - (wished % order.step) : wished;
    left -= capturedMinor;
    return {
      id: `pay_case_${index + 1}`,
      method: isCard ? 'card' : 'prepaid',
      state: 'captured',
      capturedMinor,
      refundedMinor: 0,
      refundClaimedMinor: 0,
      chargedBackMinor: 0,
    };
  });
}

/** All units and the shipping in pieces, in any order. */
function cutUp(random: Random, facts: RefundFacts): Piece[] {
  const ofLines = facts.lines.flatMap((line) =>
    parts(random, line.quantity).map((units) => ({ lineNo: line.lineNo, units })),
  );
  const ofShipping = parts(random, facts.shippingPaidMinor).map((shippingMinor) => ({ shippingMinor }));
  return shuffled(random, [...ofLines, ...ofShipping]);
}

function parts(random: Random, whole: number): number[] {
  const cut: number[] = [];
  for (let left = whole; left > 0;) {
    const part = cut.length < 6 ? random.between(1, left) : left;
    cut.push(part);
    left -= part;
  }
  return cut;
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  return list
    .map((one) => ({ one, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

function asRequest(pieces: readonly Piece[]): RefundRequest {
  const units = new Map<number, number>();
  let shippingMinor = 0;
  for (const piece of pieces) {
    shippingMinor += piece.shippingMinor ?? 0;
    if (piece.lineNo !== undefined)
      units.set(piece.lineNo, (units.get(piece.lineNo) ?? 0) + (piece.units ?? 0));
  }
  return {
    reason: 'customer_request',
    ...(units.size > 0 && { lines: [...units].map(([lineNo, count]) => ({ lineNo, units: count })) }),
    ...(shippingMinor > 0 && { shippingMinor }),
  };
}

function paymentIds(facts: RefundFacts): [string, ...string[]] {
  const [first, ...more] = facts.payments.map((one) => one.id);
  return [first ?? '', ...more];
}
