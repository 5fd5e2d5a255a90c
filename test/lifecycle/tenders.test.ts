/** Other ways to pay than one card: gift cards, store credit, several tenders, bank transfers, invoices and cash. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { CreditAccountDetail, CreditIssued } from '../../api/schemas/credit.ts';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import type { ReceiptResults } from '../../api/schemas/receipts.ts';
import { environment, type Environment } from '../environment.ts';

let env: Environment;
beforeAll(async () => {
  env = await environment();
});

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const completed = (order: OrderDetail) => order.lifecycle === 'completed';
let counter = 0;

async function issue(kind: 'gift_card' | 'store_credit', amount: number): Promise<CreditIssued> {
  counter += 1;
  const { status, body } = await env.call<CreditIssued>('POST', '/v1/credit-accounts', {
    body: { kind, amount: eur(amount) },
    idempotencyKey: `issue-${process.pid}-${counter}`,
  });
  expect(status).toBe(201);
  return body;
}

async function account(id: string): Promise<CreditAccountDetail> {
  return (await env.call<CreditAccountDetail>('GET', `/v1/credit-accounts/${id}`)).body;
}

function command(order: { id: string }, path: string, body: object) {
  counter += 1;
  return env.call<{ code?: string }>('POST', `/v1/orders/${order.id}/${path}`, {
    ...{ key: env.keys.support, body },
    idempotencyKey: `${order.id}-${path}-${counter}`.replaceAll('/', '-'),
  });
}

async function receipt(order: { number: number }, amount: number): Promise<string | undefined> {
  counter += 1;
  const { body } = await env.call<ReceiptResults>('POST', '/v1/receipts', {
    key: env.keys.support,
    body: {
      receipts: [
        { order: `${order.number}`, number: `bank-${process.pid}-${counter}`, amount, currency: 'EUR' },
      ],
    },
    idempotencyKey: `receipt-${process.pid}-${counter}`,
  });
  return body.results[0]?.result;
}

/** What was taken, by method. */
const taken = (order: OrderDetail) =>
  Object.fromEntries(order.payment.payments.map((one) => [one.method, one.captured.amount]));

