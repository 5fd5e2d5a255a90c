import { expect, test } from 'vitest';
import { CANCEL_REASONS } from '../../domain/order.ts';
import { EFFECT_KINDS } from '../../domain/effects.ts';
import { CANCEL_REASON_CHOICES, reasonOf, reasonWords } from './reasons.ts';
import { detailWords, effectLines, effectWords, failureWords, whyNot } from './words.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });

test('every reason can be chosen, in words', () => {
  expect(CANCEL_REASON_CHOICES.map((one) => one.value)).toEqual([...CANCEL_REASONS]);
  expect(reasonWords('customer')).toBe('The customer asked for it');
  expect(reasonWords('of_an_older_version')).toBe('of_an_older_version');
  expect(reasonOf('')).toBeUndefined();
  expect(reasonOf('fraud')).toBe('fraud');
});

test('an effect says its amount and its units', () => {
  expect(effectWords({ kind: 'void_payment', amount: usd(12999) })).toMatch(
    /^voids USD\s129\.99 that is set aside$/,
  );
  expect(effectWords({ kind: 'release_stock', units: 3 })).toBe('releases 3 units of stock');
  expect(effectWords({ kind: 'release_stock', units: 1 })).toBe('releases 1 unit of stock');
});

test('an authorization whose outcome is unknown promises no amount', () => {
  expect(effectWords({ kind: 'void_payment' })).not.toMatch(/\d/);
});

test('every kind of effect has words of its own', () => {
  const lines = EFFECT_KINDS.map((kind) => effectWords({ kind }));
  expect(new Set(lines).size).toBe(EFFECT_KINDS.length);
  for (const line of lines) expect(line).not.toContain('undefined');
});

test('the same effect on several parcels is said once, with how often', () => {
  expect(
    effectLines([{ kind: 'void_label' }, { kind: 'void_label' }, { kind: 'release_stock', units: 2 }]),
  ).toEqual(['voids the shipping label (2 times)', 'releases 2 units of stock']);
});

test('why not: the missing right first, then the state, in words', () => {
  const cancel = {
    action: 'cancel',
    enabled: false,
    reasonIfDisabled: 'already_released',
    needsReason: true,
    effects: [],
  } as const;
  const allowed = { ...cancel, enabled: true, effects: [] } as const;
  expect(whyNot({ ...cancel, effects: [] }, ['orders:read'])).toContain('orders:cancel');
  expect(whyNot({ ...cancel, effects: [] }, ['orders:cancel'])).toBe(
    'The order was released to the warehouse already.',
  );
  expect(whyNot({ ...allowed, effects: [] }, ['orders:cancel'])).toBeUndefined();
  expect(failureWords('generic_decline')).toBe('Generic decline');
});

test('the codes of providers in a detail are readable', () => {
  expect(detailWords('The card was declined. (insufficient_funds)')).toBe(
    'The card was declined. (insufficient funds)',
  );
  expect(detailWords('The warehouse said (call us, A_1).')).toBe('The warehouse said (call us, A_1).');
});
