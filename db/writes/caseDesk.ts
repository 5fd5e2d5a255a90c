/**
 * What people do with cases that no process decides on: take one on, and close one that belongs to no order. Row, event
 * and audit in one transaction. Cases of orders are closed by a command to the order (db/writes/cases.ts).
 */
import { CLOSED_BY_HAND, isClosable } from '../../domain/cases.ts';
import { PERSON_ROLES } from '../../domain/actor.ts';
import { transaction, type Db, type Tx } from '../connect.ts';
import { writeAudit, type Caller } from './audit.ts';
import { appendEvent } from './notes.ts';

/** One case as it is found by a caller; `channel` limits what is found. */
interface FoundCase {
  order_id: string | null;
  channel: string | null;
  subject: string;
  code: string;
  assignee: string | null;
  is_closed: boolean;
}

const FIND = `select c.order_id, coalesce(o.channel, i.channel) as channel, c.subject, c.code, c.assignee, c.resolved_at is not null as is_closed
  from cases c left join orders o on o.id = c.order_id left join inbound i on i.id = c.subject and c.order_id is null
  where c.id = $1 and ($2::text is null or coalesce(o.channel, i.channel) = $2)`;

/** The case under its order's lock and its own: whoever changes a case takes them in this order. */
async function lockCase(tx: Tx, caseId: string, channel: string | null): Promise<FoundCase | undefined> {
  const { rows } = await tx.query<FoundCase>(FIND, [caseId, channel]);
  const found = rows[0];
  if (!found) return undefined;
  if (found.order_id !== null)
    await tx.query('select 1 from orders where id = $1 for update', [found.order_id]);
  await tx.query('select 1 from cases where id = $1 for update', [caseId]);
  // Read again: it may have changed while the locks were waited for.
  return (await tx.query<FoundCase>(FIND, [caseId, channel])).rows[0];
}

async function recordEvent(
  tx: Tx,
  found: FoundCase,
  event: { type: 'case.assigned' | 'case.resolved'; actor: string; data: Record<string, unknown> },
): Promise<void> {
  const { type, actor } = event;
  const data = { subject: found.subject, code: found.code, ...event.data };
  if (found.order_id !== null) return appendEvent(tx, { orderId: found.order_id, type, actor, data });
  await tx.query('insert into events (channel, type, actor, data) values ($1, $2, $3, $4)', [
    found.channel,
    type,
    actor,
    JSON.stringify(data),
  ]);
}

/** How an assignment ended; only `assigned` may have changed anything. */
export type AssignResult = 'assigned' | 'no_case' | 'closed' | 'no_person';

/**
 * Gives an open case to a person's key that is alive, or (null) to nobody. The same again changes nothing and leaves no
 * trace.
 */
export async function assignCase(
  db: Pick<Db, 'pool'>,
  given: { caseId: string; channel: string | null; assignee: string | null },
  caller: Caller,
): Promise<AssignResult> {
  const { caseId, assignee } = given;
  return transaction(db.pool, async (tx) => {
    const found = await lockCase(tx, caseId, given.channel);
    if (!found) return 'no_case';
    if (found.is_closed) return 'closed';
    if (assignee !== null && !(await isLivingPerson(tx, assignee))) return 'no_person';
    if (found.assignee === assignee) return 'assigned';
    await tx.query(
      `update cases set assignee = $2, assigned_at = case when $2::text is not null then now() end where id = $1`,
      [caseId, assignee],
    );
    await recordEvent(tx, found, { type: 'case.assigned', actor: caller.actor, data: { caseId, assignee } });
    await writeAudit(tx, { ...caller, action: 'case.assigned', subject: caseId, data: { assignee } });
    return 'assigned';
  });
}

async function isLivingPerson(tx: Tx, keyId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select from api_keys where id = $1 and role = any ($2) and revoked_at is null and (expires_at is null or expires_at > now())`,
    [keyId, PERSON_ROLES],
  );
  return Boolean(rowCount);
}

/** How closing a case without an order ended; `replayed`: the same key closed it before. */
export type CloseResult = 'closed_now' | 'replayed' | 'key_reused' | 'no_case' | 'closed' | 'not_closable';

/** Refusals leave the transaction by an exception, so that the key they claimed is free again. */
class Refused extends Error {
  readonly result: CloseResult;
  constructor(result: CloseResult) {
    super(result);
    this.result = result;
  }
}

/** Closes a case that belongs to no order, once for its key, with what was done about it. */
export async function closeCase(
  db: Pick<Db, 'pool'>,
  given: {
    caseId: string;
    channel: string | null;
    note: string;
    scope: string;
    key: string;
    fingerprint: string;
  },
  caller: Caller,
): Promise<CloseResult> {
  try {
    return await transaction(db.pool, async (tx) => {
      const { rows } = await tx.query<{ fingerprint: string; is_new: boolean }>(
        `insert into idempotency (scope, key, fingerprint, order_id, status, answer) values ($1, $2, $3, '-', 200, '{}')
         on conflict (scope, key) do update set key = excluded.key returning fingerprint, xmax = 0 as is_new`,
        [`cases:${given.scope}`, given.key, given.fingerprint],
      );
      if (rows[0]?.fingerprint !== given.fingerprint) return 'key_reused';
      if (!rows[0].is_new) return 'replayed';
      const found = await lockCase(tx, given.caseId, given.channel);
      if (!found) throw new Refused('no_case');
      if (found.is_closed) throw new Refused('closed');
      if (!isClosable(found.code)) throw new Refused('not_closable');
      await tx.query(
        `update cases set resolved_at = now(), resolution = $2, resolved_by = $3 where id = $1`,
        [given.caseId, given.note, caller.actor],
      );
      const { caseId } = given;
      await recordEvent(tx, found, {
        type: 'case.resolved',
        actor: caller.actor,
        data: { caseId, resolution: CLOSED_BY_HAND },
      });
      await writeAudit(tx, { ...caller, action: 'case.resolved', subject: caseId });
      return 'closed_now';
    });
  } catch (error) {
    if (error instanceof Refused) return error.result;
    throw error;
  }
}
