/** Where a share of an order stands that is not paid for: what is said, by the state of its payment. */
import { currentPayment, isAskedAgain, isRefused, type ShareView, type StepKind } from './lifecycle.ts';
import { PLACE_RANKS, type Look, type Said } from './place.ts';
import { hasLeft } from './shipment.ts';

/** Where a share stands that is not paid for. */
export function paymentPlace(look: Look): Said {
  const { view, share, facts, part } = look;
  const rank = PLACE_RANKS.payment;
  const waits = [
    { subject: share.id, kind: 'decline' as const },
    { subject: view.orderId, kind: 'payment' as const },
  ];
  if (view.method === 'prepaid')
    return {
      rank,
      waits,
      isProblem: true,
      state: 'In stock, but the channel has not reported its payment yet',
      aside: 'not paid for yet',
    };
  const payment = currentPayment(share);
  const word = facts.refusals[payment?.id ?? ''];
  const because = word === undefined ? '' : ` (${word.replaceAll('_', ' ')})`;
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
          : said(`The card was declined${part}${because}`, 'not paid for: the card was declined');
    case 'expired':
      return said(`The authorization of the card has expired${part}`, 'not paid for any more');
    case 'failed':
    case 'voided':
      return refusedPlace(look, { said, because: word === undefined ? undefined : because });
    case 'partially_captured':
      return said(`Only a part of what is owed was taken from the card${part}`, 'paid for in part');
    case 'unknown':
      return said(
        `Whether the card was authorized${part} is not known yet`,
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

/** The charge was refused, or the authorization was given back for the sake of another part. */
function refusedPlace(
  { share, part }: Look,
  { said, because }: { said: Say; because: string | undefined },
): Said {
  const goods = hasLeftDock(share) ? 'the parcel had left already' : 'the goods stay at the dock';
  if (isPacked(share))
    return said(
      `The charge of the card was refused${part}${because ?? ''}; ${goods}`,
      'not paid for: the charge was refused',
    );
  return because === undefined
    ? said(
        `The authorization${part} was given back, because the card was declined for another part`,
        'not paid for any more',
        false,
      )
    : said(`The charge of the card was refused${part}${because}`, 'not paid for: the charge was refused');
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
  if (share.stalled.includes('authorize'))
    return said(`The card could not be authorized${part} yet`, 'not paid for yet');
  const payment = currentPayment(share);
  // A payment that holds money but does not cover: something of the share is being given back first.
  if (payment?.state === 'authorized' || payment?.state === 'captured')
    return said(`An earlier authorization${part} is being given back`, 'not paid for any more', false);
  if (share.paymentAttempt > 1 && share.state !== 'open')
    return said(`With ${share.location}; the card is being authorized again${part}`, 'being paid for', false);
  const isHeld = !payment && view.shares.some((other) => other !== share && isRefused(other));
  return isHeld
    ? said('In stock, and not paid for: the card was declined for another part', 'not paid for yet', false)
    : said(`In stock; the card is being authorized${part}`, 'being paid for', false);
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
