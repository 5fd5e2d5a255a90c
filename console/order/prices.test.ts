import { expect, test } from 'vitest';
import { lineTotalMinor, unitPricesMinor } from '../../domain/totals.ts';
import { sumWords, unitPrice } from './prices.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });

test('units × the price shown − discount, with the tax where it is added, is the total of the row', () => {
  for (const pricesIncludeTax of [true, false]) {
    const line = {
      sku: 'TEA',
      quantity: 3,
      unitPrice: usd(1_099),
      discounts: [{ amount: usd(200), source: 'coupon' }],
      taxLines: [{ name: 'Sales tax', rate: 0.0825, amount: usd(256) }],
      total: usd(0),
    };
    const { netMinor, grossMinor } = unitPricesMinor(line, pricesIncludeTax);
    const shown = { unitNet: usd(netMinor), unitGross: usd(grossMinor), unitListPrice: usd(1_500) };
    const price = unitPrice(shown, pricesIncludeTax)?.amount ?? 0;
    const added = pricesIncludeTax ? 0 : 256;
    expect(price * 3 - 200 + added).toBe(lineTotalMinor(line, pricesIncludeTax));
    expect(sumWords(pricesIncludeTax).includes('+ tax')).toBe(!pricesIncludeTax);
  }
});

test('a price that is missing gives way to one that is known', () => {
  const none = { unitNet: null, unitGross: null, unitListPrice: null };
  expect(unitPrice(none, true)).toBeNull();
  expect(unitPrice({ ...none, unitListPrice: usd(5) }, false)).toEqual(usd(5));
  expect(unitPrice({ ...none, unitGross: usd(7), unitListPrice: usd(5) }, false)).toEqual(usd(7));
});
