/**
 * What a customer who follows a payment link is shown: whether the order can be paid in another way now, how much is asked,
 * and if not, why not. The same rule decides when the payment arrives (changePayment.ts). Pure.
 */
import { changePaymentRefusal, tenderToReplace } from './changePayment.ts';
import { declineWords } from './declines.ts';
import { legsOfShare, legsToChargeAnew, paymentOfLeg } from './legs.ts';
import { isCovered, type OrderView } from './lifecycle.ts';
import { isOffline, METHODS, type OfflineMethod } from './method.ts';
import { isTerminal } from './order.ts';
import type { StillToCome } from './receipt.ts';
import { owedMinor } from './remainder.ts';
import type { Tender } from './tender.ts';

/**
 * Where a customer stands: `payable` and `declined` (the last try got a definite no) can pay; `awaited`: money is owed that comes
 * by transfer, invoice or cash, and nothing else is taken for it; `working`: asked, and the outcome is not known yet; `paid`: covered; `idle`: nothing to pay here, e.g. goods are looked for first; `ended`: the order is over.
 */
export const PAY_STATES = ['payable', 'declined', 'awaited', 'working', 'paid', 'idle', 'ended'] as const;
export type PayState = (typeof PAY_STATES)[number];

/** What the view leaves out and the page needs. */
export interface PayFacts {
  tenders: readonly Tender[];
  /** True while a customer's or colleague's other way to pay waits to be taken. */
  isChangePending: boolean;
  /** What was taken, by payment id. */
  takenMinor: Readonly<Record<string, number>>;
  /** What is still to come by transfer, invoice or cash; left out when nothing is. */
  awaited?: StillToCome;
  /** The gateway's or our own code of the last no, by payment id. */
  refusals: Readonly<Record<string, string>>;
}

/** Where the customer stands. `dueMinor` is null unless something can be paid now or is awaited. */
export interface PayStanding {
  state: PayState;
  dueMinor: number | null;
  /** Why the last try got a no, in words for the customer; null when there is none to tell. */
  reason: string | null;
  /** How the money comes that is `awaited`. */
  by?: OfflineMethod;
}

const nothingDue = (state: PayState): PayStanding => ({ state, dueMinor: null, reason: null });

/** What still has to come by transfer, invoice or cash; `otherwise` when nothing has. */
const awaitedOr = ({ awaited }: PayFacts, otherwise: PayState): PayStanding =>
  awaited
    ? { state: 'awaited', dueMinor: awaited.minor, reason: null, by: awaited.method }
    : nothingDue(otherwise);

/** Where the customer of this order stands. */
export function payStandingOf(view: OrderView, facts: PayFacts): PayStanding {
  if (view.lifecycle === 'completed') return nothingDue('paid');
  if (isTerminal(view.lifecycle) || view.direction === 'undo') return nothingDue('ended');
  if (facts.isChangePending) return nothingDue('working');
  if (changePaymentRefusal(view)) return unpayable(view, facts);
  const target = tenderToReplace(view, facts.tenders, { method: 'card' });
  return target ? payable(view, target, facts) : awaitedOr(facts, 'idle');
}

/** Nothing can be given now: it is covered, or it is under way, or it is nobody's turn yet. */
function unpayable(view: OrderView, facts: PayFacts): PayStanding {
  const isAwaited = METHODS[view.method].moment === 'before' && !view.paid;
  const hasLegs = view.shares.some((share) => legsOfShare(view, share).length > 0);
  if (view.shares.length === 0 || view.authorizeAt !== undefined) return nothingDue('idle');
  if (isAwaited) return awaitedOr(facts, 'idle');
  if (!view.shares.every((share) => isCovered(view, share))) return nothingDue('working');
  return awaitedOr(facts, hasLegs || view.paid ? 'paid' : 'idle');
}

function payable(view: OrderView, target: Tender, facts: PayFacts): PayStanding {
  const taken = (paymentId: string) => facts.takenMinor[paymentId] ?? 0;
  const asked = view.shares.flatMap((share) =>
    legsToChargeAnew(view, share)
      .filter((leg) => leg.tender === target.seq)
      .map((leg) => ({
        payment: paymentOfLeg(share, leg),
        minor: owedMinor(share, { ...leg, attempt: leg.attempt + 1 }, taken),
      })),
  );
  if (isOffline(target.method)) {
    // What has come in part is waited for: the order refuses to be paid in another way.
    if (facts.awaited && facts.awaited.minor < target.amountMinor) return awaitedOr(facts, 'idle');
    return { state: 'payable', dueMinor: target.amountMinor, reason: null };
  }
  const dueMinor = asked.reduce((sum, one) => sum + one.minor, 0);
  const refused = asked.find(({ payment }) => payment !== undefined && GOT_A_NO.includes(payment.state));
  if (!refused?.payment) return { state: 'payable', dueMinor, reason: null };
  const code = facts.refusals[refused.payment.id] ?? '';
  const reason = declineWords(refused.payment.state === 'requires_action' ? 'authentication_required' : code);
  return { state: 'declined', dueMinor, reason };
}

const GOT_A_NO: readonly string[] = ['declined', 'requires_action', 'failed'];
