/** What one person changes, another sees: without a reload, without losing the place or what was typed. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { browserStage, closeDesks, expectComplaints, type BrowserStage } from './stage.ts';

let stage: BrowserStage;
beforeAll(async () => {
  stage = await browserStage();
});
afterEach(async () => {
  expect(await closeDesks()).toEqual([]);
});

describe('two browsers', () => {
  it('see each other’s change on an order, and what is typed stays', async () => {
    const order = await stage.shop.place('held');
    const [one, other] = [await stage.desk('support'), await stage.desk('ops')];
    for (const { page } of [one, other]) {
      await page.goto(`/orders/${order.number}`);
      await page.getByTestId('standing').waitFor();
    }
    await other.page.getByLabel('New note').fill('half a sentence');
    await one.page.getByLabel('New note').fill('The customer called.');
    await one.page.getByRole('button', { name: 'Add note' }).click();
    await other.page.getByRole('region', { name: 'Notes' }).getByText('The customer called.').waitFor();
    await one.page.getByRole('button', { name: 'Cancel…' }).click();
    const dialog = one.page.getByRole('dialog');
    await dialog.getByLabel('Reason').selectOption('staff');
    await dialog.getByRole('button', { name: /^Cancel order/ }).click();
    await other.page
      .getByTestId('standing')
      .filter({ hasText: /cancelled/i })
      .waitFor();
    expect(await other.page.getByLabel('New note').inputValue()).toBe('half a sentence');
  });

  it('see a new order and a new case in their lists', async () => {
    const { page } = await stage.desk('viewer');
    await page.goto('/orders');
    await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
    const queue = await stage.desk('support');
    await queue.page.goto('/attention');
    await queue.page.getByRole('heading', { level: 1, name: 'Needs attention' }).waitFor();
    const order = await stage.shop.place('declined');
    await page.getByRole('link', { name: String(order.number), exact: true }).waitFor();
    await queue.page
      .getByRole('list', { name: 'Cases, oldest first' })
      .getByRole('button', { name: new RegExp(`^${order.number}`) })
      .waitFor();
  });

  it('keep their selection and their place while the list changes under them', async () => {
    const order = await stage.shop.place('held');
    const { page } = await stage.desk('support');
    await page.goto('/orders');
    const box = page.getByRole('checkbox', { name: `Select order ${order.number}` });
    await box.check();
    await page.mouse.wheel(0, 120);
    const link = page.getByRole('link', { name: String(order.number), exact: true });
    await link.waitFor();
    const next = await stage.shop.place('held');
    await page.getByRole('link', { name: String(next.number), exact: true }).waitFor();
    expect(await box.isChecked()).toBe(true);
  });
});

describe('a lost connection', () => {
  it('is said, and what was missed is made up for when it is back', async () => {
    expectComplaints(/ERR_INTERNET_DISCONNECTED|Failed to load resource|net::/);
    const order = await stage.shop.place('held');
    const { page, context } = await stage.desk('support');
    await page.goto(`/orders/${order.number}`);
    await page.getByTestId('standing').waitFor();
    await context.setOffline(true);
    await page.getByText('Connection lost').first().waitFor();
    await stage.shop.ops.call(`/v1/orders/${order.id}/cancel`, { body: { reason: 'staff' } });
    await stage.shop.until(order.id, 'cancelled', (now) => now.lifecycle === 'cancelled');
    await context.setOffline(false);
    await page
      .getByTestId('standing')
      .filter({ hasText: /cancelled/i })
      .waitFor();
    await page.getByText('Connection lost').waitFor({ state: 'detached' });
  });

  it('does not lose what was typed, and sending it again does it once', async () => {
    expectComplaints(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource|net::/);
    const order = await stage.shop.place('held');
    const { page } = await stage.desk('support');
    await page.goto(`/orders/${order.number}`);
    await page.getByLabel('New note').fill('Written on a train.');
    await page.route('**/v1/orders/*/notes', async (route) => {
      // The API does it and the answer is lost on the way back.
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByRole('alert').filter({ hasText: 'The connection failed' }).waitFor();
    expect(await page.getByLabel('New note').inputValue()).toBe('Written on a train.');
    await page.unroute('**/v1/orders/*/notes');
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByRole('region', { name: 'Notes' }).getByText('support at the desk').waitFor();
    expect(await page.getByLabel('New note').inputValue()).toBe('');
    const { notes } = await stage.shop.order(order.id);
    expect(notes.map((note) => note.text)).toEqual(['Written on a train.']);
  });
});

describe('a session', () => {
  it('that ends while somebody works leads to the sign-in page and back to the same place', async () => {
    expectComplaints(/401|Failed to load resource/);
    const order = await stage.shop.place('held');
    const key = await stage.stack.createKey('support', 'short-lived');
    const { page, context } = await stage.desk('support');
    await page.goto(`/orders/${order.number}`);
    await page.getByTestId('standing').waitFor();
    await context.clearCookies();
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    // The field itself: for a moment the page may still say that no API key was given.
    const field = page.locator('input').and(page.getByLabel('API key'));
    await field.fill('hf_live_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This key is not known here').waitFor();
    expect(await field.inputValue()).toBe('hf_live_wrong');
    await field.fill(key.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
  });
});
