/** The audit: who did what to what, and what was refused. Append only; never personal data, never a secret. */
import type { Tx } from '../connect.ts';

/** One line of the audit. `subject` is an id; `actor` is `key:<id>`, `system` or a name given by an operator's tool. */
export interface AuditEntry {
  actor: string;
  action: string;
  subject: string;
  reason?: string | null;
  data?: Record<string, unknown>;
  requestId?: string | null;
}

/** Writes one line; belongs in the transaction of the change it describes. */
export async function writeAudit(tx: Pick<Tx, 'query'>, entry: AuditEntry): Promise<void> {
  await tx.query({
    name: 'audit_write',
    text: 'insert into audit (actor, action, subject, reason, data, request_id) values ($1, $2, $3, $4, $5, $6)',
    values: [
      entry.actor,
      entry.action,
      entry.subject,
      entry.reason ?? null,
      JSON.stringify(entry.data ?? {}),
      entry.requestId ?? null,
    ],
  });
}

/** Who asks for a change, for the audit. */
export interface Caller {
  actor: string;
  requestId?: string | null;
}