describe('a gift card, store credit and a card on one order', () => {
  it('each pay their part of two parcels, and a refund gives it back to all three', async () => {
    const [gift, credit] = [await issue('gift_card', 1_500), await issue('store_credit', 10_000)];
    const placed = await env.place({
      // Two parcels: each warehouse has one of them.
      lines: [{ sku: 'MUG' }, { sku: 'TEA' }],
      payments: [
        { method: 'gift_card', code: gift.code ?? '', amount: eur(1_200) },
        { method: 'store_credit', account: credit.id, amount: eur(300) },
        { method: 'card', token: 'pm_card_visa' },
      ],
    });
    const order = await env.until(placed.id, 'completed', completed);
    const sums = (method: string) =>
      order.payment.payments
        .filter((one) => one.method === method)
        .reduce((sum, one) => sum + one.captured.amount, 0);
    expect([sums('gift_card'), sums('store_credit'), sums('card')]).toEqual([1_200, 300, 500]);
    expect(order.money.captured.amount).toBe(2_000);
    expect(await account(gift.id)).toMatchObject({ balance: eur(300), held: eur(0) });
    expect(await account(credit.id)).toMatchObject({ balance: eur(9_700) });
    const answer = await command(placed, 'refunds', { reason: 'customer_request', amount: eur(2_000) });
    expect([200, 202]).toContain(answer.status);
    const refunded = await env.until(
      placed.id,
      'refunded',
      (one) => one.money.refunds[0]?.state === 'settled',
    );
    expect(refunded).toMatchObject({ paymentStatus: 'refunded' });
    expect(await account(gift.id)).toMatchObject({ balance: eur(1_500) });
    expect(await account(credit.id)).toMatchObject({ balance: eur(10_000) });
    await env.record('three-tenders', placed.number);
  });

  it('give back what they hold when the card is declined, and pay with another card', async () => {
    const gift = await issue('gift_card', 400);
    const placed = await env.place({
      payments: [
        { method: 'gift_card', code: gift.code ?? '', amount: eur(400) },
        { method: 'card', token: 'pm_card_chargeDeclined' },
      ],
    });
    await env.until(placed.id, 'given back', (one) =>
      one.payment.payments.some((payment) => payment.state === 'voided'),
    );
    expect(await account(gift.id)).toMatchObject({ held: eur(0), available: eur(400) });
    const answer = await command(placed, 'payments', { method: 'card', token: 'pm_card_visa' });
    expect([200, 202]).toContain(answer.status);
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.money.captured.amount).toBe(1_000);
    expect(await account(gift.id)).toMatchObject({ balance: eur(0) });
    await env.record('tender-replaced', placed.number);
  });

  it('are refused when the card holds too little, and the rest is paid by invoice instead', async () => {
    const gift = await issue('gift_card', 200);
    const placed = await env.place({
      payments: [
        { method: 'gift_card', code: gift.code ?? '', amount: eur(900) },
        { method: 'card', token: 'pm_card_visa' },
      ],
    });
    const refused = await env.until(placed.id, 'refused', (one) => one.attention.includes('payment_action'));
    expect(refused.cases[0]).toMatchObject({ code: 'credit_short' });
    await command(placed, 'payments', { method: 'invoice', termsDays: 10 });
    await env.until(placed.id, 'delivered', (one) => one.fulfillmentStatus === 'delivered');
    expect(await receipt(placed, 900)).toMatch(/booked|given/);
    const order = await env.until(placed.id, 'completed', completed);
    expect(taken(order)).toMatchObject({ invoice: 900, card: 100 });
    await env.record('gift-card-short-invoice', placed.number);
  });

  it('are given back whole when the order is cancelled', async () => {
    const gift = await issue('gift_card', 1_000);
    const placed = await env.place({
      policy: { releaseDelaySeconds: 600 },
      payment: { method: 'gift_card', code: gift.code ?? '' },
    });
    await env.until(placed.id, 'held', (one) => one.paymentStatus === 'authorized');
    expect(await account(gift.id)).toMatchObject({ held: eur(1_000), available: eur(0) });
    await command(placed, 'cancel', { reason: 'customer' });
    await env.until(placed.id, 'cancelled', (one) => one.lifecycle === 'cancelled');
    expect(await account(gift.id)).toMatchObject({ held: eur(0), balance: eur(1_000) });
    await env.record('gift-card-cancelled', placed.number);
  });
});

