/**
 * The stage of the browser tests: one whole local stack and one Chromium for all of them, and desks that are signed in.
 * Complaints of a page (errors, refused resources) fail the test that closes it.
 */
import { afterAll } from 'vitest';
import type { Browser } from 'playwright-core';
import { startStack, type Stack } from '../../cli/stack.ts';
import { openDesk, startChromium, type Desk } from '../../cli/prove/chromium.ts';
import { openDeskShop, type DeskShop } from '../../cli/prove/console/shop.ts';

/** Roles of people. */
export type PersonRole = 'viewer' | 'support' | 'ops';

/** What a browser test works with. */
export interface BrowserStage {
  stack: Stack;
  browser: Browser;
  shop: DeskShop;
  keys: Readonly<Record<PersonRole, string>>;
  /** A signed-in page; closed with `closeDesks`. */
  desk(role: PersonRole, colorScheme?: 'light' | 'dark'): Promise<Desk>;
}

let opened: Promise<BrowserStage> | undefined;
const desks = new Set<Desk>();

/** The stage, started with the first test that asks for it; it ends with the process of the tests. */
export function browserStage(): Promise<BrowserStage> {
  opened ??= open();
  return opened;
}

async function open(): Promise<BrowserStage> {
  const stack = await startStack({ ports: 'free', quiet: true, pace: 0, temporalInMemory: true });
  const browser = await startChromium(process.env);
  const make = async (role: PersonRole) => (await stack.createKey(role, `${role} at the desk`)).key;
  const keys = { viewer: await make('viewer'), support: await make('support'), ops: await make('ops') };
  const shop = await openDeskShop({ apiUrl: stack.apiUrl, opsKey: keys.ops, tag: 'desk' });
  return {
    stack,
    browser,
    shop,
    keys,
    async desk(role, colorScheme = 'light') {
      const desk = await openDesk(browser, { apiUrl: stack.apiUrl, apiKey: keys[role], colorScheme });
      desks.add(desk);
      return desk;
    },
  };
}

let expected: RegExp | undefined;

/** Says what the pages of this test will complain of, because the test makes it happen; until `closeDesks`. */
export function expectComplaints(pattern: RegExp): void {
  expected = pattern;
}

/** Closes all desks; gives what their pages complained of and nobody expected. */
export async function closeDesks(): Promise<string[]> {
  const complaints = [...desks].flatMap((desk) => desk.complaints).filter((one) => !expected?.test(one));
  expected = undefined;
  await Promise.all([...desks].map((desk) => desk.context.close()));
  desks.clear();
  return complaints;
}

afterAll(async () => {
  await closeDesks();
});
