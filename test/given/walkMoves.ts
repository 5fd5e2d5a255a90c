/** What may happen to a walking order from outside: reports, scans, commands, receipts, credit, news of the gateway, time. */
import type { Activities } from '../../activities/index.ts';
import { storeReceipt } from '../../db/writes/receipts.ts';
import type { AcceptedRef } from '../../db/writes/intake.ts';
import { isOffline, OFFLINE_METHODS } from '../../domain/method.ts';
import type { PaymentMethod } from '../../domain/order.ts';
import type { WaitKind } from '../../domain/lifecycle.ts';
import { putMessage, type GivenMessage } from './message.ts';
import type { Dice } from './dice.ts';
import type { Accounts, WalkPlace } from './walkOrder.ts';
import { BAD_CARD, type World } from './walkWorld.ts';

/** One walk: an order, its world and what has happened, in words. */
export interface Walk extends WalkPlace {
  seed: number;
  dice: Dice;
  world: World;
  activities: Activities;
  accounts: Accounts;
  ref: AcceptedRef;
  said: string[];
  /** What was counted so far: numbers of receipts and scans. */
  count: number;
}

/** A share with its parcel. */
export interface WalkShare {
  id: string;
  state: string;
  parcel_state: string | null;
  tracking_code: string | null;
  dispatch_at: Date | null;
}

/** Rows of a statement whose first parameter is the order. */
export async function rowsOf<T extends object>(walk: Walk, sql: string, ...more: unknown[]): Promise<T[]> {
  return (await walk.db.pool.query<T>(sql, [walk.ref.orderId, ...more])).rows;
}

/** The shares of the order, in their order. */
export function sharesOf(walk: Walk): Promise<WalkShare[]> {
  return rowsOf<WalkShare>(
    walk,
    `select f.id, f.state, s.state as parcel_state, s.tracking_code, s.dispatch_at from fulfillment_orders f
     left join shipments s on s.fulfillment_id = f.id and s.attempt = f.shipment_attempt
     where f.order_id = $1 order by f.seq`,
  );
}

/** Puts a message into the order's inbox, and says so. */
export async function put(walk: Walk, message: GivenMessage): Promise<void> {
  walk.said.push(`put ${message.kind} ${JSON.stringify(message.payload)} ${message.match ?? ''}`);
  await putMessage(walk.db, walk.ref.orderId, message);
}

/** Lets the time of one open wait come, of these kinds where they are given. */
export async function passTime(walk: Walk, kinds?: readonly WaitKind[]): Promise<void> {
  const waits = await rowsOf<{ id: string; kind: WaitKind; subject: string }>(
    walk,
    'select id, kind, subject from waits where order_id = $1 and ended_at is null order by kind, subject',
  );
  const meant = kinds ? waits.filter((one) => kinds.includes(one.kind)) : waits;
  if (meant.length === 0) return;
  const { id, kind, subject } = walk.dice.pick(meant);
  walk.said.push(`the time of ${kind} ${subject} has come`);
  if (kind === 'release')
    await rowsOf(walk, `update orders set release_at = now() - interval '1 second' where id = $1`);
  await rowsOf(
    walk,
    `update waits set deadline_at = now() - interval '1 second' where order_id = $1 and id = $2`,
    id,
  );
}

/** What is to come by receipts: the amount of the tender that is paid offline; 0 where none is. */
export async function awaitedMinor(walk: Walk): Promise<number> {
  const [order] = await rowsOf<{
    payment_method: PaymentMethod;
    tenders: { method: PaymentMethod; amountMinor: number }[] | null;
  }>(walk, 'select payment_method, tenders from orders where id = $1');
  if (!order) return 0;
  const tenders = order.tenders ?? [{ method: order.payment_method, amountMinor: walk.ref.totalMinor }];
  return tenders.find((one) => isOffline(one.method))?.amountMinor ?? 0;
}

