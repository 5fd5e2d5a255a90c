/** What an action would do to an order now, for the preview in its dialog: decided by the rules that will do it. */
import { allowedActions, type AllowedAction } from './actions.ts';
import { dueSteps, type OrderView, type Step } from './lifecycle.ts';
import { isOffline, METHODS } from './method.ts';
import type { PaymentMethod } from './order.ts';
import { owedMinor } from './remainder.ts';
import { sharesToChargeAnew } from './waits.ts';
import { legsToChargeAnew } from './legs.ts';

/** Every effect a preview can name. */
export const EFFECT_KINDS = [
  'void_payment',
  'release_stock',
  'void_label',
  'refund_at_channel',
  'refund_payment',
  'refund_by_hand',
  'new_payment_attempt',
  'try_step_again',
  'look_for_stock',
  'write_off',
] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/** One effect; an amount in minor units of the order's currency, or units of stock, where it has one. */
export interface Effect {
  kind: EffectKind;
  amountMinor?: number;
  units?: number;
}

/** What the view leaves out and a preview needs. */
export interface EffectLedger {
  payments: readonly {
    id: string;
    /** A card unless it is said. */
    method?: PaymentMethod;
    amountMinor: number;
    authorizedMinor: number;
    capturedMinor: number;
    /** Taken and not given back in any way. */
    keptMinor: number;
  }[];
  /** Units of all lines that are allocated now. */
  allocatedUnits: number;
}

/** An allowed action with what it would do; nothing while it is disabled. */
export interface ActionWithEffects extends AllowedAction {
  effects: Effect[];
}

/** What can be done with the order now, and what each action would do. */
export function actionsWithEffects(view: OrderView, ledger: EffectLedger): ActionWithEffects[] {
  const effectsOf = {
    cancel: cancelEffects,
    retry: retryEffects,
    change_payment: newAttempts,
    write_off: writtenOff,
  };
  return allowedActions(view).map((action) => ({
    ...action,
    effects: action.enabled ? effectsOf[action.action](view, ledger) : [],
  }));
}

function cancelEffects(view: OrderView, ledger: EffectLedger): Effect[] {
  const effects = undoSteps(view).flatMap((step): Effect[] =>
    step.kind === 'void' ? voidEffect(step.subject, ledger) : [{ kind: 'void_label' }],
  );
  if (ledger.allocatedUnits > 0) effects.push({ kind: 'release_stock', units: ledger.allocatedUnits });
  return [...effects, ...refundEffects(view, ledger)];
}

/** What was taken goes back the way it came: by the provider, at the channel, or by hand. */
function refundEffects(view: OrderView, { payments }: EffectLedger): Effect[] {
  const kept = (...providers: (typeof METHODS)[PaymentMethod]['provider'][]) =>
    payments
      .filter(({ method = 'card' }) => providers.includes(METHODS[method].provider))
      .reduce((total, one) => total + one.keptMinor, 0);
  // What the channel took is booked a moment after the order was accepted.
  const isUnbooked =
    view.method === 'prepaid' && view.paid && payments.every((one) => one.method !== 'prepaid');
  const rows = [
    ['refund_at_channel', isUnbooked ? view.totalMinor : kept('channel')],
    ['refund_payment', kept('gateway', 'credit')],
    ['refund_by_hand', kept('offline')],
  ] as const;
  return rows.flatMap(([kind, amountMinor]) => (amountMinor > 0 ? [{ kind, amountMinor }] : []));
}

/** Given back whole. Where nobody knows yet whether it was authorized, no amount is promised; nothing is voided for 0. */
function voidEffect(paymentId: string, ledger: EffectLedger): Effect[] {
  const payment = ledger.payments.find((one) => one.id === paymentId);
  if (!payment || payment.amountMinor === 0) return [];
  const isHeld = payment.authorizedMinor > 0;
  return [{ kind: 'void_payment', ...(isHeld && { amountMinor: payment.amountMinor }) }];
}

/** The steps an undo would take, each with success: the very rules are asked, so a preview can't differ from the undo. */
function undoSteps(view: OrderView): Step[] {
  const { money: _refunds, ...undoable } = view;
  let after: OrderView = {
    ...undoable,
    direction: 'undo',
    shares: view.shares.map((share) => ({ ...share, stalled: [] })),
  };
  const steps: Step[] = [];
  for (let due = dueSteps(after, 0); due.length > 0; due = dueSteps(after, 0)) {
    steps.push(...due);
    after = { ...after, shares: after.shares.map((share) => undone(share, due)) };
  }
  return steps;
}

function undone(share: OrderView['shares'][number], due: readonly Step[]): OrderView['shares'][number] {
  const isDone = (id: string) => due.some((step) => step.shareId === share.id && step.subject === id);
  const { shipment } = share;
  return {
    ...share,
    payments: share.payments.map((one) => (isDone(one.id) ? { ...one, state: 'voided' as const } : one)),
    shipment: shipment && isDone(shipment.id) ? { ...shipment, state: 'cancelled' } : shipment,
    undoing: (share.undoing ?? []).filter((one) => !isDone(one.subject)),
  };
}

function retryEffects(view: OrderView, ledger: EffectLedger): Effect[] {
  const waits = (kind: string) => view.waits.filter((wait) => wait.kind === kind);
  return [
    ...waits('stock').map((): Effect => ({ kind: 'look_for_stock' })),
    ...waits('retry').map((): Effect => ({ kind: 'try_step_again' })),
    ...newAttempts(view, ledger),
  ];
}

/** What is owed by receipts and has not come. */
function writtenOff(view: OrderView, ledger: EffectLedger): Effect[] {
  const amountMinor = ledger.payments
    .filter((one) => one.method !== undefined && isOffline(one.method))
    .reduce((owed, one) => owed + one.amountMinor - one.keptMinor, 0);
  return [{ kind: 'write_off', amountMinor: Math.max(0, amountMinor) }];
}

function newAttempts(view: OrderView, { payments }: EffectLedger): Effect[] {
  const takenMinor = (id: string) => payments.find((one) => one.id === id)?.capturedMinor ?? 0;
  return sharesToChargeAnew(view).flatMap((share) =>
    legsToChargeAnew(view, share).map((leg): Effect => ({
      kind: 'new_payment_attempt',
      amountMinor: owedMinor(share, { ...leg, attempt: leg.attempt + 1 }, takenMinor),
    })),
  );
}
