/** The order's axes and the quantity ledger of its lines. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ATTENTIONS,
  brokenLedgerRule,
  canonicalSku,
  FULFILLMENT_STATUSES,
  fulfillmentStatus,
  isTerminal,
  LIFECYCLES,
  statusWord,
  TERMINAL_LIFECYCLES,
  type QuantityLedger,
} from './order.ts';
import { STAGES } from './stage.ts';

const NOTHING: QuantityLedger = {
  ordered: 0,
  cancelled: 0,
  allocated: 0,
  fulfilled: 0,
  shipped: 0,
  delivered: 0,
  returnRequested: 0,
  returnReceived: 0,
  returnDismissed: 0,
  writtenOff: 0,
};

/** Ledgers that can come about: each counter at most what the one before it holds. */
const sound = fc
  .array(fc.integer({ min: 0, max: 50 }), { minLength: 6, maxLength: 6 })
  .map(([ordered = 0, cancelled = 0, allocated = 0, fulfilled = 0, shipped = 0, delivered = 0]) => {
    const ledger = { ...NOTHING, ordered };
    ledger.cancelled = Math.min(cancelled, ordered);
    ledger.allocated = Math.min(allocated, ordered - ledger.cancelled);
    ledger.fulfilled = Math.min(fulfilled, ledger.allocated);
    ledger.shipped = Math.min(shipped, ledger.fulfilled);
    ledger.delivered = Math.min(delivered, ledger.shipped);
    return ledger;
  });

describe('the quantity ledger', () => {
  it('is sound when every counter stays below the one before it', () => {
    fc.assert(fc.property(sound, (ledger) => brokenLedgerRule(ledger) === undefined));
  });
  it.each([
    ['units', { ordered: 1.5 }],
    ['units', { ordered: -1 }],
    ['cancelled', { ordered: 1, cancelled: 2 }],
    ['allocated', { ordered: 2, cancelled: 1, allocated: 2 }],
    ['fulfilled', { ordered: 2, allocated: 1, fulfilled: 2 }],
    ['shipped', { ordered: 2, allocated: 2, fulfilled: 1, shipped: 2 }],
    ['delivered', { ordered: 2, allocated: 2, fulfilled: 2, shipped: 1, delivered: 2 }],
    ['returns', { ordered: 2, allocated: 2, fulfilled: 2, shipped: 1, returnReceived: 2 }],
  ])('names the rule that breaks: %s', (rule, part) => {
    expect(brokenLedgerRule({ ...NOTHING, ...part })).toContain(rule);
  });
});

describe('the fulfillment axis', () => {
  it('follows the ledger and never goes back while units ship and arrive', () => {
    const rank = (status: string) => FULFILLMENT_STATUSES.findIndex((one) => one === status);
    fc.assert(
      fc.property(sound, (ledger) => {
        fc.pre(ledger.ordered > ledger.cancelled);
        const arrived = fulfillmentStatus({ ...ledger, delivered: ledger.shipped });
        expect(rank(arrived)).toBeGreaterThanOrEqual(rank(fulfillmentStatus(ledger)));
      }),
    );
  });
  it.each([
    ['unfulfilled', { ordered: 2, cancelled: 0, shipped: 0, delivered: 0 }],
    ['partially_shipped', { ordered: 2, cancelled: 0, shipped: 1, delivered: 0 }],
    ['shipped', { ordered: 2, cancelled: 0, shipped: 2, delivered: 0 }],
    ['shipped', { ordered: 2, cancelled: 1, shipped: 1, delivered: 0 }],
    ['partially_delivered', { ordered: 2, cancelled: 0, shipped: 2, delivered: 1 }],
    ['delivered', { ordered: 2, cancelled: 1, shipped: 1, delivered: 1 }],
    ['cancelled', { ordered: 2, cancelled: 2, shipped: 0, delivered: 0 }],
  ])('is %s for %o', (status, units) => {
    expect(fulfillmentStatus(units)).toBe(status);
  });
});

describe('one word for people', () => {
  const axes = fc.record({
    lifecycle: fc.constantFrom(...LIFECYCLES),
    direction: fc.constantFrom('forward' as const, 'undo' as const),
    fulfillmentStatus: fc.constantFrom(...FULFILLMENT_STATUSES),
    attention: fc.subarray([...ATTENTIONS]),
    stage: fc.constantFrom(...STAGES),
  });
  it('is there for every combination; an end outweighs everything, an undo outweighs attention', () => {
    fc.assert(
      fc.property(axes, (given) => {
        const word = statusWord(given);
        expect(word).toMatch(/^[a-z_]+$/);
        if (given.lifecycle === 'completed') expect(word).toBe('delivered');
        else if (isTerminal(given.lifecycle)) expect(word).toBe(given.lifecycle);
        else if (given.direction === 'undo') expect(word).toBe('cancelling');
        else if (given.attention.length > 0) expect(word).toBe('needs_attention');
      }),
      { numRuns: 1_000 },
    );
  });
  it.each([
    ['stock', 'processing'],
    ['payment', 'processing'],
    ['release', 'ready'],
    ['warehouse', 'in_warehouse'],
    ['handover', 'in_warehouse'],
  ] as const)('of an order of which nothing has left, in %s, is %s', (stage, word) => {
    expect(
      statusWord({
        lifecycle: 'processing',
        direction: 'forward',
        fulfillmentStatus: 'unfulfilled',
        attention: [],
        stage,
      }),
    ).toBe(word);
  });
  it('ends where the lifecycle ends', () => {
    expect(LIFECYCLES.filter(isTerminal)).toEqual(TERMINAL_LIFECYCLES);
  });
});

describe('SKUs', () => {
  it('have one spelling', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(canonicalSku(canonicalSku(text))).toBe(canonicalSku(text));
        expect(canonicalSku(` ${text.toLowerCase()}\t`)).toBe(canonicalSku(text.toLowerCase()));
      }),
    );
    expect(canonicalSku(' ts-100-blk ')).toBe('TS-100-BLK');
  });
});
