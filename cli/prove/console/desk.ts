/**
 * The console in a real browser on a fresh stack: what the first page costs to load, a support agent's day by mouse and by
 * keyboard, what axe finds, and how soon one browser sees what another one changes.
 */
import type { Browser, Page } from 'playwright-core';
import { openDesk, startChromium } from '../chromium.ts';
import type { Figures } from '../figures.ts';
import { openStage, type Stage } from '../stage.ts';
import { cancelByKeyboard, cancelByMouse, workOffByKeyboard, workOffByMouse } from './journeys.ts';
import { accessibilityProblems, consolePages, openPage } from './pages.ts';
import { openDeskShop, PLENTY_SKU, type DeskShop } from './shop.ts';

/** A fresh stack, a browser, a shop and a support agent's key. */
export interface DeskStage {
  stage: Stage;
  browser: Browser;
  shop: DeskShop;
  supportKey: string;
}

/** Runs a proof on a stage of its own; `env` says where Chromium is. */
export async function onDeskStage(
  env: NodeJS.ProcessEnv,
  work: (desk: DeskStage) => Promise<void>,
): Promise<void> {
  const browser = await startChromium(env);
  try {
    const stage = await openStage({ quiet: true, temporalInMemory: true });
    try {
      const shop = await openDeskShop({ apiUrl: stage.stack.apiUrl, opsKey: stage.ops.apiKey, tag: 'proof' });
      const { key } = await stage.stack.createKey('support', 'support at the desk');
      await work({ stage, browser, shop, supportKey: key });
    } finally {
      await stage.close();
    }
  } finally {
    await browser.close();
  }
}

const FIRST_LOAD_MAX = 300_000;

/** What a browser that was never here loads until it shows the list of orders. */
export async function proveFirstLoad(figures: Figures, desk: DeskStage): Promise<void> {
  const { page, context } = await signedIn(desk);
  const loads: Promise<number>[] = [];
  const names: string[] = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.endsWith('.js')) return;
    names.push(pathname);
    loads.push(
      response
        .finished()
        .then(() => response.request().sizes())
        .then((sizes) => sizes.responseBodySize),
    );
  });
  await page.goto('/orders');
  await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
  const bytes = (await Promise.all(loads)).reduce((sum, one) => sum + one, 0);
  figures.judge({
    name: 'compressed JavaScript of the first load, bytes',
    value: String(bytes),
    goal: `< ${FIRST_LOAD_MAX}`,
    ok: bytes > 0 && bytes < FIRST_LOAD_MAX,
  });
  figures.equal(
    'parts for development in the first load',
    names.filter((name) => /-dev-/.test(name)).length,
    0,
  );
  figures.equal('charts in the first load', names.filter((name) => /chart/i.test(name)).length, 0);
  await context.close();
}

async function signedIn({ stage, browser, supportKey }: DeskStage, colorScheme: 'light' | 'dark' = 'light') {
  return openDesk(browser, { apiUrl: stage.stack.apiUrl, apiKey: supportKey, colorScheme });
}

/** Finds by e-mail, understands, cancels, works three orders off: by mouse and by keyboard alone. */
export async function proveAgentsDay(figures: Figures, desk: DeskStage): Promise<void> {
  const { shop } = desk;
  const { page, context, complaints } = await signedIn(desk);
  for (const [way, cancel, workOff] of [
    ['mouse', cancelByMouse, workOffByMouse],
    ['keyboard', cancelByKeyboard, workOffByKeyboard],
  ] as const) {
    const email = `katherine.${way}@example.com`;
    const order = await shop.place('held', { name: 'Katherine Johnson', email });
    const { standing } = await cancel(page, { email, number: order.number });
    const ended = await shop.until(order.id, 'cancelled', (now) => now.lifecycle === 'cancelled');
    figures.equal(
      `found by e-mail, sentence read, cancelled, by ${way}`,
      ended.undo?.cause ?? 'nothing',
      'customer',
    );
    figures.equal(
      `the sentence says where it stood, by ${way}`,
      standing.includes(order.standing.state) ? 1 : 0,
      1,
    );
    await shop.restock(0);
    const [declined, short, lost] = [
      await shop.place('declined'),
      await shop.place('short'),
      await shop.place('lost'),
    ];
    await shop.restock(100);
    await workOff(page, { declined: declined.number, short: short.number, lost: lost.number });
    const after = await Promise.all(
      [declined, short, lost].map(async ({ id }) => (await shop.order(id)).attention.length),
    );
    figures.equal(
      `of three orders that needed a person, still do, by ${way}`,
      after.filter((count) => count > 0).length,
      0,
    );
  }
  figures.equal('errors in the browser', complaints.length, 0);
  for (const one of complaints.slice(0, 5)) figures.note(one);
  await context.close();
}

/** What axe finds on every page in both themes. */
export async function proveAccessibility(figures: Figures, desk: DeskStage): Promise<void> {
  const order = (await desk.shop.place('declined')).number;
  for (const scheme of ['light', 'dark'] as const) {
    const { page, context } = await signedIn(desk, scheme);
    const pages = consolePages({ order, sku: PLENTY_SKU });
    const found: string[] = [];
    for (const one of pages) {
      await openPage(page, one);
      found.push(...(await accessibilityProblems(page)));
    }
    await context.close();
    figures.equal(`WCAG 2.2 AA violations on ${pages.length} pages, ${scheme}`, found.length, 0);
    for (const one of found.slice(0, 5)) figures.note(one);
  }
}

const CHANGES = 10;
const SEEN_WITHIN_MILLIS = 1_000;

/** How long after one browser's change was answered another one shows it. */
export async function proveTwoBrowsers(figures: Figures, desk: DeskStage): Promise<void> {
  const order = await desk.shop.place('held');
  const [one, other] = [await signedIn(desk), await signedIn(desk)];
  for (const { page } of [one, other]) {
    await page.goto(`/orders/${order.number}`);
    await page.getByTestId('standing').waitFor();
  }
  const times: number[] = [];
  for (let index = 1; index <= CHANGES; index += 1) times.push(await changeSeen(one.page, other.page, index));
  const slowest = Math.max(...times);
  figures.judge({
    name: `two browsers: the slowest of ${CHANGES} changes seen by the other, ms after it was answered`,
    value: String(slowest),
    goal: `≤ ${SEEN_WITHIN_MILLIS}`,
    ok: slowest <= SEEN_WITHIN_MILLIS,
  });
  await Promise.all([one.context.close(), other.context.close()]);
}

async function changeSeen(writer: Page, reader: Page, index: number): Promise<number> {
  const text = `Change ${index} of ${CHANGES}`;
  await writer.getByLabel('New note').fill(text);
  const answered = writer.waitForResponse((response) => response.url().endsWith('/notes'));
  const seen = reader.getByRole('region', { name: 'Notes' }).getByText(text).waitFor();
  await writer.getByRole('button', { name: 'Add note' }).click();
  const since = await answered.then(() => Date.now());
  await seen;
  return Math.max(0, Date.now() - since);
}
