/** The ten questions of docs/training.md are answered with the console alone, and the answers are what the API says. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { CaseCause } from '../../api/schemas/feeds.ts';
import type { Movement, Stock } from '../../api/schemas/catalogue.ts';
import type { Report } from '../../api/schemas/reports.ts';
import { chooseCase, readStanding } from '../../cli/prove/console/journeys.ts';
import { PLENTY_SKU } from '../../cli/prove/console/shop.ts';
import { formatMoney } from '../../console/format.ts';
import { browserStage, closeDesks, type BrowserStage } from './stage.ts';

let stage: BrowserStage;
let page: Page;
beforeAll(async () => {
  stage = await browserStage();
  await stage.shop.restock(0);
  await stage.shop.place('declined');
  await stage.shop.place('short');
  const given = await stage.shop.place('held');
  await stage.shop.ops.call(`/v1/orders/${given.id}/cancel`, { body: { reason: 'fraud' } });
  await stage.shop.until(given.id, 'cancelled', (now) => now.lifecycle === 'cancelled');
});
afterEach(async () => {
  expect(await closeDesks()).toEqual([]);
});

async function sitDown(path: string): Promise<void> {
  ({ page } = await stage.desk('support'));
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const section = (name: string) => page.getByRole('region', { name, exact: true });

describe('the ten questions', () => {
  it('1. how many orders need a person now, and for which causes', async () => {
    await sitDown('/attention');
    const { data } = await stage.shop.ops.call<{ data: CaseCause[] }>('/v1/cases/causes');
    expect(data.length).toBeGreaterThan(1);
    for (const cause of data) {
      const button = section('Causes').getByRole('button').filter({ hasText: cause.title });
      expect(await button.innerText()).toContain(String(cause.open));
    }
  });

  it('2. to 4. where an order is, its parcel, its money, found by e-mail', async () => {
    const order = await stage.shop.place('delivered', { name: 'Mary Jackson', email: 'mary.j@example.com' });
    await sitDown('/orders');
    await page.keyboard.press('/');
    await page.keyboard.type('Mary.J@example.com');
    await page.waitForURL((url) => url.searchParams.get('q') === 'Mary.J@example.com');
    await page.getByRole('link', { name: String(order.number), exact: true }).click();
    await page.getByRole('heading', { level: 1, name: `Order ${order.number}` }).waitFor();
    expect(await readStanding(page)).toMatch(/^Delivered/);
    const parcel = order.shipments[0];
    const shown = await section('Parcels').innerText();
    expect(parcel?.trackingCode).toBeTruthy();
    expect(shown).toContain(parcel?.trackingCode ?? '?');
    expect(await section('Parcels').getByRole('listitem').count()).toBe(parcel?.scans.length);
    const money = await section('Money').innerText();
    expect(money).toContain(formatMoney(order.total.amount, order.total.currency));
    for (const operation of order.payment.operations) expect(money).toContain(operation.number);
    expect(money).toContain(order.payment.payments[0]?.reference ?? '?');
  });

  it('5. whether it can be cancelled: an order on its way says why not', async () => {
    const gone = await stage.shop.place('delivered');
    await sitDown(`/orders/${gone.number}`);
    const cancel = page.getByRole('button', { name: 'Cancel…' });
    await cancel.focus();
    await page.getByText('The order has ended already').first().waitFor();
  });

  it('6. a declined card is tried again', async () => {
    const order = await stage.shop.place('declined');
    await sitDown('/attention');
    await chooseCase(page, 'declined', order.number);
    await page.getByRole('button', { name: 'Retry now' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `Retry order ${order.number}` })
      .click();
    const again = await stage.shop.until(order.id, 'tried again', (now) => now.payment.payments.length === 2);
    expect(again.payment.payments.map((one) => one.attempt)).toEqual([1, 2]);
  });

  it('7. all cases of a cause are tried again at once', async () => {
    const orders = [await stage.shop.place('short'), await stage.shop.place('short')];
    await stage.shop.restock(1_000);
    await sitDown('/attention');
    await section('Causes')
      .getByRole('button', { name: /The warehouses do not have enough/ })
      .click();
    await page.getByRole('button', { name: /^Retry all/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: /^Retry \d+ cases?$/ }).click();
    await dialog.getByRole('button', { name: 'Done' }).waitFor();
    const outcomes = await dialog.getByRole('region', { name: 'What became of each order' }).innerText();
    for (const order of orders) {
      expect(outcomes).toContain(String(order.number));
      await stage.shop.until(order.id, 'paid', (now) => now.paymentStatus === 'authorized');
    }
  });

  it('8. a lost parcel is taken, noted and closed', async () => {
    const order = await stage.shop.place('lost');
    await sitDown('/attention');
    await chooseCase(page, 'lost', order.number);
    await page.keyboard.press('a');
    await section('The case').getByRole('button', { name: 'Release' }).waitFor();
    await section('The case').getByRole('link', { name: 'Open order' }).click();
    await page.getByRole('heading', { level: 1, name: `Order ${order.number}` }).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.type('Claim 4711 at the carrier.');
    await page.keyboard.press('Control+Enter');
    await section('Notes').getByText('Claim 4711 at the carrier.').waitFor();
    await page.goBack();
    await chooseCase(page, 'lost', order.number);
    await page.keyboard.press('d');
    await page.getByRole('dialog').getByLabel('What was done').fill('A new one was sent.');
    await page.keyboard.press('Control+Enter');
    const closed = await stage.shop.until(order.id, 'without a case', (now) => now.attention.length === 0);
    expect(closed.cases[0]?.resolution).toBe('A new one was sent.');
    expect(closed.notes.map((note) => note.text)).toEqual(['Claim 4711 at the carrier.']);
  });

  it('9. how many of an item there are, and who changed it', async () => {
    await sitDown('/inventory');
    await page.getByRole('searchbox').fill(PLENTY_SKU);
    const { data } = await stage.shop.ops.call<{ data: Stock[] }>('/v1/inventory', {
      query: { sku: PLENTY_SKU },
    });
    const stock = data[0];
    const row = page.getByRole('row').filter({ hasText: PLENTY_SKU });
    await row.waitFor();
    const format = new Intl.NumberFormat('en-US');
    expect(await row.innerText()).toContain(format.format(stock?.onHand ?? -1));
    expect(await row.innerText()).toContain(format.format(stock?.available ?? -1));
    await row.getByText(PLENTY_SKU).click();
    const movements = await stage.shop.ops.call<{ data: Movement[] }>('/v1/inventory/movements', {
      query: { sku: PLENTY_SKU, kind: 'adjustment' },
    });
    const receipt = movements.data.at(-1);
    expect(receipt?.actorName).toBe('ops at the desk');
    await page.getByText('ops at the desk').first().waitFor();
  });

  it('10. orders and revenue of seven days, and why orders were cancelled', async () => {
    await sitDown('/reports');
    await page.getByLabel('Period').selectOption('7d');
    const today = new Date().toISOString().slice(0, 10);
    const from = new Date(Date.parse(today) - 6 * 86_400_000).toISOString().slice(0, 10);
    const report = await stage.shop.ops.call<Report>('/v1/reports/sales', { query: { from, to: today } });
    const usd = report.totals.find((one) => one.currency === 'USD');
    const revenue = formatMoney(usd?.values['revenue'] ?? -1, 'USD');
    await page.getByText(revenue).first().waitFor();
    await page.getByRole('tab', { name: /cancel/i }).click();
    const cancellations = await stage.shop.ops.call<Report>('/v1/reports/cancellations', {
      query: { from, to: today, groupBy: 'reason' },
    });
    expect(cancellations.rows.length).toBeGreaterThan(0);
    for (const row of cancellations.rows)
      await page.getByRole('row').filter({ hasText: row.label }).first().waitFor();
    const csv = page.getByRole('link', { name: /csv/i });
    const answer = await page.request.get((await csv.getAttribute('href')) ?? '/missing');
    expect(answer.headers()['content-type']).toContain('text/csv');
  });
});
