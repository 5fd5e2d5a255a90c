/**
 * What the payment simulator knows: payment intents, refunds, disputes, payouts, the answers stored under their keys,
 * its settings, and what its ledger adds up to. All of it is folded from the ledger's entries.
 */
import { z } from 'zod';
import { createBalance } from './payment.balance.ts';
import type { Balance } from './payment.balance.ts';
import { createMethods } from './payment.methods.ts';
import type { Methods } from './payment.methods.ts';
import { CUSTOMER, DISPUTE, INTENT, PAYOUT, REFUND } from './payment.state.ts';
import type { Dispute, Intent, Payout, Refund } from './payment.state.ts';

const HEAD = { seq: z.number().int(), at: z.string() };
/** An answer kept under an Idempotency-Key. */
const STORED = z.object({
  key: z.string(),
  fingerprint: z.string(),
  status: z.number().int(),
  body: z.string(),
});
export type Stored = z.infer<typeof STORED>;
const MOVE = {
  ...HEAD,
  /** What moved, in minor units of the intent's currency. */
  amountMinor: z.number().int(),
  intent: INTENT,
  stored: STORED.optional(),
};
const BACK = { ...MOVE, refund: REFUND };
const DISPUTED = { ...MOVE, dispute: DISPUTE };

/** What may be set while it runs. */
export const SETTINGS = z.strictObject({
  /** How long an authorization lasts. */
  authorizationSeconds: z
    .number()
    .min(0)
    .max(30 * 86_400),
});
export type Settings = z.infer<typeof SETTINGS>;

/** One line of the payment simulator's ledger. */
export const PAYMENT_ENTRY = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('authorized'), ...MOVE }),
  z.object({ kind: z.literal('declined'), ...MOVE }),
  z.object({ kind: z.literal('action_required'), ...MOVE }),
  z.object({ kind: z.literal('captured'), ...MOVE }),
  z.object({ kind: z.literal('voided'), ...MOVE }),
  /** Given back by the clock. */
  z.object({ kind: z.literal('expired'), ...MOVE }),
  z.object({ kind: z.literal('refund_pending'), ...BACK }),
  /** Money that is back at the customer's, at once or after it was pending. */
  z.object({ kind: z.literal('refunded'), ...BACK }),
  /** A refund that came to nothing, at once or after it was pending. */
  z.object({ kind: z.literal('refund_failed'), ...BACK }),
  /** A refund that had succeeded and came back. */
  z.object({ kind: z.literal('refund_reversed'), ...BACK }),
  z.object({ kind: z.literal('disputed'), ...DISPUTED }),
  z.object({ kind: z.literal('dispute_won'), ...DISPUTED }),
  z.object({ kind: z.literal('dispute_lost'), ...DISPUTED }),
  z.object({ kind: z.literal('inquiry_opened'), ...DISPUTED }),
  z.object({ kind: z.literal('inquiry_closed'), ...DISPUTED }),
  z.object({ kind: z.literal('customer_made'), ...HEAD, customer: CUSTOMER, stored: STORED.optional() }),
  z.object({ kind: z.literal('payout'), ...HEAD, payout: PAYOUT }),
  z.object({ kind: z.literal('settings'), ...HEAD, settings: SETTINGS }),
  /** A definite no that moved nothing, and a 500; kept because their answers are stored under the key. */
  z.object({ kind: z.literal('refused'), ...HEAD, stored: STORED }),
  z.object({ kind: z.literal('callback_delivered'), ...HEAD, callback: z.string() }),
]);
export type PaymentEntry = z.infer<typeof PAYMENT_ENTRY>;
/** An entry that moved or tried to move money of a payment. */
export type Move = Extract<PaymentEntry, { intent: Intent }>;
/** What a call of the shop may leave behind. */
export type Effect = Move | Extract<PaymentEntry, { kind: 'customer_made' }>;

/** Stripe keeps a key for 24 hours; after that the same key is a new request. */
const KEY_LIFETIME_MILLIS = 24 * 3_600_000;
const DEFAULT_SETTINGS: Settings = { authorizationSeconds: 7 * 86_400 };

interface Sum {
  count: number;
  amountMinor: number;
}

/** What a list is asked for: those made at or after `since` (seconds), after the one with id `startingAfter`. */
export interface PageOptions {
  since: number;
  limit: number;
  startingAfter: string | undefined;
}

/** A page of a list, newest first. */
export interface Page<T> {
  page: T[];
  hasMore: boolean;
}

/** Objects of one kind in the order in which they were made. */
export interface Shelf<T> {
  get(id: string): T | undefined;
  put(one: T): void;
  all(): T[];
  /** All of them, or those of one payment intent. */
  list(options: PageOptions, intentId?: string): Page<T>;
}

