/**
 * The state an order is in, as people at a desk say it: one at a time from placement to the end, by the share that is
 * furthest behind. Reports measure the time spent in each; lists and the order page show it.
 */

import { isCovered, type OrderView, type ShareView } from './lifecycle.ts';
import { isTerminal } from './order.ts';
import { hasLeft } from './shipment.ts';

/** All states, in the order of the story; `undoing` can follow any of them. */
export const STAGES = [
  'stock',
  'payment',
  'release',
  'warehouse',
  'handover',
  'transport',
  'undoing',
  'ended',
] as const;
export type Stage = (typeof STAGES)[number];

/** What each state is called, and what an order does there. */
export const STAGE_WORDS: Readonly<Record<Stage, { name: string; meaning: string }>> = Object.freeze({
  stock: { name: 'Stock', meaning: 'accepted, stock not reserved yet' },
  payment: { name: 'Payment', meaning: 'stock reserved, not paid for yet' },
  release: {
    name: 'Release',
    meaning: 'paid for or to be paid afterwards, waits for its release to the warehouse',
  },
  warehouse: { name: 'Warehouse', meaning: 'released, being picked and packed' },
  handover: { name: 'Handover', meaning: 'packed, not yet with the carrier' },
  transport: { name: 'Transport', meaning: 'with the carrier, not delivered yet' },
  undoing: { name: 'Being cancelled', meaning: 'what was done is being undone' },
  ended: { name: 'Ended', meaning: 'delivered, cancelled or expired' },
});

/** Where a share that is paid for can stand, in the order of the story. */
const SHARE_STAGES = ['release', 'warehouse', 'handover', 'transport'] as const;

/**
 * The state the order is in. One whose parcels have all arrived stays in `transport` until its money is settled and the
 * order ends.
 */
export function stageOf(
  view: Pick<OrderView, 'lifecycle' | 'direction' | 'method' | 'paid' | 'shares' | 'authorizeAt'>,
): Stage {
  if (isTerminal(view.lifecycle)) return 'ended';
  if (view.direction === 'undo') return 'undoing';
  if (view.shares.length === 0) return 'stock';
  // Its cards are authorized again near the release: what it waits for is the release.
  if (view.authorizeAt !== undefined) return 'release';
  if (view.shares.some((share) => !isCovered(view, share))) return 'payment';
  const stages = view.shares.map(stageOfShare);
  return SHARE_STAGES.find((stage) => stages.includes(stage)) ?? 'transport';
}

function stageOfShare(share: ShareView): (typeof SHARE_STAGES)[number] {
  if (share.state === 'open') return share.submitClaimed ? 'warehouse' : 'release';
  if (share.state !== 'packed' && share.state !== 'closed') return 'warehouse';
  return share.shipment && hasLeft(share.shipment.state) ? 'transport' : 'handover';
}
