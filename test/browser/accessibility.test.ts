/** Every page of the console, in both themes: axe finds nothing against WCAG 2.2 AA, and the page complains of nothing. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems, consolePages, openPage } from '../../cli/prove/console/pages.ts';
import { PLENTY_SKU } from '../../cli/prove/console/shop.ts';
import { browserStage, closeDesks, type BrowserStage } from './stage.ts';

let stage: BrowserStage;
let order: number;
let delivered: number;
let account: string;
beforeAll(async () => {
  stage = await browserStage();
  order = (await stage.shop.place('declined')).number;
  await stage.shop.place('lost');
  delivered = (await stage.shop.place('delivered')).number;
  await stage.shop.ops.call('/v1/receipts', {
    body: { receipts: [{ order: 'nobody', number: 'TX-axe', amount: 500, currency: 'USD' }] },
  });
  const issued = await stage.shop.ops.call<{ id: string }>('/v1/credit-accounts', {
    body: { kind: 'gift_card', amount: { amount: 5_000, currency: 'USD' }, reason: 'A present' },
    idempotencyKey: 'axe-gift-card',
  });
  account = issued.id;
});
/** Dialogs about money: where they are opened, by which button, and what they ask. */
const MONEY_DIALOGS = [
  { path: '/money?tab=credit', button: 'Issue…', label: 'Kind' },
  { path: '/money?tab=receipts', button: 'Record a receipt…', label: 'Number of the receipt' },
  { path: '/money?tab=receipts', button: 'Upload a file…', label: 'File' },
  { path: '/money?tab=receipts', button: 'Assign receipt TX-axe', label: 'Order' },
  { path: '/orders/{order}', button: 'Payment link…', label: 'it ends by itself' },
] as const;

afterEach(async () => {
  expect(await closeDesks()).toEqual([]);
});

describe.each(['light', 'dark'] as const)('in the %s theme', (scheme) => {
  it('no page breaks a rule', async () => {
    const { page } = await stage.desk('ops', scheme);
    const found: Record<string, string[]> = {};
    for (const one of consolePages({ order, sku: PLENTY_SKU })) {
      await openPage(page, one);
      const problems = await accessibilityProblems(page);
      if (problems.length > 0) found[one.name] = problems;
    }
    expect(found).toEqual({});
  });

  it('neither do the sign-in page, the dialogs and the palette', async () => {
    const { page, context } = await stage.desk('ops', scheme);
    const found: Record<string, string[]> = {};
    const check = async (name: string) => {
      const problems = await accessibilityProblems(page);
      if (problems.length > 0) found[name] = problems;
    };
    await page.goto(`/orders/${order}`);
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await page.getByRole('dialog').getByLabel('Reason').waitFor();
    await check('cancel dialog');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await check('help');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await check('palette');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.goto(`/orders/${delivered}`);
    await page.getByRole('button', { name: 'Refund…' }).click();
    await page.getByLabel(/^Units of/).fill('1');
    await page.getByRole('button', { name: /^Refund [^o]/ }).waitFor();
    await check('refund dialog');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.goto(`/orders/${order}`);
    await page.getByRole('button', { name: 'Other way to pay…' }).click();
    await page.getByLabel('Token of the card').waitFor();
    await check('dialog of another way to pay');
    await context.clearCookies();
    await page.goto('/sign-in');
    await page.getByLabel('API key').waitFor();
    await check('sign-in');
    expect(found).toEqual({});
  });

  it('neither do an account, and the dialogs of receipts, gift cards and payment links', async () => {
    const { page } = await stage.desk('ops', scheme);
    const found: Record<string, string[]> = {};
    const check = async (name: string) => {
      const problems = await accessibilityProblems(page);
      if (problems.length > 0) found[name] = problems;
    };
    await page.goto(`/money?tab=credit&account=${account}`);
    await page.getByRole('table', { name: 'Movements' }).waitFor();
    await check('account');
    for (const { path, button, label } of MONEY_DIALOGS) {
      await page.goto(path.replace('{order}', String(order)));
      await page.getByRole('button', { name: button }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(label).first().waitFor();
      await check(button);
    }
    expect(found).toEqual({});
  });
});
