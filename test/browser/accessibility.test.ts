/** Every page of the console, in both themes: axe finds nothing against WCAG 2.2 AA, and the page complains of nothing. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems, consolePages, openPage } from '../../cli/prove/console/pages.ts';
import { PLENTY_SKU } from '../../cli/prove/console/shop.ts';
import { browserStage, closeDesks, type BrowserStage } from './stage.ts';

let stage: BrowserStage;
let order: number;
let delivered: number;
beforeAll(async () => {
  stage = await browserStage();
  order = (await stage.shop.place('declined')).number;
  await stage.shop.place('lost');
  delivered = (await stage.shop.place('delivered')).number;
});
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
    await page.getByRole('button', { name: 'Another card…' }).click();
    await page.getByLabel('Token of the card').waitFor();
    await check('card dialog');
    await context.clearCookies();
    await page.goto('/sign-in');
    await page.getByLabel('API key').waitFor();
    await check('sign-in');
    expect(found).toEqual({});
  });
});
