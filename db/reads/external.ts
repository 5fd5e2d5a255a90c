/** Finds an order by what its channel calls it. */
import type { Db } from '../connect.ts';

/** What a channel's repeat needs to know of the order. */
export interface ExternalOrder {
  id: string;
  channel: string;
  paid: boolean;
}

/** The order with this externalId in the channel; undefined when there is none. */
export async function findExternal(
  db: Pick<Db, 'pool'>,
  channel: string,
  externalId: string,
): Promise<ExternalOrder | undefined> {
  const { rows } = await db.pool.query<ExternalOrder>({
    name: 'order_by_external_id',
    text: 'select id, channel, payment_paid as paid from orders where channel = $1 and external_id = $2',
    values: [channel, externalId],
  });
  return rows[0];
}