/** Money arrives for the order. */
export async function receive(walk: Walk, amountMinor: number): Promise<void> {
  const { ref, dice } = walk;
  walk.count += 1;
  walk.said.push(`a receipt of ${amountMinor}`);
  await storeReceipt(
    walk.db,
    {
      ...{ order: String(ref.number), number: `walk-${ref.number}-${walk.count}` },
      ...{ amountMinor, currency: ref.currency },
      ...(dice.chance(0.3) && { method: dice.pick(OFFLINE_METHODS) }),
    },
    { actor: 'key:1', channel: null, source: 'person' },
  );
}

/** A parcel of a share is seen by its carrier, with this status. A label that was not handed over is never scanned. */
export async function scan(walk: Walk, share: WalkShare, status: string): Promise<void> {
  const { tracking_code: match, dispatch_at: handedOver, parcel_state: state } = share;
  if (match === null || (handedOver === null && state === 'booked')) return;
  walk.count += 1;
  const occurredAt = new Date(Date.now() + walk.count * 1_000).toISOString();
  const scans = [{ status, detail: 'd', message: 'm', occurredAt }];
  await put(walk, { kind: 'carrier_scans', match, payload: { scans } });
}

/** Somebody else than who asked for it decides on each refund that waits, and a person gives back what is given by hand. */
export async function decideRefunds(walk: Walk): Promise<void> {
  await rowsOf(
    walk,
    `update refunds set requested_by = 'key:other' where order_id = $1 and state = 'awaiting_approval'`,
  );
  const refunds = await rowsOf<{ id: string; state: string }>(
    walk,
    `select id, state from refunds where order_id = $1
     and state in ('awaiting_approval', 'granted', 'executing', 'failed') order by seq`,
  );
  for (const { id, state } of refunds) {
    const decision = walk.dice.pick(['command.approve_refund', 'command.decline_refund']);
    const kind = state === 'awaiting_approval' ? decision : 'command.record_refund';
    await put(walk, { kind, payload: { refundId: id } });
  }
}

/** What a person says who closes a case by hand. */
export const CLOSING_NOTE = 'It is right as it is.';

/** A person closes a case by hand, where that may be done. */
export async function closeCase(walk: Walk): Promise<void> {
  const cases = await rowsOf<{ id: string; code: string }>(
    walk,
    'select id, code from cases where order_id = $1 and resolved_at is null order by code, subject',
  );
  if (cases.length === 0) return;
  const { id, code } = walk.dice.pick(cases);
  walk.said.push(`the case ${code} is to be closed by hand`);
  await put(walk, { kind: 'command.resolve_case', payload: { caseId: id, note: CLOSING_NOTE } });
}

const CHANGED = ['card', 'card', 'gift_card', 'store_credit', ...OFFLINE_METHODS] as const;

function changedPayment({ dice, accounts }: Walk): Record<string, unknown> {
  const method = dice.pick(CHANGED);
  const tender = dice.chance(0.3) && { tender: 1 + dice.below(3) };
  if (method === 'card') return { method, token: dice.pick(['good1', 'good2', BAD_CARD]), ...tender };
  if (method === 'gift_card' || method === 'store_credit')
    return { method, token: dice.pick(accounts[method]), ...tender };
  return { method, ...tender };
}

/** The gateway gives an authorization back, or takes it, without being asked, and tells. */
async function gatewayActs(walk: Walk, kind: 'drop' | 'take'): Promise<void> {
  const { dice, world } = walk;
  const held = [...world.payments.values()].filter((one) => one.state === 'authorized');
  if (held.length === 0) return;
  const one = dice.pick(held);
  if (kind === 'take')
    one.capturedMinor = dice.chance(0.5) ? one.amountMinor : 1 + dice.below(one.amountMinor);
  if (kind === 'take') world.tookUnasked = true;
  one.state = kind === 'take' ? 'captured' : 'voided';
  walk.said.push(`the gateway makes of ${one.providerRef}: ${one.state} ${one.capturedMinor}`);
  const type = kind === 'take' ? 'payment_intent.succeeded' : 'payment_intent.canceled';
  await put(walk, { kind: 'payment_event', match: one.providerRef, payload: { type } });
}

