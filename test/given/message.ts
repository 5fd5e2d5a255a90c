/** Inbox rows put straight into the database, for tests of the lane that need no API. */
import type { Db } from '../../db/connect.ts';
import { newId } from '../../db/ids.ts';

/** A fact or command as its door would store it. */
export interface GivenMessage {
  kind: string;
  match?: string;
  payload: Record<string, unknown>;
}

/** Puts one message into the order's inbox, next in its sequence. */
export async function putMessage(
  db: Pick<Db, 'pool'>,
  orderId: string,
  message: GivenMessage,
): Promise<void> {
  await db.pool.query(
    `with o as (update orders set message_seq = message_seq + 1 where id = $1 returning message_seq)
     insert into messages (id, source, source_id, order_id, match, seq, kind, actor, payload)
     select $2, 'story', $2, $1, $3, message_seq, $4, 'story', $5 from o`,
    [orderId, newId('fct'), message.match ?? null, message.kind, JSON.stringify(message.payload)],
  );
}
