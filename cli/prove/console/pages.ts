/**
 * Every page of the console, how to know that it is there, and what axe (WCAG 2.2 AA) says of it. `order` and `sku`
 * stand for things that exist.
 */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** One page: its name, its address, and its main heading. */
export interface ConsolePage {
  name: string;
  path: string;
  heading: RegExp;
}

/** The pages, with an order and a SKU that exist to open them with. */
export function consolePages(given: { order: number; sku: string }): ConsolePage[] {
  return [
    { name: 'home', path: '/', heading: /home|today|welcome/i },
    { name: 'orders', path: '/orders', heading: /orders/i },
    { name: 'order', path: `/orders/${given.order}`, heading: new RegExp(String(given.order)) },
    { name: 'attention', path: '/attention', heading: /needs attention/i },
    { name: 'money: refunds', path: '/money?state=all', heading: /money/i },
    { name: 'money: receipts', path: '/money?tab=receipts&state=all', heading: /money/i },
    { name: 'money: gift cards and credit', path: '/money?tab=credit', heading: /money/i },
    { name: 'money: disputes', path: '/money?tab=disputes', heading: /money/i },
    { name: 'money: reconciliation', path: '/money?tab=reconciliation', heading: /money/i },
    { name: 'money: payouts', path: '/money?tab=payouts', heading: /money/i },
    { name: 'inventory', path: `/inventory?q=${given.sku}`, heading: /inventory/i },
    { name: 'reports', path: '/reports', heading: /reports/i },
  ];
}

/** Opens a page and waits until it stands: its heading is there and nothing is being loaded any more. */
export async function openPage(page: Page, one: ConsolePage): Promise<void> {
  await page.goto(one.path);
  await page.getByRole('heading', { level: 1, name: one.heading }).waitFor();
  await settled(page);
}

/** Waits until no skeleton and no loader is left. */
export async function settled(page: Page): Promise<void> {
  const loading = page.locator('.mantine-Skeleton-root, .mantine-Loader-root');
  await loading.first().waitFor({ state: 'detached' });
}

const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe finds wrong with what the page shows now, a line for each rule and place; empty when nothing is. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARD).analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}
