/** What an action would do to an order now, for the preview in its dialog: decided by the rules that will do it. */
import { allowedActions, type AllowedAction } from './actions.ts';
import { dueSteps, type OrderView, type Step } from './lifecycle.ts';
import { sharesToChargeAnew } from './waits.ts';

/** Every effect a preview can name. */
export const EFFECT_KINDS = [
  'void_payment',
  'release_stock',
  'void_label',
  'refund_at_channel',
  'refund_payment',
  'new_payment_attempt',
  'try_step_again',
  'look_for_stock',
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
    amountMinor: number;
    authorizedMinor: number;
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
  const effectsOf = { cancel: cancelEffects, retry: retryEffects, change_payment: newAttempts };
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
  if (view.method === 'prepaid' && view.paid)
    effects.push({ kind: 'refund_at_channel', amountMinor: view.totalMinor });
  const taken = ledger.payments.reduce((total, one) => total + one.keptMinor, 0);
  if (view.method === 'card' && taken > 0) effects.push({ kind: 'refund_payment', amountMinor: taken });
  return effects;
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

function retryEffects(view: OrderView): Effect[] {
  const waits = (kind: string) => view.waits.filter((wait) => wait.kind === kind);
  return [
    ...waits('stock').map((): Effect => ({ kind: 'look_for_stock' })),
    ...waits('retry').map((): Effect => ({ kind: 'try_step_again' })),
    ...newAttempts(view),
  ];
}

function newAttempts(view: OrderView): Effect[] {
  return sharesToChargeAnew(view).map((share): Effect => ({
    kind: 'new_payment_attempt',
    amountMinor: share.amountMinor,
  }));
}
