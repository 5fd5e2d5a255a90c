/**
 * The gateway's balance, movement by movement, and which payout each was paid out with: an automatic payout takes everything
 * of its currency that none has taken before it. A payout that failed brings its money back as a movement of the next one.
 */
import { eventId } from './ids.ts';
import type { PaymentEntry } from './payment.books.ts';
import { chargeJson, disputeJson, payoutJson, refundJson } from './payment.wire.ts';

/** One movement, as Stripe shows it apart from its source. */
export interface Movement {
  id: string;
  type: 'charge' | 'refund' | 'refund_failure' | 'adjustment' | 'payout_failure' | 'payout_cancel';
  amountMinor: number;
  currency: string;
  created: number;
  /** The object it is about, as it was then. */
  source: Record<string, unknown>;
}

/** A page of movements, newest first. */
export interface MovementPage {
  page: Movement[];
  hasMore: boolean;
}

/** All movements; only `apply` changes them. */
export interface Balance {
  apply(entry: PaymentEntry): void;
  /** What a payout has paid out; undefined when `startingAfter` is none of it. */
  list(
    payoutId: string,
    page: { limit: number; startingAfter: string | undefined },
  ): MovementPage | undefined;
}

/** An empty balance. */
export function createBalance(): Balance {
  const waiting: Movement[] = [];
  const paidOut = new Map<string, Movement[]>();
  return {
    apply(entry) {
      if (entry.kind === 'payout') {
        const { id, automatic, currency } = entry.payout;
        if (!paidOut.has(id)) paidOut.set(id, automatic ? take(waiting, currency) : []);
      }
      const movement = movementOf(entry);
      if (movement !== undefined) waiting.push(movement);
    },
    list(payoutId, { limit, startingAfter }) {
      const all = (paidOut.get(payoutId) ?? []).toReversed();
      const from = startingAfter === undefined ? 0 : all.findIndex((one) => one.id === startingAfter) + 1;
      if (startingAfter !== undefined && from === 0) return undefined;
      return { page: all.slice(from, from + limit), hasMore: all.length > from + limit };
    },
  };
}

/** Takes all of a currency out of what waits. */
function take(waiting: Movement[], currency: string): Movement[] {
  const taken = waiting.filter((one) => one.currency === currency);
  const left = waiting.filter((one) => one.currency !== currency);
  waiting.splice(0, waiting.length, ...left);
  return taken;
}

function movementOf(entry: PaymentEntry): Movement | undefined {
  const shared = {
    id: eventId('txn', entry.kind, entry.seq),
    created: Math.floor(Date.parse(entry.at) / 1000),
  };
  if (entry.kind === 'payout') {
    const { amountMinor, currency, status } = entry.payout;
    if (status !== 'failed' && status !== 'canceled') return undefined;
    const type = status === 'failed' ? 'payout_failure' : 'payout_cancel';
    return { ...shared, type, amountMinor, currency, source: payoutJson(entry.payout) };
  }
  if (!('intent' in entry)) return undefined;
  const moved = { ...shared, currency: entry.intent.currency };
  const { amountMinor } = entry;
  switch (entry.kind) {
    case 'captured':
      return { ...moved, type: 'charge', amountMinor, source: chargeJson(entry.intent) };
    case 'refunded':
      return { ...moved, type: 'refund', amountMinor: -amountMinor, source: refundJson(entry.refund) };
    case 'refund_reversed':
      return { ...moved, type: 'refund_failure', amountMinor, source: refundJson(entry.refund) };
    case 'disputed':
      return { ...moved, type: 'adjustment', amountMinor: -amountMinor, source: disputeJson(entry.dispute) };
    case 'dispute_won':
      return { ...moved, type: 'adjustment', amountMinor, source: disputeJson(entry.dispute) };
    case 'authorized':
    case 'declined':
    case 'action_required':
    case 'voided':
    case 'expired':
    case 'refund_pending':
    case 'refund_failed':
    case 'dispute_lost':
    case 'inquiry_opened':
    case 'inquiry_closed':
      return undefined;
  }
}

/** A movement on the wire; its source is an id unless it was asked for. */
export function movementJson(movement: Movement, isExpanded: boolean): Record<string, unknown> {
  const { id, type, amountMinor, currency, created, source } = movement;
  return {
    id,
    object: 'balance_transaction',
    amount: amountMinor,
    available_on: created,
    created,
    currency,
    description: null,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: amountMinor,
    reporting_category: type,
    source: isExpanded ? source : source['id'],
    status: 'available',
    type,
  };
}
