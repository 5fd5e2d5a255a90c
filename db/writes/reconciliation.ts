/**
 * Runs of the reconciliation and what they found. A run that is begun again (its worker died) starts over: its findings are
 * written anew. Repairs go through the inbox of the order, as a report that has its payment looked at.
 */
import type { FoundDifference, OurPayment } from '../../domain/reconcile.ts';
import { formatMoney } from '../../domain/money.ts';
import { transaction, type Db } from '../connect.ts';
import { newId } from '../ids.ts';
import { storeFacts } from './messages.ts';

/** Payments made this long before the last run began are compared once more. */
const OVERLAP = '1 hour';
/** How far the first run looks back. */
const FIRST_RUN = '7 days';
/** A run that has not ended by then has lost its worker for good. */
const BROKEN_OFF = '1 day';

type Pool = Pick<Db, 'pool'>;

/** A run to begin. */
export interface RunToBegin {
  runId: string;
  provider: string;
  dryRun: boolean;
  /** Null: since the last run that ended well. A run that repairs goes back to that one at least. */
  sinceHours: number | null;
}

/** Writes a run down, or finds it: beginning it twice is one run. Returns since when payments are compared. */
export async function beginRun(db: Pool, run: RunToBegin): Promise<{ since: Date; startedAt: Date }> {
  // The next run looks back to this one: a run that repairs may not begin later than the last one did.
  await db.pool.query(
    `with last as (
       select max(started_at) - interval '${OVERLAP}' as at from reconciliations
       where provider = $2 and not dry_run and ended_at is not null and problem is null
     ), asked as (select now() - make_interval(secs => $4::float8 * 3600) as at)
     insert into reconciliations (id, provider, dry_run, since)
     select $1, $2, $3, case when asked.at is null then coalesce(last.at, now() - interval '${FIRST_RUN}')
       when $3 then asked.at else least(asked.at, last.at) end from last, asked
     on conflict (id) do nothing`,
    [run.runId, run.provider, run.dryRun, run.sinceHours],
  );
  const { rows } = await db.pool.query<{ since: Date; startedAt: Date }>(
    'select since, started_at as "startedAt" from reconciliations where id = $1',
    [run.runId],
  );
  const row = rows[0];
  if (!row) throw new Error(`run ${run.runId} was not stored`);
  return row;
}

/** Forgets what a try of this run has found before it broke off, and ends runs that nobody works on any more. */
export async function startOver(db: Pool, runId: string): Promise<void> {
  await transaction(db.pool, async (tx) => {
    await tx.query('delete from reconciliation_findings where run_id = $1', [runId]);
    await tx.query(
      `update reconciliations set compared = 0, counts = '{}', settled = case when dry_run then 0 else settled end where id = $1`,
      [runId],
    );
    await tx.query(
      `update reconciliations set ended_at = now(), problem = 'was broken off' where ended_at is null and started_at < now() - interval '${BROKEN_OFF}'`,
    );
  });
}

const OURS = `
select p.id, p.order_id as "orderId", p.state, p.provider_ref as "providerRef", p.currency, p.amount_minor as "amountMinor",
  p.captured_minor as "capturedMinor", p.is_disputed as "isDisputed", o.lifecycle,
  (p.refunded_minor - coalesce((select sum(e.amount_minor) from payment_events e where e.payment_id = p.id
    and e.type = 'refund_success' and e.source = 'person' and not exists (select from payment_events named
      where named.payment_id = p.id and named.type = 'info' and named.reference = e.provider_ref)), 0))::bigint as "refundedMinor",
  exists (select from disputes d where d.payment_id = p.id) as "hasDispute",
  coalesce((select sum(e.amount_minor) from payment_events e where e.payment_id = p.id and e.type = 'refund_request'
    and not exists (select from payment_events later where later.payment_id = p.id and later.reference = e.reference
      and later.type in ('refund_success', 'refund_failure'))), 0)::bigint as "refundOpenMinor",
  p.inspect_wanted or exists (select from operations op where op.order_id = p.order_id and op.state in ('requested', 'unknown')
    and op.subject = p.id and op.first_try_at > now() - interval '2 minutes') as "isBusy",
  (select op.key from operations op where op.order_id = p.order_id and op.kind = 'authorize' and op.subject = p.id) as key
from payments p join orders o on o.id = p.order_id`;

