/** What the palette offers. */
import { expect, test } from 'vitest';
import { paletteEntries } from './paletteEntries.ts';

const KEPT = [{ id: 'v1', name: 'Late tea', query: 'view=late&sku=TEA' }];
const labels = (text: string) => paletteEntries(text, KEPT).map(({ label }) => label);

test('nothing typed: all pages and views, own ones too', () => {
  expect(labels('')).toContain('Reports');
  expect(labels('')).toContain('Orders: Late');
  expect(labels('')).toContain('Orders: Late tea');
});

test('an order number jumps straight there, with or without a #', () => {
  for (const text of ['100042', ' #100042 ']) {
    const [first, second] = paletteEntries(text, KEPT);
    expect(first).toMatchObject({ group: 'Order', to: '/orders/100042' });
    expect(second).toMatchObject({ group: 'Search', search: { q: text.trim() } });
  }
});

test('words find pages and views, and a search of orders is always there', () => {
  expect(labels('late')).toEqual(['Orders: Late', 'Orders: Late tea', 'Search orders for “late”']);
  expect(labels('ada@example.com')).toEqual(['Search orders for “ada@example.com”']);
});

test('the parts of the money page are found by their own names', () => {
  expect(paletteEntries('payouts', KEPT)[0]).toMatchObject({ to: '/money', search: { tab: 'payouts' } });
  expect(labels('refunds')[0]).toBe('Money: Refunds');
});

test('an own view leads to its filters', () => {
  expect(paletteEntries('tea', KEPT)[0]).toMatchObject({
    to: '/orders',
    search: { view: 'late', sku: 'TEA' },
  });
});
