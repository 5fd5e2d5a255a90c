/** Where a share of an order stands that is not paid for: what is said, by the state of its payment. */
import { currentPayment, isRefused, type ShareView, type StepKind } from './lifecycle.ts';
import { PLACE_RANKS, type Look, type Said } from './place.ts';
import { hasLeft } from './shipment.ts';

/** Where a share stands that is not paid for. */
export function paymentPlace(look: Look): Said {
  const { view, share, facts, part } = look;
  const rank = PLACE_RANKS.payment;
  const waits = [{ subject: view.orderId, kind: 'payment' as const }];
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
  switch (payment?.state) {
    case 'requires_action':
      return said(`The customer has to confirm the card payment${part}`, 'not paid for yet');
    case 'declined':
      return word === 'authentication_required'
        ? said(`The customer has to confirm the card payment${part}`, 'not paid for yet')
        : said(`The card was declined${part}${because}`, 'not paid for: the card was declined');
    case 'expired':
      return said(`The authorization of the card has expired${part}`, 'not paid for any more');
    case 'failed':
    case 'voided':
      return isPacked(share)
        ? said(
            `The charge of the card was refused${part}${because}; ${hasLeftDock(share) ? 'the parcel had left already' : 'the goods stay at the dock'}`,
            'not paid for: the charge was refused',
          )
        : said(
            `The authorization${part} was given back, because the card was declined for another part`,
            'not paid for any more',
            false,
          );
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

type Say = (state: string, aside: string, isProblem?: boolean) => Said;

function unpaidPlace({ view, share, part }: Look, said: Say): Said {
  if (share.stalled.includes('authorize'))
    return said(`The card could not be authorized${part} yet`, 'not paid for yet');
  const payment = currentPayment(share);
  // A payment that holds money but does not cover: something of the share is being given back first.
  if (payment?.state === 'authorized' || payment?.state === 'captured')
    return said(`An earlier authorization${part} is being given back`, 'not paid for any more', false);
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
