/** Money is given back in a real browser: seen before it is sent, by keyboard, and by two people where it is much. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { isFocused } from '../../cli/prove/console/journeys.ts';
import { browserStage, closeDesks, expectComplaints, type BrowserStage } from './stage.ts';

let stage: BrowserStage;
beforeAll(async () => {
  stage = await browserStage();
});
afterEach(async () => {
  expect(await closeDesks()).toEqual([]);
});

/** The page of an order, as this role. */
async function openOrder(role: 'support' | 'ops', number: number): Promise<Page> {
  const { page } = await stage.desk(role);
  await page.goto(`/orders/${number}`);
  await page.getByRole('heading', { level: 1, name: `Order ${number}` }).waitFor();
  return page;
}

const preview = (page: Page) => page.getByRole('dialog').getByRole('region', { name: 'Preview' });

/** Opens the dialog by its key, types the units and waits for what they come to. */
async function typeUnits(page: Page, units: string): Promise<void> {
  await page.keyboard.press('f');
  await isFocused(page.getByRole('dialog').getByLabel(/^Units of Desk lamp/));
  await page.keyboard.type(units);
  await preview(page).getByText('Gives back').waitFor();
}

const TABS_MAX = 20;

async function tabTo(page: Page, field: Locator): Promise<void> {
  const focused = field.and(page.locator(':focus'));
  for (let tabs = 0; tabs < TABS_MAX && (await focused.count()) === 0; tabs += 1)
    await page.keyboard.press('Tab');
  await isFocused(field);
}

/** From the units to the reason, by Tab alone, and sends it. */
async function giveReason(page: Page, reason: string): Promise<void> {
  await tabTo(page, page.getByRole('dialog').getByLabel('Reason'));
  await page.keyboard.type(reason);
  await page.keyboard.press('Tab');
  await page.keyboard.type('Agreed on the phone.');
  await page.keyboard.press('Control+Enter');
}

describe('a refund', () => {
  it('of one unit: by keyboard, seen before it is sent, and settled', async () => {
    const order = await stage.shop.place('delivered');
    const page = await openOrder('support', order.number);
    await typeUnits(page, '1');
    const seen = await preview(page).innerText();
    expect(seen).toMatch(/1 × Desk lamp/);
    expect(seen).toMatch(/Gives back USD\s43\.33/);
    expect(seen).toMatch(/43\.33 back to the card/);
    expect(seen).toContain('No second person is needed.');
    await giveReason(page, 'Broken');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const now = await stage.shop.until(order.id, 'refunded', ({ money }) => money.refunded.amount === 4_333);
    expect(now.money.refunds).toMatchObject([
      {
        state: 'settled',
        reason: 'defective',
        note: 'Agreed on the phone.',
        lines: [{ lineNo: 1, units: 1 }],
      },
    ]);
    const money = page.getByRole('region', { name: 'Money', exact: true });
    const refund = money.getByRole('listitem', { name: 'Refund 1' });
    await refund.getByText('Refunded', { exact: true }).waitFor();
    const shown = await money.innerText();
    for (const operation of now.money.operations) expect(shown).toContain(operation.number);
    expect(now.paymentStatus).toBe('partially_refunded');
  });

  it('of more than is there: the preview says why, and nothing is sent', async () => {
    const order = await stage.shop.place('delivered');
    const page = await openOrder('support', order.number);
    await page.getByRole('button', { name: 'Refund…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Goodwill/).fill('200');
    await preview(page).getByText('It can not be refunded so').waitFor();
    await dialog.getByLabel(/^Goodwill/).fill('1.234');
    await dialog.getByText('Write it like 12.50.').waitFor();
    await dialog.getByRole('button', { name: 'Keep as it is' }).click();
    expect((await stage.shop.order(order.id)).money.refunds).toEqual([]);
  });

  it('above the limit: waits, and another person approves it from the list', async () => {
    const order = await stage.shop.place('delivered');
    const page = await openOrder('support', order.number);
    await typeUnits(page, '2');
    await preview(page)
      .getByText(/A second person must approve it/)
      .waitFor();
    await giveReason(page, 'It came');
    await page
      .getByText(/waits for a second person/)
      .first()
      .waitFor();
    const waiting = await stage.shop.order(order.id);
    expect(waiting.money.refunds[0]?.state).toBe('awaiting_approval');
    expect(waiting.money.refunded.amount).toBe(0);
    const { page: other } = await stage.desk('ops');
    await other.goto('/money');
    const row = other.getByRole('row').filter({ hasText: String(order.number) });
    await row.getByText('support at the desk').waitFor();
    await row.getByRole('button', { name: /^Approve/ }).click();
    await isFocused(other.getByRole('dialog').getByRole('button', { name: 'Approve the refund' }));
    await other.keyboard.press('Enter');
    await row.waitFor({ state: 'detached' });
    const now = await stage.shop.until(order.id, 'refunded', ({ money }) => money.refunded.amount === 8_666);
    expect(now.money.refunds[0]).toMatchObject({ state: 'settled', decidedByName: 'ops at the desk' });
    await page.getByRole('listitem', { name: 'Refund 1' }).getByText('Refunded', { exact: true }).waitFor();
  });

  it('refused meanwhile: what was typed is still there', async () => {
    const order = await stage.shop.place('delivered');
    const page = await openOrder('support', order.number);
    await typeUnits(page, '1');
    await page.route('**/refunds', async (route) => {
      // Somebody else is faster, between the preview and the press.
      await stage.shop.ops.call(`/v1/orders/${order.id}/refunds`, {
        body: { reason: 'other', amount: { amount: 12_999, currency: 'USD' } },
        idempotencyKey: `faster-${order.number}`,
      });
      await route.continue();
    });
    expectComplaints(/4(09|22)/);
    await giveReason(page, 'Broken');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('alert').filter({ hasText: 'Request' }).waitFor();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('defective');
    expect(await dialog.getByLabel('Note').inputValue()).toBe('Agreed on the phone.');
    const now = await stage.shop.until(order.id, 'refunded', ({ money }) => money.refundPending.amount === 0);
    expect(now.money.refunds).toHaveLength(1);
  });
});
