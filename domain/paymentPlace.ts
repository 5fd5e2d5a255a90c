/** Where a share of an order stands that is not paid for: what is said, by the state of its payment. */
import {
  currentPayment,
  isAskedAgain,
  isRefused,
  type OrderView,
  type ShareView,
  type StepKind,
} from './lifecycle.ts';
import { legsOfShare, paymentOfLeg } from './legs.ts';
import { METHODS } from './method.ts';
import { PLACE_RANKS, type Look, type Said } from './place.ts';
import { hasLeft } from './shipment.ts';
import { needsPaymentAction } from './waits.ts';

/** Where a share stands that is not paid for. */
export function paymentPlace(look: Look): Said {
  const { view, share, facts, part } = look;
  const rank = PLACE_RANKS.payment;
  const waits = [
    { subject: share.id, kind: 'decline' as const },
    { subject: view.orderId, kind: 'payment' as const },
  ];
  if (METHODS[view.method].moment === 'before' && !view.paid && !needsPaymentAction(share))
    return { rank, waits, ...awaitedSaid(view) };
  const payment = currentPayment(share);
  const word = facts.refusals[payment?.id ?? ''];
  const because = word === undefined ? '' : ` (${word.replaceAll('_', ' ')})`;
  const means = meansOf(view, share);
  const said = (state: string, aside: string, isProblem = true): Said => ({
    rank,
    waits,
    state,
    aside,
    isProblem,
  });
  if (stalledAt(share, ['void', 'void_label']))
    return said(
      `Something of an earlier attempt${part} could not be given back yet`,
      'waiting until an earlier attempt is given back',
    );
  // The order waits for its release; its authorizations are given back until near it.
  if (view.authorizeAt !== undefined && (payment === undefined || payment.state === 'created'))
    return resting(look);
  switch (payment?.state) {
    case 'requires_action':
      return said(`The customer has to confirm the card payment${part}`, 'not paid for yet');
    case 'declined':
      return word === 'authentication_required'
        ? said(`The customer has to confirm the card payment${part}`, 'not paid for yet')
        : isAskedAgain(view, share)
          ? said(
              `The bank has declined the card${part} for now${because}; the card is asked again`,
              'not paid for yet: the bank is asked again',
              false,
            )
          : declinedPlace(look, { said, word });
    case 'expired':
      return said(`The authorization of the ${means} has expired${part}`, 'not paid for any more');
    case 'failed':
    case 'voided':
      return refusedPlace(look, { said, because: word === undefined ? undefined : because });
    case 'partially_captured':
      return said(`Only a part of what is owed was taken from the ${means}${part}`, 'paid for in part');
    case 'unknown':
      return said(
        `Whether the ${means} was authorized${part} is not known yet`,
        'not known to be paid for yet',
        false,
      );
    case 'created':
    case 'authorized':
    case 'captured':
    case undefined:
      return unpaidPlace(look, said);
  }
}

const SHORT: readonly string[] = ['balance_short', 'credit_short'];

/** A definite no: of credit that does not hold enough it is said so, as nobody's bank has declined anything. */
function declinedPlace(
  { view, share, part }: Look,
  { said, word }: { said: Say; word: string | undefined },
): Said {
  const means = meansOf(view, share);
  if (word !== undefined && SHORT.includes(word))
    return said(
      `The ${means} does not hold enough${part}`,
      `not paid for: the ${means} does not hold enough`,
    );
  const because = word === undefined ? '' : ` (${word.replaceAll('_', ' ')})`;
  return said(`The ${means} was declined${part}${because}`, `not paid for: the ${means} was declined`);
}

/** What the share's payment that is least far is made with: "card", "gift card". */
function meansOf(view: OrderView, share: ShareView): string {
  const legs = legsOfShare(view, share);
  const seq = currentPayment(share)?.tender ?? legs.find((leg) => !paymentOfLeg(share, leg))?.tender ?? 1;
  const method = legs.find((leg) => leg.tender === seq)?.method;
  return method === 'gift_card' || method === 'store_credit' ? method.replace('_', ' ') : 'card';
}

/** Money that is awaited before the goods go. */
function awaitedSaid({ method }: OrderView): Pick<Said, 'isProblem' | 'state' | 'aside'> {
  if (method !== 'prepaid')
    return {
      isProblem: false,
      state: 'In stock; the bank transfer has not come in full yet',
      aside: 'waiting for the bank transfer',
    };
  return {
    isProblem: true,
    state: 'In stock, but the channel has not reported its payment yet',
    aside: 'not paid for yet',
  };
}

/** The charge was refused, or the authorization was given back for the sake of another part. */
function refusedPlace(
  { view, share, part }: Look,
  { said, because }: { said: Say; because: string | undefined },
): Said {
  const means = meansOf(view, share);
  const goods = hasLeftDock(share) ? 'the parcel had left already' : 'the goods stay at the dock';
  if (isPacked(share))
    return said(
      `The charge of the ${means} was refused${part}${because ?? ''}; ${goods}`,
      'not paid for: the charge was refused',
    );
  return because === undefined
    ? said(
        `The authorization${part} was given back, because the card was declined for another part`,
        'not paid for any more',
        false,
      )
    : said(`The charge of the ${means} was refused${part}${because}`, 'not paid for: the charge was refused');
}

function resting({ view, share, part }: Look): Said {
  return {
    rank: PLACE_RANKS.release,
    waits: [{ subject: view.orderId, kind: 'reauthorize' }],
    state: `In stock, and waiting for its release to ${share.location}; the card${part} is authorized again near it, so that the authorization does not end before`,
    aside: 'waiting for its release',
  };
}

type Say = (state: string, aside: string, isProblem?: boolean) => Said;

function unpaidPlace({ view, share, part }: Look, said: Say): Said {
  const means = meansOf(view, share);
  if (share.stalled.includes('authorize'))
    return said(`The ${means} could not be authorized${part} yet`, 'not paid for yet');
  const payment = currentPayment(share);
  // A payment that holds money but does not cover: something of the share is being given back first.
  if (payment?.state === 'authorized' || payment?.state === 'captured')
    return said(`An earlier authorization${part} is being given back`, 'not paid for any more', false);
  if (share.paymentAttempt > 1 && share.state !== 'open')
    return said(
      `With ${share.location}; the ${means} is being authorized again${part}`,
      'being paid for',
      false,
    );
  const isHeld = !payment && view.shares.some((other) => other !== share && isRefused(other));
  return isHeld
    ? said('In stock, and not paid for: the card was declined for another part', 'not paid for yet', false)
    : said(`In stock; the ${means} is being authorized${part}`, 'being paid for', false);
}

function stalledAt(share: ShareView, steps: readonly StepKind[]): boolean {
  return steps.some((step) => share.stalled.includes(step));
}

function isPacked(share: ShareView): boolean {
  return share.state === 'packed' || share.state === 'closed';
}

function hasLeftDock(share: ShareView): boolean {
  return share.shipment !== null && hasLeft(share.shipment.state);
}
