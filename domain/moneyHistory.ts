/**
 * The history of an order's money for people: one row for each thing that was asked for or that happened, made of the
 * events of its payments. A request and its answer are one row; the newest word on it counts.
 */
import type { PaymentEventType } from './payment.ts';

/** What a row is about. */
export const MONEY_KINDS = [
  'authorization',
  'adjustment',
  'charge',
  'refund',
  'refund_reverse',
  'cancel',
  'charge_back',
  'charge_back_reverse',
  'info',
] as const;
type MoneyKind = (typeof MONEY_KINDS)[number];

/** Where it stands. */
export const MONEY_STATES = [
  'requested',
  'action_required',
  'unknown',
  'pending_at_provider',
  'by_hand',
  'succeeded',
  /** A charge that the gateway has paid out to our bank. */
  'settled',
  'failed',
] as const;
export type MoneyState = (typeof MONEY_STATES)[number];

interface Meaning {
  kind: MoneyKind;
  state: MoneyState;
}

const MEANINGS: Readonly<Record<PaymentEventType, Meaning>> = Object.freeze({
  authorization_request: { kind: 'authorization', state: 'requested' },
  authorization_success: { kind: 'authorization', state: 'succeeded' },
  authorization_failure: { kind: 'authorization', state: 'failed' },
  authorization_action_required: { kind: 'authorization', state: 'action_required' },
  authorization_adjustment: { kind: 'adjustment', state: 'succeeded' },
  charge_request: { kind: 'charge', state: 'requested' },
  charge_success: { kind: 'charge', state: 'succeeded' },
  charge_failure: { kind: 'charge', state: 'failed' },
  refund_request: { kind: 'refund', state: 'requested' },
  refund_success: { kind: 'refund', state: 'succeeded' },
  refund_failure: { kind: 'refund', state: 'failed' },
  refund_reverse: { kind: 'refund_reverse', state: 'succeeded' },
  cancel_request: { kind: 'cancel', state: 'requested' },
  cancel_success: { kind: 'cancel', state: 'succeeded' },
  cancel_failure: { kind: 'cancel', state: 'failed' },
  charge_back: { kind: 'charge_back', state: 'succeeded' },
  charge_back_reverse: { kind: 'charge_back_reverse', state: 'succeeded' },
  info: { kind: 'info', state: 'succeeded' },
});

/** An event as it is stored. */
export interface HistoryEvent {
  paymentId: string;
  type: PaymentEventType;
  reference: string;
  amountMinor: number;
  source: string;
  providerRef: string | null;
  code: string | null;
  at: string;
}

/** One row of the history. */
export interface HistoryRow extends Meaning {
  time: string;
  number: string;
  amountMinor: number;
  reference: string | null;
  paymentId: string;
  source: string;
  failureCode: string | null;
}

/**
 * The rows of the events, oldest first, in the order in which each was first heard of. `now` says more about some: the state of
 * a movement by its number. `settled` are the payments that were paid out.
 */
export function moneyHistory(
  events: readonly HistoryEvent[],
  now: ReadonlyMap<string, MoneyState> = new Map(),
  settled: ReadonlySet<string> = new Set(),
): HistoryRow[] {
  const rows = new Map<string, HistoryRow>();
  for (const event of events) {
    const meaning = MEANINGS[event.type];
    const key = `${event.paymentId} ${meaning.kind} ${event.reference}`;
    const known = rows.get(key);
    rows.set(key, {
      ...meaning,
      time: known?.time ?? event.at,
      number: event.reference,
      amountMinor: event.amountMinor,
      reference: event.providerRef ?? known?.reference ?? null,
      paymentId: event.paymentId,
      source: event.source,
      failureCode: event.code,
    });
  }
  return [...rows.values()].map((row) => {
    const state = stateNow(row, now, settled);
    return state ? { ...row, state } : row;
  });
}

function stateNow(
  { kind, state, number, paymentId }: HistoryRow,
  now: ReadonlyMap<string, MoneyState>,
  settled: ReadonlySet<string>,
): MoneyState | undefined {
  if (kind === 'refund' && state === 'requested') return now.get(number);
  return kind === 'charge' && state === 'succeeded' && settled.has(paymentId) ? 'settled' : undefined;
}
