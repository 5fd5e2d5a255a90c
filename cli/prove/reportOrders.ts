/**
 * A file of orders to judge reports by, made from a seed: three channels in different time zones, four currencies, orders
 * around midnight and around the days on which clocks change, the same SKU on two lines and in two spellings.
 */
import { seededRandom } from '../../domain/random.ts';

/** The channels of the file and their time zones. */
export const REPORT_CHANNELS = {
  berlin: 'Europe/Berlin',
  newyork: 'America/New_York',
  tokyo: 'Asia/Tokyo',
} as const;
/** A channel of the file. */
export type ReportChannel = keyof typeof REPORT_CHANNELS;
/** The same, as a list. */
export const REPORT_CHANNEL_IDS = ['berlin', 'newyork', 'tokyo'] as const;

/** SKUs of the file that are to lie in stock in plenty. */
export const PLENTY_SKUS = ['PLENTY-1', 'PLENTY-2', 'PLENTY-3', 'PLENTY-4', 'PLENTY-5'] as const;
/** The one of which there is none: its orders need a person. */
export const RARE_SKU = 'RARE';

/** The days to report on; clocks change on March 8 in New York (the period before) and on March 29 in Berlin. */
export const REPORT_PERIOD = { from: '2026-03-18', to: '2026-04-06' };

const CURRENCIES = ['EUR', 'USD', 'JPY', 'KWD'] as const;
const COUNTRIES = ['DE', 'US', 'JP', 'FR'] as const;
const FIRST_INSTANT = Date.UTC(2026, 1, 24);
const QUARTERS = 43 * 24 * 4;

/** One order of the file, as POST /v1/orders takes it. */
export type ReportOrderBody = ReturnType<typeof makeBody>;

/** An order and how it comes in. */
export interface ReportOrder {
  channel: ReportChannel;
  kind: 'live' | 'history';
  body: ReportOrderBody;
}

/** Makes so many orders. */
export function makeReportOrders(given: { seed: number; orders: number }): ReportOrder[] {
  const random = seededRandom(given.seed);
  return Array.from({ length: given.orders }, (_, index): ReportOrder => ({
    channel: random.pick(REPORT_CHANNEL_IDS),
    kind: random.chance(0.5) ? 'live' : 'history',
    body: makeBody(random, index),
  }));
}

function makeBody(random: ReturnType<typeof seededRandom>, index: number) {
  const currency = random.pick(CURRENCIES);
  const money = (amount: number) => ({ amount, currency });
  const placedAt = new Date(
    FIRST_INSTANT + random.whole(0, QUARTERS) * 900_000 + random.whole(0, 899_999),
  ).toISOString();
  const lines = Array.from({ length: random.whole(1, 4) }, () => {
    const quantity = random.whole(1, 5);
    const price = random.whole(1, 400) * 10;
    const sku = random.chance(0.06) ? RARE_SKU : random.pick(PLENTY_SKUS);
    return {
      sku: random.chance(0.3) ? sku.toLowerCase() : sku,
      quantity,
      unitPrice: money(price),
      total: money(price * quantity),
    };
  });
  const shipping = random.whole(0, 90) * 10;
  const total = lines.reduce((sum, line) => sum + line.total.amount, 0) + shipping;
  return {
    externalId: `R-${index}`,
    currency,
    placedAt,
    recipient: { name: 'Ada Lovelace', email: 'ada@example.com' },
    shippingAddress: { line1: '1 Main St', city: 'Town', country: random.pick(COUNTRIES) },
    lines,
    shipping: { price: money(shipping) },
    totals: { total: money(total) },
    payment: { method: 'prepaid', number: `P-${index}`, time: placedAt, paid: true },
  };
}
