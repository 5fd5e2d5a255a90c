/** What placing a demo order needs to know of the database: the channel, what is placed already, how much there is. */
import { DEMO_CHANNEL } from '../../domain/demoCatalogue.ts';
import type { Db } from '../connect.ts';

/** The id of the demo channel, else of the first channel for demonstration; undefined when there is none. */
export async function findDemoChannel(db: Pick<Db, 'pool'>): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from channels where is_demo order by id <> $1, id limit 1',
    [DEMO_CHANNEL],
  );
  return rows[0]?.id;
}

/** Units of a SKU that could be allocated now, over all active locations. */
export async function readAvailable(db: Pick<Db, 'pool'>, sku: string): Promise<number> {
  const { rows } = await db.pool.query<{ available: number }>(
    `select coalesce(sum(s.on_hand - s.allocated), 0)::bigint as available
     from stock s join locations l on l.id = s.location where s.sku = $1 and l.active`,
    [sku],
  );
  return rows[0]?.available ?? 0;
}

/** True when an order was accepted in the channel by this key. */
export async function isPlaced(
  db: Pick<Db, 'pool'>,
  order: { channel: string; idempotencyKey: string },
): Promise<boolean> {
  const { rowCount } = await db.pool.query('select from idempotency where scope = $1 and key = $2', [
    order.channel,
    order.idempotencyKey,
  ]);
  return rowCount === 1;
}
