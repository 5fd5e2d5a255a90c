/** Cases: what a person has to look at. One open case a (order, subject, code); opening it twice is one case. */
import { CLOSED_BY_HAND, isClosable } from '../../domain/cases.ts';
import type { FailureCode } from '../../domain/failures.ts';
import type { Attention } from '../../domain/order.ts';
import { newId } from '../ids.ts';
import type { CaseFacts } from '../reads/snapshot.ts';
import type { OrderWork } from './order.ts';

/** Who works a case off. */
export type CaseOwner = 'support' | 'ops' | 'warehouse';

/** Who works a case off, by what it needs. */
export const CASE_OWNERS: Readonly<Record<Attention, CaseOwner>> = {
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
    [
      id,
      work.order.id,
      given.subject,
      given.code,
      given.attention,
      CASE_OWNERS[given.attention],
      given.detail,
    ],
  );
  if (!rowCount) return;
  const { subject, code, attention } = given;
  work.snapshot.cases.push({ id, subject, code, attention });
  work.record('case.opened', { ...given, owner: CASE_OWNERS[given.attention] });
}

/**
 * Resolves the open cases of a subject (all of the order's, with subject '*'), optionally only those with one of `codes`.
 * Who did it is kept; `event` replaces the resolution in the event, where that may not be told.
 */
export async function resolveCases(
  work: OrderWork,
  given: {
    subject: string;
    resolution: string;
    actor?: string;
    codes?: readonly string[];
    /** Causes that stay open. */
    except?: readonly string[];
    event?: Record<string, unknown>;
  },
): Promise<number> {
  const open = work.snapshot.cases;
  const isMeant = (one: CaseFacts) =>
    (given.subject === '*' || one.subject === given.subject) &&
    (!given.codes || given.codes.some((code) => code === one.code)) &&
    !given.except?.some((code) => code === one.code);
  const meant = open.filter(isMeant);
  if (meant.length === 0) return 0;
  work.snapshot.cases = open.filter((one) => !isMeant(one));
  const { rows } = await work.tx.query<{ code: string; subject: string }>(
    `update cases set resolved_at = now(), resolution = $3, resolved_by = $4
     where order_id = $1 and id = any ($2) and resolved_at is null returning code, subject`,
    [work.order.id, meant.map((one) => one.id), given.resolution, given.actor ?? 'system'],
  );
  const said = given.event ?? { resolution: given.resolution };
  for (const row of rows) work.record('case.resolved', { ...row, ...said }, given.actor);
  return rows.length;
}

/**
 * A person closes one case of the order and says what was done. Refused when the case is closed already or ends only by
 * its cause. The note stays with the case: events hold no free text.
 */
export async function closeByHand(
  work: OrderWork,
  given: { caseId: string; note: string; actor: string; commandId: string },
): Promise<{ applied: boolean; code?: FailureCode }> {
  const { caseId, commandId, actor } = given;
  const open = work.snapshot.cases.find((one) => one.id === caseId);
  const refusal = open ? (isClosable(open.code) ? undefined : 'case_not_closable') : 'case_closed';
  if (!open || refusal) {
    work.record('case.resolve_refused', { caseId, code: refusal, commandId }, actor);
    return { applied: false, code: refusal ?? 'case_closed' };
  }
  await resolveCases(work, {
    subject: open.subject,
    codes: [open.code],
    resolution: given.note,
    actor,
    event: { resolution: CLOSED_BY_HAND, commandId },
  });
  return { applied: true };
}
