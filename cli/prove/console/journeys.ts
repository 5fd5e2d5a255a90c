/**
 * What a support agent does all day, as a browser does it: find an order, understand it, cancel it, work off what needs a
 * person; once by mouse and once by keyboard alone. Each step waits for what a person would see and fails when it does
 * not come.
 */
import type { Locator, Page } from 'playwright-core';

/** Where the order stands, as the page says it. */
export async function readStanding(page: Page): Promise<string> {
  return page.getByTestId('standing').first().innerText();
}

async function standingIs(page: Page, words: RegExp): Promise<void> {
  await page.getByTestId('standing').filter({ hasText: words }).first().waitFor();
}

/** The orders page with the result of a search: waits until the order is in the list. */
async function searchByMouse(page: Page, text: string, number: number): Promise<Locator> {
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search orders' }).fill(text);
  await page.waitForURL((url) => url.searchParams.get('q') === text);
  const link = page.getByRole('link', { name: String(number), exact: true });
  await link.waitFor();
  return link;
}

/** Finds an order by an e-mail address, reads its sentence, cancels it with a reason and sees it end. Returns what was read. */
export async function cancelByMouse(
  page: Page,
  given: { email: string; number: number },
): Promise<{ standing: string; effects: string }> {
  await page.goto('/');
  const link = await searchByMouse(page, given.email, given.number);
  await link.click();
  await page.getByRole('heading', { level: 1, name: `Order ${given.number}` }).waitFor();
  const standing = await readStanding(page);
  await page.getByRole('button', { name: 'Cancel…' }).click();
  const dialog = page.getByRole('dialog');
  const effects = await dialog.getByRole('alert').innerText();
  await dialog.getByLabel('Reason').selectOption('customer');
  await dialog.getByLabel('Note').fill('Changed their mind on the phone.');
  await dialog.getByRole('button', { name: `Cancel order ${given.number}` }).click();
  await standingIs(page, /cancelled/i);
  await dialog.waitFor({ state: 'detached' });
  return { standing, effects };
}

/** The same by keyboard alone. */
export async function cancelByKeyboard(
  page: Page,
  given: { email: string; number: number },
): Promise<{ standing: string }> {
  const { keyboard } = page;
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await keyboard.press('g');
  await keyboard.press('o');
  await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
  await keyboard.press('/');
  await keyboard.type(given.email);
  await keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('q') === given.email);
  await page.getByRole('link', { name: String(given.number), exact: true }).waitFor();
  // Out of the field and on to the first row.
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: `Order ${given.number}` }).waitFor();
  const standing = await readStanding(page);
  await keyboard.press('c');
  const reason = page.getByRole('dialog').getByLabel('Reason');
  await isFocused(reason);
  // A select takes the first letters of an entry.
  await keyboard.type('The customer');
  await keyboard.press('Tab');
  await keyboard.type('Changed their mind on the phone.');
  await keyboard.press('Control+Enter');
  await standingIs(page, /cancelled/i);
  return { standing };
}

/** Waits until something has the focus, as a person waits for the cursor. */
export async function isFocused(locator: Locator): Promise<void> {
  await locator.and(locator.page().locator(':focus')).waitFor();
}

/** Three orders that need a person: one to cancel, one to try again, one whose case is to be closed. */
export interface ThreeCases {
  declined: number;
  short: number;
  lost: number;
}

const CAUSES = {
  declined: /The card was declined/,
  short: /The warehouses do not have enough/,
  lost: /The carrier lost the parcel/,
} as const;

