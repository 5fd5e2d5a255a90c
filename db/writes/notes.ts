/**
 * Notes that people write on orders: row, event and audit in one transaction, under the order's row lock because the
 * event takes the order's next sequence number. A note decides nothing, so it leaves `orders.version` alone: the version
 * tells a workflow and an editor that what they decide on has changed, and a note must neither wake the one nor refuse
 * the other. Its text may hold personal data: it stands in the row alone; event, audit and idempotency row hold its id.
 */
import type { EventType } from '../../domain/events.ts';
import { transaction, type Db, type Tx } from '../connect.ts';
import { newId } from '../ids.ts';
import { BY_ID_OR_NUMBER, KEY_OF, orderParameters } from '../reads/find.ts';
import { writeAudit, type Caller } from './audit.ts';

/** A note to add; `key` makes a repeat harmless within `scope`. */
export interface NewNote {
  /** Order id or number. */
  order: string;
  /** Whose orders are found; null finds all. */
  channel: string | null;
  scope: string;
  key: string;
  fingerprint: string;
  text: string;
}

/** A note as stored. */
export interface NoteRow {
  id: string;
  actor: string;
  actor_name: string | null;
  body: string;
  created_at: Date;
}

/** How adding ended; only `added` stored anything. */
export type NoteResult =
  { kind: 'added' | 'replayed'; note: NoteRow } | { kind: 'key_reused' } | { kind: 'no_order' };

/** The id and channel of the order, which is locked until the transaction ends; undefined when it is not found. */
export async function lockOrder(
  tx: Pick<Tx, 'query'>,
  order: string,
  channel: string | null,
): Promise<{ id: string; channel: string; tags: string[] } | undefined> {
  const { rows } = await tx.query<{ id: string; channel: string; tags: string[] }>({
    name: 'order_lock_by_name',
    text: `select o.id, o.channel, o.tags from orders o where ${BY_ID_OR_NUMBER} for update`,
    values: orderParameters(order, channel),
  });
  return rows[0];
}

/** Appends an event to the locked order's own sequence. */
export async function appendEvent(
  tx: Pick<Tx, 'query'>,
  event: { orderId: string; type: EventType; actor: string; data: object },
): Promise<void> {
  await tx.query({
    name: 'order_event_append',
    text: `with o as (update orders set event_seq = event_seq + 1, updated_at = now() where id = $1 returning id, channel, event_seq)
      insert into events (order_id, seq, channel, type, actor, data) select id, event_seq, channel, $2, $3, $4 from o`,
    values: [event.orderId, event.type, event.actor, JSON.stringify(event.data)],
  });
}

/** Adds the note once for its key; a repeat returns the first one. */
export function addNote(db: Pick<Db, 'pool'>, given: NewNote, caller: Caller): Promise<NoteResult> {
  return transaction(db.pool, async (tx) => {
    const order = await lockOrder(tx, given.order, given.channel);
    if (!order) return { kind: 'no_order' };
    const scope = `notes:${given.scope}`;
    const claim = await tx.query<{ fingerprint: string; order_id: string; answer: { noteId?: string } }>(
      `insert into idempotency (scope, key, fingerprint, order_id, status, answer) values ($1, $2, $3, $4, 201, '{}')
       on conflict (scope, key) do update set key = excluded.key returning fingerprint, order_id, answer`,
      [scope, given.key, given.fingerprint, order.id],
    );
    const earlier = claim.rows[0];
    if (earlier && (earlier.fingerprint !== given.fingerprint || earlier.order_id !== order.id))
      return { kind: 'key_reused' };
    if (earlier?.answer.noteId) return { kind: 'replayed', note: await readNote(tx, earlier.answer.noteId) };
    const id = newId('not');
    await tx.query('insert into notes (id, order_id, actor, body) values ($1, $2, $3, $4)', [
      id,
      order.id,
      caller.actor,
      given.text,
    ]);
    await tx.query('update idempotency set answer = $3 where scope = $1 and key = $2', [
      scope,
      given.key,
      JSON.stringify({ noteId: id }),
    ]);
    await appendEvent(tx, {
      orderId: order.id,
      type: 'order.note_added',
      actor: caller.actor,
      data: { noteId: id },
    });
    await writeAudit(tx, { ...caller, action: 'order.note_added', subject: order.id, data: { noteId: id } });
    return { kind: 'added', note: await readNote(tx, id) };
  });
}

async function readNote(tx: Pick<Tx, 'query'>, id: string): Promise<NoteRow> {
  const { rows } = await tx.query<NoteRow>(
    `select n.id, n.actor, k.name as actor_name, n.body, n.created_at
     from notes n left join api_keys k on k.id = ${KEY_OF('n.actor')} where n.id = $1`,
    [id],
  );
  const note = rows[0];
  if (!note) throw new Error(`note ${id} was stored and is not there`);
  return note;
}
