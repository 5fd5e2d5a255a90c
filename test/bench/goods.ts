/** Goods, stock and order bodies of the benchmark. */
import { randomUUID } from 'node:crypto';
import type { Db } from '../../db/connect.ts';
import { adjustStock, upsertItems } from '../../db/writes/inventory.ts';
import type { Post } from './load.ts';

const CALLER = { actor: 'bench' };
const PLENTY = 10_000_000;

/** In every warehouse that is asked first; only in the east; only in the west; made anew for each burst. */
export const ANYWHERE = 'BENCH-ANYWHERE';
export const EAST = 'BENCH-EAST';
export const WEST = 'BENCH-WEST';

/** Puts the bench's goods into the catalogue and on the shelves of the demo's warehouses. */
export async function seedGoods(db: Db): Promise<void> {
  await seedStock(db, {
    [ANYWHERE]: ['wh-east', PLENTY],
    [EAST]: ['wh-east', PLENTY],
    [WEST]: ['wh-west', PLENTY],
  });
}

/** A new SKU with so many units in the first warehouse. */
export async function seedHotSku(db: Db, units: number): Promise<string> {
  const sku = `BENCH-HOT-${randomUUID().slice(0, 8).toUpperCase()}`;
  await seedStock(db, { [sku]: ['wh-east', units] });
  return sku;
}

async function seedStock(db: Db, goods: Record<string, [location: string, units: number]>): Promise<void> {
  const skus = Object.keys(goods);
  await upsertItems(
    db,
    skus.map((sku) => ({ sku, name: `Bench ${sku}`, weightGrams: 200 })),
    CALLER,
  );
  const adjustments = Object.entries(goods).map(([sku, [location, setTo]]) => ({ sku, location, setTo }));
  const key = randomUUID();
  const result = await adjustStock(
    db,
    { scope: 'bench', key, fingerprint: key, reason: 'count', adjustments },
    CALLER,
  );
  if (result.kind !== 'adjusted') throw new Error(`the bench's stock could not be set: ${result.kind}`);
}

const PRICE_MINOR = 1_990;

/** The body of an order with one unit of each SKU. */
export function orderBody(skus: readonly string[]): Record<string, unknown> {
  const money = (amount: number) => ({ amount, currency: 'USD' });
  return {
    externalId: `bench-${randomUUID()}`,
    currency: 'USD',
    recipient: { name: 'Bench Caller', email: 'bench@example.com' },
    shippingAddress: {
      line1: '417 Montgomery Street',
      city: 'San Francisco',
      region: 'CA',
      postalCode: '94104',
      country: 'US',
    },
    lines: skus.map((sku) => ({
      sku,
      quantity: 1,
      unitPrice: money(PRICE_MINOR),
      total: money(PRICE_MINOR),
    })),
    totals: { total: money(PRICE_MINOR * skus.length) },
    payment: { method: 'card', token: 'pm_card_visa' },
  };
}

/** The POST of such an order, under a key of its own. */
export function orderPost(apiUrl: string, apiKey: string, skus: readonly string[]): Post {
  return {
    url: `${apiUrl}/v1/orders`,
    headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': randomUUID() },
    body: JSON.stringify(orderBody(skus)),
  };
}
