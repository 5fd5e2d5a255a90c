/**
 * Payments made from a seed and driven through any sequence of what we start (authorize, capture, refund) and what comes from
 * outside (late answers, refunds in the gateway's dashboard, charge-backs), told as events and folded by the rules of
 * Holdfast. Shared by the unit tests and the proof.
 */
import { cardStepMinor } from '../../../domain/money.ts';
import {
  admitEvent,
  foldPayment,
  postingSign,
  type PaymentBalance,
  type PaymentEvent,
} from '../../../domain/payment.ts';
import { planRefund, type RefundFacts, type RefundPlan, type RefundRequest } from '../../../domain/refund.ts';
import { seeded, type Random } from '../random.ts';
import { afterRefund, paidOrder, wrongWithPlan } from './refundCase.ts';

/** A wrong sum; thrown so that a case ends where it was found. */
class Wrong extends Error {
  override readonly name = 'Wrong';
}

interface Payment {
  id: string;
  method: RefundFacts['payments'][number]['method'];
  events: PaymentEvent[];
}

/** Drives the case with this seed; says what is wrong, or nothing when every sum holds all the way. */
export function moneyCase(seed: number): string | undefined {
  try {
    new MoneyCase(seeded(seed)).run();
    return undefined;
  } catch (error) {
    if (error instanceof Wrong) return error.message;
    throw error;
  }
}

