/** Cases: what a person has to look at. One open case a (order, subject, code); opening it twice is one case. */
import type { FailureCode } from '../../domain/failures.ts';
import type { Attention } from '../../domain/order.ts';
import { newId } from '../ids.ts';
import type { CaseFacts } from '../reads/snapshot.ts';
import type { OrderWork } from './order.ts';

/** Who works a case off. */
export type CaseOwner = 'support' | 'ops' | 'warehouse';

const OWNERS: Record<Attention, CaseOwner> = {
  customer_action: 'support',
  payment_action: 'support',
  stock: 'ops',
  address: 'support',
  fraud: 'ops',
  warehouse: 'warehouse',
  carrier: 'support',
  data_fix: 'ops',
};

/** Opens a case on the order unless it is open already. `detail` is read by people: no personal data. */
export async function openCase(
  work: OrderWork,
  given: { subject: string; code: FailureCode; attention: Attention; detail: string },
): Promise<void> {
  const id = newId('cas');
  const { rowCount } = await work.tx.query(
    `insert into cases (id, order_id, subject, code, attention, owner, detail) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (order_id, subject, code) where resolved_at is null do nothing`,
    [id, work.order.id, given.subject, given.code, given.attention, OWNERS[given.attention], given.detail],
  );
  if (!rowCount) return;
  const { subject, code, attention } = given;
  work.snapshot.cases.push({ id, subject, code, attention });
  work.record('case.opened', { ...given, owner: OWNERS[given.attention] });
}

/** Resolves the open cases of a subject (all of the order's, with subject '*'), optionally only those with one of `codes`. */
export async function resolveCases(
  work: OrderWork,
  given: { subject: string; resolution: string; actor?: string; codes?: readonly FailureCode[] },
): Promise<number> {
  const open = work.snapshot.cases;
  const isMeant = (one: CaseFacts) =>
    (given.subject === '*' || one.subject === given.subject) &&
    (!given.codes || given.codes.some((code) => code === one.code));
  if (!open.some(isMeant)) return 0;
  work.snapshot.cases = open.filter((one) => !isMeant(one));
  const { rows } = await work.tx.query<{ code: string; subject: string }>(
    `update cases set resolved_at = now(), resolution = $3
     where order_id = $1 and ($2 = '*' or subject = $2) and resolved_at is null and ($4::text[] is null or code = any ($4))
     returning code, subject`,
    [work.order.id, given.subject, given.resolution, given.codes ?? null],
  );
  for (const row of rows) work.record('case.resolved', { ...row, resolution: given.resolution }, given.actor);
  return rows.length;
}
