/**
 * What the payment simulator knows: the payment intents, the answers stored under their keys, and what its ledger
 * adds up to. All of it is folded from the ledger's entries.
 */
import { z } from 'zod';
import { INTENT } from './payment.wire.ts';
import type { Intent } from './payment.wire.ts';

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

/** One line of the payment simulator's ledger. */
export const PAYMENT_ENTRY = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('authorized'), ...MOVE }),
  z.object({ kind: z.literal('declined'), ...MOVE }),
  z.object({ kind: z.literal('action_required'), ...MOVE }),
  z.object({ kind: z.literal('captured'), ...MOVE }),
  z.object({ kind: z.literal('voided'), ...MOVE }),
  z.object({ kind: z.literal('refunded'), ...MOVE, refundId: z.string() }),
  /** A definite no that moved nothing, and a 500; kept because their answers are stored under the key. */
  z.object({ kind: z.literal('refused'), ...HEAD, stored: STORED }),
  z.object({ kind: z.literal('callback_delivered'), ...HEAD, callback: z.string() }),
]);
export type PaymentEntry = z.infer<typeof PAYMENT_ENTRY>;
/** An entry that moved or tried to move money. */
export type Move = Extract<PaymentEntry, { intent: Intent }>;

/** Stripe keeps a key for 24 hours; after that the same key is a new request. */
const KEY_LIFETIME_MILLIS = 24 * 3_600_000;

interface Sum {
  count: number;
  amountMinor: number;
}

/** The gateway's state; only `apply` changes it. */
export interface Books {
  apply(entry: PaymentEntry): void;
  intent(id: string): Intent | undefined;
  /** The answer stored under a key that has not expired. */
  stored(key: string): Stored | undefined;
  /** Newest first, those made at or after `since` (seconds), after the one with id `startingAfter`. */
  list(options: { since: number; limit: number; startingAfter: string | undefined }): {
    page: Intent[];
    hasMore: boolean;
  };
  refund(id: string): { id: string; intent: Intent; amountMinor: number } | undefined;
  /** Counts and sums by kind and currency: `{ authorized: { USD: { count, amountMinor } } }`. */
  summary(): Record<string, Record<string, Sum>>;
}

/** Empty books. */
export function createBooks(): Books {
  const intents = new Map<string, Intent>();
  const order: string[] = [];
  const answers = new Map<string, { stored: Stored; at: number }>();
  const refunds = new Map<string, { id: string; intent: Intent; amountMinor: number }>();
  const sums: Record<string, Record<string, Sum>> = {};

  function add(entry: Move): void {
    const byCurrency = (sums[entry.kind] ??= {});
    const sum = (byCurrency[entry.intent.currency.toUpperCase()] ??= { count: 0, amountMinor: 0 });
    sum.count += 1;
    sum.amountMinor += entry.amountMinor;
  }

  return {
    apply(entry) {
      if (entry.kind === 'callback_delivered') return;
      if (entry.stored !== undefined)
        answers.set(entry.stored.key, { stored: entry.stored, at: Date.parse(entry.at) });
      if (entry.kind === 'refused') return;
      if (!intents.has(entry.intent.id)) order.push(entry.intent.id);
      intents.set(entry.intent.id, entry.intent);
      if (entry.kind === 'refunded')
        refunds.set(entry.refundId, {
          id: entry.refundId,
          intent: entry.intent,
          amountMinor: entry.amountMinor,
        });
      add(entry);
    },
    intent: (id) => intents.get(id),
    stored(key) {
      const found = answers.get(key);
      if (found === undefined) return undefined;
      if (Date.now() - found.at < KEY_LIFETIME_MILLIS) return found.stored;
      answers.delete(key);
      return undefined;
    },
    list({ since, limit, startingAfter }) {
      const from = startingAfter === undefined ? order.length : order.indexOf(startingAfter);
      const page: Intent[] = [];
      for (let index = from - 1; index >= 0 && page.length <= limit; index -= 1) {
        const intent = intents.get(order[index] ?? '');
        // Made in order, so everything before this one is older still.
        if (intent === undefined || intent.created < since) break;
        page.push(intent);
      }
      return { page: page.slice(0, limit), hasMore: page.length > limit };
    },
    refund: (id) => refunds.get(id),
    summary: () => sums,
  };
}
