/** A step that could not be done for now: a wait for its next try by itself, and a case that says so. */
import type { FailureCode } from '../../domain/failures.ts';
import type { StepKind } from '../../domain/lifecycle.ts';
import type { Attention } from '../../domain/order.ts';
import { stepSubject } from '../reads/view.ts';
import { openCase, resolveCases } from './cases.ts';
import { endWait } from './endWait.ts';
import type { OrderWork } from './order.ts';

const ATTENTION: Record<StepKind, Attention> = {
  authorize: 'payment_action',
  void: 'payment_action',
  capture: 'payment_action',
  refund: 'payment_action',
  inspect: 'payment_action',
  submit: 'warehouse',
  book: 'carrier',
  void_label: 'carrier',
};

/** Opens the retry wait (pause doubles with every stall) and the case; a repeat while the wait is open changes nothing. */
export async function stallStep(
  work: OrderWork,
  given: { shareId: string; step: StepKind; code: FailureCode; detail: string; attention?: Attention },
): Promise<void> {
  const subject = stepSubject(given.shareId, given.step);
  const { policy } = work.snapshot;
  const { rows } = await work.tx.query<{ stalls: number }>(
    `select count(*)::int as stalls from waits where order_id = $1 and subject = $2 and kind = 'retry'`,
    [work.order.id, subject],
  );
  const stalls = rows[0]?.stalls ?? 0;
  const pause = Math.min(policy.retryPauseSeconds * 2 ** Math.min(stalls, 20), policy.retryPauseMaxSeconds);
  const { rowCount } = await work.tx.query(
    `insert into waits (order_id, subject, kind, awaited_from, deadline_at, then_what, tries, policy_version)
     values ($1, $2, 'retry', $3, now() + make_interval(secs => $4::float8), 'retry', $5, $6)
     on conflict (order_id, subject, kind) where ended_at is null do nothing`,
    [work.order.id, subject, ATTENTION[given.step], pause, stalls + 1, work.order.policyVersion],
  );
  if (!rowCount) return;
  work.record('step.stalled', {
    shareId: given.shareId,
    step: given.step,
    code: given.code,
    retryInSeconds: pause,
  });
  await openCase(work, {
    subject,
    code: given.code,
    attention: given.attention ?? ATTENTION[given.step],
    detail: given.detail,
  });
}

/** The step was done: its retry wait and its case end. */
export async function unstallStep(work: OrderWork, shareId: string, step: StepKind): Promise<void> {
  const subject = stepSubject(shareId, step);
  const stalled = work.snapshot.waits.some((wait) => wait.kind === 'retry' && wait.subject === subject);
  if (stalled) await endWait(work, { subject, kind: 'retry', as: 'done' });
  await resolveCases(work, { subject, resolution: 'done' });
}
