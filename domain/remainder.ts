/**
 * The rest of what a share has to pay: when a gateway took less than was set aside, the rest was released there. What is
 * still owed is charged anew as another business attempt, for that amount and no more.
 */
import type { ShareView } from './lifecycle.ts';
import type { PaymentState } from './payment.ts';
import type { Leg } from './tender.ts';

/**
 * What is still to be set aside for a leg of `legMinor`, when its earlier attempts have taken `takenMinor`. Never below 0:
 * more than was asked for leaves nothing to ask for. Refuses amounts that are not whole and not negative by RangeError.
 */
export function remainderMinor(legMinor: number, takenMinor: readonly number[]): number {
  const isAmount = (minor: number) => Number.isSafeInteger(minor) && minor >= 0;
  if (!isAmount(legMinor) || !takenMinor.every(isAmount))
    throw new RangeError('amounts are whole minor units and not negative');
  return Math.max(
    0,
    takenMinor.reduce((left, taken) => left - taken, legMinor),
  );
}

/**
 * What a payment has taken that counts for the attempts after it. What was given back or disputed of a part is not asked for again:
 * that was somebody's decision; a whole one that was given back was one too many.
 */
export function countedMinor(
  payment: { state: PaymentState } & Record<'capturedMinor' | 'refundedMinor' | 'chargedBackMinor', number>,
): number {
  const { state, capturedMinor, refundedMinor, chargedBackMinor } = payment;
  return state === 'captured' ? Math.max(0, capturedMinor - refundedMinor - chargedBackMinor) : capturedMinor;
}

const TAKEN: readonly PaymentState[] = ['partially_captured', 'captured'];

/**
 * What an attempt of a leg has to set aside: the leg's amount less what the attempts before it have taken, in part or, found
 * out only when this one was to follow, whole; `takenMinor` knows it by payment.
 */
export function owedMinor(
  share: Pick<ShareView, 'payments'>,
  leg: Pick<Leg, 'tender' | 'attempt' | 'amountMinor'>,
  takenMinor: (paymentId: string) => number,
): number {
  const earlier = share.payments.filter(
    ({ tender = 1, attempt, state }) =>
      tender === leg.tender && attempt < leg.attempt && TAKEN.includes(state),
  );
  return remainderMinor(
    leg.amountMinor,
    earlier.map((one) => takenMinor(one.id)),
  );
}
