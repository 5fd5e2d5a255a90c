/**
 * The write-ahead rows of outside effects. Claim before the call, settle after it by compare-and-set; a claimed amount
 * counts as used. A retry that finds a claimed row asks with the same key again; a settled row is never called for again.
 */
import type { OperationKind, OperationState } from '../../domain/payment.ts';
import type { OrderWork } from './order.ts';

/** One operation as stored. */
export interface OperationRow {
  key: string;
  state: OperationState;
  subject: string;
  amountMinor: number | null;
  providerRef: string | null;
  firstTryAt: Date;
}

const COLUMNS = `key, state, subject, amount_minor as "amountMinor", provider_ref as "providerRef", first_try_at as "firstTryAt"`;

/**
 * Writes the claim, or returns what stands there. With `again`, a definite failure is opened for another try under the
 * same key: right for effects whose outside key names the thing itself (submit, book, void), wrong for money taken.
 */
export async function claimOperation(
  work: OrderWork,
  given: { key: string; kind: OperationKind; subject: string; amountMinor?: number; again?: boolean },
): Promise<OperationRow> {
  const inserted = await work.tx.query<OperationRow & { fresh: boolean }>(
    `insert into operations (key, order_id, kind, subject, amount_minor, state) values ($1, $2, $3, $4, $5, 'requested')
     on conflict (key) do update set state = case when operations.state = 'failed' and $6 then 'requested' else operations.state end
     returning ${COLUMNS}, xmax = 0 as fresh`,
    [given.key, work.order.id, given.kind, given.subject, given.amountMinor ?? null, given.again ?? false],
  );
  const row = inserted.rows[0];
  if (!row) throw new Error(`operation ${given.key} could not be claimed`);
  if (row.fresh) work.changed = true;
  return row;
}

const CLAIM_CAPTURE = `
with claim as (
  insert into operations (key, order_id, kind, subject, amount_minor, state)
  select $1, $2, 'capture', p.id,
    greatest(0, least($4::bigint, p.authorized_minor - p.voided_minor - greatest(p.capture_claimed_minor, p.captured_minor))), 'requested'
  from payments p where p.id = $3 and p.order_id = $2
  on conflict (key) do update set state = operations.state
  returning ${COLUMNS}, xmax = 0 as fresh
), raised as (
  update payments p set capture_claimed_minor = greatest(p.capture_claimed_minor, p.captured_minor) + c."amountMinor"
  from claim c where c.fresh and c."amountMinor" > 0 and p.id = $3
), asked as (
  insert into payment_events (order_id, payment_id, type, reference, amount_minor, currency, source)
  select $2, $3, 'charge_request', $1, c."amountMinor", $5, 'operation' from claim c where c.fresh
)
select * from claim`;

/**
 * Claims what is to be captured: at most what is authorized and neither captured, given back nor claimed. A claim counts as
 * taken until the gateway has definitely refused; a CHECK on the payment keeps all claims within its amount.
 */
export async function claimCapture(
  work: OrderWork,
  given: { key: string; paymentId: string; wantedMinor: number },
): Promise<OperationRow> {
  const { key, paymentId, wantedMinor } = given;
  const { rows } = await work.tx.query<OperationRow & { fresh: boolean }>({
    name: 'capture_claim',
    text: CLAIM_CAPTURE,
    values: [key, work.order.id, paymentId, wantedMinor, work.order.currency],
  });
  const row = rows[0];
  if (!row) throw new Error(`operation ${key} could not be claimed`);
  if (row.fresh) work.changed = true;
  return row;
}

/** Gives a claim back after a definite refusal. */
export async function releaseCapture(
  work: OrderWork,
  { paymentId, amountMinor }: { paymentId: string; amountMinor: number },
): Promise<void> {
  await work.tx.query(
    'update payments set capture_claimed_minor = greatest(0, capture_claimed_minor - $2::bigint) where id = $1',
    [paymentId, amountMinor],
  );
}

/** Compare-and-set from requested or unknown to the result; false when another run has settled it already. */
export async function settleOperation(
  work: OrderWork,
  given: {
    key: string;
    state: 'succeeded' | 'failed' | 'unknown';
    providerRef?: string;
    failureCode?: string;
    detail?: string;
    result?: Record<string, unknown>;
  },
): Promise<boolean> {
  const { rowCount } = await work.tx.query(
    `update operations set state = $2, provider_ref = coalesce($3, provider_ref), failure_code = $4, failure_message = $5,
       result = coalesce($6, result), settled_at = case when $2 = 'unknown' then null else now() end
     where key = $1 and state in ('requested', 'unknown') and state <> $2`,
    [
      given.key,
      given.state,
      given.providerRef ?? null,
      given.failureCode ?? null,
      given.detail ?? null,
      given.result ? JSON.stringify(given.result) : null,
    ],
  );
  if (rowCount) work.changed = true;
  return Boolean(rowCount);
}

/**
 * Keeps the provider's id of something that was made but is not finished, so that a retry finds it. Compare-and-set from
 * `replaces` (what the caller has read); returns the id that is stored now, which is another run's when that was faster.
 */
export async function noteProviderRef(
  pool: { query: OrderWork['tx']['query'] },
  key: string,
  { providerRef, replaces }: { providerRef: string; replaces: string | null },
): Promise<string> {
  // One statement that always writes: it waits for a twin's row lock and then decides on what the twin has left.
  const { rows } = await pool.query<{ stored: string }>(
    `update operations set provider_ref = case when provider_ref is not distinct from $3 then $2 else provider_ref end
     where key = $1 returning provider_ref as stored`,
    [key, providerRef, replaces],
  );
  const row = rows[0];
  if (!row) throw new Error(`operation ${key} does not exist`);
  return row.stored;
}
