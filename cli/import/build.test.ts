import { describe, expect, test } from 'vitest';
import { buildOrder, type Built } from './build.ts';
import { PRESETS } from './presets.ts';
import { checkMapping, MappingError, presetMapping, type Mapping } from './mapping.ts';

const retail = presetMapping('online-retail');

type Given = [code: string, quantity: string, price: string];

function build(rows: Given[], given: { invoice?: string; country?: string; mapping?: Mapping } = {}): Built {
  const invoice = given.invoice ?? '536365';
  return buildOrder(
    {
      key: invoice,
      rows: rows.map(([stock_code, quantity, unit_price], index) => ({
        row: index + 2,
        cells: {
          invoice,
          stock_code,
          description: `Thing ${stock_code}`,
          quantity,
          invoice_date: '2010-12-01 08:26:00',
          unit_price,
          customer_id: '',
          country: given.country ?? 'EIRE',
        },
      })),
    },
    given.mapping ?? retail,
  );
}

function orderOf(built: Built) {
  if ('refusal' in built) throw new Error(`refused: ${built.refusal.reason} ${built.refusal.detail}`);
  return built.order;
}

const reasonOf = (built: Built) => ('refusal' in built ? built.refusal.reason : 'accepted');

describe('invoices become orders', () => {
  test('goods, constants, templates, time zone and country', () => {
    const order = orderOf(build([['85123a', '6', '2.55']]));
    expect(order).toMatchObject({
      externalId: '536365',
      currency: 'GBP',
      placedAt: '2010-12-01T08:26:00.000Z',
      recipient: { name: 'Customer without number' },
      shippingAddress: { country: 'IE' },
      lines: [{ sku: '85123A', quantity: 6, unitPrice: { amount: 255 }, total: { amount: 1530 } }],
      totals: { total: { amount: 1530, currency: 'GBP' } },
    });
    expect(order.metadata).toBeUndefined();
  });

  test('the same code on two rows gives two lines; a free row beside paid ones is a line', () => {
    const order = orderOf(
      build([
        ['22', '1', '1'],
        ['22', '2', '1'],
        ['33', '5', '0'],
      ]),
    );
    expect(order.lines.map((line) => [line.sku, line.quantity, line.total.amount])).toEqual([
      ['22', 1, 100],
      ['22', 2, 200],
      ['33', 5, 0],
    ]);
  });

  test('carriage, manual charges and fees add to the shipping and handling price', () => {
    const order = orderOf(
      build([
        ['22', '1', '10'],
        ['POST', '1', '18'],
        ['M', '2', '0.85'],
        ['bank charges', '1', '1'],
      ]),
    );
    expect(order.shipping.price.amount).toBe(2070);
    expect(order.totals.total.amount).toBe(3070);
  });

  test('negative rows that are no goods are discounts, shared out to the minor unit', () => {
    const order = orderOf(
      build([
        ['22', '1', '1'],
        ['33', '1', '1'],
        ['44', '1', '1'],
        ['D', '-1', '1'],
        ['M', '-1', '0.5'],
      ]),
    );
    expect(order.lines.map((line) => line.total.amount)).toEqual([50, 50, 50]);
    const sources = order.lines[0]?.discounts?.map((discount) => discount.source);
    expect(sources).toEqual(['D', 'M']);
    expect(order.totals.total.amount).toBe(150);
  });

  test('prices finer than a penny are rounded once per row', () => {
    const order = orderOf(
      build([
        ['22', '500', '0.001'],
        ['33', '3', '0.125'],
        ['44', '1', '9'],
      ]),
    );
    expect(order.lines.map((line) => line.total.amount)).toEqual([50, 38, 900]);
    for (const line of order.lines) {
      const off = (line.discounts ?? []).reduce((sum, discount) => sum + discount.amount.amount, 0);
      expect(line.unitPrice.amount * line.quantity - off).toBe(line.total.amount);
    }
  });
});

