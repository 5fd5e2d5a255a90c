/** The page behind a payment link, over HTTP: every state of an order, who is refused, and what is never told. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivities, type Activities } from '../../activities/index.ts';
import { adjustStock } from '../../db/writes/inventory.ts';
import { withOrder } from '../../db/writes/order.ts';
import { readCardToken } from '../../domain/cardToken.ts';
import { orderBody, startApi, usd, type TestApi } from '../../test/api.ts';
import { givenCredit } from '../../test/given/credit.ts';
import { givenGateway, granted } from '../../test/given/gateway.ts';
import { outsideDown } from '../../test/given/outside.ts';
import { startPostgres, type TestPostgres } from '../../test/postgres.ts';
import { signLink } from './token.ts';

let postgres: TestPostgres;
let api: TestApi;
let activities: Activities;

const PAGE = {
  baseUrl: 'https://pay.example.com',
  publishableKey: 'pk_test_1',
  scriptUrl: 'https://js.stripe.com/v3/',
};

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startApi(postgres.url, { payPage: PAGE });
  activities = createActivities({
    pool: api.db.pool,
    payment: givenGateway({
      authorize: ({ key, token }) =>
        readCardToken(token).token === 'pm_good'
          ? granted(key)
          : Promise.resolve({
              ok: false,
              code: 'card_declined',
              providerCode: readCardToken(token).token.replace(/^pm_/, ''),
              detail: 'No.',
            }),
    }),
    ...outsideDown(),
  });
  const adjustments = ['MUG', 'TEA'].map((sku) => ({ sku, location: 'east', delta: 10_000 }));
  await adjustStock(
    api.db,
    { scope: 'page', key: 'page', fingerprint: 'page', reason: 'received', adjustments },
    { actor: 'test' },
  );
});
afterAll(async () => {
  await api.stop();
  await postgres.stop();
});

let count = 0;
let orderId = '';
let token = '';
beforeEach(async () => {
  orderId = await declined();
  token = linkOf(orderId);
});

const linkOf = (id: string, seconds = 3600) =>
  signLink(api.masterKey, { orderId: id, expiresAtSeconds: Math.floor(Date.now() / 1000) + seconds });

async function placed(payment: object): Promise<string> {
  count += 1;
  const answer = await api.call('POST', '/v1/orders', {
    key: api.keys.channel,
    body: orderBody(`page-${count}`, { payment }),
    headers: { 'idempotency-key': `page-${count}` },
  });
  return answer.body.id;
}

/** Takes the order as far as the answers of the bank, as its workflow would. */
async function authorize(id: string): Promise<void> {
  const view = await withOrder(api.db.pool, id);
  for (const share of view.shares)
    await activities.authorizePayment({ orderId: id, shareId: share.id, subject: share.id });
}

async function declined(code = 'stolen_card'): Promise<string> {
  const id = await placed({ method: 'card', token: `pm_${code}` });
  await authorize(id);
  return id;
}

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const CARD = { method: 'card', token: 'pm_good' };
const stateOf = async (of = token) => (await api.call('GET', `/pay/${of}/state`)).body;
const pay = (body: unknown, headers: Record<string, string> = SAME_ORIGIN, of = token) => {
  count += 1;
  return api.call('POST', `/pay/${of}/payments`, {
    body,
    headers: { 'idempotency-key': `try-${count}`, ...headers },
  });
};
const page = (of = token) => api.call('GET', `/pay/${of}`, { headers: { accept: 'text/html' } });
const makeLink = (id: string, key: string, once: string) =>
  api.call('POST', `/v1/orders/${id}/payment-links`, { key, body: {}, headers: { 'idempotency-key': once } });

describe('a payment link', () => {
  it('is made for as long as the policy says, once for its key, and told by its order', async () => {
    const first = await makeLink(orderId, api.keys.channel, 'link-1');
    expect(first.status).toBe(201);
    const url = new URL(first.body.url);
    expect(url.origin).toBe(PAGE.baseUrl);
    const seconds = (Date.parse(first.body.expiresAt) - Date.now()) / 1000;
    expect(Math.round(seconds / 60)).toBe(72 * 60);
    expect((await stateOf(url.pathname.split('/').at(-1))).state).toBe('declined');
    const again = await makeLink(orderId, api.keys.channel, 'link-1');
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await makeLink(await declined(), api.keys.channel, 'link-1')).body.code).toBe(
      'idempotency_key_reused',
    );
    const { rows } = await api.db.pool.query<{ data: object }>(
      `select data from events where order_id = $1 and type = 'payment.link_made'
       union all select data from audit where subject = $1 and action = 'payment.link_made'`,
      [orderId],
    );
    const kept = { expiresAt: first.body.expiresAt };
    expect(rows.map((one) => one.data)).toEqual([kept, kept]);
  });

  it('needs payments:write, an order of the caller, and one that has not ended', async () => {
    expect((await makeLink(orderId, api.keys.viewer, 'l-2')).status).toBe(403);
    expect((await makeLink(orderId, api.keys.other, 'l-3')).status).toBe(404);
    await cancelled(orderId);
    expect((await makeLink(orderId, api.keys.ops, 'l-4')).body.code).toBe('already_ended');
  });
});

