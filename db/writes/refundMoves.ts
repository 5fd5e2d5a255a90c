/**
 * The movements of refunds. A movement is claimed before anything is asked for, and what is claimed counts as used: the
 * sum of claims can't exceed what was captured (a CHECK on the payment says so too). A failed movement gives its claim back.
 */
import { accountByHand, type RefundRoute } from '../../domain/method.ts';
import { refundKey } from '../../domain/payment.ts';
import type { PaymentMethod } from '../../domain/order.ts';
import { latestMovements, refundStateAfter, type MovementState } from '../../domain/refundStates.ts';
import { newId } from '../ids.ts';
import { resolveCases } from './cases.ts';
import { endOverpaid } from './received.ts';
import { recordMoney } from './money.ts';
import type { OrderWork } from './order.ts';
import { askPerson, endChannelCase, openFailedCase } from './refundCases.ts';

/** One movement as stored, with what is needed of its refund and payment. */
export interface MovementRow {
  id: string;
  refundId: string;
  refundSeq: number;
  paymentId: string;
  method: PaymentMethod;
  seq: number;
  attempt: number;
  amountMinor: number;
  state: MovementState;
  key: string;
  providerRef: string | null;
}

const MOVEMENTS = `
select a.id, a.refund_id as "refundId", r.seq as "refundSeq", a.payment_id as "paymentId", p.method, a.seq, a.attempt,
  a.amount_minor as "amountMinor", a.state, a.key, a.provider_ref as "providerRef"
from refund_attempts a join refunds r on r.id = a.refund_id join payments p on p.id = a.payment_id`;

/** Of each place of a refund the newest movement. */
export async function readMovements(work: OrderWork, refundId: string): Promise<MovementRow[]> {
  const { rows } = await work.tx.query<MovementRow>(
    `${MOVEMENTS} where a.refund_id = $1 and a.order_id = $2 order by a.seq, a.attempt`,
    [refundId, work.order.id],
  );
  return latestMovements(rows);
}

/** One movement of the order; undefined when it has none with this id. */
export async function readMovement(work: OrderWork, attemptId: string): Promise<MovementRow | undefined> {
  const { rows } = await work.tx.query<MovementRow>(`${MOVEMENTS} where a.id = $1 and a.order_id = $2`, [
    attemptId,
    work.order.id,
  ]);
  return rows[0];
}

