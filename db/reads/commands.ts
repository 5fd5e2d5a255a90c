/** What became of a command: its row is the only answer that counts. */
import type { Db } from '../connect.ts';

/** A command as stored; `outcome` is null while it waits. */
export interface CommandRow {
  id: string;
  order_id: string;
  kind: string;
  actor: string;
  reason: string | null;
  received_at: Date;
  applied_at: Date | null;
  outcome: { applied: boolean; code?: string; detail?: string } | null;
}

/** Reads a command; undefined when there is none, or none on an order of the caller's channel. */
export async function readCommand(
  db: Pick<Db, 'pool'>,
  id: string,
  channel: string | null,
): Promise<CommandRow | undefined> {
  const { rows } = await db.pool.query<CommandRow>({
    name: 'command_read',
    text: `select m.id, m.order_id, m.kind, m.actor, m.reason, m.received_at, m.applied_at, m.outcome
      from messages m join orders o on o.id = m.order_id
      where m.id = $1 and m.kind like 'command.%' and ($2::text is null or o.channel = $2)`,
    values: [id, channel],
  });
  return rows[0];
}
