import { describe, expect, it } from 'vitest';
import { NewOrderBody } from '../../api/schemas/newOrder.ts';
import { totalsMismatches } from '../../domain/totals.ts';
import { DEMO_ITEMS, DEMO_SCARCE_SKU } from '../../db/admin.ts';
import { buildDemoOrders } from './demo.ts';
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
