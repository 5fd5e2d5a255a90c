/**
 * Orders of known stories for the proofs and tests of the console, placed over the public API in two channels: one that
 * holds orders back for an hour, so that they can be cancelled, and one that sends them on at once.
 */
import type { Stock } from '../../../api/schemas/catalogue.ts';
import type { OrderDetail, OrderListItem } from '../../../api/schemas/orders.ts';
import { openApi, type Api } from '../../http.ts';

/** What an order is to meet. `held` is paid and waits an hour for its release; `transfer` waits for a bank transfer. */
export type Story = 'held' | 'delivered' | 'declined' | 'short' | 'lost' | 'transfer';

/** A shop whose orders end where their story says. */
export interface DeskShop {
  /** Acts as role ops. */
  ops: Api;
  /** Places an order and waits until its story is told. */
  place(story: Story, customer?: { name: string; email: string }): Promise<OrderDetail>;
  order(id: string): Promise<OrderDetail>;
  /** Waits until the order is as `what` says, for a minute at most. */
  until(id: string, what: string, is: (order: OrderDetail) => boolean): Promise<OrderDetail>;
  /** Makes so many units of the item that is short available. */
  restock(units: number): Promise<void>;
}

/** The item that is short until somebody corrects its stock, and the one that is always there. */
export const SHORT_SKU = 'DESK-SHORT';
/** Lies in wh-east in plenty. */
export const PLENTY_SKU = 'DESK-LAMP';
const LOCATION = 'wh-east';
const PATIENCE_MILLIS = 60_000;
const LOOK_MILLIS = 100;
const HOUR_SECONDS = 3_600;

const QUICK = {
  callTimeoutSeconds: 3,
  stepTimeoutSeconds: 6,
  callRetryMillis: 100,
  retryPauseSeconds: 1,
  retryPauseMaxSeconds: 2,
};

/** Support gives one unit back alone, and two only with a second person. */
const REFUND_LIMITS = { channel: 0, support: 50, ops: 5_000 };

const STORIES: Readonly<
  Record<Story, { channel: 'held' | 'quick'; sku: string; is: (order: OrderDetail) => boolean }>
> = {
  held: { channel: 'held', sku: PLENTY_SKU, is: (order) => order.paymentStatus === 'authorized' },
  delivered: { channel: 'quick', sku: PLENTY_SKU, is: (order) => order.lifecycle === 'completed' },
  declined: { channel: 'held', sku: PLENTY_SKU, is: needsPerson },
  short: { channel: 'held', sku: SHORT_SKU, is: needsPerson },
  lost: { channel: 'quick', sku: PLENTY_SKU, is: needsPerson },
  transfer: {
    channel: 'quick',
    sku: PLENTY_SKU,
    is: (order) => order.waits.some((wait) => wait.kind === 'payment'),
  },
};

function needsPerson(order: OrderDetail): boolean {
  return order.attention.length > 0;
}

/** Makes the two channels and the items. `tag` keeps shops on one stack apart; the stack needs the demo's warehouses. */
export async function openDeskShop(given: {
  apiUrl: string;
  opsKey: string;
  tag: string;
}): Promise<DeskShop> {
  const ops = openApi({ url: given.apiUrl, key: given.opsKey });
  await ops.call('/v1/items', { body: { sku: SHORT_SKU, name: 'Desk that is short', weightGrams: 900 } });
  await ops.call('/v1/items', {
    body: { sku: PLENTY_SKU, name: 'Desk lamp', variant: 'brass', weightGrams: 400 },
  });
  const channels = {
    held: await openChannel(ops, `${given.tag}-held`, HOUR_SECONDS),
    quick: await openChannel(ops, `${given.tag}-quick`, 0),
  };
  const adjust = async (sku: string, available: number, reason: string) => {
    const { data } = await ops.call<{ data: Stock[] }>('/v1/inventory', {
      query: { sku, location: LOCATION },
    });
    const setTo = (data[0]?.allocated ?? 0) + available;
    await ops.call('/v1/inventory/adjustments', {
      body: { reason, adjustments: [{ sku, location: LOCATION, setTo }] },
    });
  };
  await adjust(PLENTY_SKU, 100_000, 'receipt');
  const order = (id: string) => ops.call<OrderDetail>(`/v1/orders/${id}`);
  const until: DeskShop['until'] = async (id, what, is) => {
    const end = Date.now() + PATIENCE_MILLIS;
    for (;;) {
      const now = await order(id);
      if (is(now)) return now;
      if (Date.now() > end)
        throw new Error(`order ${now.number} was not ${what} within a minute: ${now.standing.text}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
    }
  };
  let count = 0;
  return {
    ops,
    order,
    until,
    restock: (units) => adjust(SHORT_SKU, units, units === 0 ? 'lost' : 'found'),
    async place(story, customer = { name: 'Grace Hopper', email: 'grace@example.com' }) {
      const { channel, sku, is } = STORIES[story];
      count += 1;
      const body = orderBody({ story, sku, customer, externalId: `${given.tag}-${count}` });
      const placed = await channels[channel].call<OrderListItem>('/v1/orders', {
        body,
        idempotencyKey: body.externalId,
      });
      return until(placed.id, story, is);
    },
  };
}

async function openChannel(ops: Api, id: string, releaseDelaySeconds: number): Promise<Api> {
  await ops.call('/v1/channels', {
    body: { id, name: `Desk ${id}`, policy: { ...QUICK, releaseDelaySeconds, refundLimits: REFUND_LIMITS } },
  });
  const { key } = await ops.call<{ key: string }>('/v1/api-keys', {
    body: { name: id, role: 'channel', channel: id },
  });
  return openApi({ url: ops.url, key });
}

interface BodyParts {
  story: Story;
  sku: string;
  customer: { name: string; email: string };
  externalId: string;
}

function paymentOf(story: Story) {
  if (story === 'transfer') return { method: 'bank_transfer' };
  return { method: 'card', token: story === 'declined' ? 'pm_card_chargeDeclined' : 'pm_card_visa' };
}

function orderBody({ story, sku, customer, externalId }: BodyParts) {
  const usd = (amount: number) => ({ amount, currency: 'USD' });
  return {
    externalId,
    currency: 'USD',
    recipient: customer,
    shippingAddress: {
      line1: `${story === 'lost' ? 'LOST ' : ''}417 Montgomery St`,
      city: 'San Francisco',
      region: 'CA',
      postalCode: '94104',
      country: 'US',
    },
    lines: [{ sku, quantity: 3, unitPrice: usd(4_333), total: usd(12_999) }],
    totals: { total: usd(12_999) },
    payment: paymentOf(story),
    customerNote: 'Please leave it with the neighbours.',
  };
}