const MONEY_WAITS: readonly WaitKind[] = [
  ...(['release', 'decline', 'retry', 'authorization', 'reauthorize', 'case', 'receipt'] as const),
];

async function oneShare(walk: Walk): Promise<WalkShare | undefined> {
  const shares = await sharesOf(walk);
  return shares.length > 0 ? walk.dice.pick(shares) : undefined;
}

const MOVES: Record<string, { weight: number; make(walk: Walk): Promise<void> }> = {
  report: {
    weight: 20,
    async make(walk) {
      const { dice } = walk;
      const share = await oneShare(walk);
      if (!share || share.state === 'open') return;
      const report = dice.chance(0.1) ? 'rejected' : dice.pick(['accepted', 'picking', 'packed', 'packed']);
      await put(walk, { kind: 'warehouse_report', match: share.id, payload: { report } });
    },
  },
  scan: {
    weight: 20,
    async make(walk) {
      const share = await oneShare(walk);
      if (!share) return;
      const good = share.parcel_state === 'booked' ? 'in_transit' : 'delivered';
      await scan(walk, share, walk.dice.chance(0.08) ? 'failure' : good);
    },
  },
  retry: { weight: 10, make: (walk) => put(walk, { kind: 'command.retry', payload: {} }) },
  cancel: {
    weight: 3,
    make: (walk) => put(walk, { kind: 'command.cancel', payload: { reason: 'customer' } }),
  },
  change: {
    weight: 20,
    make: (walk) => put(walk, { kind: 'command.change_payment', payload: changedPayment(walk) }),
  },
  receipt: {
    weight: 6,
    async make(walk) {
      const { dice, ref } = walk;
      const awaited = await awaitedMinor(walk);
      // Also by customers who were never asked for it, now and then.
      if (awaited === 0 && dice.chance(0.9)) return;
      await receive(walk, awaited > 0 && dice.chance(0.6) ? awaited : 1 + dice.below(ref.totalMinor));
    },
  },
  time: {
    weight: 20,
    make: (walk) => passTime(walk, walk.dice.chance(0.7) ? MONEY_WAITS : undefined),
  },
  close: { weight: 10, make: closeCase },
  drop: { weight: 4, make: (walk) => gatewayActs(walk, 'drop') },
  take: { weight: 2, make: (walk) => gatewayActs(walk, 'take') },
  refund: {
    weight: 8,
    async make(walk) {
      const { dice, ref } = walk;
      const amountMinor = dice.chance(0.3) ? ref.totalMinor : 1 + dice.below(ref.totalMinor);
      // What nobody's role may grant waits for a second person.
      const role = dice.chance(0.6) ? 'ops' : 'nobody';
      const payload = { request: { amountMinor, reason: 'goodwill' }, role };
      await put(walk, { kind: 'command.refund', payload });
    },
  },
  decide: { weight: 3, make: decideRefunds },
  disable: {
    weight: 2,
    async make(walk) {
      const account = walk.dice.pick([...walk.accounts.gift_card, ...walk.accounts.store_credit]);
      walk.said.push(`${account} is disabled`);
      await walk.db.pool.query(`update credit_accounts set state = 'disabled' where id = $1`, [account]);
    },
  },
  paid: { weight: 5, make: (walk) => put(walk, { kind: 'channel_paid', payload: { number: 'shop-2' } }) },
};

const WEIGHED = Object.values(MOVES).flatMap((move) => Array.from({ length: move.weight }, () => move));

/** Something happens to the order from outside. */
export function move(walk: Walk): Promise<void> {
  return walk.dice.pick(WEIGHED).make(walk);
}
