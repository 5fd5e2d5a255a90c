/** Bad input: a form says what is wrong beside the field, keeps what was typed, and shows the request's id. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PLENTY_SKU } from '../../cli/prove/console/shop.ts';
import { browserStage, closeDesks, expectComplaints, type BrowserStage } from './stage.ts';

let stage: BrowserStage;
beforeAll(async () => {
  stage = await browserStage();
});
afterEach(async () => {
  expect(await closeDesks()).toEqual([]);
});

describe('adjusting stock', () => {
  it('below what orders hold is refused in words and can be put right', async () => {
    expectComplaints(/409|Failed to load resource/);
    await stage.shop.place('held');
    const { page } = await stage.desk('ops');
    await page.goto(`/inventory?q=${PLENTY_SKU}`);
    const row = page.getByRole('row').filter({ hasText: PLENTY_SKU });
    await row.getByRole('button', { name: /Adjust/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('The counted number').check();
    const units = dialog.getByLabel('Counted on hand');
    await units.fill('0');
    await dialog.getByLabel('Reason').selectOption('count');
    await dialog.getByLabel('Note').fill('Nothing is left of it.');
    await dialog.getByRole('button', { name: /^Adjust/ }).click();
    await dialog.getByText(/req_/).waitFor();
    expect(await units.inputValue()).toBe('0');
    expect(await dialog.getByLabel('Note').inputValue()).toBe('Nothing is left of it.');
    await units.fill('90000');
    await dialog.getByRole('button', { name: /^Adjust/ }).click();
    await dialog.waitFor({ state: 'detached' });
    await row.getByText('90,000').first().waitFor();
  });

  it('is not offered to those who may not, and says why', async () => {
    const { page } = await stage.desk('viewer');
    await page.goto(`/inventory?q=${PLENTY_SKU}`);
    const row = page.getByRole('row').filter({ hasText: PLENTY_SKU });
    await row.getByRole('button', { name: /Adjust/ }).focus();
    await page
      .getByText(/may not adjust stock/)
      .first()
      .waitFor();
  });
});

describe('what is not there', () => {
  it('says so and what to do next', async () => {
    expectComplaints(/404|Failed to load resource/);
    const { page } = await stage.desk('viewer');
    await page.goto('/orders/999999999');
    await page.getByRole('heading', { name: /There is no order/ }).waitFor();
    await page.goto('/orders?q=nobody-at-all');
    await page.getByText('nobody-at-all').first().waitFor();
    await page.getByRole('button', { name: /clear/i }).first().click();
    await page.waitForURL((url) => !url.searchParams.has('q'));
  });
});

describe('personal data', () => {
  it('is masked for a viewer, and the page says so', async () => {
    const order = await stage.shop.place('held', { name: 'Dorothy Vaughan', email: 'dorothy@example.com' });
    const { page } = await stage.desk('viewer');
    await page.goto(`/orders/${order.number}`);
    await page.getByText('Names and addresses are masked').waitFor();
    expect(await page.getByRole('main').innerText()).not.toContain('Dorothy Vaughan');
  });
});
