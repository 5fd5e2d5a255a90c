/**
 * Where one warehouse's share of an order stands: a headline for it, a short form to say beside another share's, how far
 * it has come, and which of the order's waits it waits with. A table of what is said, in the order of the story.
 */
import { dueWords, isOwedAfter, paidAndWords, paidWords } from './awaitedWords.ts';
import { isCovered, type OrderView, type ShareView } from './lifecycle.ts';
import { paymentPlace } from './paymentPlace.ts';
import { PLACE_RANKS, type Look, type Place, type PlaceFacts, type Said } from './place.ts';
import { hasLeft, type ShipmentState } from './shipment.ts';
import { hasGoneWrong } from './shipment.ts';
import { isChargeOwed } from './waits.ts';

/** Where the share stands. */
export function placeOf(
  view: OrderView,
  share: ShareView,
  given: { facts: PlaceFacts; nowMs: number },
): Place {
  const part = view.shares.length > 1 ? ` for the part from ${share.location}` : '';
  const look: Look = { view, share, part, ...given };
  const {
    rank,
    isProblem = false,
    state,
    aside,
    waits,
  } = isCovered(view, share) ? coveredPlace(look) : paymentPlace(look);
  const stalls = share.stalled.map((step) => ({
    subject: `${share.id}#${step}`,
    kind: 'retry' as const,
  }));
  return {
    location: share.location,
    rank,
    isProblem: isProblem || stalls.length > 0,
    state,
    aside,
    // A stalled step goes first: nothing else of the share moves before it. A person comes last: somebody always looks.
    waitSubjects: [...stalls, ...waits, { subject: view.orderId, kind: 'case' }],
  };
}

function coveredPlace(look: Look): Said {
  const { view, share, facts } = look;
  const { location } = share;
  const rank = PLACE_RANKS.warehouse;
  const paid = paidWords(view);
  const waits = [{ subject: share.id, kind: 'packing' as const }];
  const isLate = facts.cases.some((one) => one.subject === share.id && one.code === 'pack_overdue');
  const late = isLate ? ', later than agreed' : '';
  const said = (state: string, aside: string): Said => ({ rank, waits, state, aside, isProblem: isLate });
  switch (share.state) {
    case 'open':
      return releasePlace(look);
    case 'submitted':
      return said(`${paid}, and handed to ${location} to be packed${late}`, `with the warehouse${late}`);
    case 'accepted':
      return said(`${paid}, and accepted by ${location} to be packed${late}`, `with the warehouse${late}`);
    case 'picking':
      return said(`${paid}, and being picked and packed in ${location}${late}`, `being packed${late}`);
    case 'rejected':
      return {
        rank,
        waits: [],
        isProblem: true,
        state: `${paid}, but ${location} has refused to pack it`,
        aside: 'refused by the warehouse',
      };
    case 'packed':
    case 'closed':
      return parcelPlace(look);
    case 'scheduled':
    case 'on_hold':
    case 'incomplete':
    case 'cancel_requested':
    case 'cancelled':
      return said(
        `${paid}, and with ${location} (${share.state.replaceAll('_', ' ')})`,
        'with the warehouse',
      );
  }
}

function releasePlace({ view, share, nowMs }: Look): Said {
  const { location } = share;
  const rank = PLACE_RANKS.release;
  const waits = [{ subject: view.orderId, kind: 'release' as const }];
  const paid = paidWords(view);
  if (share.stalled.includes('submit'))
    return {
      rank,
      waits,
      isProblem: true,
      state: `${paid}, but it could not be handed to ${location} yet`,
      aside: 'not with the warehouse yet',
    };
  if (share.stalled.includes('capture'))
    return {
      rank,
      waits,
      isProblem: true,
      state: 'The card is authorized, but could not be charged yet',
      aside: 'not charged yet',
    };
  if (view.authorizeAt !== undefined)
    return {
      rank,
      waits: [{ subject: view.orderId, kind: 'reauthorize' }],
      state: `Waiting for its release to ${location}`,
      aside: 'waiting for its release',
    };
  if (!view.shares.every((other) => isCovered(view, other)))
    return {
      rank,
      waits: [{ subject: view.orderId, kind: 'payment' }],
      state: 'Paid, and waiting until the other parts are paid for',
      aside: 'paid for and waiting for the rest',
    };
  if (view.money?.isDisputed && !share.submitClaimed) return disputed(rank, location);
  const isDue = share.submitClaimed || view.releaseAt === null || Date.parse(view.releaseAt) <= nowMs;
  return {
    rank,
    waits,
    state: isDue
      ? `${paid}, and being handed to ${location}`
      : `${paid}, and about to go to ${location}; until then it can be cancelled`,
    aside: isDue ? 'being handed to the warehouse' : `${paidAside(paid)}about to go to the warehouse`,
  };
}

function paidAside(paid: string): string {
  return paid === 'Paid' ? 'paid for and ' : '';
}

