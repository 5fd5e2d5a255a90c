/**
 * Catalogue, locations and stock adjustments. What the warehouse does with orders' goods is written elsewhere
 * (db/writes/stock.ts); here a person or a channel says what exists and what lies on the shelf.
 */
import { transaction, type Db, type Tx } from '../connect.ts';
import { noteChange } from './changes.ts';
import { writeAudit, type Caller } from './audit.ts';

/** One item of the catalogue; `sku` in canonical spelling. */
export interface ItemInput {
  sku: string;
  name: string;
  variant?: string | undefined;
  gtin?: string | undefined;
  weightGrams?: number | undefined;
  requiresShipping?: boolean | undefined;
  attributes?: Record<string, string | number | boolean> | undefined;
}

const ITEM_ROWS = `
select sku, name, variant, gtin, coalesce("weightGrams", 0), coalesce("requiresShipping", true), coalesce(attributes, '{}')
from json_to_recordset($1) as g (sku text, name text, variant text, gtin text, "weightGrams" int, "requiresShipping" boolean, attributes jsonb)
order by sku`;
const ITEM_COLUMNS =
  'insert into items (sku, name, variant, gtin, weight_grams, requires_shipping, attributes)';

/** Adds one item; false when the SKU exists already (it is left as it is). */
export async function createItem(db: Pick<Db, 'pool'>, item: ItemInput, caller: Caller): Promise<boolean> {
  return transaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query(`${ITEM_COLUMNS} ${ITEM_ROWS} on conflict (sku) do nothing`, [
      JSON.stringify([item]),
    ]);
    if (!rowCount) return false;
    await writeAudit(tx, { ...caller, action: 'item.created', subject: item.sku });
    return true;
  });
}

/** Adds or replaces items, each SKU once; repeating it changes nothing. Returns how many were new and how many changed. */
export async function upsertItems(
  db: Pick<Db, 'pool'>,
  items: readonly ItemInput[],
  caller: Caller,
): Promise<{ created: number; updated: number }> {
  return transaction(db.pool, async (tx) => {
    const { rows } = await tx.query<{ is_new: boolean }>(
      `${ITEM_COLUMNS} ${ITEM_ROWS}
       on conflict (sku) do update set name = excluded.name, variant = excluded.variant, gtin = excluded.gtin,
         weight_grams = excluded.weight_grams, requires_shipping = excluded.requires_shipping,
         attributes = excluded.attributes, updated_at = now()
       where (items.name, items.variant, items.gtin, items.weight_grams, items.requires_shipping, items.attributes)
         is distinct from (excluded.name, excluded.variant, excluded.gtin, excluded.weight_grams, excluded.requires_shipping, excluded.attributes)
       returning xmax = 0 as is_new`,
      [JSON.stringify(items)],
    );
    const created = rows.filter((row) => row.is_new).length;
    const updated = rows.length - created;
    if (rows.length > 0)
      await writeAudit(tx, {
        ...caller,
        action: 'items.upserted',
        subject: 'items',
        data: { created, updated },
      });
    return { created, updated };
  });
}

/** A place that holds stock. `priority`: lower is asked first. */
export interface LocationInput {
  id: string;
  name: string;
  priority?: number | undefined;
  address: Record<string, string | undefined>;
}

/** Adds a location; false when the id is taken (it is left as it is). */
export async function createLocation(
  db: Pick<Db, 'pool'>,
  location: LocationInput,
  caller: Caller,
): Promise<boolean> {
  return transaction(db.pool, async (tx) => {
    const { rowCount } = await tx.query(
      'insert into locations (id, name, priority, address) values ($1, $2, $3, $4) on conflict (id) do nothing',
      [location.id, location.name, location.priority ?? 100, JSON.stringify(location.address)],
    );
    if (!rowCount) return false;
    await writeAudit(tx, { ...caller, action: 'location.created', subject: location.id });
    return true;
  });
}

/** One adjustment: either a difference or the counted number. */
export interface Adjustment {
  sku: string;
  location: string;
  delta?: number | undefined;
  setTo?: number | undefined;
}

/** Adjustments to make together; `key` makes a repeat harmless within `scope`. */
export interface AdjustRequest {
  scope: string;
  key: string;
  fingerprint: string;
  reason: string;
  note?: string | undefined;
  adjustments: readonly Adjustment[];
}

/** A stock level after an adjustment, in the order in which they were asked for. */
export interface StockLevel {
  sku: string;
  location: string;
  onHand: number;
  allocated: number;
  available: number;
}

/** The most units of one SKU that one location may hold. */
export const ON_HAND_MAX = 1_000_000_000;

/** How an adjustment ended; only `adjusted` changed anything. Indexes point into `adjustments`. */
export type AdjustResult =
  | { kind: 'adjusted'; levels: StockLevel[] }
  | { kind: 'replayed'; levels: StockLevel[] }
  | { kind: 'key_reused' }
  | { kind: 'unknown'; skus: number[]; locations: number[] }
  | { kind: 'negative' | 'too_large'; indexes: number[] };

/** Refusals leave the transaction by an exception, so that the key they claimed is free again. */
class Refusal extends Error {
  readonly result: AdjustResult;
  constructor(result: AdjustResult) {
    super(result.kind);
    this.result = result;
  }
}

