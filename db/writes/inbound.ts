/**
 * Raw bodies that must not be lost: a rightly signed message that can't become an order is kept here, sealed (it holds
 * personal data), with a case for a person. When a later try succeeds, the same row says so and the case is closed.
 */
import { transaction, type Db } from '../connect.ts';
import { newId } from '../ids.ts';
import { seal } from '../seal.ts';

/** Names the sender and the message; a repeat of the same message is the same row. */
export interface InboundKey {
  source: string;
  sourceId: string;
}

/** What a kept body is sealed with; also where it opens. */
export function inboundContext(id: string): string {
  return `inbound:${id}`;
}

/** Keeps an unusable body and raises `inbound_unusable` once. `detail` is read by people: no personal data. */
export async function keepUnusable(
  db: Pick<Db, 'pool'>,
  given: InboundKey & {
    channel: string;
    body: Buffer;
    masterKey: Buffer;
    detail: string;
    problem: Record<string, unknown>;
  },
): Promise<void> {
  const id = newId('inb');
  await transaction(db.pool, async (tx) => {
    const { rows } = await tx.query<{ id: string; is_new: boolean }>(
      `insert into inbound (id, source, source_id, channel, body_sealed, state, problem)
       values ($1, $2, $3, $4, $5, 'refused', $6)
       on conflict (source, source_id) do update set problem = excluded.problem returning id, xmax = 0 as is_new`,
      [
        id,
        given.source,
        given.sourceId,
        given.channel,
        seal(given.masterKey, given.body, inboundContext(id)),
        JSON.stringify(given.problem),
      ],
    );
    if (!rows[0]?.is_new) return;
    await tx.query(
      `insert into cases (id, subject, code, attention, owner, detail)
       values ($1, $2, 'inbound_unusable', 'data_fix', 'ops', $3)`,
      [newId('cas'), id, given.detail],
    );
    await tx.query(`insert into events (channel, type, actor, data) values ($1, 'case.opened', $2, $3)`, [
      given.channel,
      given.source,
      JSON.stringify({ subject: id, code: 'inbound_unusable', attention: 'data_fix', owner: 'ops' }),
    ]);
  });
}

/** Marks a kept body as used by an order and closes its case; does nothing when the message was never kept. */
export async function markUsed(db: Pick<Db, 'pool'>, key: InboundKey, orderId: string): Promise<void> {
  await db.pool.query(
    `with used as (
       update inbound set state = 'used', order_id = $3 where source = $1 and source_id = $2 and state <> 'used' returning id, channel
     ), resolved as (
       update cases set resolved_at = now(), resolution = 'became an order' from used
       where cases.subject = used.id and cases.resolved_at is null returning cases.subject, cases.code, used.channel
     )
     insert into events (channel, type, actor, data)
     select channel, 'case.resolved', $1, jsonb_build_object('subject', subject, 'code', code, 'resolution', 'became an order', 'orderId', $3::text)
     from resolved`,
    [key.source, key.sourceId, orderId],
  );
}