/** The gateway's state; only `apply` changes it. */
export interface Books {
  apply(entry: PaymentEntry): void;
  intents: Shelf<Intent>;
  refunds: Shelf<Refund>;
  disputes: Shelf<Dispute>;
  payouts: Shelf<Payout>;
  methods: Methods;
  /** What each payout has paid out. */
  balance: Pick<Balance, 'list'>;
  settings(): Settings;
  /** The answer stored under a key that has not expired. */
  stored(key: string): Stored | undefined;
  /** What is at the gateway in a currency: taken, less what went back, was disputed or paid out. */
  balanceMinor(currency: string): number;
  /** Counts and sums by kind and currency: `{ authorized: { USD: { count, amountMinor } } }`. */
  summary(): Record<string, Record<string, Sum>>;
}

/** Empty books. */
export function createBooks(): Books {
  const intents = createShelf<Intent>();
  const refunds = createShelf<Refund>((one) => one.intentId);
  const disputes = createShelf<Dispute>((one) => one.intentId);
  const payouts = createShelf<Payout>();
  const methods = createMethods();
  const balance = createBalance();
  const answers = new Map<string, { stored: Stored; at: number }>();
  const sums: Record<string, Record<string, Sum>> = {};
  let settings = DEFAULT_SETTINGS;

  function add(kind: string, { currency, amountMinor }: { currency: string; amountMinor: number }): void {
    const byCurrency = (sums[kind] ??= {});
    const sum = (byCurrency[currency.toUpperCase()] ??= { count: 0, amountMinor: 0 });
    sum.count += 1;
    sum.amountMinor += amountMinor;
  }

  function move(entry: Move): void {
    intents.put(entry.intent);
    methods.used(entry.intent.token);
    if ('refund' in entry) refunds.put(entry.refund);
    if ('dispute' in entry) disputes.put(entry.dispute);
    add(entry.kind, { currency: entry.intent.currency, amountMinor: entry.amountMinor });
  }

  return {
    apply(entry) {
      balance.apply(entry);
      if ('stored' in entry && entry.stored !== undefined)
        answers.set(entry.stored.key, { stored: entry.stored, at: Date.parse(entry.at) });
      if ('intent' in entry) move(entry);
      else if (entry.kind === 'customer_made') methods.attached(entry.customer);
      else if (entry.kind === 'settings') settings = entry.settings;
      else if (entry.kind === 'payout') {
        payouts.put(entry.payout);
        add(`payout_${entry.payout.status}`, entry.payout);
      }
    },
    intents,
    refunds,
    disputes,
    payouts,
    methods,
    balance,
    settings: () => settings,
    stored(key) {
      const found = answers.get(key);
      if (found === undefined) return undefined;
      if (Date.now() - found.at < KEY_LIFETIME_MILLIS) return found.stored;
      answers.delete(key);
      return undefined;
    },
    balanceMinor(currency) {
      const sum = (kind: string) => sums[kind]?.[currency.toUpperCase()]?.amountMinor ?? 0;
      const sent = payouts
        .all()
        .filter((one) => one.currency === currency.toLowerCase())
        .filter((one) => one.status !== 'failed' && one.status !== 'canceled')
        .reduce((total, one) => total + one.amountMinor, 0);
      const back = sum('refunded') - sum('refund_reversed') + sum('disputed') - sum('dispute_won');
      return sum('captured') - back - sent;
    },
    summary: () => sums,
  };
}

function createShelf<T extends { id: string; created: number }>(intentOf?: (one: T) => string): Shelf<T> {
  const byId = new Map<string, T>();
  const order: string[] = [];
  const byIntent = new Map<string, string[]>();
  return {
    get: (id) => byId.get(id),
    put(one) {
      if (!byId.has(one.id)) {
        order.push(one.id);
        if (intentOf !== undefined)
          byIntent.set(intentOf(one), [...(byIntent.get(intentOf(one)) ?? []), one.id]);
      }
      byId.set(one.id, one);
    },
    all: () => [...byId.values()],
    list({ since, limit, startingAfter }, intentId) {
      const ids = intentId === undefined ? order : (byIntent.get(intentId) ?? []);
      const from = startingAfter === undefined ? ids.length : ids.indexOf(startingAfter);
      const page: T[] = [];
      for (let index = from - 1; index >= 0 && page.length <= limit; index -= 1) {
        const one = byId.get(ids[index] ?? '');
        // Made in order, so everything before this one is older still.
        if (one === undefined || one.created < since) break;
        page.push(one);
      }
      return { page: page.slice(0, limit), hasMore: page.length > limit };
    },
  };
}