/** Makes all adjustments or none, in one transaction: stock, movements, event and audit. A repeat returns the first answer. */
export async function adjustStock(
  db: Pick<Db, 'pool'>,
  request: AdjustRequest,
  caller: Caller,
): Promise<AdjustResult> {
  try {
    const result = await transaction(db.pool, (tx) => adjust(tx, request, caller));
    if (result.kind === 'adjusted') noteChange(db.pool);
    return result;
  } catch (error) {
    if (error instanceof Refusal) return error.result;
    throw error;
  }
}

async function adjust(tx: Tx, request: AdjustRequest, caller: Caller): Promise<AdjustResult> {
  const scope = `inventory:${request.scope}`;
  const claim = await tx.query<{ fingerprint: string; answer: { levels?: StockLevel[] } }>(
    `insert into idempotency (scope, key, fingerprint, order_id, status, answer) values ($1, $2, $3, '-', 200, '{}')
     on conflict (scope, key) do update set key = excluded.key returning fingerprint, answer`,
    [scope, request.key, request.fingerprint],
  );
  const earlier = claim.rows[0];
  if (earlier && earlier.fingerprint !== request.fingerprint) return { kind: 'key_reused' };
  if (earlier?.answer.levels) return { kind: 'replayed', levels: earlier.answer.levels };
  const levels = await moveStock(tx, request, caller);
  await tx.query('update idempotency set answer = $3 where scope = $1 and key = $2', [
    scope,
    request.key,
    JSON.stringify({ levels }),
  ]);
  await tx.query(`insert into events (type, actor, data) values ('inventory.adjusted', $1, $2)`, [
    caller.actor,
    JSON.stringify({ reason: request.reason, levels }),
  ]);
  await writeAudit(tx, {
    ...caller,
    action: 'inventory.adjusted',
    subject: request.key,
    reason: request.reason,
    data: { count: levels.length, ...(request.note && { note: request.note }) },
  });
  return { kind: 'adjusted', levels };
}

async function moveStock(tx: Tx, request: AdjustRequest, caller: Caller): Promise<StockLevel[]> {
  const wanted = JSON.stringify(
    request.adjustments.map((one, index) => ({
      n: index,
      sku: one.sku,
      location: one.location,
      delta: one.delta,
      set_to: one.setTo,
    })),
  );
  await refuseUnknown(tx, wanted);
  await tx.query(
    `insert into stock (sku, location) select sku, location from json_to_recordset($1) as g (sku text, location text)
     order by sku, location on conflict do nothing`,
    [wanted],
  );
  // Locked in one fixed order, as allocation does, so that the two can't deadlock.
  const { rows } = await tx.query<{ n: number; delta: number; on_hand: number; allocated: number }>(
    `with locked as (
       select s.* from stock s join json_to_recordset($1) as g (sku text, location text) using (sku, location)
       order by s.sku, s.location for update of s
     )
     select g.n, coalesce(g.delta, g.set_to - l.on_hand) as delta, l.on_hand::bigint + coalesce(g.delta, g.set_to - l.on_hand) as on_hand,
       l.allocated
     from locked l join json_to_recordset($1) as g (n int, sku text, location text, delta int, set_to int) using (sku, location)
     order by g.n`,
    [wanted],
  );
  const negative = rows.filter((row) => row.on_hand < row.allocated).map((row) => row.n);
  if (negative.length > 0) throw new Refusal({ kind: 'negative', indexes: negative });
  const tooLarge = rows.filter((row) => row.on_hand > ON_HAND_MAX).map((row) => row.n);
  if (tooLarge.length > 0) throw new Refusal({ kind: 'too_large', indexes: tooLarge });
  const moves = rows.flatMap((row) => {
    const asked = request.adjustments[row.n];
    return asked ? [{ ...row, sku: asked.sku, location: asked.location }] : [];
  });
  await tx.query(
    `with g as (select * from json_to_recordset($1) as g (n int, sku text, location text, delta int, on_hand int)),
     moved as (update stock s set on_hand = g.on_hand from g where s.sku = g.sku and s.location = g.location)
     insert into stock_movements (key, sku, location, kind, on_hand_delta, allocated_delta, reason, actor)
     select $2 || '/' || n, sku, location, 'adjustment', delta, 0, $3, $4 from g where delta <> 0 order by n`,
    [
      JSON.stringify(moves),
      `adjustment/${request.scope}/${request.key}`,
      request.note ? `${request.reason}: ${request.note}` : request.reason,
      caller.actor,
    ],
  );
  return moves.map((row) => ({
    sku: row.sku,
    location: row.location,
    onHand: row.on_hand,
    allocated: row.allocated,
    available: row.on_hand - row.allocated,
  }));
}

async function refuseUnknown(tx: Tx, wanted: string): Promise<void> {
  const { rows } = await tx.query<{ n: number; no_item: boolean; no_location: boolean }>(
    `select g.n, i.sku is null as no_item, l.id is null as no_location
     from json_to_recordset($1) as g (n int, sku text, location text)
     left join items i on i.sku = g.sku left join locations l on l.id = g.location
     where i.sku is null or l.id is null order by g.n`,
    [wanted],
  );
  if (rows.length === 0) return;
  throw new Refusal({
    kind: 'unknown',
    skus: rows.filter((row) => row.no_item).map((row) => row.n),
    locations: rows.filter((row) => row.no_location).map((row) => row.n),
  });
}
