/** What every payment provider must keep (providers/payment/payment.contract.test.ts), kept by our own credit accounts. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Db } from '../db/connect.ts';
import { BadSignature } from '../providers/inbound.ts';
import { OutcomeUnknown } from '../providers/outcome.ts';
import type { AuthorizeRequest, PaymentProvider } from '../providers/payment/port.ts';
import { givenCredit } from '../test/given/credit.ts';
import { freshDatabase, startPostgres, type TestPostgres } from '../test/postgres.ts';
import { creditProvider } from './creditProvider.ts';

let postgres: TestPostgres;
let db: Db;
let provider: PaymentProvider;
const masterKey = randomBytes(32);

beforeAll(async () => {
  postgres = await startPostgres();
  db = connect({ url: await freshDatabase(postgres.url), max: 10, lockTimeoutMillis: 10_000 });
  provider = creditProvider(db.pool);
}, 120_000);

afterAll(async () => {
  await db?.close();
  await postgres?.stop();
});

let lastNumber = 500_000;

async function order(fields: Partial<AuthorizeRequest> = {}): Promise<AuthorizeRequest> {
  lastNumber += 1;
  const token = fields.token ?? (await givenCredit({ db, masterKey })).accountId;
  return {
    ...{ key: `${lastNumber}/authorize/1/1`, orderId: `ord_${lastNumber}`, orderNumber: lastNumber },
    ...{ amountMinor: 2_000, currency: 'EUR', token },
    ...fields,
  };
}

async function authorized(given?: AuthorizeRequest): Promise<string> {
  const outcome = await provider.authorize(given ?? (await order()));
  if (!outcome.ok) throw new Error(outcome.providerCode);
  return outcome.value.providerRef;
}

async function captured(given?: AuthorizeRequest): Promise<string> {
  const providerRef = await authorized(given);
  await provider.capture(capture(providerRef));
  return providerRef;
}

const capture = (providerRef: string, amountMinor = 2_000, n = 1) => ({
  ...{ key: `${providerRef}/capture/${n}`, providerRef, amountMinor, currency: 'EUR' },
});
const refund = (providerRef: string, amountMinor: number, n = 1) => ({
  ...{ key: `${providerRef}/refund/${n}`, providerRef, amountMinor, currency: 'EUR', orderId: 'ord_1' },
});
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

describe('authorizing', () => {
  it('sets aside and says which card it was; the same key twice and at once is one hold', async () => {
    const request = await order();
    const first = await provider.authorize(request);
    expect(first).toMatchObject({ ok: true, value: { brand: null, captureBefore: null } });
    expect(first.ok && first.value.providerRef).toMatch(/^crh_/);
    expect(first.ok && first.value.last4).toMatch(/^[A-Z2-9]{4}$/);
    const again = await Promise.all(Array.from({ length: 8 }, () => provider.authorize(request)));
    for (const one of again) expect(one).toEqual(first);
  });

  it('refuses by code what can not be paid, the same again', async () => {
    const short = await order({ amountMinor: 5_001 });
    const refusals = [
      [short, 'credit_short', 'balance_short'],
      [await order({ token: 'crd_nobody' }), 'credit_unknown', 'account_unknown'],
      [await order({ currency: 'USD' }), 'credit_unusable', 'currency_differs'],
      [await order({ amountMinor: 0 }), 'payment_refused', 'amount_invalid'],
      [await order({ amountMinor: 10.5 }), 'payment_refused', 'amount_invalid'],
    ] as const;
    for (const [request, code, providerCode] of refusals) {
      const first = await provider.authorize(request);
      expect(first).toMatchObject({ ok: false, code, providerCode, detail: expect.stringMatching(/\.$/) });
      expect(await provider.authorize(request)).toEqual(first);
    }
    expect(await provider.find(short.key, ago(60))).toMatchObject({ state: 'declined', capturedMinor: 0 });
  });

  it('under a key used with other parameters is unknown, never refused', async () => {
    const request = await order();
    await authorized(request);
    await expect(provider.authorize({ ...request, amountMinor: 5 })).rejects.toBeInstanceOf(OutcomeUnknown);
  });
});

describe('capturing and voiding', () => {
  it('take the whole hold, or less of it; done already is a success', async () => {
    const providerRef = await authorized();
    const done = { ok: true, value: { capturedMinor: 2_000 } };
    expect(await provider.capture(capture(providerRef))).toEqual(done);
    expect(await provider.capture(capture(providerRef, 2_000, 2))).toEqual(done);
    const part = await authorized();
    expect(await provider.capture(capture(part, 500))).toEqual({ ok: true, value: { capturedMinor: 500 } });
    expect(await provider.retrieve(part)).toMatchObject({ state: 'captured', capturedMinor: 500 });
    const held = await authorized();
    for (const key of ['a', 'b'])
      expect(await provider.void({ key: held + key, providerRef: held })).toEqual({ ok: true, value: {} });
    expect(await provider.retrieve(held)).toMatchObject({ state: 'voided', capturedMinor: 0 });
  });

  it('refuse what contradicts what was done, and what is not there', async () => {
    const taken = await captured();
    expect(await provider.void({ key: 'v1', providerRef: taken })).toMatchObject({ code: 'payment_refused' });
    const held = await authorized();
    expect(await provider.capture(capture(held, 2_001))).toMatchObject({ providerCode: 'amount_too_large' });
    await provider.void({ key: 'v2', providerRef: held });
    expect(await provider.capture(capture(held))).toMatchObject({ code: 'capture_refused' });
    expect(await provider.capture(capture('crh_no'))).toMatchObject({ providerCode: 'hold_unknown' });
    expect(await provider.void({ key: 'v3', providerRef: 'crh_no' })).toMatchObject({
      code: 'payment_refused',
    });
  });
});

describe('giving back', () => {
  it('in parts, once a key, and no more than was taken', async () => {
    const paid = await captured();
    const first = await provider.refund(refund(paid, 1_500));
    expect(first).toMatchObject({ ok: true, value: { state: 'succeeded' } });
    expect(await Promise.all([1, 2, 3].map(() => provider.refund(refund(paid, 1_500))))).toEqual([
      first,
      first,
      first,
    ]);
    expect(await provider.refund(refund(paid, 501, 2))).toMatchObject({
      code: 'refund_failed',
      providerCode: 'amount_too_large',
    });
    await expect(provider.refund(refund(paid, 7))).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await provider.refund(refund(paid, 500, 3))).toMatchObject({ ok: true });
    const key = refund(paid, 1_500).key;
    expect(await provider.findRefund(key, paid, ago(60))).toEqual({
      ...{
        id: first.ok ? first.value.refundRef : '',
        key,
        amountMinor: 1_500,
        state: 'succeeded',
        failureCode: null,
      },
    });
    expect(await provider.findRefund('no/such/key', paid, ago(60))).toBeUndefined();
  });

  it('is refused before anything was taken, and of a payment that is not there', async () => {
    for (const providerRef of [await authorized(), 'crh_no'])
      expect(await provider.refund(refund(providerRef, 1))).toMatchObject({
        ok: false,
        code: 'refund_failed',
      });
  });
});

describe('looking', () => {
  it('finds by key, and inspects with all refunds', async () => {
    const request = await order();
    const paid = await captured(request);
    await provider.refund(refund(paid, 300));
    expect(await provider.find(request.key, ago(60))).toMatchObject({ providerRef: paid, state: 'captured' });
    expect(await provider.find(request.key, ago(-60))).toBeUndefined();
    expect([await provider.retrieve('crh_no'), await provider.inspect('crh_no')]).toEqual([
      undefined,
      undefined,
    ]);
    expect(await provider.inspect(paid)).toEqual({
      ...{ providerRef: paid, state: 'captured', amountMinor: 2_000, capturedMinor: 2_000, currency: 'EUR' },
      ...{ captureBefore: null, key: request.key, orderId: request.orderId, disputes: [] },
      refunds: [
        expect.objectContaining({ key: refund(paid, 300).key, amountMinor: 300, state: 'succeeded' }),
      ],
    });
  });

  it('lists all since an instant, page by page, newest first', async () => {
    const since = new Date().toISOString();
    const { accountId: token } = await givenCredit({ db, masterKey });
    const made: string[] = [];
    for (let index = 0; index < 120; index += 1)
      made.push(await authorized(await order({ token, amountMinor: 1 })));
    const first = await provider.list({ sinceIso: since });
    const second = await provider.list({
      sinceIso: since,
      ...(first.cursor !== undefined && { cursor: first.cursor }),
    });
    expect([first.payments.length, second.payments.length, second.cursor]).toEqual([100, 20, undefined]);
    expect([...first.payments, ...second.payments].map((one) => one.providerRef)).toEqual(made.toReversed());
    expect(first.payments[0]).toMatchObject({ state: 'authorized', refundedMinor: 0, hasDispute: false });
    expect(await provider.list({ sinceIso: ago(-60) })).toEqual({ payments: [] });
    await expect(provider.list({ sinceIso: since, cursor: 'x' })).rejects.toBeInstanceOf(OutcomeUnknown);
  });

  it('has no payouts and believes no webhook', async () => {
    expect(await provider.listPayouts(ago(60))).toEqual([]);
    await expect(provider.listSettled({ payoutId: 'po_1' })).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(() => provider.parseWebhook(Buffer.from('{}'), {})).toThrow(BadSignature);
  });
});

describe('a database that fails', () => {
  it('is unknown and surely not asked for every call while it is away', async () => {
    const away = connect({ url: 'postgres://nobody@127.0.0.1:2/none', max: 1 });
    const lost = creditProvider(away.pool);
    const request = await order();
    const calls = [
      () => lost.authorize(request),
      () => lost.capture(capture('crh_1')),
      () => lost.void({ key: 'v', providerRef: 'crh_1' }),
      () => lost.refund(refund('crh_1', 1)),
      () => lost.findRefund('k', 'crh_1', ago(60)),
      () => lost.retrieve('crh_1'),
      () => lost.find('k', ago(60)),
      () => lost.inspect('crh_1'),
      () => lost.list({ sinceIso: ago(60) }),
    ];
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: false });
    await away.close();
  });

  it('that rolled the change back surely did nothing: here it could not have the lock', async () => {
    const request = await order();
    const hurried = connect({ url: db.pool.options.connectionString ?? '', max: 1, lockTimeoutMillis: 50 });
    const blocker = await db.pool.connect();
    try {
      await blocker.query('begin');
      await blocker.query('select from credit_accounts where id = $1 for update', [request.token]);
      const tried = creditProvider(hurried.pool).authorize(request);
      await expect(tried).rejects.toMatchObject({ name: 'OutcomeUnknown', sent: false });
      await blocker.query('rollback');
    } finally {
      blocker.release();
    }
    expect(await creditProvider(hurried.pool).authorize(request)).toMatchObject({ ok: true });
    await hurried.close();
  });
});