/** Writes a movement down and claims its amount on the payment. Throws when the payment does not hold that much (CHECK). */
export async function claimMovement(
  work: OrderWork,
  given: {
    refund: { id: string; seq: number };
    paymentId: string;
    seq: number;
    attempt: number;
    amountMinor: number;
    byHand: boolean;
  },
): Promise<void> {
  const { refund, paymentId, seq, attempt, amountMinor } = given;
  await work.tx.query('update payments set refund_claimed_minor = refund_claimed_minor + $2 where id = $1', [
    paymentId,
    amountMinor,
  ]);
  await work.tx.query(
    `insert into refund_attempts (id, refund_id, order_id, payment_id, seq, attempt, amount_minor, state, key)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      newId('rfa'),
      refund.id,
      work.order.id,
      paymentId,
      seq,
      attempt,
      amountMinor,
      given.byHand ? 'by_hand' : 'requested',
      refundKey(work.order.number, { refundSeq: refund.seq, seq, attempt }),
    ],
  );
  work.changed = true;
}

async function giveClaimBack(work: OrderWork, movement: MovementRow): Promise<void> {
  await work.tx.query('update payments set refund_claimed_minor = refund_claimed_minor - $2 where id = $1', [
    movement.paymentId,
    movement.amountMinor,
  ]);
}

/** Lets the movements of a granted refund go: each is written down as asked for, and a person is told of those by hand. */
export async function startMovements(
  work: OrderWork,
  refundId: string,
  movements: readonly MovementRow[],
): Promise<void> {
  for (const one of movements) {
    await recordMoney(work, {
      paymentId: one.paymentId,
      events: [{ type: 'refund_request', reference: one.key, amountMinor: one.amountMinor }],
    });
    if (one.state === 'by_hand') await askPerson(work, one);
  }
  await foldRefund(work, refundId);
}

/** What became of a movement. */
export type MovementOutcome =
  | {
      state: 'succeeded';
      providerRef: string | null;
      source?: 'operation' | 'gateway' | 'person';
      actor?: string;
      /** On which way a person has given it back. */
      route?: RefundRoute;
    }
  | { state: 'pending_at_provider'; providerRef: string }
  | { state: 'failed'; code: string; detail?: string; providerRef?: string; source?: 'operation' | 'gateway' }
  | { state: 'unknown' };

/** From which states each outcome may come; anything else is older than what is known. */
const FROM: Readonly<Record<MovementOutcome['state'], readonly MovementState[]>> = {
  unknown: ['requested'],
  pending_at_provider: ['requested', 'unknown'],
  succeeded: ['requested', 'unknown', 'pending_at_provider', 'by_hand'],
  // A gateway may take back what it called done: the bank sent the money back.
  failed: ['requested', 'unknown', 'pending_at_provider', 'succeeded'],
};

/**
 * Settles a movement by what the gateway or a person says, with its operation, its events and the state of its refund.
 * False when this was known already or comes too late; then nothing was written.
 */
export async function settleMovement(
  work: OrderWork,
  given: { attemptId: string; outcome: MovementOutcome },
): Promise<boolean> {
  const { outcome } = given;
  const movement = await readMovement(work, given.attemptId);
  if (!movement || !FROM[outcome.state].includes(movement.state)) return false;
  await storeOutcome(work, movement, outcome);
  switch (outcome.state) {
    case 'succeeded':
      await settleDone(work, movement, outcome);
      break;
    case 'failed':
      await settleFailed(work, movement, outcome);
      break;
    case 'pending_at_provider':
      work.record('refund.pending', { ...named(work, movement), reference: outcome.providerRef });
      break;
    case 'unknown':
      work.changed = true;
  }
  await foldRefund(work, movement.refundId);
  return true;
}

/** What every event of a movement names. */
function named(work: OrderWork, movement: MovementRow): Record<string, unknown> {
  return {
    refundId: movement.refundId,
    paymentId: movement.paymentId,
    number: movement.key,
    amountMinor: movement.amountMinor,
    currency: work.order.currency,
  };
}

async function storeOutcome(work: OrderWork, movement: MovementRow, outcome: MovementOutcome): Promise<void> {
  const providerRef = outcome.state === 'unknown' ? null : (outcome.providerRef ?? null);
  const [code, detail] = outcome.state === 'failed' ? [outcome.code, outcome.detail ?? null] : [null, null];
  await work.tx.query(
    `update refund_attempts set state = $2, provider_ref = coalesce($3, provider_ref), failure_code = $4, failure_message = $5,
       settled_at = case when $2 in ('succeeded', 'failed') then now() end where id = $1`,
    [movement.id, outcome.state, providerRef, code, detail],
  );
  await work.tx.query(
    `update operations set state = $2, provider_ref = coalesce($3, provider_ref), failure_code = $4,
       settled_at = case when $2 in ('succeeded', 'failed') then now() end where key = $1`,
    [movement.key, outcome.state, providerRef, code],
  );
}

async function settleDone(
  work: OrderWork,
  movement: MovementRow,
  outcome: MovementOutcome & { state: 'succeeded' },
): Promise<void> {
  const { providerRef, source = 'operation', actor, route } = outcome;
  const { paymentId, key, amountMinor, method } = movement;
  await recordMoney(work, {
    paymentId,
    events: [
      {
        type: 'refund_success',
        reference: key,
        amountMinor,
        source,
        ...(source === 'person' && { account: accountByHand(method, route) }),
        ...(actor !== undefined && { actor }),
        ...(providerRef !== null && { providerRef }),
      },
    ],
  });
  work.record('payment.refunded', { ...named(work, movement), reference: providerRef }, actor);
}

async function settleFailed(
  work: OrderWork,
  movement: MovementRow,
  outcome: MovementOutcome & { state: 'failed' },
): Promise<void> {
  const { code, source = 'operation' } = outcome;
  const { paymentId, key, amountMinor } = movement;
  const wasDone = movement.state === 'succeeded';
  await giveClaimBack(work, movement);
  const type = wasDone ? 'refund_reverse' : 'refund_failure';
  await recordMoney(work, { paymentId, events: [{ type, reference: key, amountMinor, source, code }] });
  work.record(wasDone ? 'refund.reversed' : 'refund.failed', { ...named(work, movement), code });
  await openFailedCase(work, movement, code);
}

/** Gives up movements that nobody has begun, because their refund was declined or withdrawn. */
export async function dropMovements(
  work: OrderWork,
  movements: readonly MovementRow[],
  given: { code: 'declined' | 'withdrawn'; wereStarted: boolean },
): Promise<void> {
  const { code } = given;
  for (const one of movements.filter((movement) => movement.state !== 'failed')) {
    await work.tx.query(
      `update refund_attempts set state = 'failed', failure_code = $2, settled_at = now() where id = $1`,
      [one.id, code],
    );
    await giveClaimBack(work, one);
    if (!given.wereStarted) continue;
    const { paymentId, key, amountMinor } = one;
    await recordMoney(work, {
      paymentId,
      events: [{ type: 'refund_failure', reference: key, amountMinor, source: 'person', code }],
    });
  }
  work.changed = true;
}

/** Writes where a granted refund stands after its movements; at its end its cases end. */
export async function foldRefund(work: OrderWork, refundId: string): Promise<void> {
  const state = refundStateAfter(await readMovements(work, refundId));
  const { rows } = await work.tx.query<{ amountMinor: number }>(
    `update refunds set state = $2, settled_at = case when $2 = 'settled' then now() end
     where id = $1 and state in ('granted', 'executing', 'failed', 'settled') and state <> $2
     returning amount_minor as "amountMinor"`,
    [refundId, state],
  );
  const moved = rows[0];
  if (!moved) return;
  work.changed = true;
  if (state !== 'settled') return;
  const { amountMinor } = moved;
  work.record('refund.settled', { refundId, amountMinor, currency: work.order.currency });
  await resolveCases(work, { subject: refundId, resolution: 'refunded' });
  await endChannelCase(work, { resolution: 'refunded', actor: 'system' });
  await endOverpaid(work);
}