/** Nothing more is sent while the customer disputes what they were charged. */
function disputed(rank: number, location: string): Said {
  return {
    rank,
    waits: [],
    isProblem: true,
    state: `Held back in ${location}, because the customer disputes a charge at their bank`,
    aside: 'held back because of a dispute',
  };
}

function parcelPlace(look: Look): Said {
  const { view, share } = look;
  const { location, shipment } = share;
  const rank = PLACE_RANKS.handover;
  if (shipment !== null && hasLeft(shipment.state)) return transportPlace(look, shipment);
  const waits = shipment === null ? [] : [{ subject: shipment.id, kind: 'delivery' as const }];
  const said = (state: string, aside: string): Said => ({ rank, waits, state, aside });
  const isUnsent = shipment === null || shipment.state === 'planned';
  if (view.money?.isDisputed && isUnsent) return disputed(rank, location);
  if (shipment?.state !== 'booked')
    return share.stalled.includes('book')
      ? said(
          `${paidAndWords(view)} and packed in ${location}, but no parcel could be booked yet`,
          'packed, without a parcel yet',
        )
      : said(`${paidAndWords(view)} and packed in ${location}; its parcel is being booked`, 'packed');
  if (share.stalled.includes('capture'))
    return said(`Packed in ${location}, but the card could not be charged yet`, 'packed and not charged yet');
  return isChargeOwed(view, share)
    ? said(`Packed in ${location}; the card is being charged`, 'packed and being charged')
    : said(
        `${paidAndWords(view)} and packed in ${location}, ready for the carrier`,
        'packed and ready for the carrier',
      );
}

/** What is said of a parcel that has left, by its state. Those with a problem wait for a person. */
const ON_THE_WAY: Readonly<
  Partial<Record<ShipmentState, { state: string; aside: string; isProblem?: true }>>
> = {
  out_for_delivery: { state: 'Out for delivery', aside: 'out for delivery' },
  available_for_pickup: {
    state: 'Waiting to be picked up by the customer',
    aside: 'waiting to be picked up',
  },
  delivery_failed: {
    state: 'The carrier could not deliver the parcel',
    aside: 'not delivered: the carrier could not',
    isProblem: true,
  },
  lost: { state: 'The carrier has lost the parcel', aside: 'lost by the carrier', isProblem: true },
  damaged: { state: 'The parcel was damaged on its way', aside: 'damaged on its way', isProblem: true },
  returned_to_sender: {
    state: 'The parcel goes back to the sender',
    aside: 'on its way back to the sender',
    isProblem: true,
  },
};

function transportPlace(look: Look, shipment: { id: string; state: ShipmentState }): Said {
  const { view, share, facts } = look;
  const from = view.shares.length > 1 ? ` (the part from ${share.location})` : '';
  if (shipment.state === 'delivered') {
    const isOwed = isChargeOwed(view, share);
    if (!isOwed && isOwedAfter(view)) return owedPlace(look, from);
    const rank = isOwed ? PLACE_RANKS.owed : PLACE_RANKS.delivered;
    const isPlanned = view.captureAt === 'delivery' && !share.stalled.includes('capture');
    const owed = isPlanned
      ? 'Delivered, and the card is being charged'
      : 'Delivered, and the card is not charged yet';
    const state = isOwed ? owed : 'Delivered';
    return { rank, waits: [], isProblem: isOwed && !isPlanned, state: `${state}${from}`, aside: 'delivered' };
  }
  const known = ON_THE_WAY[shipment.state];
  const cases = facts.cases.filter((one) => one.subject === shipment.id);
  if (known && hasGoneWrong(shipment.state) && cases.length === 0) {
    // Its case was closed: what other parts wait for is told before it.
    const rank = isChargeOwed(view, share) ? PLACE_RANKS.transport : PLACE_RANKS.seenTo;
    const waits = isOwedAfter(view) ? receiptWaits(view) : [];
    return { rank, waits, state: `${known.state}${from}`, aside: known.aside };
  }
  const isSilent = cases.some((one) => one.code === 'parcel_silent') && !hasGoneWrong(shipment.state);
  const silent = isSilent ? ', but not scanned for too long' : '';
  const isProblem = known?.isProblem === true;
  const watch = { subject: shipment.id, kind: 'delivery' as const };
  return {
    rank: PLACE_RANKS.transport,
    waits: isProblem ? [{ subject: view.orderId, kind: 'case' }, watch] : [watch],
    isProblem: isProblem || isSilent,
    state: `${known?.state ?? 'On its way with the carrier'}${from}${silent}`,
    aside: `${known?.aside ?? 'on its way'}${silent}`,
  };
}

/** It has arrived, and its money comes after the goods. */
function owedPlace({ view, nowMs }: Look, from: string): Said {
  return {
    rank: PLACE_RANKS.owed,
    waits: receiptWaits(view),
    state: `Delivered${from}; ${dueWords(view, nowMs)}`,
    aside: 'delivered',
  };
}

function receiptWaits({ orderId }: OrderView): Said['waits'] {
  return [{ subject: orderId, kind: 'receipt' }];
}
