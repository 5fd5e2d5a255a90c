/** Other ways to pay, under trouble: several tenders with lost replies, one gift card that many orders want, receipts given twice. */
import { randomUUID } from 'node:crypto';
import type { CreditAccountDetail, CreditIssued } from '../../../api/schemas/credit.ts';
import type { OrderDetail } from '../../../api/schemas/orders.ts';
import type { ReceiptResults } from '../../../api/schemas/receipts.ts';
import type { Figures } from '../figures.ts';
import { readOrders, waitUntilSettled } from '../orders.ts';
import { addFault, clearFaults } from '../simulators.ts';
import type { Stage } from '../stage.ts';
import { hasSettledRefunds, judgeBooks, openShop, type MoneyShop } from './shop.ts';
import { stockCentral, threeParcels } from './threeParcels.ts';

const STILL_MILLIS = 120_000;
const CURRENCY = 'USD';
const usd = (amount: number) => ({ amount, currency: CURRENCY });
/** What the plain order costs. */
const PLAIN_MINOR = 1_290;

const TENDERED = 40;
const LOST_SHARE = 0.3;
const GIFT_MINOR = 12_345;
const CREDIT_MINOR = 7_777;

/** 40 orders of three parcels, each paid by gift card, store credit and card, while three in ten of the gateway's replies are lost; then all is given back. */
export async function proveTenders(stage: Stage, figures: Figures): Promise<void> {
  const shop = openShop(stage);
  await stockCentral(shop);
  const { payment } = stage.stack.simulators;
  for (const [seed, operation] of ['authorize', 'capture'].entries())
    await addFault(payment, { operation, kind: 'lose_reply', probability: LOST_SHARE, seed: seed + 51 });
  const credit = await issue(shop, 'store_credit', CREDIT_MINOR * TENDERED);
  const gifts = await Promise.all(
    Array.from({ length: TENDERED }, () => issue(shop, 'gift_card', GIFT_MINOR + 1)),
  );
  const placed = await Promise.all(
    gifts.map((gift) =>
      shop.place({
        ...threeParcels(CURRENCY),
        payment: undefined,
        payments: [
          { method: 'gift_card', code: gift.code, amount: usd(GIFT_MINOR) },
          { method: 'store_credit', account: credit.id, amount: usd(CREDIT_MINOR) },
          { method: 'card', token: 'pm_card_visa' },
        ],
      }),
    ),
  );
  const moving = await waitUntilSettled(stage.ops, { stillMillis: STILL_MILLIS });
  await clearFaults(payment);
  figures.equal('orders that have not settled', moving.length, 0);
  const orders = await readOrders(
    stage.ops,
    placed.map((order) => order.id),
  );
  const paid = orders.filter((order) => order.money.captured.amount === order.total.amount);
  figures.equal('orders paid in full by three tenders', paid.length, TENDERED);
  figures.equal('orders in which a tender paid another amount than agreed', orders.filter(isOther).length, 0);
  const after = await Promise.all([credit, ...gifts].map((one) => read(shop, one.id)));
  figures.equal('left of the store credit', after[0]?.balance.amount ?? -1, 0);
  figures.equal('left on all gift cards', sum(after.slice(1)), TENDERED);
  await judgeBooks(shop, figures);
  const granted = await Promise.all(
    orders.map((order) => shop.refund(order.id, { reason: 'customer_request', amount: order.total })),
  );
  figures.equal('whole refunds granted', granted.filter((one) => one === true).length, TENDERED);
  await Promise.all(orders.map((order) => shop.until(order.id, 'refunded', hasSettledRefunds)));
  const back = await Promise.all([credit, ...gifts].map((one) => read(shop, one.id)));
  const issued = CREDIT_MINOR * TENDERED + (GIFT_MINOR + 1) * TENDERED;
  figures.equal('on all accounts again', sum(back), issued);
  await judgeBooks(shop, figures);
}

