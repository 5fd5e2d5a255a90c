/**
 * A real Chromium to look at the console with: finds one on this machine, starts it without a window, and opens pages
 * that are signed in. For the proofs and the browser tests.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** What to do when there is none. */
export const NO_CHROMIUM =
  'No Chromium or Chrome was found. Install one (Debian: apt-get install chromium) or name it in HOLDFAST_CHROMIUM.';

/** The path of a Chromium, or undefined. `HOLDFAST_CHROMIUM` in `env` comes first, then PATH, then the usual places. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const named = env['HOLDFAST_CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...PLACES].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts Chromium without a window. Throws when there is none; it speaks to this machine only. */
export function startChromium(env: NodeJS.ProcessEnv): Promise<Browser> {
  const executablePath = findChromium(env);
  if (executablePath === undefined) throw new Error(NO_CHROMIUM);
  return chromium.launch({
    executablePath,
    // As root, as in a container, Chromium refuses its own sandbox; it only ever opens our own pages.
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** How a desk looks and who sits at it. */
export interface DeskOptions {
  apiUrl: string;
  apiKey: string;
  colorScheme?: 'light' | 'dark';
}

/** A signed-in browser of its own, with one page. */
export interface Desk {
  context: BrowserContext;
  page: Page;
  /** What the page said of itself that it should not: errors of the console and refused resources. */
  complaints: string[];
}

const PATIENCE_MILLIS = 15_000;

/** Signs in with a key, the way the console does, and opens a page; the caller closes the context. */
export async function openDesk(browser: Browser, options: DeskOptions): Promise<Desk> {
  const context = await browser.newContext({
    baseURL: options.apiUrl,
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    timezoneId: 'UTC',
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MILLIS);
  const answer = await context.request.post('/v1/session', {
    data: { apiKey: options.apiKey },
    headers: { Origin: options.apiUrl },
  });
  if (!answer.ok()) throw new Error(`could not sign in: ${await answer.text()}`);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { context, page, complaints };
}
