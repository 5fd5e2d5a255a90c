/** The plain lists: catalogue, locations, channels, keys and parcels to hand over. Keyset by primary key. */
import type { Policy } from '../../domain/policy.ts';
import type { Db } from '../connect.ts';

/** A page: at most `limit` rows after the key of the last one seen. Reads give one row more when more follow. */
export interface KeyPage {
  after: string | null;
  limit: number;
}

/** One item of the catalogue. */
export interface ItemRow {
  sku: string;
  name: string;
  variant: string | null;
  gtin: string | null;
  weight_grams: number;
  requires_shipping: boolean;
  attributes: Record<string, string | number | boolean>;
  created_at: Date;
  updated_at: Date;
}

/** Items by SKU; `q` finds by the beginning of the SKU. */
export async function listItems(
  db: Pick<Db, 'pool'>,
  page: KeyPage & { q: string | null },
): Promise<ItemRow[]> {
  const { rows } = await db.pool.query<ItemRow>(
    `select * from items where ($1::text is null or sku > $1) and ($3::text is null or starts_with(sku, $3))
     order by sku limit $2 + 1`,
    [page.after, page.limit, page.q],
  );
  return rows;
}

/** One item by SKU. */
export async function readItem(db: Pick<Db, 'pool'>, sku: string): Promise<ItemRow | undefined> {
  const { rows } = await db.pool.query<ItemRow>('select * from items where sku = $1', [sku]);
  return rows[0];
}

/** One location. */
export interface LocationRow {
  id: string;
  name: string;
  priority: number;
  address: Record<string, string>;
  active: boolean;
  created_at: Date;
}

/** Locations by id. */
export async function listLocations(db: Pick<Db, 'pool'>, page: KeyPage): Promise<LocationRow[]> {
  const { rows } = await db.pool.query<LocationRow>(
    'select * from locations where ($1::text is null or id > $1) order by id limit $2 + 1',
    [page.after, page.limit],
  );
  return rows;
}

/** One location by id. */
export async function readLocation(db: Pick<Db, 'pool'>, id: string): Promise<LocationRow | undefined> {
  const { rows } = await db.pool.query<LocationRow>('select * from locations where id = $1', [id]);
  return rows[0];
}

/** A channel with its present policy as stored (without defaults). */
export interface ChannelRow {
  id: string;
  name: string;
  kind: 'api' | 'shopify';
  time_zone: string;
  is_demo: boolean;
  policy_version: number;
  policy: Partial<Policy>;
  secret_sealed: Buffer | null;
  created_at: Date;
}

const CHANNEL = `select c.*, p.body as policy from channels c
  join policies p on p.channel = c.id and p.version = c.policy_version`;

/** Channels by id; only the one of `channel` when it is given. */
export async function listChannels(
  db: Pick<Db, 'pool'>,
  page: KeyPage & { channel: string | null },
): Promise<ChannelRow[]> {
  const { rows } = await db.pool.query<ChannelRow>(
    `${CHANNEL} where ($1::text is null or c.id > $1) and ($3::text is null or c.id = $3) order by c.id limit $2 + 1`,
    [page.after, page.limit, page.channel],
  );
  return rows;
}

/** One channel by id. */
export async function readChannel(db: Pick<Db, 'pool'>, id: string): Promise<ChannelRow | undefined> {
  const { rows } = await db.pool.query<ChannelRow>({
    name: 'channel_read',
    text: `${CHANNEL} where c.id = $1`,
    values: [id],
  });
  return rows[0];
}

/** An API key without its secret. `hash` never leaves the process. */
export interface ApiKeyRow {
  id: string;
  name: string;
  role: string;
  channel: string | null;
  scopes: string[];
  hash: Buffer;
  created_by: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

/** API keys by id. */
export async function listApiKeys(db: Pick<Db, 'pool'>, page: KeyPage): Promise<ApiKeyRow[]> {
  const { rows } = await db.pool.query<ApiKeyRow>(
    'select * from api_keys where ($1::text is null or id > $1) order by id limit $2 + 1',
    [page.after, page.limit],
  );
  return rows;
}

/** One key by its public part. */
export async function readApiKey(db: Pick<Db, 'pool'>, id: string): Promise<ApiKeyRow | undefined> {
  const { rows } = await db.pool.query<ApiKeyRow>({
    name: 'api_key_read',
    text: 'select * from api_keys where id = $1',
    values: [id],
  });
  return rows[0];
}

/** A parcel that the warehouse may hand over now. */
export interface DispatchRow {
  fulfillment_id: string;
  shipment_id: string;
  carrier: string | null;
  service: string | null;
  tracking_code: string | null;
  label_url: string | null;
  dispatch_at: Date;
}

/** The oldest 100 parcels to hand over, at one location or (null) at all. */
export async function listDispatches(db: Pick<Db, 'pool'>, location: string | null): Promise<DispatchRow[]> {
  const { rows } = await db.pool.query<DispatchRow>({
    name: 'dispatches',
    text: `select s.fulfillment_id, s.id as shipment_id, s.carrier, s.service, s.tracking_code, s.label_url, s.dispatch_at
      from shipments s join fulfillment_orders f on f.id = s.fulfillment_id
      where s.state = 'booked' and s.dispatch_at is not null and ($1::text is null or f.location = $1)
      order by s.dispatch_at, s.id limit 100`,
    values: [location],
  });
  return rows;
}