async function cancelled(id: string): Promise<void> {
  await api.call('POST', `/v1/orders/${id}/cancel`, {
    key: api.keys.ops,
    body: { reason: 'customer' },
    headers: { 'idempotency-key': `cancel-${id}` },
  });
  await withOrder(api.db.pool, id);
}

describe('the state of an order', () => {
  it('is declined with a plain reason and what is due; paying works, and then it is paid', async () => {
    expect(await stateOf()).toEqual({
      state: 'declined',
      orderNumber: expect.any(Number),
      shop: 'Web',
      due: { amount: 3000, currency: 'USD' },
      headline: 'The payment did not go through',
      text: 'The payment was declined. Please use another card or another way to pay.',
      methods: ['card', 'gift_card'],
    });
    const answer = await pay(CARD);
    expect([answer.status, answer.body.state, answer.body.methods]).toEqual([202, 'working', []]);
    await withOrder(api.db.pool, orderId);
    expect((await stateOf()).state).toBe('working');
    await authorize(orderId);
    expect(await stateOf()).toMatchObject({ state: 'paid', due: null, methods: [] });
    const { rows } = await api.db.pool.query(
      `select actor from events where order_id = $1 and type = 'payment.method_changed'`,
      [orderId],
    );
    expect(rows).toEqual([{ actor: 'customer' }]);
  });

  it('is declined again with the new reason', async () => {
    await pay({ method: 'card', token: 'pm_expired_card' });
    await authorize(orderId);
    expect(await stateOf()).toMatchObject({
      state: 'declined',
      text: 'The card has expired. Please use another card or another way to pay.',
    });
  });

  it('is paid with a gift card that holds enough, and says when one does not', async () => {
    const short = await givenCredit(api, { kind: 'gift_card', amount: usd(100) });
    await pay({ method: 'gift_card', code: short.code });
    await authorize(orderId);
    expect((await stateOf()).text).toContain('not enough left on the gift card');
    const enough = await givenCredit(api, { kind: 'gift_card', amount: usd(5000) });
    await pay({ method: 'gift_card', code: enough.code });
    await authorize(orderId);
    expect((await stateOf()).state).toBe('paid');
  });

  it('is payable while a bank transfer is awaited', async () => {
    const id = await placed({ method: 'bank_transfer' });
    await withOrder(api.db.pool, id);
    expect(await stateOf(linkOf(id))).toMatchObject({ state: 'payable', due: { amount: 3000 } });
  });

  it('says what is owed of an invoice and how it is paid, and offers nothing else', async () => {
    const id = await placed({ method: 'invoice' });
    const { number } = await withOrder(api.db.pool, id);
    expect(await stateOf(linkOf(id))).toMatchObject({
      state: 'awaited',
      due: { amount: 3000, currency: 'USD' },
      text: expect.stringContaining(`The reference is the order number, ${number}.`),
      methods: [],
    });
    expect((await page(linkOf(id))).body).toMatch(/id="ways"[^>]* hidden/);
  });

  it('is idle before stock is found and ended once it is cancelled', async () => {
    const id = await placed(CARD);
    expect((await stateOf(linkOf(id))).state).toBe('idle');
    await cancelled(orderId);
    expect(await stateOf()).toMatchObject({ state: 'ended', due: null, methods: [] });
    expect((await pay(CARD)).status).toBe(202);
    await withOrder(api.db.pool, orderId);
  });
});

