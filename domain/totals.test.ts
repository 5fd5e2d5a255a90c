import { describe, expect, it } from 'vitest';
import type { NewLine, NewTaxLine, NewTender } from './newOrder.ts';
import {
  paymentsMismatches,
  sumOrder,
  totalsMismatches,
  unitPricesMinor,
  type PricedOrder,
} from './totals.ts';

const money = (amount: number, currency = 'EUR') => ({ amount, currency });
const tax = (amount: number, rate: number, currency = 'EUR'): NewTaxLine => ({
  name: 'VAT',
  rate,
  amount: money(amount, currency),
});
const off = (amount: number, source = 'coupon') => ({ amount: money(amount), source });

function line(unit: number, quantity: number, total: number, more: Partial<NewLine> = {}): NewLine {
  return { sku: 'A', quantity, unitPrice: money(unit), total: money(total), ...more };
}

function order(lines: NewLine[], total: number, more: Partial<PricedOrder> = {}): PricedOrder {
  return {
    currency: 'EUR',
    lines,
    totals: { total: money(total) },
    payment: { method: 'card', token: 'tok' },
    ...more,
  };
}

describe('orders that add up', () => {
  const cases: [string, PricedOrder][] = [
    ['S001: one line, 20 % on top', order([line(123, 1, 148, { taxLines: [tax(25, 0.2)] })], 148)],
    [
      'S003: shipping taxed too',
      order([line(100, 1, 120, { taxLines: [tax(20, 0.2)] })], 720, {
        shipping: { price: money(500), taxLines: [tax(100, 0.2)] },
        totals: {
          total: money(720),
          subtotal: money(100),
          shipping: money(500),
          tax: money(120),
          discount: money(0),
        },
      }),
    ],
    [
      'S006: half off an item before tax',
      order([line(8333, 1, 5000, { discounts: [off(4166)], taxLines: [tax(833, 0.2)] })], 5000),
    ],
    [
      'S008: a fixed order discount on one line',
      order([line(1230, 1, 876, { discounts: [off(500, 'order')], taxLines: [tax(146, 0.2)] })], 876),
    ],
    [
      'S011: item and order discounts stacked',
      order(
        [
          line(155_880, 1, 151_516, {
            discounts: [off(15_588, 'item'), off(14_029, 'order')],
            taxLines: [tax(25_253, 0.2)],
          }),
        ],
        151_516,
      ),
    ],
    [
      'S017: money off said as a discount',
      order([line(1000, 1, 912, { discounts: [off(240, 'surcharge')], taxLines: [tax(152, 0.2)] })], 912),
    ],
    [
      'S021: a coupon never takes more than the items; shipping remains',
      order([line(100, 1, 0, { discounts: [off(100)] })], 500, { shipping: { price: money(500) } }),
    ],
    [
      'S023: lines with different rates',
      order(
        [
          line(3000, 2, 6600, { taxLines: [tax(600, 0.1)] }),
          line(500, 1, 750, { taxLines: [tax(250, 0.5)] }),
        ],
        7350,
        { totals: { total: money(7350), subtotal: money(6500), tax: money(850) } },
      ),
    ],
    [
      'S024: discount before tax',
      order([line(5000, 2, 9900, { discounts: [off(1000)], taxLines: [tax(900, 0.1)] })], 9900),
    ],
    [
      'prices include tax: tax is told, not added',
      order([line(1190, 2, 2380, { taxLines: [tax(380, 0.19)] })], 2975, {
        pricesIncludeTax: true,
        shipping: { price: money(595), taxLines: [tax(95, 0.19)] },
        totals: { total: money(2975), tax: money(475) },
      }),
    ],
  ];
  it.each(cases)('%s', (_name, sound) => {
    expect(totalsMismatches(sound)).toEqual([]);
  });

  it('takes JPY without decimals', () => {
    const yen = (amount: number) => money(amount, 'JPY');
    const lines = [{ sku: 'A', quantity: 3, unitPrice: yen(400), total: yen(1200) }];
    expect(totalsMismatches(order(lines, 1200, { currency: 'JPY', totals: { total: yen(1200) } }))).toEqual(
      [],
    );
  });
});

