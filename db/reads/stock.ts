/** What lies where, and every movement of it. */
import type { Db } from '../connect.ts';
import { Conditions } from './conditions.ts';
import { KEY_OF } from './find.ts';

/** Stock of one SKU at one location. */
export interface StockRow {
  sku: string;
  location: string;
  on_hand: number;
  allocated: number;
  name: string;
  variant: string | null;
}

/** A page of stock: after a SKU at a location; all filters that are given must hold. */
export interface StockPage {
  after: { sku: string; location: string } | null;
  limit: number;
  sku?: string | undefined;
  location?: string | undefined;
  /** Beginning of the SKU, or of words of the name. */
  q?: string | undefined;
}

/** Stock by SKU and location. */
export async function listStock(db: Pick<Db, 'pool'>, page: StockPage): Promise<StockRow[]> {
  const where = new Conditions();
  if (page.after)
    where.addFixed(
      `(s.sku, s.location) > (${where.value(page.after.sku)}, ${where.value(page.after.location)})`,
    );
  if (page.sku !== undefined) where.add('s.sku = ?', page.sku);
  if (page.location !== undefined) where.add('s.location = ?', page.location);
  if (page.q !== undefined) addItemSearch(where, page.q);
  const { rows } = await db.pool.query<StockRow>(
    `select s.sku, s.location, s.on_hand, s.allocated, i.name, i.variant
     from stock s join items i on i.sku = s.sku ${where.where()}
     order by s.sku, s.location limit ${where.value(page.limit + 1)}`,
    where.values,
  );
  return rows;
}

/** Each typed word has to begin a word of the name; or the whole text begins the SKU. */
function addItemSearch(where: Conditions, q: string): void {
  const beginning = `${q
    .trim()
    .toUpperCase()
    .replaceAll(/[\\%_]/g, '\\$&')}%`;
  const ways = [`select sku from items where sku like ${where.value(beginning)}`];
  const words =
    q
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.slice(0, 10) ?? [];
  if (words.length > 0) {
    const wanted = words.map((word) => `'${word}':*`).join(' & ');
    ways.push(
      `select sku from items where to_tsvector('simple', name) @@ to_tsquery('simple', ${where.value(wanted)})`,
    );
  }
  where.addFixed(`s.sku in (${ways.join(' union all ')})`);
}

/** One movement, with the order it belongs to and the name of the key that made it. */
export interface MovementRow {
  id: number;
  sku: string;
  location: string;
  kind: 'adjustment' | 'allocation' | 'release' | 'sale';
  on_hand_delta: number;
  allocated_delta: number;
  order_id: string | null;
  order_number: number | null;
  reason: string | null;
  actor: string;
  actor_name: string | null;
  created_at: Date;
}

/** Movements to read: before an id; all filters that are given must hold. */
export interface MovementPage {
  before: number | null;
  limit: number;
  sku?: string | undefined;
  location?: string | undefined;
  kind?: MovementRow['kind'] | undefined;
}

/** Movements, newest first. Numbers and names are looked up for the rows of the page alone. */
export async function listMovements(db: Pick<Db, 'pool'>, page: MovementPage): Promise<MovementRow[]> {
  const where = new Conditions();
  if (page.before !== null) where.add('m.id < ?', page.before);
  if (page.sku !== undefined) where.add('m.sku = ?', page.sku);
  if (page.location !== undefined) where.add('m.location = ?', page.location);
  // These are few among the movements of orders; the condition of their own index has to be repeated for it to be used.
  if (page.kind === 'adjustment' || page.kind === 'release')
    where.addFixed(`m.kind in ('adjustment', 'release')`);
  if (page.kind !== undefined) where.add('m.kind = ?', page.kind);
  const { rows } = await db.pool.query<MovementRow>(
    `select m.id, m.sku, m.location, m.kind, m.on_hand_delta, m.allocated_delta, m.order_id, m.reason, m.actor, m.created_at,
       (select number from orders where id = m.order_id) as order_number,
       (select name from api_keys where id = ${KEY_OF('m.actor')}) as actor_name
     from (select * from stock_movements m ${where.where()} order by m.id desc limit ${where.value(page.limit + 1)}) m
     order by m.id desc`,
    where.values,
  );
  return rows;
}
