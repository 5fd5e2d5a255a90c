/**
 * The console with a hundred thousand orders in the database: how long each page takes from the click until it can be used.
 * The orders are made by `npm run seed`, as anybody can.
 */
import { spawn } from 'node:child_process';
import type { Page } from 'playwright-core';
import { openDesk } from '../chromium.ts';
import type { Figures } from '../figures.ts';
import { openApi } from '../../http.ts';
import type { OrderListItem } from '../../../api/schemas/orders.ts';
import { projectRoot } from '../../stack/processes.ts';
import type { DeskStage } from './desk.ts';
import { settled } from './pages.ts';

const ORDERS = 100_000;
const ROUNDS = 5;
const USABLE_WITHIN_MILLIS = 1_000;

/** Fills the database and measures every page. */
export async function proveLarge(figures: Figures, desk: DeskStage, env: NodeJS.ProcessEnv): Promise<void> {
  const seconds = await seed(desk.stage.stack.databaseUrl, env);
  figures.note(`${ORDERS} orders were made in ${seconds.toFixed(0)} s`);
  const api = openApi({ url: desk.stage.stack.apiUrl, key: desk.supportKey });
  const { data } = await api.call<{ data: OrderListItem[] }>('/v1/orders', { query: { limit: 1 } });
  const number = data[0]?.number ?? 0;
  const { recipient } = await api.call<{ recipient: { email: string } }>(`/v1/orders/${number}`);
  const { page, context } = await openDesk(desk.browser, {
    apiUrl: desk.stage.stack.apiUrl,
    apiKey: desk.supportKey,
  });
  await page.goto('/');
  await settled(page);
  for (const one of tasks({ number, email: recipient.email })) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await page.goto(one.from);
      await settled(page);
      const begun = Date.now();
      await one.act(page);
      times.push(Date.now() - begun);
    }
    const median = times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Infinity;
    figures.judge({
      name: `${ORDERS} orders: ${one.name}, ms (median of ${ROUNDS})`,
      value: String(median),
      goal: `≤ ${USABLE_WITHIN_MILLIS}`,
      ok: median <= USABLE_WITHIN_MILLIS,
    });
  }
  await context.close();
}

function seed(databaseUrl: string, env: NodeJS.ProcessEnv): Promise<number> {
  const begun = Date.now();
  const args = ['--import', 'tsx', 'cli/stack/seed.ts', '--orders', String(ORDERS), '--yes'];
  const child = spawn(process.execPath, args, {
    cwd: projectRoot(),
    env: { ...env, DATABASE_URL: databaseUrl },
    stdio: 'ignore',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve((Date.now() - begun) / 1000);
      else reject(new Error(`the seed ended with code ${code}`));
    });
  });
}

interface Task {
  name: string;
  /** Where the person is before. */
  from: string;
  /** What they do, until they can go on. */
  act(page: Page): Promise<void>;
}

function tasks(given: { number: number; email: string }): Task[] {
  return [...listTasks(given), ...pageTasks(given)];
}

const rows = (page: Page) => page.locator('tr[data-order]');

function view(name: RegExp): Task['act'] {
  return async (page) => {
    await page.getByRole('main').getByRole('link', { name }).first().click();
    await page.waitForURL((url) => url.searchParams.has('view'));
    await settled(page);
    await rows(page).first().waitFor();
  };
}

function listTasks(given: { number: number; email: string }): Task[] {
  return [
    {
      name: 'the list of orders is opened anew',
      from: '/inventory',
      async act(page) {
        await page.goto('/orders');
        await rows(page).nth(49).waitFor();
      },
    },
    {
      name: 'the list of orders from another page',
      from: '/inventory',
      async act(page) {
        await page.getByRole('link', { name: 'Orders', exact: true }).click();
        await rows(page).nth(49).waitFor();
      },
    },
    {
      name: 'an order is found by e-mail',
      from: '/orders',
      async act(page) {
        const field = page.getByRole('searchbox', { name: 'Search orders' });
        await field.fill(given.email);
        await field.press('Enter');
        await page.waitForURL((url) => url.searchParams.get('q') === given.email);
        await settled(page);
        await page.getByRole('link', { name: String(given.number), exact: true }).waitFor();
      },
    },
    { name: 'the view of what needs attention', from: '/orders', act: view(/^Needs attention/) },
    { name: 'the view of what is late', from: '/orders', act: view(/^Late/) },
  ];
}

function pageTasks(given: { number: number }): Task[] {
  return [
    {
      name: 'an order is opened',
      from: '/orders',
      async act(page) {
        await page
          .getByRole('link', { name: String(given.number), exact: true })
          .first()
          .click();
        await page.getByTestId('standing').waitFor();
      },
    },
    {
      name: 'the queue of cases',
      from: '/inventory',
      async act(page) {
        await page.goto('/attention');
        await page.getByRole('list', { name: 'Cases, oldest first' }).getByRole('button').first().waitFor();
      },
    },
    {
      name: 'the report of 90 days',
      from: '/inventory',
      async act(page) {
        await page.goto('/reports?period=90d');
        await page.getByRole('row').nth(5).waitFor();
      },
    },
  ];
}
