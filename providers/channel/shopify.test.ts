import { describe, expect, it } from 'vitest';
import type { NewOrder } from '../../domain/newOrder.ts';
import { totalsMismatches } from '../../domain/totals.ts';
import { set, SHOP_ADDRESS, shopOrder } from '../../test/shop.ts';
import { translateShopifyOrder } from './shopify.ts';

function translated(body: unknown): NewOrder {
  const result = translateShopifyOrder(body);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.order;
}

function places(body: unknown): string[] {
  const result = translateShopifyOrder(body);
  return result.ok ? [] : result.errors.map((error) => error.pointer);
}

const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('a Shopify order', () => {
  it('becomes ours, to the penny', () => {
    const order = translated(shopOrder(5001));
    expect(totalsMismatches(order)).toEqual([]);
    expect(order).toMatchObject({
      externalId: '5001',
      currency: 'USD',
      pricesIncludeTax: false,
      placedAt: '2026-01-10T11:00:01-05:00',
      recipient: { name: 'Grace Hopper', email: 'grace@example.com', phone: '+1 555 0111' },
      shippingAddress: {
        line1: '12 Navy Yard',
        city: 'Arlington',
        region: 'VA',
        postalCode: '22202',
        country: 'US',
      },
      billing: { address: { line1: '1 Bank St' } },
      shipping: { price: usd(500), service: 'Standard' },
      totals: { total: usd(5705) },
      payment: { method: 'prepaid', number: '#5001', paid: true },
      customerNote: 'leave at the door',
      tags: ['VIP_customer', 'Noel'],
    });
    expect(order.lines).toMatchObject([
      {
        sku: 'mug',
        quantity: 2,
        variant: 'blue',
        unitPrice: usd(2000),
        discounts: [{ amount: usd(500), source: 'discount_code', code: 'SAVE' }],
        taxLines: [{ name: 'State Tax', rate: 0.06, amount: usd(210) }],
        total: usd(3710),
        weightGrams: 300,
        attributes: { custom_Engraving: 'Happy Birthday' },
      },
      { sku: 'TEA', discounts: [{ amount: usd(250), source: 'shop' }], total: usd(1445) },
    ]);
    expect(order.metadata).toMatchObject({
      shopify_name: '#5001',
      shopify_po_number: 'PO-7',
      note_gift_colour: 'green',
    });
    expect(order.shippingAddress).not.toHaveProperty('line2');
  });

  it('whose prices include tax adds none', () => {
    const order = translated(shopOrder(1, { taxes_included: true, total_price: '53.50' }));
    expect(order.pricesIncludeTax).toBe(true);
    expect(totalsMismatches(order)).toEqual([]);
  });

  it('that is not paid yet says so', () => {
    for (const status of ['pending', 'authorized', 'partially_paid', 'voided', null])
      expect(translated(shopOrder(1, { financial_status: status })).payment).toMatchObject({ paid: false });
  });

  it('in a currency without decimals', () => {
    const order = translated(
      shopOrder(1, {
        currency: 'JPY',
        presentment_currency: 'JPY',
        total_price: '1200',
        shipping_lines: [],
        line_items: [{ sku: 'A', quantity: 3, price: '400', tax_lines: [], discount_allocations: [] }],
      }),
    );
    expect(order.totals.total).toEqual({ amount: 1200, currency: 'JPY' });
    expect(totalsMismatches(order)).toEqual([]);
  });

  it("is taken in the shop's currency, and in the customer's where the conversion no longer adds up", () => {
    const pair: [string, string] = ['USD', 'EUR'];
    const line = (shop: string) => ({
      sku: 'A',
      quantity: 3,
      price: shop,
      price_set: set(shop, '10.00', pair),
      tax_lines: [],
      discount_allocations: [],
    });
    const body = (shop: string, total: string) =>
      shopOrder(1, {
        presentment_currency: 'EUR',
        shipping_lines: [],
        line_items: [line(shop)],
        total_price: total,
        total_price_set: set(total, '30.00', pair),
      });
    expect(translated(body('11.00', '33.00'))).toMatchObject({
      currency: 'USD',
      totals: { total: usd(3300) },
    });
    const converted = translated(body('11.17', '33.50'));
    expect(converted.currency).toBe('EUR');
    expect(totalsMismatches(converted)).toEqual([]);
  });

  it('without a shipping address goes to the billing address', () => {
    const order = translated(shopOrder(1, { shipping_address: null }));
    expect(order.shippingAddress.line1).toBe('1 Bank St');
  });

  it('leaves out lines without units and removed shipping', () => {
    const base = shopOrder(1);
    const order = translated({
      ...base,
      line_items: [...base.line_items, { ...base.line_items[0], quantity: 0, sku: null }],
      shipping_lines: [...base.shipping_lines, { title: 'Old', price: '9.00', is_removed: true }],
    });
    expect(order.lines).toHaveLength(2);
    expect(totalsMismatches(order)).toEqual([]);
  });
});

describe('a body that can not become an order', () => {
  const base = shopOrder(1);
  it.each([
    ['no object', null, ['']],
    ['an envelope instead of the bare order', { order: base }, ['/id', '/currency']],
    ['no lines', { ...base, line_items: [] }, ['/line_items']],
    [
      'a line without a SKU',
      { ...base, line_items: [{ ...base.line_items[0], sku: '' }] },
      ['/line_items/0/sku'],
    ],
    ['no address', { ...base, shipping_address: null, billing_address: null }, ['/shipping_address']],
    [
      'half an address',
      { ...base, shipping_address: { ...SHOP_ADDRESS, city: null } },
      ['/shipping_address'],
    ],
    ['an amount that is none', { ...base, total_price: '12,50' }, ['/total_price']],
    ['too many decimals', { ...base, total_price: '57.055' }, ['/total_price']],
    ['a negative amount', { ...base, total_price: '-1.00' }, ['/total_price']],
    ['an unknown currency', { ...base, currency: 'XQQ' }, ['/currency']],
    ['an order that was cancelled', { ...base, cancelled_at: '2026-01-11T00:00:00Z' }, ['/cancelled_at']],
  ])('%s', (_name, body, expected) => {
    expect(places(body)).toEqual(expect.arrayContaining(expected));
  });

  it('is never fixed up: odd totals stay odd, for the door to refuse', () => {
    expect(
      totalsMismatches(translated(shopOrder(1, { total_price: '57.06' }))).map((one) => one.pointer),
    ).toEqual(['/totals/total']);
  });
});
