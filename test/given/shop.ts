/** A shop for stories: one channel with short waits, a catalogue, two warehouses and their stock. */
import type { Policy } from '../../domain/policy.ts';
import type { Db } from '../../db/connect.ts';
import { createChannel } from '../../db/writes/channels.ts';
import { adjustStock, createLocation, upsertItems } from '../../db/writes/inventory.ts';

/** The channel of all stories. */
export const CHANNEL = 'web';
/** The secret the Shopify door of the story channel checks signatures with. */
export const SHOPIFY_SECRET = 'shopify-story-secret';

/** Waits of a story: short enough to see their end, long enough for a busy machine. */
export const SHORT_WAITS: Partial<Policy> = {
  callTimeoutSeconds: 3,
  stepTimeoutSeconds: 6,
  callRetryMillis: 100,
  retryPauseSeconds: 1,
  retryPauseMaxSeconds: 2,
};

/** Where each SKU of the shop lies, and how much of it. EAST has MUG and PEN, WEST has TEA and PEN. */
export const STOCK = [
  { sku: 'MUG', location: 'east', setTo: 100_000 },
  { sku: 'TEA', location: 'west', setTo: 100_000 },
  { sku: 'PEN', location: 'east', setTo: 100_000 },
  { sku: 'PEN', location: 'west', setTo: 100_000 },
  { sku: 'RARE', location: 'east', setTo: 1 },
];

const CALLER = { actor: 'story' };

/** Fills an empty, migrated database. `numberBlock` keeps order numbers of different databases on one Temporal apart. */
export async function openShop(
  db: Db,
  given: { policy?: Partial<Policy>; masterKey: Buffer },
): Promise<void> {
  const block = 100_001 + 32 * Math.floor(Math.random() * 10_000_000);
  await db.pool.query(`select setval('order_number_block', $1, false)`, [block]);
  const policy = { ...SHORT_WAITS, ...given.policy };
  await createChannel(
    db,
    { id: CHANNEL, name: 'Web shop', policy, webhookSecret: SHOPIFY_SECRET },
    { ...CALLER, masterKey: given.masterKey },
  );
  const items = [...new Set(STOCK.map((row) => row.sku))].map((sku) => ({
    sku,
    name: `A ${sku.toLowerCase()}`,
    weightGrams: 250,
  }));
  await upsertItems(db, items, CALLER);
  for (const [index, id] of ['east', 'west'].entries()) {
    const address = {
      line1: '1 Dock Road',
      city: 'Boston',
      region: 'MA',
      postalCode: '02110',
      country: 'US',
    };
    await createLocation(db, { id, name: `Warehouse ${id}`, priority: index + 1, address }, CALLER);
  }
  await adjustStock(
    db,
    { scope: 'story', key: 'opening', fingerprint: 'opening', reason: 'opening stock', adjustments: STOCK },
    CALLER,
  );
}
