/** What a seeded order says when it is placed: customer, lines, sums and payment, as a channel would send it. */
import { minorDigits } from '../../domain/money.ts';
import type { NewLine, NewOrder } from '../../domain/newOrder.ts';
import type { Random } from '../../domain/random.ts';
import { seedCustomer } from './people.ts';
import type { SeedChannel, SeedItem } from './shop.ts';

/** What baskets are filled from. */
export interface BasketSource {
  random: Random;
  items: readonly SeedItem[];
  /** Customers of one channel: fewer than orders, so that many come back. */
  customersMax: number;
  /** Before the number of an order, for external ids that no other seed has. */
  tag: string;
}

const NOTES = [
  'Please ring twice, the bell is quiet.',
  'It is a present: no invoice in the parcel, please.',
  'Leave it with the neighbours if nobody is home.',
  'Call before delivery.',
] as const;
const LINE_COUNTS = [1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6] as const;
const QUANTITIES = [1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4] as const;
const DAY_MILLIS = 86_400_000;

/** Makes the order; totals always add up. */
export function fillBasket(
  source: BasketSource,
  given: { channel: SeedChannel; index: number; placedAt: number },
): NewOrder {
  const { random } = source;
  const { channel, index, placedAt } = given;
  const { currency, tax } = channel;
  const money = (amount: number) => ({ amount, currency });
  const country = weighted(random, channel.countries);
  const customer = seedCustomer(country, random.whole(1, source.customersMax));
  const lines = popular(source, random.pick(LINE_COUNTS)).map((item) => lineOf(item, channel, random));
  const price = inMinor(random.pick([0, 0, 390, 490, 690, 1290] as const), channel);
  const shippingTax = taxOn(price, channel);
  const total =
    lines.reduce((sum, line) => sum + line.total.amount, 0) + price + (tax.isIncluded ? 0 : shippingTax);
  const number = `${source.tag}-${String(index + 1).padStart(6, '0')}`;
  const prepaid = random.chance(channel.id === 'market-jp' ? 1 : 0.12);
  return {
    externalId: number,
    currency,
    pricesIncludeTax: tax.isIncluded,
    placedAt: new Date(placedAt).toISOString(),
    ...(random.chance(0.4) && {
      promisedBy: new Date(placedAt + random.whole(3, 7) * DAY_MILLIS).toISOString(),
    }),
    recipient: customer.party,
    shippingAddress: customer.address,
    lines,
    shipping: {
      price: money(price),
      service: random.pick(channel.carrier.services),
      taxLines: shippingTax > 0 ? [{ name: tax.name, rate: tax.rate, amount: money(shippingTax) }] : [],
    },
    totals: { total: money(total) },
    payment: prepaid
      ? { method: 'prepaid', number: `T${number}`, time: new Date(placedAt).toISOString(), paid: true }
      : { method: 'card', token: 'pm_card_visa' },
    ...(random.chance(0.12) && { customerNote: random.pick(NOTES) }),
    ...(random.chance(0.2) && { attributes: { giftWrap: random.chance(0.5) } }),
    ...(random.chance(0.15) && { tags: [random.pick(['vip', 'gift', 'first-order'] as const)] }),
    metadata: { seed: source.tag },
  };
}

/** One of a list of values with their weights; the last when rounding leaves none. */
export function weighted<T extends string | number | object>(
  random: Random,
  list: readonly (readonly [T, number])[],
): T {
  let draw = random.whole(
    1,
    list.reduce((sum, [, weight]) => sum + weight, 0),
  );
  for (const [value, weight] of list) {
    draw -= weight;
    if (draw <= 0) return value;
  }
  return random.pick(list.map(([value]) => value));
}

/** Different items, few of them in most baskets: the chances fall steeply along the list. */
function popular({ random, items }: BasketSource, count: number): SeedItem[] {
  const chosen = new Set<SeedItem>();
  for (let tries = 0; chosen.size < count && tries < count * 4; tries += 1) {
    const place = (random.whole(0, 9_999) / 10_000) ** 3;
    const item = items[Math.floor(place * items.length)];
    if (item) chosen.add(item);
  }
  return [...chosen];
}

function lineOf(item: SeedItem, channel: SeedChannel, random: Random): NewLine {
  const { currency, tax } = channel;
  const money = (amount: number) => ({ amount, currency });
  const quantity = channel.id === 'trade' ? random.whole(2, 24) : random.pick(QUANTITIES);
  const unit = inMinor(item.priceCents, channel);
  const discount = random.chance(0.18)
    ? Math.round(unit * quantity * random.pick([0.05, 0.1, 0.2] as const))
    : 0;
  const due = unit * quantity - discount;
  const taxMinor = taxOn(due, channel);
  return {
    sku: item.sku,
    quantity,
    unitPrice: money(unit),
    ...(discount > 0 && { discounts: [{ amount: money(discount), source: 'promotion', code: 'AUTUMN' }] }),
    taxLines: [{ name: tax.name, rate: tax.rate, amount: money(taxMinor) }],
    total: money(due + (tax.isIncluded ? 0 : taxMinor)),
  };
}

function inMinor(cents: number, channel: SeedChannel): number {
  const minor = cents * channel.perCent;
  return minorDigits(channel.currency) === 0 ? Math.round(minor / 10) * 10 : Math.round(minor);
}

/** Tax contained in, or due on top of, an amount in minor units. */
function taxOn(amount: number, { tax }: SeedChannel): number {
  return Math.round(tax.isIncluded ? amount - amount / (1 + tax.rate) : amount * tax.rate);
}
