/** The page behind a payment link, as a customer meets it in a real browser: paying, being declined, and what is in the way. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import type { PaymentLinkShown } from '../../api/schemas/paymentLinks.ts';
import { accessibilityProblems } from '../../cli/prove/console/pages.ts';
import { browserStage, type BrowserStage } from './stage.ts';

let stage: BrowserStage;
const open = new Set<BrowserContext>();
let complaints: string[] = [];

beforeAll(async () => {
  stage = await browserStage();
});
afterEach(async () => {
  await Promise.all([...open].map((context) => context.close()));
  open.clear();
  expect(complaints).toEqual([]);
  complaints = [];
});

/** A browser of the customer's own: nobody is signed in. */
async function openLink(url: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await stage.browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'en-US',
    colorScheme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(15_000);
  open.add(context);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  return page;
}

async function linkOf(orderId: string): Promise<string> {
  const link = await stage.shop.ops.call<PaymentLinkShown>(`/v1/orders/${orderId}/payment-links`, {
    body: {},
    idempotencyKey: `link-${orderId}`,
  });
  return link.url;
}

async function payWith(page: Page, card: string): Promise<void> {
  await page.getByLabel('Test card').selectOption(card);
  await page.getByRole('button', { name: 'Pay by card' }).click();
}

const headline = (page: Page, name: string) => page.getByRole('heading', { level: 2, name }).waitFor();

describe('a customer whose card was declined', () => {
  it('is told why, tries a card that is declined again, pays with a good one, and the order goes on', async () => {
    const order = await stage.shop.place('declined');
    const page = await openLink(await linkOf(order.id));
    await headline(page, 'The payment did not go through');
    await page.getByText('129.99 USD').waitFor();
    await payWith(page, 'pm_card_chargeDeclinedExpiredCard');
    await page.getByText('The card has expired.').waitFor();
    expect(await page.locator(':focus').getAttribute('id')).toBe('headline');
    await payWith(page, 'pm_card_visa');
    await headline(page, 'Thank you, the order is paid for');
    expect(await page.getByRole('button').count()).toBe(0);
    const paid = await stage.shop.until(order.id, 'paid', (now) => now.paymentStatus === 'authorized');
    expect(paid.attention).toEqual([]);
    expect(paid.payment.payments.map((one) => one.state)).toEqual(['declined', 'declined', 'authorized']);
    await page.reload();
    await headline(page, 'Thank you, the order is paid for');
  });

  it('pays with a gift card, after a code that is none', async () => {
    const order = await stage.shop.place('declined');
    const { code } = await stage.shop.ops.call<{ code: string }>('/v1/credit-accounts', {
      body: { kind: 'gift_card', amount: { amount: 20_000, currency: 'USD' }, reason: 'A present' },
      idempotencyKey: `gift-${order.id}`,
    });
    const page = await openLink(await linkOf(order.id));
    const button = page.getByRole('button', { name: 'Pay with the gift card' });
    await button.click();
    await page.getByText('Please enter the code.').waitFor();
    await page.getByLabel('Code of the gift card').fill(code.toLowerCase());
    await button.click();
    await headline(page, 'Thank you, the order is paid for');
  });

  it('finds no card where none was chosen, and can do all of it by keyboard', async () => {
    const order = await stage.shop.place('declined');
    const page = await openLink(await linkOf(order.id));
    await page.getByLabel('Test card').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Choose a test card.').waitFor();
    await page.getByLabel('Test card').focus();
    await page.keyboard.type('visa 4242');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await headline(page, 'Thank you, the order is paid for');
  });

  it('is told when the card field can not be loaded, and tries again', async () => {
    const order = await stage.shop.place('declined');
    const page = await openLink('about:blank');
    await page.route('**/v3/', (route) => route.fulfill({ status: 503, body: '' }));
    await page.goto(await linkOf(order.id));
    await page.getByText('The card field could not be loaded.').waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('503')]);
    await page.unroute('**/v3/');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('Test card').waitFor();
  });
});

describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
  it('no state of the page breaks a rule of accessibility', async () => {
    const found: Record<string, string[]> = {};
    const check = async (page: Page, name: string) => {
      const problems = await accessibilityProblems(page);
      if (problems.length > 0) found[name] = problems;
    };
    const order = await stage.shop.place('declined');
    const url = await linkOf(order.id);
    const page = await openLink(url, scheme);
    await page.getByLabel('Test card').waitFor();
    await page.getByRole('button', { name: 'Pay with the gift card' }).click();
    await page.getByText('Please enter the code.').waitFor();
    await check(page, 'declined');
    await page.route('**/state', (route) => route.abort());
    await payWith(page, 'pm_card_visa');
    await headline(page, 'The payment is being made');
    await check(page, 'working');
    complaints = complaints.filter((one) => !one.includes('ERR_FAILED'));
    await page.unroute('**/state');
    await headline(page, 'Thank you, the order is paid for');
    await check(page, 'paid');
    const stranger = await openLink(`${url.slice(0, -1)}`, scheme);
    await stranger.getByRole('heading', { name: 'This link does not work' }).waitFor();
    await check(stranger, 'no link');
    expect(complaints.splice(0)).toEqual([expect.stringContaining('404')]);
    expect(found).toEqual({});
  });
});