describe('invoices are refused as a whole, with their reason', () => {
  const cases: [string, Given[], { invoice?: string; country?: string }][] = [
    ['cancellation_of_earlier_order', [['22', '-1', '2']], { invoice: 'C536379' }],
    ['stock_write_off', [['22', '-96', '0']], {}],
    [
      'stock_write_off',
      [
        ['22', '17', '0'],
        ['33', '-1', '0'],
      ],
      {},
    ],
    ['no_merchandise', [['POST', '1', '141']], {}],
    [
      'no_merchandise',
      [
        ['AMAZONFEE', '1', '15'],
        ['M', '1', '2'],
      ],
      {},
    ],
    [
      'invalid_row',
      [
        ['22', '1', '2'],
        ['33', '-3', '2'],
      ],
      {},
    ],
    ['invalid_row', [['22', 'many', '2']], {}],
    ['invalid_row', [['22', '1.5', '2']], {}],
    ['invalid_row', [['22', '1', 'free']], {}],
    ['invalid_row', [['22', '1', '99999999999999']], {}],
    ['invalid_row', [['', '1', '2']], {}],
    ['invalid_row', [['22', '1', '2']], { country: 'Atlantis' }],
    [
      'invalid_row',
      [
        ['22', '1', '2'],
        ['D', '-1', '3'],
      ],
      {},
    ],
  ];
  test.each(cases)('%s: %j %j', (reason, rows, given) => {
    expect(reasonOf(build(rows, given))).toBe(reason);
  });
});

describe('mappings', () => {
  test('row totals with a discount rate give a list price and a promotion', () => {
    const mapping = presetMapping('superstore');
    const cells = {
      'Order ID': 'CA-1',
      'Order Date': '2016-11-08',
      'Ship Date': '2016-11-11',
      'Ship Mode': 'Second Class',
      'Customer Name': 'A B',
      Country: 'United States',
      City: 'Boston',
      State: 'Massachusetts',
      'Postal Code': '2138',
      'Product ID': 'FUR-1',
      'Product Name': 'Table',
      Sales: '957.5775',
      Quantity: '5',
      Discount: '0.45',
    };
    const built = buildOrder({ key: 'CA-1', rows: [{ row: 2, cells }] }, mapping);
    const order = orderOf(built);
    expect(order.totals.total.amount).toBe(95758);
    expect(order.lines[0]?.unitPrice.amount).toBe(34821);
    expect(order.lines[0]?.discounts).toEqual([
      { amount: { amount: 78347, currency: 'USD' }, source: 'promotion' },
    ]);
    expect(order.shippingAddress).toMatchObject({ postalCode: '02138', country: 'US' });
    expect('history' in built && built.history).toEqual({ shippedAt: '2016-11-11T05:00:00.000Z' });
  });

  test.each<[Record<string, string>, object]>([
    [
      { method: 'gift_card', code: '{stock_code}' },
      { method: 'gift_card', code: '22' },
    ],
    [
      { method: 'store_credit', account: 'crd_{stock_code}' },
      { method: 'store_credit', account: 'crd_22' },
    ],
    [
      { method: 'bank_transfer', number: '{invoice}' },
      { method: 'bank_transfer', number: '536365' },
    ],
    [{ method: 'bank_transfer', number: '{customer_id}' }, { method: 'bank_transfer' }],
    [
      { method: 'invoice', termsDays: '{stock_code}' },
      { method: 'invoice', termsDays: 22 },
    ],
    [{ method: 'invoice', termsDays: '{customer_id}' }, { method: 'invoice' }],
    [{ method: 'cash_on_delivery' }, { method: 'cash_on_delivery' }],
  ])('pay by %j', (payment, made) => {
    const mapping = checkMapping({ ...PRESETS['online-retail'], payment });
    expect(orderOf(build([['22', '1', '1']], { mapping })).payment).toEqual(made);
  });

  test('terms that are no days refuse the order', () => {
    const payment = { method: 'invoice', termsDays: '{description}' };
    const mapping = checkMapping({ ...PRESETS['online-retail'], payment });
    expect(reasonOf(build([['22', '1', '1']], { mapping }))).toBe('invalid_row');
  });

  test('a wrong mapping names every wrong place', () => {
    const wrong = () => checkMapping({ groupBy: '{a}', surprise: 1, line: { sku: '{s}', quantity: '{q}' } });
    expect(wrong).toThrow(MappingError);
    expect(wrong).toThrow(/externalId[\s\S]*surprise/);
    expect(() => presetMapping('nothing')).toThrow(/online-retail/);
  });
});
