/** Which unit price a line shows: the one with which the row adds up to its total, and how it adds up. */
import type { OrderDetail } from '../../api/schemas/orders.ts';

type Line = OrderDetail['lines'][number];
type Prices = Pick<Line, 'unitNet' | 'unitGross' | 'unitListPrice'>;

/** The price as the channel counts with it: with its tax when prices contain tax, else without; null when none is known. */
export function unitPrice(line: Prices, pricesIncludeTax: boolean): Line['unitNet'] {
  const { unitNet, unitGross, unitListPrice } = line;
  return (pricesIncludeTax ? (unitGross ?? unitNet) : (unitNet ?? unitGross)) ?? unitListPrice;
}

/** How a row adds up, in words. */
export function sumWords(pricesIncludeTax: boolean): string {
  return pricesIncludeTax
    ? 'Prices include tax: a line’s total is units × unit price − discount, and the tax is part of it.'
    : 'Prices are without tax: a line’s total is units × unit price − discount + tax.';
}