describe('money that people record', () => {
  it('a bank transfer in two parts lets the order go on with the second', async () => {
    const placed = await env.place({ payment: { method: 'bank_transfer' } });
    await env.until(placed.id, 'waiting', (one) => one.waits.some((wait) => wait.kind === 'payment'));
    await receipt(placed, 400);
    const part = await env.until(
      placed.id,
      'paid in part',
      (one) => one.paymentStatus === 'partially_captured',
    );
    expect(part.stage).toBe('payment');
    await receipt(placed, 600);
    const order = await env.until(placed.id, 'completed', completed);
    expect(taken(order)).toEqual({ bank_transfer: 1_000 });
    await env.record('bank-transfer', placed.number);
  });

  it('a bank transfer that does not come expires the order; when it comes after all it is given back', async () => {
    const placed = await env.place({
      policy: { transferWaitSeconds: 1 },
      payment: { method: 'bank_transfer' },
    });
    const expired = await env.until(placed.id, 'expired', (one) => one.lifecycle === 'expired');
    expect(expired.lines[0]?.ledger).toMatchObject({ allocated: 0 });
    await receipt(placed, 1_000);
    const late = await env.until(placed.id, 'booked', (one) => one.money.refunds.length > 0);
    expect(late.money.refunds[0]?.attempts[0]).toMatchObject({ state: 'by_hand' });
    await env.record('bank-transfer-late', placed.number);
  });

  it('more than is owed is a case until the surplus went back', async () => {
    const placed = await env.place({ payment: { method: 'bank_transfer' } });
    await receipt(placed, 1_200);
    await env.until(placed.id, 'overpaid', (one) => one.cases.some((open) => open.code === 'overpaid'));
    await command(placed, 'refunds', { reason: 'other', amount: eur(200) });
    const asked = await env.until(placed.id, 'to be given back', (one) => one.money.refunds.length === 1);
    const [refund] = asked.money.refunds;
    await command(placed, `refunds/${refund?.id}/record`, { reference: 'bank-back-1' });
    const order = await env.until(
      placed.id,
      'given back and delivered',
      (one) => one.lifecycle === 'completed' && one.money.refunds[0]?.state === 'settled',
    );
    expect(order.cases.filter((open) => open.resolvedAt === null)).toEqual([]);
  });

  it('a card that was declined is not asked again when the money came by transfer', async () => {
    const placed = await env.place({ token: 'pm_card_chargeDeclined' });
    await env.until(placed.id, 'needing payment', (one) => one.attention.includes('payment_action'));
    await receipt(placed, 1_000);
    const order = await env.until(placed.id, 'completed', completed);
    expect(taken(order)).toMatchObject({ bank_transfer: 1_000, card: 0 });
    expect(await env.ledger('payment', placed.number)).not.toContain('captured');
    await env.record('receipt-instead-of-card', placed.number);
  });

  it('an invoice is overdue, then paid', async () => {
    const placed = await env.place({ payment: { method: 'invoice', termsDays: 0 } });
    const overdue = await env.until(placed.id, 'overdue', (one) =>
      one.cases.some((open) => open.code === 'payment_overdue'),
    );
    expect(overdue.fulfillmentStatus).toBe('delivered');
    await receipt(placed, 1_000);
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.attention).toEqual([]);
    await env.record('invoice-overdue', placed.number);
  });

  it('an invoice that nobody pays is written off by somebody who may', async () => {
    const placed = await env.place({ payment: { method: 'invoice', termsDays: 0 } });
    await env.until(placed.id, 'overdue', (one) => one.cases.some((open) => open.code === 'payment_overdue'));
    const body = { note: 'The company is bankrupt.' };
    expect((await command(placed, 'write-off', body)).status).toBe(403);
    await env.call('POST', `/v1/orders/${placed.id}/write-off`, { body, idempotencyKey: `off-${placed.id}` });
    const order = await env.until(placed.id, 'completed', completed);
    expect(order.payment.writtenOff).toEqual(eur(1_000));
    expect(order.money.captured).toEqual(eur(0));
    await env.record('invoice-written-off', placed.number);
  });

  it('cash on delivery completes the order when the carrier has handed it over', async () => {
    const placed = await env.place({ payment: { method: 'cash_on_delivery' } });
    const delivered = await env.until(placed.id, 'delivered', (one) => one.fulfillmentStatus === 'delivered');
    expect(delivered.lifecycle).toBe('processing');
    await receipt(placed, 1_000);
    const order = await env.until(placed.id, 'completed', completed);
    expect(taken(order)).toEqual({ cash_on_delivery: 1_000 });
    await env.record('cash-on-delivery', placed.number);
  });

  it('a card instead of a bank transfer is charged, and the transfer is not waited for any more', async () => {
    const placed = await env.place({ payment: { method: 'bank_transfer' } });
    await env.until(placed.id, 'waiting', (one) => one.waits.some((wait) => wait.kind === 'payment'));
    const answer = await command(placed, 'payments', { method: 'card', token: 'pm_card_visa' });
    expect([200, 202]).toContain(answer.status);
    const order = await env.until(placed.id, 'completed', completed);
    expect(taken(order)).toMatchObject({ card: 1_000 });
    await env.record('card-instead-of-transfer', placed.number);
  });
});
