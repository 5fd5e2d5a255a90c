import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NewOrderBody } from '../api/schemas/newOrder.ts';
import { totalsMismatches } from './totals.ts';
import { DEMO_ITEMS, DEMO_SCARCE_SKU } from './demoCatalogue.ts';
import { DEMO_STORIES } from './demo.ts';
import { buildDemoOrder, buildDemoOrders, promiseOf, STORY_KINDS, type DemoKind } from './demoOrders.ts';
import { seededRandom } from './random.ts';

const batch = buildDemoOrders({ count: 400, seed: 1, tag: 't' });

describe('demo orders', () => {
  it('add up to the minor unit in every currency', () => {
    for (const { body } of batch) expect(totalsMismatches(body), body.externalId).toEqual([]);
    expect(new Set(batch.map(({ body }) => body.currency))).toEqual(
      new Set(['USD', 'EUR', 'GBP', 'JPY', 'KWD']),
    );
  });

  it('have the form that the API takes', () => {
    for (const { body } of batch) expect(NewOrderBody.safeParse(body).error, body.externalId).toBeUndefined();
  });

  it('settle with the card networks: a dinar total ends in 0', () => {
    const dinars = batch.filter(({ body }) => body.currency === 'KWD');
    expect(dinars.length).toBeGreaterThan(0);
    for (const { body } of dinars) expect(body.totals.total.amount % 10).toBe(0);
  });

  it('are varied: lines, discounts, notes, and one in twenty declined, short and lost', () => {
    const count = (fits: (order: (typeof batch)[number]) => boolean) => batch.filter(fits).length;
    const lines = new Set(batch.map(({ body }) => body.lines.length));
    expect(lines).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    for (const kind of ['declined', 'short', 'lost'] as const)
      expect(count((order) => order.kind === kind)).toBe(20);
    expect(count((order) => order.kind === 'split')).toBe(60);
    expect(count(({ body }) => body.totals.discount.amount > 0)).toBeGreaterThan(50);
    expect(count(({ body }) => body.customerNote !== undefined)).toBeGreaterThan(20);
  });

  it('hold what they are meant to meet', () => {
    for (const { kind, body } of batch) {
      const skus = body.lines.map((line) => line.sku);
      expect(new Set(skus).size).toBe(skus.length);
      expect(skus.every((sku) => DEMO_ITEMS.some((item) => item.sku === sku))).toBe(true);
      expect(skus.includes(DEMO_SCARCE_SKU)).toBe(kind === 'short');
      expect(body.payment.token.includes('chargeDeclined')).toBe(kind === 'declined');
      expect(body.shippingAddress.line1.includes('LOST')).toBe(kind === 'lost');
    }
  });

  it('follow from the seed alone', () => {
    expect(buildDemoOrders({ count: 400, seed: 1, tag: 't' })).toEqual(batch);
    expect(buildDemoOrders({ count: 400, seed: 2, tag: 't' })).not.toEqual(batch);
    // Demos, proofs and benchmarks are compared over versions: the orders of a seed stay what they are.
    const digest = createHash('sha256').update(JSON.stringify(batch)).digest('hex');
    expect(digest.slice(0, 16)).toBe('6223e2082de63dad');
  });
});

describe('one demo order of a story', () => {
  const built = (kind: DemoKind, more: { scarceUnits?: number } = {}) =>
    Array.from({ length: 40 }, (_, seed) =>
      buildDemoOrder(kind, { externalId: `one-${seed}`, random: seededRandom(seed), ...more }),
    );

  it('is there for each story, meets it, and has the form that the API takes', () => {
    for (const story of DEMO_STORIES) {
      const orders = built(STORY_KINDS[story]);
      for (const body of orders) {
        expect(NewOrderBody.safeParse(body).error).toBeUndefined();
        expect(totalsMismatches(body)).toEqual([]);
        expect(body.metadata['demo']).toBe(STORY_KINDS[story]);
      }
    }
    const east = DEMO_ITEMS.filter((item) => Object.keys(item.stock).join() === 'wh-east');
    for (const body of built('split'))
      expect(body.lines.some((line) => east.some((item) => item.sku === line.sku))).toBe(true);
  });

  it('asks for as many of the scarce item as it is told, and still adds up', () => {
    for (const body of built('short', { scarceUnits: 1_000_000 })) {
      expect(body.lines.find((line) => line.sku === DEMO_SCARCE_SKU)?.quantity).toBe(1_000_000);
      expect(NewOrderBody.safeParse(body).error).toBeUndefined();
      expect(totalsMismatches(body)).toEqual([]);
    }
  });

  it('is promised by its service: an hour or three days', () => {
    const placed = Date.parse('2026-03-01T12:00:00Z');
    const promises = new Set(
      built('happy').map((body) => `${body.shipping.service} ${promiseOf(body, placed)}`),
    );
    expect(promises).toEqual(
      new Set(['express 2026-03-01T13:00:00.000Z', 'standard 2026-03-04T12:00:00.000Z']),
    );
  });
});

describe('seeded choices', () => {
  it('stay within their bounds', () => {
    const random = seededRandom(7);
    const drawn = Array.from({ length: 1_000 }, () => random.whole(1, 6));
    expect(new Set(drawn)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(new Set(random.sample([1, 2, 3], 5))).toEqual(new Set([1, 2, 3]));
    expect(random.sample([1, 2, 3], -1)).toEqual([]);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