describe('paying', () => {
  it('is kept once for its key', async () => {
    const headers = { ...SAME_ORIGIN, 'idempotency-key': 'one-try' };
    await pay(CARD, headers);
    await pay(CARD, headers);
    const { rows } = await api.db.pool.query(
      `select id from messages where order_id = $1 and kind = 'command.change_payment'`,
      [orderId],
    );
    expect(rows).toHaveLength(1);
    expect((await pay({ ...CARD, token: 'pm_else' }, headers)).body.code).toBe('idempotency_key_reused');
  });

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['from a neighbour', { 'sec-fetch-site': 'same-site' }, 403],
    ['from an older browser elsewhere', { origin: 'https://evil.example' }, 403],
    ['from nowhere', {}, 403],
  ])('%s is refused', async (_, headers, status) => {
    const answer = await pay(CARD, headers);
    expect([answer.status, answer.body.code]).toEqual([status, 'cross_site']);
  });

  it.each([
    ['a card number as a token', { method: 'card', token: '4242424242424242' }, 'card_number'],
    ['a card number as a code', { method: 'gift_card', code: '4242 4242 4242 4242' }, 'card_number'],
    ['an unknown code', { method: 'gift_card', code: 'BCDF-G234-MNPQ-R568' }, 'credit_unknown'],
    ['a way only colleagues may choose', { method: 'invoice' }, 'invalid'],
    ['store credit', { method: 'store_credit', account: `crd_${'0'.repeat(32)}` }, 'invalid'],
    ['a tender', { ...CARD, tender: 1 }, 'invalid'],
    ['a card that the shop has saved', { ...CARD, token: 'cus_1:pm_good' }, 'invalid'],
  ])('%s is refused and not repeated', async (_, body, code) => {
    const answer = await pay(body);
    expect(answer.body.code).toBe(code);
    expect(JSON.stringify(answer.body)).not.toMatch(/4242|G234/);
  });

  it('is limited by order, whichever of its links is used, and not by what has no link', async () => {
    const tries = Array.from({ length: 11 }, (_, index) => linkOf(orderId, 3600 + index));
    const answers = [];
    for (const of of tries)
      answers.push(
        (await pay({ method: 'gift_card', code: 'BCDF-G234-MNPQ-R568' }, SAME_ORIGIN, of)).body.code,
      );
    expect(answers).toEqual([...Array.from({ length: 10 }, () => 'credit_unknown'), 'rate_limited']);
    const other = linkOf(await declined());
    expect((await pay(CARD, SAME_ORIGIN, other)).status).toBe(202);
  });
});

describe('a link that is no good', () => {
  it('has ended: 410 for the script and for people, and nothing can be paid', async () => {
    const over = linkOf(orderId, -1);
    const state = await api.call('GET', `/pay/${over}/state`);
    expect([state.status, state.body.code]).toEqual([410, 'link_expired']);
    expect((await pay(CARD, SAME_ORIGIN, over)).body.code).toBe('link_expired');
    const shown = await page(over);
    expect(shown.status).toBe(410);
    expect(shown.body).toContain('This link has expired');
  });

  it('was altered, or is of no order: 404', async () => {
    const altered = token.replace(/\d(?=\.[^.]*$)/, (digit) => String((Number(digit) + 1) % 10));
    for (const of of [altered, 'x', linkOf('ord_none')]) {
      expect((await api.call('GET', `/pay/${of}/state`)).status).toBe(404);
      expect((await page(of)).status).toBe(404);
      expect((await pay(CARD, SAME_ORIGIN, of)).status).toBe(404);
    }
  });
});

describe('the page', () => {
  it('names nobody and no goods, and is kept and framed nowhere', async () => {
    const shown = await page();
    expect(shown.status).toBe(200);
    expect(shown.body).toContain('30.00 USD');
    expect(shown.body).toContain('data-key="pk_test_1"');
    expect(shown.body).not.toMatch(/Ada|Lovelace|ada@|Main St|0100|Mug|MUG|pm_/);
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(shown.headers.get('referrer-policy')).toBe('no-referrer');
    expect(shown.headers.get('x-robots-tag')).toContain('noindex');
    expect(shown.headers.get('set-cookie')).toBeNull();
  });

  it('allows scripts of its own and of the gateway only, and none in the page', async () => {
    const shown = await page();
    const policy = shown.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self' https://js.stripe.com https://*.js.stripe.com;");
    expect(policy).toContain('frame-src https://js.stripe.com');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*(?!\.js\.stripe)/);
    expect(shown.body).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=/);
  });

  it('gives its two files, which are the same for all', async () => {
    for (const [name, type] of [
      ['pay.js', 'text/javascript'],
      ['pay.css', 'text/css'],
    ]) {
      const file = await api.call('GET', `/pay-assets/${name}`);
      expect(file.status).toBe(200);
      expect(file.headers.get('content-type')).toContain(type);
    }
  });

  it('escapes the name of the shop', async () => {
    await api.db.pool.query(`update channels set name = '<b>"Web" & Co</b>' where id = 'web'`);
    expect((await page()).body).toContain('&lt;b&gt;&quot;Web&quot; &amp; Co&lt;/b&gt;');
    await api.db.pool.query(`update channels set name = 'Web' where id = 'web'`);
  });

  it('offers no card without a publishable key, says so, and loads nothing of the gateway', async () => {
    const without = await startApi(postgres.url, { masterKey: api.masterKey, db: api.db });
    const shown = await without.call('GET', `/pay/${token}`);
    expect(shown.body).toContain('No card can be given on this page');
    expect(shown.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect((await without.call('GET', `/pay/${token}/state`)).body.methods).toEqual(['gift_card']);
    await without.stop();
  });
});
