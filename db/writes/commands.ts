/**
 * Commands to an order (cancel, retry, refund, close one of its cases): a row with its key, actor and reason, and a line of audit, in one transaction.
 * A command is answered by its row; everything that is rung afterwards only makes the answer come sooner.
 */
import { transaction, type Db } from '../connect.ts';
import { cancelReasonOf } from '../../domain/order.ts';
import { newId } from '../ids.ts';
import { BY_ID_OR_NUMBER, orderParameters } from '../reads/find.ts';
import { writeAudit } from './audit.ts';
import type { AcceptedRef } from './intake.ts';
import type { RefundCommand } from './refundCommands.ts';

/** Commands to an order. */
export type CommandKind =
  'cancel' | 'retry' | 'resolve_case' | 'change_payment' | 'write_off' | RefundCommand;

/** A command to store. `scope` names whose keys these are (a channel, or an API key's id); `channel` limits what is found. */
export interface NewCommand {
  /** Order id or number. */
  order: string;
  channel: string | null;
  kind: CommandKind;
  scope: string;
  idempotencyKey: string;
  fingerprint: string;
  actor: string;
  /** The code of a reason, or a person's words; the audit takes the code only. */
  reason: string | null;
  payload: Record<string, unknown>;
  /** What the audit is to name beside the command: ids, never free text. */
  auditData?: Record<string, unknown>;
  requestId: string | null;
}

/** `stored` and `repeated` carry the command to ask about; `reused`: the key was used for something else. */
export type StoredCommand =
  | { kind: 'stored' | 'repeated'; commandId: string; ref: AcceptedRef }
  | { kind: 'reused' }
  | { kind: 'no_order' };

const STORE = `
with target as (select o.* from orders o where ${BY_ID_OR_NUMBER}),
seen as (select id, order_id, fingerprint from messages where source = $4 and source_id = $5),
bumped as (
  update orders o set message_seq = o.message_seq + 1 from target t
  where o.id = t.id and not exists (select from seen) returning o.id, o.message_seq
), stored as (
  insert into messages (id, source, source_id, order_id, seq, kind, actor, reason, fingerprint, payload, ring_at)
  select $6, $4, $5, id, message_seq, $7, $8, $9, $10, $11::jsonb, now() + interval '5 seconds' from bumped
  on conflict (source, source_id) do nothing returning id
)
select t.id as "orderId", t.number, t.channel, t.currency, t.total_minor as "totalMinor", t.line_count as "lineCount",
  t.placed_at as "placedAt", t.promised_by as "promisedBy", (select id from stored) as "storedId",
  (select id from seen) as "seenId", (select fingerprint from seen) as "seenFingerprint"
from target t`;

interface StoreRow extends AcceptedRef {
  storedId: string | null;
  seenId: string | null;
  seenFingerprint: string | null;
}

/** Stores a command once for its key; a repeat finds the first. A command that is stored will be answered, whatever happens. */
export async function storeCommand(db: Pick<Db, 'pool'>, command: NewCommand): Promise<StoredCommand> {
  const first = await tryStore(db, command);
  // A parallel twin committed between this statement's snapshot and its insert: now it can be seen.
  return first === 'lost_race' ? requireSettled(await tryStore(db, command)) : first;
}

function requireSettled(result: StoredCommand | 'lost_race'): StoredCommand {
  if (result === 'lost_race') throw new Error('a command can not be both unseen and taken');
  return result;
}

async function tryStore(db: Pick<Db, 'pool'>, command: NewCommand): Promise<StoredCommand | 'lost_race'> {
  return transaction(db.pool, async (tx) => {
    const { rows } = await tx.query<StoreRow>({
      name: 'command_store',
      text: STORE,
      values: [
        ...orderParameters(command.order, command.channel),
        `api:${command.scope}`,
        command.idempotencyKey,
        newId('cmd'),
        `command.${command.kind}`,
        command.actor,
        command.reason,
        command.fingerprint,
        JSON.stringify(command.payload),
      ],
    });
    const row = rows[0];
    if (!row) return { kind: 'no_order' };
    const { storedId, seenId, seenFingerprint, ...ref } = row;
    if (seenId !== null)
      return seenFingerprint === command.fingerprint
        ? { kind: 'repeated', commandId: seenId, ref }
        : { kind: 'reused' };
    if (storedId === null) return 'lost_race';
    await writeAudit(tx, {
      actor: command.actor,
      action: `order.${command.kind}`,
      subject: ref.orderId,
      reason: cancelReasonOf(command.reason),
      data: { commandId: storedId, ...command.auditData },
      requestId: command.requestId,
    });
    return { kind: 'stored', commandId: storedId, ref };
  });
}
