/** Money that comes in other ways than by card, in a real browser: gift cards, bank transfers, payment links. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { CreditAccount, CreditAccountDetail } from '../../api/schemas/credit.ts';
import type { Receipt } from '../../api/schemas/receipts.ts';
import { browserStage, closeDesks, expectComplaints, type BrowserStage } from './stage.ts';

let stage: BrowserStage;
beforeAll(async () => {
  stage = await browserStage();
});
afterEach(async () => {
  expect(await closeDesks()).toEqual([]);
});

async function openAs(role: 'viewer' | 'support' | 'ops', path: string): Promise<Page> {
  const { page } = await stage.desk(role);
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

describe('a gift card', () => {
  it('is issued, its code is shown once, it is found by it, and adjusted with a reason', async () => {
    const page = await openAs('ops', '/money?tab=credit');
    await page.getByRole('button', { name: 'Issue…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Issue gift card' }).click();
    await dialog.getByText('Say which currency.').waitFor();
    await dialog.getByLabel('Amount').fill('50');
    await dialog.getByLabel('Currency').fill('usd');
    await dialog.getByLabel('Holder').fill('customer-4711');
    await dialog.getByRole('button', { name: 'Issue gift card' }).click();
    const code = await dialog.getByLabel('Code of the gift card').inputValue();
    await dialog.getByRole('button', { name: 'Copy the code' }).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row').filter({ hasText: 'customer-4711' }).waitFor();
    expect(await page.content()).not.toContain(code);

    await page.getByLabel('Code of a gift card').fill(` ${code.toLowerCase()} `);
    await page.getByRole('button', { name: 'Look it up' }).click();
    await page.waitForURL((url) => url.searchParams.has('account'));
    expect(page.url()).not.toContain(code);
    await page.getByRole('button', { name: 'Adjust…' }).click();
    await dialog.getByLabel('Take away').check();
    await dialog.getByLabel(/^Amount/).fill('12.50');
    await dialog.getByRole('button', { name: 'Adjust' }).click();
    await dialog.getByText('Say why.').waitFor();
    await dialog.getByLabel('Reason').fill('Was issued over too much');
    await dialog.getByRole('button', { name: 'Adjust' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page
      .getByRole('row')
      .filter({ hasText: 'Was issued over too much' })
      .getByText(/−USD\s12\.50/)
      .waitFor();

    const { data } = await stage.shop.ops.call<{ data: CreditAccount[] }>('/v1/credit-accounts', {
      query: { holder: 'customer-4711' },
    });
    expect(data).toMatchObject([{ kind: 'gift_card', state: 'active', available: { amount: 3_750 } }]);
    const detail = await stage.shop.ops.call<CreditAccountDetail>(`/v1/credit-accounts/${data[0]?.id ?? ''}`);
    expect(detail.movements.map((one) => [one.kind, one.balance.amount])).toEqual([
      ['adjusted', -1_250],
      ['issued', 5_000],
    ]);

    await page.getByRole('button', { name: 'Disable…' }).click();
    await dialog.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Enable…' }).waitFor();
  });

  it('is not issued by those who may not, and says why', async () => {
    const page = await openAs('support', '/money?tab=credit');
    await page.getByRole('button', { name: 'Issue…' }).focus();
    await page
      .getByText(/lacks the right for this \(credit:write\)/)
      .first()
      .waitFor();
  });
});

describe('a bank transfer', () => {
  it('is recorded on its order, which goes on by itself', async () => {
    const order = await stage.shop.place('transfer');
    const page = await openAs('support', `/orders/${order.number}`);
    const money = page.getByRole('region', { name: 'Money', exact: true });
    await money.getByText('It is awaited').waitFor();
    await money.getByRole('button', { name: 'Record a receipt…' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('Amount').inputValue()).toBe('129.99');
    expect(await dialog.getByLabel('Currency').inputValue()).toBe('USD');
    await dialog.getByRole('button', { name: 'Record the receipt' }).click();
    await dialog.getByText('Give the number.').waitFor();
    await dialog.getByLabel('Number of the receipt').fill(`TX-${order.number}`);
    await dialog.getByRole('button', { name: 'Record the receipt' }).click();
    await dialog.waitFor({ state: 'detached' });
    await stage.shop.until(order.id, 'completed', (now) => now.lifecycle === 'completed');
    await money.getByText('It has come').waitFor();
    await page
      .getByRole('region', { name: 'Timeline' })
      .getByText(/^Money came in USD\s129\.99/)
      .waitFor();
  });

  it('from a file: seen before it is sent, what fits no order is assigned', async () => {
    const order = await stage.shop.place('transfer');
    const page = await openAs('ops', '/money?tab=receipts');
    await page.getByRole('button', { name: 'Upload a file…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles({
      name: 'bank.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(
        `order,number,amount,currency,note\nlost words,FILE-${order.number},129.99,USD,"from, a bank"\n${order.number},,1,USD,\n`,
      ),
    });
    await dialog.getByText(/1 receipt, USD\s129\.99 together/).waitFor();
    await dialog.getByText('Line 3: number is empty').waitFor();
    await dialog.getByRole('button', { name: 'Record 1 receipt' }).click();
    await dialog.getByText('1 unmatched.').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: `Assign receipt FILE-${order.number}` }).click();
    await dialog.getByLabel('Order').fill(String(order.number));
    await dialog.getByRole('button', { name: 'Assign the receipt' }).click();
    await dialog.waitFor({ state: 'detached' });
    await stage.shop.until(order.id, 'completed', (now) => now.lifecycle === 'completed');
    const { data } = await stage.shop.ops.call<{ data: Receipt[] }>('/v1/receipts', {
      query: { order: String(order.number) },
    });
    expect(data).toMatchObject([{ state: 'booked', source: 'file', amount: { amount: 12_999 } }]);
  });
});

describe('an order whose card was declined', () => {
  it('gets a payment link', async () => {
    const order = await stage.shop.place('declined');
    const page = await openAs('support', `/orders/${order.number}`);
    await page.getByRole('button', { name: 'Payment link…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make a payment link' }).click();
    const url = await dialog.getByLabel('Payment link', { exact: true }).inputValue();
    expect(new URL(url).pathname).toMatch(/^\/pay\/./);
    await dialog.getByRole('button', { name: 'Copy the payment link' }).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('region', { name: 'Timeline' }).getByText('A payment link was made').waitFor();
    expect(await page.content()).not.toContain(url);
  });

  it('is paid with a gift card instead', async () => {
    expectComplaints(/4(09|22)/);
    const order = await stage.shop.place('declined');
    const { code } = await stage.shop.ops.call<{ code: string }>('/v1/credit-accounts', {
      body: { kind: 'gift_card', amount: { amount: 20_000, currency: 'USD' } },
      idempotencyKey: `gift-${order.number}`,
    });
    const page = await openAs('support', `/orders/${order.number}`);
    await page.keyboard.press('p');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Way to pay').selectOption('gift_card');
    const field = dialog.getByLabel('Code of the gift card');
    await field.fill('BBBB-BBBB-BBBB-BBBB');
    const send = dialog.getByRole('button', { name: `Change how to pay for order ${order.number}` });
    await send.click();
    await dialog.getByText('There is no such gift card or store credit').first().waitFor();
    expect(await field.inputValue()).toBe('BBBB-BBBB-BBBB-BBBB');
    await field.fill(code);
    await send.click();
    await dialog.waitFor({ state: 'detached' });
    await stage.shop.until(order.id, 'paid from the gift card', (now) => now.attention.length === 0);
    await page
      .getByRole('region', { name: 'Money', exact: true })
      .getByText(new RegExp(`Gift card •••• ${code.slice(-4)}`))
      .first()
      .waitFor();
  });
});