/** Our payment with the key it was asked for under. */
export type KeyedPayment = OurPayment & { key: string | null };

/** Our payments among those that the gateway lists, by its reference or by our own key. */
export async function readOurs(
  db: Pool,
  provider: string,
  listed: { refs: readonly string[]; keys: readonly string[] },
): Promise<KeyedPayment[]> {
  const { rows } = await db.pool.query<KeyedPayment>(
    `${OURS} where p.provider = $1 and (p.provider_ref = any ($2) or p.id in
       (select subject from operations where kind = 'authorize' and key = any ($3)))`,
    [provider, listed.refs, listed.keys],
  );
  return rows;
}

/** Our payments made in a span of which money is held, to see whether the gateway has listed them. */
export async function readHeld(
  db: Pool,
  provider: string,
  span: { from: Date; to: Date },
): Promise<KeyedPayment[]> {
  const { rows } = await db.pool.query<KeyedPayment>(
    `${OURS} where p.provider = $1 and p.created_at > $2 and p.created_at < $3 and p.provider_ref <> 'none'
       and (p.captured_minor > 0 or p.state = 'authorized')`,
    [provider, span.from, span.to],
  );
  return rows;
}

/** Writes what was found with what is done about it, and how far the run has come; a dry run repairs nothing. */
export async function storeFindings(
  db: Pool,
  run: { runId: string; dryRun: boolean },
  page: { compared: number; found: readonly FoundDifference[] },
): Promise<void> {
  for (const one of page.found) {
    const action = run.dryRun ? 'none' : await repair(db, run.runId, one);
    await db.pool.query(
      `insert into reconciliation_findings (id, run_id, kind, order_id, payment_id, provider_ref, ours_minor, theirs_minor, currency, detail, action)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        newId('fnd'),
        run.runId,
        one.kind,
        one.orderId,
        one.paymentId,
        one.reference,
        one.oursMinor,
        one.theirsMinor,
        one.currency,
        one.detail,
        action,
      ],
    );
  }
  await db.pool.query(
    `update reconciliations set compared = compared + $2, counts = coalesce((select jsonb_object_agg(kind, n) from
       (select kind, count(*) as n from reconciliation_findings where run_id = $1 group by kind) k), '{}') where id = $1`,
    [run.runId, page.compared],
  );
}

async function repair(db: Pool, runId: string, found: FoundDifference): Promise<'inspected' | 'case'> {
  if (found.paymentId !== null) {
    const fact = { kind: 'payment_event', type: `reconciliation.${found.kind}` } as const;
    await storeFacts(db, 'payment', [
      { ...fact, sourceId: `${runId}/${found.paymentId}`, match: found.paymentId },
    ]);
    return 'inspected';
  }
  await openUnknownCase(db, found);
  return 'case';
}

/** Once for each payment, also when a person has closed the case: what they found out about it stays true. */
async function openUnknownCase(db: Pool, found: FoundDifference): Promise<void> {
  const amount = found.theirsMinor === null ? '' : ` ${formatMoney(found.theirsMinor, found.currency)}.`;
  await transaction(db.pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 11))', [found.reference]);
    const { rowCount } = await tx.query(
      `insert into cases (id, subject, code, attention, owner, detail)
       select $1, $2, 'paid_unknown', 'payment_action', 'ops', $3
       where not exists (select from cases where subject = $2 and code = 'paid_unknown')`,
      [newId('cas'), found.reference, `${found.detail}${amount}`],
    );
    if (!rowCount) return;
    const data = {
      subject: found.reference,
      code: 'paid_unknown',
      attention: 'payment_action',
      owner: 'ops',
    };
    await tx.query(`insert into events (type, actor, data) values ('case.opened', 'reconciliation', $1)`, [
      JSON.stringify(data),
    ]);
  });
}

/** Ends a run; `problem` says why it was broken off. The first end counts. */
export async function endRun(db: Pool, runId: string, problem: string | null): Promise<void> {
  await db.pool.query(
    'update reconciliations set ended_at = now(), problem = $2 where id = $1 and ended_at is null',
    [runId, problem],
  );
}
