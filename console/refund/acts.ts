/** What a person can do about a refund, and why not. The server decides; this only says it before. Pure. */
import type { Refund } from '../../api/schemas/refunds.ts';
import type { Scope } from '../../domain/access.ts';
import { latestMovements } from '../../domain/refundStates.ts';
import { failureWords, lacksScope } from '../actions/words.ts';

/** What can be done about a refund. */
export const REFUND_ACTS = ['approve', 'decline', 'withdraw', 'retry', 'record'] as const;
/** One of them: also the last part of its address. */
export type RefundAct = (typeof REFUND_ACTS)[number];

interface ActWords {
  /** On the button. */
  verb: string;
  /** On the confirm button. */
  confirm: string;
  /** What it does, in the dialog. */
  effect: string;
  scope: Scope;
}

/** What each is called, and the right it needs. */
export const ACT_WORDS: Readonly<Record<RefundAct, ActWords>> = Object.freeze({
  approve: {
    verb: 'Approve',
    confirm: 'Approve the refund',
    effect: 'The money goes back at once; it can not be taken back.',
    scope: 'refunds:approve',
  },
  decline: {
    verb: 'Decline',
    confirm: 'Decline the refund',
    effect: 'Nothing moves, and the amount can be refunded otherwise.',
    scope: 'refunds:approve',
  },
  withdraw: {
    verb: 'Withdraw',
    confirm: 'Withdraw the refund',
    effect: 'Nothing moves, and the amount can be refunded otherwise.',
    scope: 'refunds:write',
  },
  retry: {
    verb: 'Try again',
    confirm: 'Try the refund again',
    effect: 'The payment provider is asked again for what failed.',
    scope: 'refunds:write',
  },
  record: {
    verb: 'Record as given back',
    confirm: 'Record it as given back',
    effect:
      'You gave the money back by another route. Holdfast moves nothing and books it under your reference.',
    scope: 'refunds:write',
  },
});

/** One act that a refund offers; `why` when this person can't do it. */
export interface OfferedAct {
  act: RefundAct;
  why: string | undefined;
}

type Standing = Pick<Refund, 'state' | 'requestedBy'> & {
  attempts: readonly Pick<Refund['attempts'][number], 'paymentId' | 'attempt' | 'state'>[];
};

/** The acts that the refund's state offers, with the reason where this person may not. */
export function offeredActs(
  refund: Standing,
  person: { actor: string | undefined; scopes: readonly string[] },
): OfferedAct[] {
  const isOwn = refund.requestedBy === person.actor;
  return actsOf(refund).map((act) => {
    const lacks = lacksScope(ACT_WORDS[act].scope, person.scopes);
    const isDecision = act === 'approve' || act === 'decline';
    return { act, why: lacks ?? (isDecision && isOwn ? `${failureWords('own_request')}.` : undefined) };
  });
}

function actsOf(refund: Standing): RefundAct[] {
  if (refund.state === 'awaiting_approval') return ['approve', 'decline', 'withdraw'];
  if (!['granted', 'executing', 'failed'].includes(refund.state)) return [];
  const states = newestStates(refund);
  const isWithdrawable = states.every((state) => state === 'by_hand' || state === 'failed');
  const isRecordable =
    states.some((state) => state === 'by_hand' || state === 'failed') &&
    states.every((state) => ['by_hand', 'failed', 'succeeded'].includes(state));
  return [
    ...(refund.state === 'failed' ? (['retry'] as const) : []),
    ...(isRecordable ? (['record'] as const) : []),
    ...(isWithdrawable ? (['withdraw'] as const) : []),
  ];
}

/** The movements that count: of each payment the newest attempt. */
function newestStates({ attempts }: Standing): string[] {
  return latestMovements(attempts.map((one) => ({ ...one, seq: placeOf(one.paymentId, attempts) }))).map(
    (one) => one.state,
  );
}

function placeOf(paymentId: string, attempts: Standing['attempts']): number {
  return attempts.findIndex((one) => one.paymentId === paymentId);
}
