/** Signals that people send by hand: stored as inbox rows before anything happens, a repeat of the same id once. */
import { createHash } from 'node:crypto';
import type pg from 'pg';
import { holdsCardNumber, maskCardNumbers } from '../../domain/cardNumber.ts';
import { SIGNAL_SENDER } from '../../domain/actor.ts';
import { cancelReasonOf, CANCEL_REASONS } from '../../domain/order.ts';
import { normalizeSignalRefund } from '../../domain/refundSignal.ts';
import { transaction } from '../connect.ts';
import { newId } from '../ids.ts';

/** One signal as its handler noted it. */
export interface GivenSignal {
  /** Stable over replays: the sender's commandId, or one made by the workflow. */
  id: string;
  name: string;
  /** What came with it; anything at all. */
  body: unknown;
}

/** What became of one command. */
export interface CommandAnswer {
  commandId: string;
  applied: boolean;
  code?: string;
  detail?: string;
}

interface Command {
  kind: string;
  payload: Record<string, unknown>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text without card numbers and what PostgreSQL cannot store: NUL, and surrogates that stand alone. */
function storable(text: string): string {
  return maskCardNumbers(text)
    .replaceAll('\u0000', '\uFFFD')
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}

/** An id of the sender that can be stored as it is; anything else by its hash, so that a repeat is still one. */
function storableId(id: string): string {
  return /^[\w.:-]{1,200}$/.test(id) && !holdsCardNumber(id)
    ? id
    : createHash('sha256').update(id).digest('hex');
}

/** The command a signal stands for; malformed ones become a record of what was wrong and harm nothing. */
function commandOf(signal: GivenSignal): Command {
  const body = isRecord(signal.body) ? signal.body : {};
  const note = typeof body['note'] === 'string' ? storable(body['note'].slice(0, 500)) : undefined;
  if (signal.name === 'retryStep') return { kind: 'command.retry', payload: { ...(note && { note }) } };
  if (signal.name === 'cancelOrder') {
    const reason = typeof body['reason'] === 'string' ? cancelReasonOf(body['reason']) : null;
    if (reason) return { kind: 'command.cancel', payload: { reason, ...(note && { note }) } };
    return {
      kind: 'signal.malformed',
      payload: { name: signal.name, problem: `reason must be one of ${CANCEL_REASONS.join(', ')}` },
    };
  }
  if (signal.name === 'refundOrder') return refundCommandOf(signal);
  return {
    kind: 'signal.unknown',
    payload: { name: storable(signal.name.slice(0, 100)), problem: 'no such signal' },
  };
}

/**
 * A refund asked for by hand. Who sent it is what the body says and nobody has proven, so it never passes without a second
 * person above the lowest role's limit (no role is stored with it).
 */
function refundCommandOf({ name, body }: GivenSignal): Command {
  const read = normalizeSignalRefund(body);
  if (!read.ok)
    return { kind: 'signal.malformed', payload: { name, problem: read.problems.join('; ').slice(0, 500) } };
  const { request, note, actor } = read.refund;
  return {
    kind: 'command.refund',
    payload: {
      request,
      reason: request.reason,
      actor: storable(actor),
      ...(note !== undefined && { note: storable(note) }),
    },
  };
}

/** Stores the signals as inbox rows of the order, each once. */
export async function storeSignals(
  pool: pg.Pool,
  orderId: string,
  signals: readonly GivenSignal[],
): Promise<void> {
  await transaction(pool, async (tx) => {
    await tx.query('select 1 from orders where id = $1 for update', [orderId]);
    for (const signal of signals) {
      const command = commandOf(signal);
      await tx.query(
        `with stored as (
           insert into messages (id, source, source_id, order_id, seq, kind, actor, reason, payload)
           select $1, 'signal', $2, id, message_seq + 1, $4, $5, $6, $7 from orders where id = $3
           on conflict (source, source_id) do nothing returning order_id)
         update orders set message_seq = message_seq + 1 where id in (select order_id from stored)`,
        [
          newId('cmd'),
          `${orderId}/${storableId(signal.id)}`,
          orderId,
          command.kind,
          SIGNAL_SENDER,
          command.payload['reason'] ?? null,
          JSON.stringify(command.payload),
        ],
      );
    }
  });
}

/** The outcomes of those of the commands that were applied or refused by now. */
export async function readOutcomes(pool: pg.Pool, commandIds: readonly string[]): Promise<CommandAnswer[]> {
  const { rows } = await pool.query<{ id: string; outcome: Omit<CommandAnswer, 'commandId'> }>(
    'select id, outcome from messages where id = any ($1) and applied_at is not null',
    [commandIds],
  );
  return rows.map((row) => ({ commandId: row.id, ...row.outcome }));
}
