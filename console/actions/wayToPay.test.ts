/** Another way to pay: what is sent for what was typed. */
import { expect, test } from 'vitest';
import { EMPTY_WAY, readWay, tenderChoices, tenderWords, WAY_CHOICES } from './wayToPay.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const GIFT = {
  seq: 1,
  method: 'gift_card',
  amount: eur(2_000),
  creditAccount: 'crd_1',
  codeLast4: 'H4RB',
} as const;
const CARD = { seq: 2, method: 'card', amount: eur(500), creditAccount: null, codeLast4: null } as const;

test('every way that needs nothing more can be sent as it is', () => {
  const ready = WAY_CHOICES.filter(({ value }) => readWay({ ...EMPTY_WAY, method: value }).ok);
  expect(ready.map(({ value }) => value)).toEqual(['bank_transfer', 'invoice', 'cash_on_delivery']);
});

test('what a way needs is asked for beside its field', () => {
  expect(readWay(EMPTY_WAY)).toEqual({ ok: false, field: 'token', words: 'Give the token.' });
  expect(readWay({ ...EMPTY_WAY, method: 'gift_card', token: 'pm_1' })).toMatchObject({ field: 'code' });
  expect(readWay({ ...EMPTY_WAY, method: 'store_credit' })).toMatchObject({ field: 'account' });
  for (const termsDays of ['366', '1.5', '-1', 'x'])
    expect(readWay({ ...EMPTY_WAY, method: 'invoice', termsDays })).toMatchObject({ field: 'termsDays' });
});

test('only what the way needs is sent', () => {
  const typed = {
    ...EMPTY_WAY,
    token: ' pm_1 ',
    code: ' K7PX ',
    account: 'crd_1',
    termsDays: '14',
    tender: '2',
  };
  expect(readWay(typed)).toEqual({ ok: true, body: { method: 'card', token: 'pm_1', tender: 2 } });
  expect(readWay({ ...typed, method: 'gift_card', tender: '' })).toEqual({
    ok: true,
    body: { method: 'gift_card', code: 'K7PX' },
  });
  expect(readWay({ ...typed, method: 'invoice', tender: '' })).toEqual({
    ok: true,
    body: { method: 'invoice', termsDays: 14 },
  });
});

test('which way is replaced is asked only where there are several', () => {
  expect(tenderChoices([GIFT])).toEqual([]);
  expect(tenderChoices([GIFT, CARD]).map(({ value }) => value)).toEqual(['', '1', '2']);
  expect(tenderWords(GIFT)).toMatch(/^Gift card •••• H4RB, EUR\s20\.00$/);
});