class MoneyCase {
  private facts: RefundFacts;
  private readonly payments: Payment[];
  private count = 0;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
    const paid = paidOrder(random);
    this.facts = paid;
    this.payments = paid.payments.map((one) => ({ id: one.id, method: one.method, events: [] }));
    for (const [index, payment] of this.payments.entries())
      this.authorize(payment, paid.payments[index]?.capturedMinor ?? 0);
  }

  run(): void {
    const moves = [
      () => this.capture(),
      () => this.capture(),
      () => this.refund(),
      () => this.refund(),
      () => this.refund(),
      () => this.answer(),
      () => this.answer(),
      () => this.repeat(),
      () => this.outside('refund_success'),
      () => this.outside('charge_back'),
      () => this.undo('refund_success', 'refund_reverse'),
      () => this.undo('charge_back', 'charge_back_reverse'),
    ] as const;
    for (let left = this.random.between(5, 40); left > 0; left -= 1) {
      this.random.pick(moves)();
      this.payments.forEach(judgeBooks);
    }
  }

  /** Held methods grant their amount, sometimes less after an adjustment; the others come in at once. */
  private authorize(payment: Payment, amountMinor: number): void {
    if (amountMinor === 0) return;
    if (payment.method !== 'card') return this.tell(payment, 'charge_success', { amountMinor });
    const reference = this.newReference();
    this.tell(payment, 'authorization_request', { amountMinor, reference });
    this.tell(payment, 'authorization_success', { amountMinor, reference });
    if (this.random.chance(0.1))
      this.tell(payment, 'authorization_adjustment', {
        amountMinor: this.stepped(this.random.between(1, amountMinor)),
      });
  }

  /** Takes some of what is set aside and neither taken nor asked for: the claim of a capture. */
  private capture(): void {
    const payment = this.random.pick(first(this.payments));
    const { authorizedMinor, capturedMinor, pending } = foldPayment(payment.events);
    const free = authorizedMinor - capturedMinor - pending.chargeMinor;
    const amountMinor = this.random.chance(0.5)
      ? free
      : this.stepped(this.random.between(0, Math.max(0, free)));
    if (amountMinor <= 0) return;
    this.start(payment, 'charge', amountMinor);
    const after = foldPayment(payment.events);
    const claimed = after.capturedMinor + after.pending.chargeMinor;
    hold(
      claimed <= after.authorizedMinor,
      `${claimed} taken or asked for of ${after.authorizedMinor} granted`,
    );
  }

  private refund(): void {
    const facts = this.factsNow();
    const planned = planRefund(facts, this.anyRequest(facts));
    if (!planned.ok) return;
    const { plan } = planned;
    const wrong = wrongWithPlan(facts, plan);
    hold(wrong === undefined, wrong ?? '');
    this.facts = { ...afterRefund(this.facts, plan), payments: this.facts.payments };
    for (const payment of this.payments) this.move(payment, plan);
  }

  private move(payment: Payment, plan: RefundPlan): void {
    const movement = plan.movements.find((one) => one.paymentId === payment.id);
    if (!movement) return;
    this.start(payment, 'refund', movement.amountMinor);
    const { capturedMinor, refundedMinor, chargedBackMinor, pending } = foldPayment(payment.events);
    const back = refundedMinor + pending.refundMinor + chargedBackMinor;
    hold(back <= capturedMinor, `${payment.id}: a refund was started that makes ${back} of ${capturedMinor}`);
  }

  /** Asks; the answer comes at once or later, which is what unknown and pending mean. */
  private start(payment: Payment, verb: 'charge' | 'refund', amountMinor: number): void {
    const reference = this.newReference();
    this.tell(payment, `${verb}_request`, { amountMinor, reference });
    if (this.random.chance(0.5)) return;
    this.tell(payment, this.random.chance(0.8) ? `${verb}_success` : `${verb}_failure`, {
      amountMinor,
      reference,
    });
  }

  /** The late answer to something that was asked. */
  private answer(): void {
    const payment = this.random.pick(first(this.payments));
    const open = payment.events.find(
      ({ type, reference }) =>
        (type === 'charge_request' || type === 'refund_request') &&
        payment.events.filter((other) => other.reference === reference).length === 1,
    );
    if (!open) return;
    const verb = open.type === 'charge_request' ? 'charge' : 'refund';
    this.tell(payment, this.random.chance(0.8) ? `${verb}_success` : `${verb}_failure`, open);
  }

  /** The same report a second time, and once more with another amount: neither may be written. */
  private repeat(): void {
    const payment = this.random.pick(first(this.payments));
    const before = foldPayment(payment.events);
    const event = payment.events[this.random.between(0, Math.max(0, payment.events.length - 1))];
    if (!event) return;
    hold(admitEvent(payment.events, { ...event }) === 'repeated', `a repeated ${event.type} was let in`);
    const other = { ...event, amountMinor: event.amountMinor + 10 };
    hold(admitEvent(payment.events, other) === 'conflict', `a contradicting ${event.type} was let in`);
    hold(sameBalance(before, foldPayment(payment.events)), 'a repeat changed the balance');
  }

  /** Money moved by others, which is booked even where it goes against our limits. */
  private outside(type: 'refund_success' | 'charge_back'): void {
    const payment = this.random.pick(first(this.payments));
    const { capturedMinor } = foldPayment(payment.events);
    const amountMinor = this.stepped(this.random.between(0, capturedMinor));
    if (amountMinor > 0) this.tell(payment, type, { amountMinor });
  }

  /** A refund that came back, a dispute that was won. */
  private undo(type: 'refund_success' | 'charge_back', by: 'refund_reverse' | 'charge_back_reverse'): void {
    const payment = this.random.pick(first(this.payments));
    const done = payment.events.find((event) => event.type === type);
    if (done && admitEvent(payment.events, { ...done, type: by }) === 'new') this.tell(payment, by, done);
  }

  private tell(
    payment: Payment,
    type: PaymentEvent['type'],
    what: { amountMinor: number; reference?: string },
  ): void {
    const { amountMinor, reference = this.newReference() } = what;
    const event: PaymentEvent = { type, amountMinor, reference };
    hold(admitEvent(payment.events, event) === 'new', `${type} was not let in`);
    payment.events.push(event);
  }

  private anyRequest(facts: RefundFacts): RefundRequest {
    const { random } = this;
    const paymentId = random.chance(0.3) ? random.pick(first(facts.payments)).id : undefined;
    const chosen = paymentId === undefined ? {} : { paymentId };
    if (random.chance(0.5)) {
      const amountMinor = this.stepped(random.between(1, Math.ceil(facts.totalMinor * 1.2) + 1));
      return { reason: 'goodwill', amountMinor, ...chosen };
    }
    const lines = facts.lines
      .filter(() => random.chance(0.6))
      .map((line) => ({ lineNo: line.lineNo, units: random.between(1, line.quantity) }));
    const goodwillMinor = random.chance(0.2) ? this.stepped(random.between(0, 500)) : 0;
    const amountMinor = this.stepped(random.between(0, 300));
    const fees = random.chance(0.2) ? [{ kind: 'restocking', amountMinor } as const] : [];
    const shippingMinor = random.chance(0.5) ? facts.shippingPaidMinor : 0;
    return { reason: 'returned', lines, goodwillMinor, shippingMinor, fees, ...chosen };
  }

  private factsNow(): RefundFacts {
    return {
      ...this.facts,
      payments: this.payments.map(({ id, method, events }) => {
        const balance = foldPayment(events);
        return { id, method, state: 'captured', ...balance, refundClaimedMinor: balance.pending.refundMinor };
      }),
    };
  }

  private stepped(minor: number): number {
    return minor - (minor % cardStepMinor(this.facts.currency));
  }

  private newReference(): string {
    this.count += 1;
    return `ref_${this.count}`;
  }
}

/** The postings of a payment add up to its balance, and no column of it is below zero. */
function judgeBooks({ id, events }: Payment): void {
  const balance = foldPayment(events);
  const posted = events.reduce((sum, event) => sum + postingSign(event.type) * event.amountMinor, 0);
  const kept = balance.capturedMinor - balance.refundedMinor - balance.chargedBackMinor;
  hold(posted === kept, `${id}: postings of ${posted} for a balance of ${kept}`);
  const { pending, ...columns } = balance;
  const lowest = Math.min(...Object.values(columns), ...Object.values(pending));
  hold(lowest >= 0, `${id}: a sum below zero`);
}

function hold(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Wrong(what);
}

function sameBalance(a: PaymentBalance, b: PaymentBalance): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The list as one that is known not to be empty. */
function first<T>(list: readonly T[]): [T, ...T[]] {
  const [one, ...more] = list;
  if (one === undefined) throw new Wrong('an order without a payment');
  return [one, ...more];
}
