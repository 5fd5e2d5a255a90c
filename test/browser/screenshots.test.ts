/**
 * The pictures of README and docs: taken on a stack of its own with made-up orders of one seed. `npm run screenshots` keeps
 * them in docs/images; otherwise it is only seen that each page stands with something on it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { startStack, type Stack } from '../../cli/stack.ts';
import { openDesk, startChromium } from '../../cli/prove/chromium.ts';
import { settled } from '../../cli/prove/console/pages.ts';
import { openDeskShop } from '../../cli/prove/console/shop.ts';
import { fillWithOrders } from '../../db/admin.ts';
import { ROOT } from '../source.ts';

const FOLDER = join(ROOT, 'docs', 'images');
const ORDERS = 2_500;
/** The pictures that documents show. */
const KEPT = new Set([
  'home-light',
  'orders-light',
  'order-light',
  'attention-light',
  'inventory-light',
  'reports-dark',
]);
const SIZE = { width: 1280, height: 800 };
/** A picture of an empty page is smaller. */
const BYTES_MIN = 30_000;

let stack: Stack;
let browser: Browser;
let key: string;
let order: number;
beforeAll(async () => {
  stack = await startStack({ ports: 'free', quiet: true, pace: 0, temporalInMemory: true });
  browser = await startChromium(process.env);
  const ops = await stack.createKey('ops', 'Robin at the desk');
  key = (await stack.createKey('support', 'Sam at the desk')).key;
  const shop = await openDeskShop({ apiUrl: stack.apiUrl, opsKey: ops.key, tag: 'picture' });
  order = (await shop.place('lost', { name: 'Grace Hopper', email: 'grace@example.com' })).number;
  await fillWithOrders(stack.databaseUrl, { orders: ORDERS, seed: 7, days: 60, until: new Date() });
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

describe.each(['light', 'dark'] as const)('pictures in the %s theme', (scheme) => {
  it.each([
    ['home', () => '/'],
    ['orders', () => '/orders'],
    ['order', () => `/orders/${order}`],
    ['attention', () => '/attention'],
    ['inventory', () => '/inventory'],
    ['reports', () => '/reports?currency=EUR'],
  ])('%s', async (name, path) => {
    const { page, context, complaints } = await openDesk(browser, {
      apiUrl: stack.apiUrl,
      apiKey: key,
      colorScheme: scheme,
    });
    await page.setViewportSize(SIZE);
    await page.goto(path());
    await page.getByRole('heading', { level: 1 }).waitFor();
    await settled(page);
    await page.waitForLoadState('load');
    if (name === 'home' || name === 'reports') await page.locator('.recharts-surface').first().waitFor();
    const picture = await page.screenshot();
    await context.close();
    expect(complaints).toEqual([]);
    expect(picture.length).toBeGreaterThan(BYTES_MIN);
    if (process.env['HOLDFAST_SCREENSHOTS'] !== '1' || !KEPT.has(`${name}-${scheme}`)) return;
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, `${name}-${scheme}.png`), picture);
  });
});
