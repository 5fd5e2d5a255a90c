/** Charges under trouble: replies that get lost, and a gateway that is gone for a while. */
import type { OrderDetail } from '../../../api/schemas/orders.ts';
import type { Figures } from '../figures.ts';
import { readOrders, waitUntilSettled } from '../orders.ts';
import { addFault, clearFaults, countStruck } from '../simulators.ts';
import type { Stage } from '../stage.ts';
import {
  countDifferences,
  hasSettledRefunds,
  judgeBooks,
  openShop,
  readGateway,
  type MoneyShop,
} from './shop.ts';

const STILL_MILLIS = 120_000;
const CHARGES = 300;
const LOST_SHARE = 0.3;
/** So many are lost at least; about 180 are. */
const LOST_MIN = 100;
const AT_ONCE = 20;
const DOWN_SECONDS = 20;
const PLACED_WHILE_DOWN = 30;
const REFUNDED_WHILE_DOWN = 10;
/** States of an operation that nobody knows the end of. */
const UNKNOWN_STATES: readonly string[] = ['requested', 'unknown', 'pending_at_provider'];

/** 300 orders; of the gateway's answers to authorize and capture, three in ten are lost after it has done it. */
export async function proveLostReplies(stage: Stage, figures: Figures): Promise<void> {
  const { payment } = stage.stack.simulators;
  const shop = openShop(stage);
  for (const [seed, operation] of ['authorize', 'capture'].entries())
    await addFault(payment, { operation, kind: 'lose_reply', probability: LOST_SHARE, seed: seed + 21 });
  const ids: string[] = [];
  while (ids.length < CHARGES) {
    const some = await Promise.all(Array.from({ length: AT_ONCE }, () => shop.place()));
    ids.push(...some.map((order) => order.id));
  }
  await judgeCharges(stage, ids, figures);
  const lost = await countStruck(payment);
  const goal = `at least ${LOST_MIN}`;
  figures.judge({
    name: 'answers of the gateway that were lost',
    value: `${lost}`,
    goal,
    ok: lost >= LOST_MIN,
  });
  await clearFaults(payment);
  await judgeBooks(shop, figures);
}

/** The gateway cuts every connection for 20 seconds: orders and refunds come in all the same and settle afterwards. */
export async function proveGatewayDown(stage: Stage, figures: Figures): Promise<void> {
  const shop = openShop(stage);
  const delivered = await Promise.all(Array.from({ length: REFUNDED_WHILE_DOWN }, () => shop.deliver()));
  await addFault(stage.stack.simulators.payment, { operation: '*', kind: 'down', seconds: DOWN_SECONDS });
  const granted = await Promise.all(delivered.map((order) => refundHalf(shop, order)));
  const placed = await Promise.all(Array.from({ length: PLACED_WHILE_DOWN }, () => shop.place()));
  figures.equal(
    'refunds granted while the gateway was down',
    granted.filter((one) => one === true).length,
    REFUNDED_WHILE_DOWN,
  );
  figures.equal('orders accepted while the gateway was down', placed.length, PLACED_WHILE_DOWN);
  await Promise.all(delivered.map((order) => shop.until(order.id, 'refunded', hasSettledRefunds)));
  await judgeCharges(
    stage,
    [...placed, ...delivered].map((order) => order.id),
    figures,
  );
  await judgeBooks(shop, figures);
}

function refundHalf(shop: MoneyShop, { id, total }: OrderDetail): Promise<true | string> {
  const amount = { amount: Math.floor(total.amount / 2), currency: total.currency };
  return shop.refund(id, { reason: 'late', amount });
}

async function judgeCharges(stage: Stage, ids: readonly string[], figures: Figures): Promise<void> {
  const moving = await waitUntilSettled(stage.ops, { stillMillis: STILL_MILLIS });
  figures.equal('orders that have not settled', moving.length, 0);
  const orders = await readOrders(stage.ops, ids);
  const gateway = await readGateway(stage, orders);
  const sides = [...gateway.values()];
  const twice = sides.filter((side) => side.authorizations > 1 || side.captures > 1);
  const taken = sides.filter((side, index) => side.capturedMinor === orders[index]?.total.amount);
  const unknown = orders.flatMap((order) =>
    order.money.operations.filter((one) => UNKNOWN_STATES.includes(one.state)),
  );
  figures.equal('orders charged twice at the gateway', twice.length, 0);
  figures.equal('orders charged in full at the gateway', taken.length, ids.length);
  figures.equal('operations left unknown', unknown.length, 0);
  figures.equal('orders whose books differ from the gateway', countDifferences(orders, gateway), 0);
}
