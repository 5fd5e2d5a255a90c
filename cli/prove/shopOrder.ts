/** A plain order of the demo shop, for proofs that look at something else than its content. */
import { randomUUID } from 'node:crypto';

/** One mug, by card; `part` replaces fields of the body. */
export function plainOrder(part: Record<string, unknown> = {}): Record<string, unknown> {
  const price = { amount: 1_290, currency: 'USD' };
  return {
    externalId: `proof-${randomUUID()}`,
    currency: 'USD',
    recipient: { name: 'Ada Proof', email: 'ada@example.com' },
    shippingAddress: {
      line1: '417 Montgomery Street',
      city: 'San Francisco',
      region: 'CA',
      postalCode: '94104',
      country: 'US',
    },
    lines: [{ sku: 'MUG-WHITE', quantity: 1, unitPrice: price, total: price }],
    totals: { total: price },
    payment: { method: 'card', token: 'pm_card_visa' },
    ...part,
  };
}
