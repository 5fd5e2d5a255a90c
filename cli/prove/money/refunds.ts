/** Refunds that race each other, and money that is moved at the gateway without Holdfast. */
import type { OrderDetail } from '../../../api/schemas/orders.ts';
import type { Figures } from '../figures.ts';
import { addFault, useDashboard } from '../simulators.ts';
import type { Stage } from '../stage.ts';
import {
  countDifferences,
  hasSettledRefunds,
  judgeBooks,
  openShop,
  readGateway,
  type MoneyShop,
} from './shop.ts';
import { stockCentral, threeParcels } from './threeParcels.ts';

const PARALLEL = 100;
/** Of an order of 12.90: 51 of them fit, the 52nd doesn't. */
const SMALL_MINOR = 25;
const FITTING = 51;
/** Of an order of 717.10: 71 of them fit when all of it is taken. */
const EARLY_MINOR = 1_000;
const OUTSIDE_MINOR = 300;

/** 100 refunds at once of one delivered order, then 100 more of an order whose parcels are being paid. */
export async function proveParallelRefunds(stage: Stage, figures: Figures): Promise<void> {
  const shop = openShop(stage);
  const delivered = await shop.deliver();
  const granted = await refundMany(shop, delivered, SMALL_MINOR);
  figures.equal(`refunds granted of ${PARALLEL} at once`, granted, FITTING);
  await judgeRefunded(stage, await shop.until(delivered.id, 'refunded', hasSettledRefunds), {
    figures,
    grantedMinor: granted * SMALL_MINOR,
  });
  await proveRefundsDuringCaptures(stage, shop, figures);
  await judgeBooks(shop, figures);
}

/** Two of three captures are slow to answer; the refunds come as soon as the third is done, and what fits is granted. */
async function proveRefundsDuringCaptures(stage: Stage, shop: MoneyShop, figures: Figures): Promise<void> {
  await stockCentral(shop);
  await addFault(stage.stack.simulators.payment, {
    operation: 'capture',
    kind: 'late',
    seconds: 2,
    times: 2,
  });
  const { id } = await shop.place(threeParcels('EUR'));
  const begun = await shop.until(id, 'paid in part', (order) => order.money.captured.amount > 0);
  figures.note(`${begun.money.captured.amount} of ${begun.total.amount} were taken when the refunds began`);
  const granted = await refundMany(shop, begun, EARLY_MINOR);
  const ended = await shop.until(
    id,
    'delivered and refunded',
    (order) => order.lifecycle === 'completed' && hasSettledRefunds(order),
  );
  const [least, most] = [begun.money.captured.amount, begun.total.amount].map((minor) =>
    Math.min(PARALLEL, Math.floor(minor / EARLY_MINOR)),
  );
  figures.judge({
    name: `refunds granted of ${PARALLEL} while the parcels were being paid`,
    value: `${granted}`,
    goal: `what was taken at first allows, up to what was taken in the end: ${least} to ${most}`,
    ok: granted >= (least ?? PARALLEL) && granted <= (most ?? 0),
  });
  await judgeRefunded(stage, ended, { figures, grantedMinor: granted * EARLY_MINOR });
  figures.equal('captured of the order all the same', ended.money.captured.amount, ended.total.amount);
}

/** Two people give back 60 % each, at the same moment: one of them is refused. */
export async function proveTwoRefunds(stage: Stage, figures: Figures): Promise<void> {
  const shop = openShop(stage);
  const order = await shop.deliver();
  const amount = { amount: Math.floor(order.total.amount * 0.6), currency: order.total.currency };
  const answers = await Promise.all([1, 2].map(() => shop.refund(order.id, { reason: 'defective', amount })));
  figures.equal('refunds of 60 % granted, of two at once', answers.filter((one) => one === true).length, 1);
  figures.equal('the other was refused as', answers.find((one) => one !== true) ?? '', 'refund_too_large');
  const settled = await shop.until(order.id, 'refunded', hasSettledRefunds);
  const side = (await readGateway(stage, [order])).get(order.id);
  figures.equal('refunded at the gateway', side?.refundedMinor ?? 0, amount.amount);
  figures.equal('refunded in our books', settled.money.refunded.amount, amount.amount);
  await judgeBooks(shop, figures);
}

/** A refund and a dispute in the gateway's dashboard are booked, and a person is told. */
export async function proveOutside(stage: Stage, figures: Figures): Promise<void> {
  const { payment } = stage.stack.simulators;
  const shop = openShop(stage);
  const [refunded, disputed] = [await shop.deliver(), await shop.deliver()];
  const intentOf = (order: OrderDetail) => order.payment.payments[0]?.reference ?? '';
  await useDashboard(payment, 'refund', { payment_intent: intentOf(refunded), amount: OUTSIDE_MINOR });
  await useDashboard(payment, 'dispute', { payment_intent: intentOf(disputed) });
  const one = await shop.until(refunded.id, 'refunded', ({ money }) => money.refunded.amount > 0);
  const other = await shop.until(disputed.id, 'disputed', ({ money }) => money.disputes.length > 0);
  figures.equal('refunded in the dashboard and booked', one.money.refunded.amount, OUTSIDE_MINOR);
  figures.equal(
    'a case tells a person',
    one.cases.some((open) => open.code === 'moved_outside') ? 'yes' : 'no',
    'yes',
  );
  figures.equal('state of the disputed order', other.paymentStatus, 'disputed');
  figures.equal('taken back by the bank and booked', other.money.chargedBack.amount, other.total.amount);
  figures.equal('what of it can still be refunded', other.money.refundable.amount, 0);
  await judgeBooks(shop, figures);
}

/** How many of 100 refunds at once are granted; every other must be refused for the right reason. */
async function refundMany(shop: MoneyShop, { id, total }: OrderDetail, minor: number): Promise<number> {
  const goodwill = { amount: minor, currency: total.currency };
  const answers = await Promise.all(
    Array.from({ length: PARALLEL }, () => shop.refund(id, { reason: 'goodwill', goodwill })),
  );
  const odd = answers.find((one) => one !== true && !['refund_too_large', 'nothing_to_refund'].includes(one));
  if (odd !== undefined) throw new Error(`a refund was refused as ${odd}`);
  return answers.filter((one) => one === true).length;
}

async function judgeRefunded(
  stage: Stage,
  order: OrderDetail,
  { figures, grantedMinor }: { figures: Figures; grantedMinor: number },
): Promise<void> {
  const gateway = await readGateway(stage, [order]);
  const side = gateway.get(order.id);
  const refundedMinor = side?.refundedMinor ?? 0;
  figures.equal('refunded at the gateway', refundedMinor, grantedMinor);
  figures.judge({
    name: 'refunded at the gateway, against what was taken there',
    value: String(refundedMinor),
    goal: `≤ ${side?.capturedMinor ?? 0}`,
    ok: refundedMinor <= (side?.capturedMinor ?? 0),
  });
  figures.equal('orders whose books differ from the gateway', countDifferences([order], gateway), 0);
}