describe('orders that do not add up', () => {
  it('names each wrong line and the total', () => {
    const wrong = order([line(100, 2, 200), line(100, 2, 199), line(50, 1, 51)], 450);
    expect(totalsMismatches(wrong)).toEqual([
      { pointer: '/lines/1/total', detail: 'adds up to 2.00 EUR, but 1.99 EUR was given' },
      { pointer: '/lines/2/total', detail: 'adds up to 0.50 EUR, but 0.51 EUR was given' },
    ]);
  });

  it('names a wrong total by one minor unit', () => {
    expect(totalsMismatches(order([line(100, 2, 200)], 201)).map((one) => one.pointer)).toEqual([
      '/totals/total',
    ]);
  });

  it('checks the sums that are given beside the total', () => {
    const totals = {
      total: money(200),
      subtotal: money(199),
      discount: money(1),
      shipping: money(2),
      tax: money(3),
    };
    expect(totalsMismatches(order([line(100, 2, 200)], 200, { totals })).map((one) => one.pointer)).toEqual([
      '/totals/subtotal',
      '/totals/discount',
      '/totals/shipping',
      '/totals/tax',
    ]);
  });

  it('refuses a discount larger than its line', () => {
    expect(totalsMismatches(order([line(100, 1, 0, { discounts: [off(101)] })], 0))[0]).toMatchObject({
      pointer: '/lines/0/total',
      detail: 'the discounts are larger than the line',
    });
  });

  it('refuses amounts in another currency, each by its place', () => {
    const lines = [line(100, 1, 100, { unitPrice: money(100, 'USD'), taxLines: [tax(0, 0, 'USD')] })];
    expect(totalsMismatches(order(lines, 100)).map((one) => one.pointer)).toEqual([
      '/lines/0/unitPrice/currency',
      '/lines/0/taxLines/0/amount/currency',
    ]);
  });

  it('refuses a product no number can hold exactly', () => {
    const huge = order([line(999_999_999_999, 1_000_000, 999_999_999_999)], 999_999_999_999);
    expect(totalsMismatches(huge).map((one) => one.pointer)).toContain('/lines/0/total');
  });

  it('refuses a card total that three-decimal currencies can not settle', () => {
    const dinar = (amount: number) => money(amount, 'KWD');
    const lines = [{ sku: 'A', quantity: 1, unitPrice: dinar(1005), total: dinar(1005) }];
    const card = order(lines, 1005, { currency: 'KWD', totals: { total: dinar(1005) } });
    expect(totalsMismatches(card)).toEqual([
      { pointer: '/totals/total', detail: 'cards settle KWD in steps of 0.010 KWD' },
    ]);
    const prepaid = { method: 'prepaid', number: '1', time: '2026-01-01T00:00:00Z' } as const;
    expect(totalsMismatches({ ...card, payment: prepaid })).toEqual([]);
  });

  const dinars = (total: number, payments: NewTender[]): PricedOrder => ({
    currency: 'KWD',
    lines: [{ sku: 'A', quantity: 1, unitPrice: money(total, 'KWD'), total: money(total, 'KWD') }],
    totals: { total: money(total, 'KWD') },
    payments,
  });
  const gift = (amount?: number): NewTender => ({
    method: 'gift_card',
    code: 'BCDF-GHJK-MNPQ-RSTV',
    ...(amount !== undefined && { amount: money(amount, 'KWD') }),
  });
  const card = (amount?: number): NewTender => ({
    method: 'card',
    token: 'tok',
    ...(amount !== undefined && { amount: money(amount, 'KWD') }),
  });
  it.each<[string, PricedOrder, string[]]>([
    ['the odd rest is paid otherwise, after the card', dinars(1005, [card(1000), gift()]), []],
    ['the card takes an odd amount', dinars(1010, [card(1005), gift()]), ['/payments/0/amount']],
    ['the card takes an odd rest', dinars(1005, [gift(10), card()]), ['/totals/total']],
    ['the card begins inside a step', dinars(1005, [gift(5), card(1000)]), ['/payments/1/amount']],
    ['all is even', dinars(1010, [gift(10), card(500), gift()]), []],
  ])('looks at what the card pays: %s', (_, given, pointers) => {
    expect(totalsMismatches(given).map((one) => one.pointer)).toEqual(pointers);
  });
});

describe('ways to pay', () => {
  const pays = (payments: NewTender[]) => {
    const { payment: _, ...rest } = order([line(1000, 1, 1000)], 1000);
    return { ...rest, payments };
  };
  const invoice = { method: 'invoice' } as const;
  const cash = { method: 'cash_on_delivery' } as const;
  it.each<[string, NewTender[], string, string]>([
    [
      'too little',
      [
        { ...invoice, amount: money(900) },
        { method: 'card', token: 't', amount: money(99) },
      ],
      '/payments',
      'add up to 9.99 EUR, but the total is 10.00 EUR',
    ],
    [
      'nothing left',
      [
        { ...invoice, amount: money(1000) },
        { method: 'card', token: 't' },
      ],
      '/payments',
      'add up to 10.00 EUR, but the total is 10.00 EUR, which leaves nothing for the one without an amount',
    ],
    [
      'two rests',
      [invoice, { method: 'card', token: 't' }],
      '/payments/1',
      'only one may go without an amount',
    ],
    [
      'two awaited',
      [{ ...invoice, amount: money(500) }, cash],
      '/payments/1/method',
      'only one may be awaited before or after the goods go',
    ],
  ])('are refused by their place: %s', (_, payments, pointer, detail) => {
    expect(paymentsMismatches(pays(payments))).toEqual([{ pointer, detail }]);
  });

  it('must be in the order’s currency', () => {
    const foreign = pays([
      { ...invoice, amount: money(1000, 'USD') },
      { method: 'card', token: 't' },
    ]);
    expect(totalsMismatches(foreign).map((one) => one.pointer)).toEqual(['/payments/0/amount/currency']);
  });

  it('are fine when one pays all or they add up', () => {
    expect(paymentsMismatches(order([line(1, 1, 1)], 1))).toEqual([]);
    expect(
      paymentsMismatches(
        pays([
          { ...invoice, amount: money(400) },
          { method: 'card', token: 't' },
        ]),
      ),
    ).toEqual([]);
  });
});

describe('derived sums', () => {
  it('adds lines, shipping and taxes', () => {
    const one = order([line(5000, 2, 9900, { discounts: [off(1000)], taxLines: [tax(900, 0.1)] })], 10_500, {
      shipping: { price: money(500), taxLines: [tax(100, 0.2)] },
    });
    expect(sumOrder(one)).toEqual({
      subtotalMinor: 10_000,
      discountMinor: 1000,
      shippingMinor: 500,
      taxMinor: 1000,
      totalMinor: 10_500,
      lineTotalsMinor: [9900],
    });
  });

  it('gives the unit price without and with tax', () => {
    expect(unitPricesMinor({ unitPrice: money(1000), taxLines: [tax(190, 0.19)] }, false)).toEqual({
      netMinor: 1000,
      grossMinor: 1190,
    });
    expect(unitPricesMinor({ unitPrice: money(1190), taxLines: [tax(190, 0.19)] }, true)).toEqual({
      netMinor: 1000,
      grossMinor: 1190,
    });
  });
});
