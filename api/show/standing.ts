/** Where an order stands and what can be done with it, as the API shows it: the rules of domain fed with its rows. */
import type { OrderRows } from '../../db/reads/orderRows.ts';
import { SIGNAL_SENDER } from '../../domain/actor.ts';
import { actionsWithEffects } from '../../domain/effects.ts';
import { stillToCome } from '../../domain/receipt.ts';
import { standingOf, type StandingFacts } from '../../domain/standing.ts';
import { stepsOf } from '../../domain/storySteps.ts';
import type { OrderDetail } from '../schemas/orders.ts';
import type { Sight } from '../sight.ts';
import { iso } from './orderParts.ts';

/** Where the order stands: its state and since when, the sentence, the steps, and what can be done now. */
export function showStanding(
  rows: OrderRows,
  sight: Sight,
): Pick<OrderDetail, 'stage' | 'stageSince' | 'standing' | 'steps' | 'allowedActions'> {
  const { order, view } = rows;
  return {
    stage: order.stage,
    stageSince: order.stage_since.toISOString(),
    standing: standingOf(view, standingFacts(rows, sight), Date.now()),
    steps: showSteps(rows),
    allowedActions: showActions(rows),
  };
}

function standingFacts(rows: OrderRows, sight: Sight): StandingFacts {
  const { order, view } = rows;
  const owed = stillToCome(
    { ...view, token: null, tenders: order.tenders.map((one) => ({ ...one, token: null })) },
    rows.payments.map((one) => ({
      method: one.method,
      capturedMinor: one.captured_minor,
      refundedMinor: one.refunded_minor,
    })),
  );
  const open = rows.cases.filter((one) => one.resolved_at === null);
  const arrived = rows.shipments.flatMap((one) => (one.delivered_at === null ? [] : iso(one.delivered_at)));
  return {
    origin: order.origin,
    placedAt: order.placed_at.toISOString(),
    completedAt: order.completed_at?.toISOString() ?? null,
    cancelledAt: order.cancelled_at?.toISOString() ?? null,
    deliveredAt: arrived.toSorted().at(-1) ?? null,
    undo: order.undo_cause === null ? null : { cause: order.undo_cause, by: whoUndid(order, sight) },
    refusals: Object.fromEntries(
      rows.payments.flatMap((one) => (one.failure_code === null ? [] : [[one.id, one.failure_code]])),
    ),
    cases: open,
    voided: rows.payments.some((one) => one.voided_minor > 0),
    missing: open.find((one) => one.code === 'short_stock')?.detail ?? null,
    ...(owed && { stillToCome: owed }),
    tries: Object.fromEntries(rows.waits.map((one) => [one.subject, one.tries])),
  };
}

/** The name of whoever had it undone; null when it came by itself. */
function whoUndid(order: OrderRows['order'], sight: Sight): string | null {
  const { undo_actor: actor, undo_actor_name: name, undo_by_person: isPerson } = order;
  if (isPerson && !sight.staffNames) return 'staff';
  if (name !== null) return name;
  if (actor === SIGNAL_SENDER) return 'somebody in Temporal Web';
  return actor === 'system' ? null : actor;
}

function showSteps({
  view,
  order,
  payments,
  operations,
  shares,
  shipments,
}: OrderRows): OrderDetail['steps'] {
  const instants = <T>(list: readonly T[], of: (one: T) => [id: string, at: string | null]) =>
    Object.fromEntries(
      list.flatMap((one) => {
        const [id, at] = of(one);
        return at === null ? [] : [[id, iso(at)]];
      }),
    );
  const authorized = operations.filter((one) => one.kind === 'authorize' && one.state === 'succeeded');
  const channelTime = payments.find((one) => one.method === 'prepaid')?.created_at ?? null;
  return stepsOf(view, {
    origin: order.origin,
    placedAt: order.placed_at.toISOString(),
    paidAt: order.payment_time?.toISOString() ?? (channelTime === null ? null : iso(channelTime)),
    allocatedAt: order.allocated_at?.toISOString() ?? null,
    completedAt: order.completed_at?.toISOString() ?? null,
    authorizedAt: instants(authorized, (one) => [one.subject, one.settled_at]),
    packedAt: instants(shares, (one) => [one.id, one.packed_at]),
    shippedAt: instants(shipments, (one) => [one.id, one.handed_over_at]),
    deliveredAt: instants(shipments, (one) => [one.id, one.delivered_at]),
  });
}

function showActions({ view, order, payments, lines, money }: OrderRows): OrderDetail['allowedActions'] {
  const ledger = {
    payments: payments.map((one) => ({
      id: one.id,
      method: one.method,
      amountMinor: one.amount_minor,
      authorizedMinor: one.authorized_minor,
      capturedMinor: one.captured_minor,
      keptMinor: Math.max(0, one.captured_minor - one.refunded_minor),
    })),
    allocatedUnits: lines.reduce((units, line) => units + line.allocated, 0),
  };
  const actions = actionsWithEffects(view, ledger).map((action) => ({
    ...action,
    effects: action.effects.map(({ kind, amountMinor, units }) => ({
      kind,
      ...(amountMinor !== undefined && { amount: { amount: amountMinor, currency: order.currency } }),
      ...(units !== undefined && { units }),
    })),
  }));
  return [...actions, refundAction(money.money_sums)];
}

/** A refund is possible while money is left to give back, in whichever state the order is. What it would do, its preview says. */
function refundAction({
  refundableMinor,
}: OrderRows['money']['money_sums']): OrderDetail['allowedActions'][number] {
  const enabled = refundableMinor > 0;
  return {
    action: 'refund',
    enabled,
    needsReason: true,
    effects: [],
    ...(!enabled && { reasonIfDisabled: 'nothing_to_refund' }),
  };
}
