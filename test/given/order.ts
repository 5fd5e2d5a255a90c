/** Orders as a channel sends them, for stories: totals always add up; everything may be overridden. */
import type { NewOrder, NewPayment, NewTender } from '../../domain/newOrder.ts';
import { minorDigits } from '../../domain/money.ts';

/** A line by SKU, units and the price of one unit in minor units. */
export interface GivenLine {
  sku: string;
  quantity?: number;
  unitMinor?: number;
  discountMinor?: number;
  taxMinor?: number;
}

/** What a story says about its order. */
export interface GivenOrder {
  externalId?: string;
  currency?: string;
  lines?: GivenLine[];
  shippingMinor?: number;
  token?: string;
  prepaid?: boolean;
  /** Instead of a card: another way to pay, or several. */
  payment?: NewPayment;
  payments?: NewTender[];
  /** The credit accounts of gift cards and store credit, by the place of their tender: for orders that pass no door. */
  accounts?: ReadonlyMap<number, string>;
  /** The simulated carrier loses, damages or returns parcels whose address says so. */
  line1?: string;
}

let counter = 0;

/** A whole order body for POST /v1/orders. */
export function givenOrder(given: GivenOrder = {}): NewOrder {
  const currency = given.currency ?? 'EUR';
  const money = (amount: number) => ({ amount, currency });
  const unit = minorDigits(currency) === 0 ? 1_000 : 10 ** minorDigits(currency) * 10;
  const lines = (given.lines ?? [{ sku: 'MUG' }]).map((line) => {
    const quantity = line.quantity ?? 1;
    const unitMinor = line.unitMinor ?? unit;
    const discount = line.discountMinor ?? 0;
    const tax = line.taxMinor ?? 0;
    return {
      sku: line.sku,
      quantity,
      unitPrice: money(unitMinor),
      ...(discount > 0 && { discounts: [{ amount: money(discount), source: 'coupon', code: 'TEN' }] }),
      ...(tax > 0 && { taxLines: [{ name: 'VAT', rate: 0.2, amount: money(tax) }] }),
      total: money(unitMinor * quantity - discount + tax),
    };
  });
  const shipping = given.shippingMinor ?? 0;
  const total = lines.reduce((sum, line) => sum + line.total.amount, 0) + shipping;
  counter += 1;
  return {
    externalId: given.externalId ?? `story-${process.pid}-${Date.now()}-${counter}`,
    currency,
    recipient: { name: 'Ada Lovelace', email: 'ada@example.com', phone: '+44 20 7946 0000' },
    shippingAddress: {
      line1: given.line1 ?? '12 St James Square',
      city: 'London',
      postalCode: 'SW1Y 4JH',
      country: 'GB',
    },
    lines,
    ...(shipping > 0 && { shipping: { price: money(shipping) } }),
    totals: { total: money(total) },
    ...(given.payments ? { payments: given.payments } : { payment: given.payment ?? usualPayment(given) }),
  };
}

function usualPayment({ prepaid, token = 'pm_card_visa' }: GivenOrder): NewPayment {
  return prepaid
    ? { method: 'prepaid', number: 'shop-4711', time: '2026-01-02T03:04:05Z', paid: true }
    : { method: 'card', token };
}
