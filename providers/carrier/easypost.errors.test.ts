/** One case for each row of the table from EasyPost's failures to ours, and the small rules of the adapter. */
import { describe, expect, test } from 'vitest';
import { OutcomeUnknown } from '../outcome.ts';
import { EASYPOST_ERRORS, refusedOrThrow } from './easypost.errors.ts';
import { chooseRate, ounces } from './easypost.ts';

const answered = (statusCode: number, code: string) =>
  Object.assign(new Error('no'), { statusCode, code, message: 'no' });
const broken = (code: string) => Object.assign(new Error('broken'), { code });

const CASES = [
  { error: answered(422, 'SHIPMENT.POSTAGE.NO_RESPONSE'), expected: { sent: true } },
  { error: answered(422, 'SHIPMENT.PURCHASE.IN_PROGRESS'), expected: { sent: true } },
  { error: answered(408, 'TIMEOUT'), expected: { sent: true } },
  { error: answered(429, 'RATE_LIMITED'), expected: { sent: true, retryAfterMillis: 3000 } },
  { error: answered(401, 'UNAUTHORIZED'), expected: { sent: false } },
  { error: answered(402, 'PAYMENT_REQUIRED'), expected: { sent: false } },
  { error: answered(403, 'FORBIDDEN'), expected: { sent: false } },
  {
    error: answered(422, 'ADDRESS.VERIFY.FAILURE'),
    expected: { ok: false, code: 'carrier_refused', providerCode: 'ADDRESS.VERIFY.FAILURE', detail: 'no' },
  },
  { error: answered(400, 'BAD_REQUEST'), expected: { ok: false, providerCode: 'BAD_REQUEST' } },
  { error: answered(500, 'INTERNAL_SERVER_ERROR'), expected: { sent: true } },
  { error: answered(503, 'SERVICE_UNAVAILABLE'), expected: { sent: true } },
] as const;

function outcome(error: unknown): unknown {
  try {
    return refusedOrThrow(error, 'buy', 3000);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(OutcomeUnknown);
    return thrown;
  }
}

describe('from an EasyPost failure to ours', () => {
  test.each(CASES)('$error.statusCode $error.code', ({ error, expected }) => {
    expect(outcome(error)).toMatchObject(expected);
  });

  test('every row of the table is met by a case', () => {
    const met = new Set(CASES.map(({ error }) => EASYPOST_ERRORS.find((row) => row.fits(error))?.name));
    expect(met).toEqual(new Set(EASYPOST_ERRORS.map((row) => row.name)));
  });

  test('a broken call and an answer that is not JSON are unknown', () => {
    expect(outcome(broken('ECONNREFUSED'))).toMatchObject({ sent: false });
    expect(outcome(broken('ECONNRESET'))).toMatchObject({ sent: true });
    expect(outcome(new TypeError("Cannot destructure property 'code'"))).toMatchObject({ sent: true });
  });
});

describe('rates and weights', () => {
  const rates = [
    { id: 'a', carrier: 'UPS', service: 'Ground', rate: '10.00' },
    { id: 'b', carrier: 'USPS', service: 'Priority', rate: '9.50' },
    { id: 'c', carrier: 'FedEx', service: 'Priority', rate: '8.00' },
    { id: 'd', carrier: 'Odd', service: 'Free', rate: 'none' },
  ];

  test.each([
    ['Priority', 'c'],
    ['usps priority', 'b'],
    ['Unheard', 'c'],
    [null, 'c'],
  ])('the wish %s takes rate %s', (service, id) => {
    expect(chooseRate(rates, service)?.id).toBe(id);
  });

  test('grams become ounces with one decimal, never below the least', () => {
    expect([0, 1, 28.35, 1000].map(ounces)).toEqual([0.1, 0.1, 1, 35.3]);
    expect(chooseRate([], null)).toBeUndefined();
  });
});