/** Works three orders off by mouse: cancels the declined one, tries the short one again, closes the lost one's case. */
export async function workOffByMouse(page: Page, three: ThreeCases): Promise<void> {
  await page.goto('/');
  await page
    .getByRole('link', { name: /^Needs attention/ })
    .first()
    .click();
  await chooseCase(page, 'declined', three.declined);
  await page.getByRole('button', { name: 'Cancel…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').selectOption('declined');
  await dialog.getByRole('button', { name: `Cancel order ${three.declined}` }).click();
  await caseIsGone(page, three.declined);
  await chooseCase(page, 'short', three.short);
  await page.getByRole('button', { name: 'Retry now' }).click();
  await dialog.getByRole('button', { name: `Retry order ${three.short}` }).click();
  await caseIsGone(page, three.short);
  await chooseCase(page, 'lost', three.lost);
  await page.getByRole('button', { name: 'Assign to me' }).click();
  await page.getByText('has it', { exact: false }).first().waitFor();
  await page.getByRole('button', { name: 'Close with note…' }).click();
  await dialog.getByLabel('What was done').fill('Claimed at the carrier; the customer gets another one.');
  await dialog.getByRole('button', { name: 'Close the case' }).click();
  await caseIsGone(page, three.lost);
}

/** The same by keyboard alone: j and k between the cases, c, r, a and d for what is done about them. */
export async function workOffByKeyboard(page: Page, three: ThreeCases): Promise<void> {
  const { keyboard } = page;
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await keyboard.press('g');
  await keyboard.press('a');
  await page.getByRole('heading', { level: 1, name: 'Needs attention' }).waitFor();
  await moveToCase(page, three.declined);
  await keyboard.press('c');
  await isFocused(page.getByRole('dialog').getByLabel('Reason'));
  await keyboard.type('The payment');
  await keyboard.press('Tab');
  await keyboard.press('Control+Enter');
  await caseIsGone(page, three.declined);
  await moveToCase(page, three.short);
  await keyboard.press('r');
  await isFocused(page.getByRole('dialog').getByRole('button', { name: `Retry order ${three.short}` }));
  await keyboard.press('Enter');
  await caseIsGone(page, three.short);
  await moveToCase(page, three.lost);
  await keyboard.press('a');
  await page.getByRole('region', { name: 'The case' }).getByRole('button', { name: 'Release' }).waitFor();
  await keyboard.press('d');
  await isFocused(page.getByRole('dialog').getByLabel('What was done'));
  await keyboard.type('Claimed at the carrier; the customer gets another one.');
  await keyboard.press('Control+Enter');
  await caseIsGone(page, three.lost);
}

/** Chooses a cause and the case of an order in it, by mouse. */
export async function chooseCase(page: Page, cause: keyof typeof CAUSES, number: number): Promise<void> {
  await page.getByRole('region', { name: 'Causes' }).getByRole('button', { name: CAUSES[cause] }).click();
  await caseRow(page, number).click();
  await casePanel(page, number).waitFor();
  await page.getByTestId('standing').waitFor();
}

function caseRow(page: Page, number: number): Locator {
  return page
    .getByRole('list', { name: 'Cases, oldest first' })
    .getByRole('button', { name: new RegExp(`^${number}`) });
}

function casePanel(page: Page, number: number): Locator {
  return page
    .getByRole('region', { name: 'The case' })
    .filter({ has: page.getByRole('heading', { name: `Order ${number}`, exact: true }) });
}

async function caseIsGone(page: Page, number: number): Promise<void> {
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await caseRow(page, number).waitFor({ state: 'detached' });
}

const MOVES_MAX = 100;

/** Presses j or k until the panel shows the order's case and where its order stands. */
async function moveToCase(page: Page, number: number): Promise<void> {
  const rows = page.getByRole('list', { name: 'Cases, oldest first' }).getByRole('button');
  await caseRow(page, number).waitFor();
  const current = page.getByRole('list', { name: 'Cases, oldest first' }).locator('[aria-current="true"]');
  for (let move = 0; move < MOVES_MAX; move += 1) {
    // Only the numbers: how long ago it was, beside them, changes while this looks; so may the list.
    const numbers = (await rows.allInnerTexts()).map((text) => Number.parseInt(text, 10));
    const away = numbers.indexOf(number) - numbers.indexOf(Number.parseInt(await current.innerText(), 10));
    if (away === 0) break;
    await page.keyboard.press(away > 0 ? 'j' : 'k');
  }
  await casePanel(page, number).getByTestId('standing').waitFor();
}