function isOther(order: OrderDetail): boolean {
  const by = (method: string) =>
    order.payment.payments
      .filter((one) => one.method === method)
      .reduce((total, one) => total + one.captured.amount, 0);
  return by('gift_card') !== GIFT_MINOR || by('store_credit') !== CREDIT_MINOR;
}

const WANTING = 60;
const FITTING = 25;

/** 60 orders at once want one gift card that pays for 25 of them. */
export async function proveSharedGiftCard(stage: Stage, figures: Figures): Promise<void> {
  const shop = openShop(stage);
  const gift = await issue(shop, 'gift_card', PLAIN_MINOR * FITTING + 1);
  const body = { payment: { method: 'gift_card', code: gift.code } };
  const placed = await Promise.all(Array.from({ length: WANTING }, () => shop.place(body)));
  const moving = await waitUntilSettled(stage.ops, { stillMillis: STILL_MILLIS });
  figures.equal('orders that have not settled', moving.length, 0);
  const orders = await readOrders(
    stage.ops,
    placed.map((order) => order.id),
  );
  figures.equal(
    `orders delivered, of ${WANTING}`,
    orders.filter((order) => order.lifecycle === 'completed').length,
    FITTING,
  );
  figures.equal(
    'orders that ask the customer for another way to pay',
    orders.filter((order) => order.cases.some((one) => one.code === 'credit_short')).length,
    WANTING - FITTING,
  );
  const { balance, held } = await read(shop, gift.id);
  figures.equal('left on the gift card', balance.amount, 1);
  figures.equal('still held of it', held.amount, 0);
  await judgeBooks(shop, figures);
}

const TRANSFERS = 200;

/** 200 orders wait for a bank transfer; the bank's file is given twice at the same moment, and once more afterwards. */
export async function proveReceipts(stage: Stage, figures: Figures): Promise<void> {
  const shop = openShop(stage);
  const placed = await Promise.all(
    Array.from({ length: TRANSFERS }, () => shop.place({ payment: { method: 'bank_transfer' } })),
  );
  const file = {
    source: 'file',
    receipts: [
      ...placed.map((order) => ({
        order: String(order.number),
        number: `bank-${order.number}`,
        ...usd(PLAIN_MINOR),
      })),
      { order: 'nobody', number: `bank-${randomUUID()}`, ...usd(999) },
    ],
  };
  const send = () => shop.ops.call<ReceiptResults>('/v1/receipts', { body: file });
  const answers = await Promise.all([send(), send()]);
  answers.push(await send());
  const refused = answers.flatMap(({ results }) => results.filter((one) => one.result === 'refused'));
  figures.equal('rows refused', refused.length, 0);
  figures.equal('rows that name no order, kept for a person', unmatchedOf(answers[0]), 1);
  const moving = await waitUntilSettled(stage.ops, { stillMillis: STILL_MILLIS });
  figures.equal('orders that have not settled', moving.length, 0);
  const orders = await readOrders(
    stage.ops,
    placed.map((order) => order.id),
  );
  const right = orders.filter(
    (order) => order.lifecycle === 'completed' && order.money.captured.amount === order.total.amount,
  );
  figures.equal('orders delivered, each paid once', right.length, TRANSFERS);
  await judgeBooks(shop, figures);
}

function unmatchedOf(answer: ReceiptResults | undefined): number {
  const ids = answer?.results.filter((one) => one.receipt?.state === 'unmatched') ?? [];
  return ids.length;
}

function issue(shop: MoneyShop, kind: 'gift_card' | 'store_credit', amount: number): Promise<CreditIssued> {
  return shop.ops.call<CreditIssued>('/v1/credit-accounts', {
    body: { kind, amount: usd(amount) },
    idempotencyKey: randomUUID(),
  });
}

function read(shop: MoneyShop, id: string): Promise<CreditAccountDetail> {
  return shop.ops.call<CreditAccountDetail>(`/v1/credit-accounts/${id}`);
}

function sum(accounts: readonly CreditAccountDetail[]): number {
  return accounts.reduce((total, one) => total + one.balance.amount, 0);
}
