/** Order rows for tests. */
import type { OrderListItem } from '../../api/schemas/orders.ts';

/** `count` orders with ids `ord_1`, `ord_2` …; whatever is given replaces their fields. */
export function rows(count: number, fields: Partial<OrderListItem> = {}): OrderListItem[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `ord_${index + 1}`,
    number: 100_001 + index,
    channel: 'web',
    externalId: `A-${index + 1}`,
    status: 'processing',
    stage: 'handover',
    origin: 'api',
    lifecycle: 'processing',
    paymentStatus: 'authorized',
    paymentMethod: 'card',
    fulfillmentStatus: 'unfulfilled',
    returnStatus: 'none',
    attention: [],
    holds: [],
    total: { amount: 12_999, currency: 'USD' },
    recipientName: 'Ada Lovelace',
    shipCountry: 'DE',
    lineCount: 2,
    unitCount: 5,
    tags: [],
    placedAt: '2026-11-24T10:00:00.000Z',
    createdAt: '2026-11-24T10:00:01.000Z',
    updatedAt: '2026-11-24T10:05:00.000Z',
    promisedBy: null,
    releaseAt: null,
    version: 1,
    ...fields,
  }));
}
