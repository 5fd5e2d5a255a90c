/** Which actions a refund offers, and to whom. */
import { expect, test } from 'vitest';
import { ACT_WORDS, offeredActs, REFUND_ACTS } from './acts.ts';

type Given = Parameters<typeof offeredActs>[0];
type Attempt = Given['attempts'][number];

const ALL = { actor: 'key:k_ops', scopes: ['refunds:write', 'refunds:approve'] };

const attempt = (state: Attempt['state'], number = 1, paymentId = 'pay_1'): Attempt => ({
  paymentId,
  attempt: number,
  state,
});

function refund(state: Given['state'], attempts: Attempt[] = [], requestedBy = 'key:k_support'): Given {
  return { state, requestedBy, attempts };
}

const acts = (given: Given) => offeredActs(given, ALL).map((one) => one.act);

test.each<[string, Given, string[]]>([
  [
    'waits for approval',
    refund('awaiting_approval', [attempt('requested')]),
    ['approve', 'decline', 'withdraw'],
  ],
  ['has failed', refund('failed', [attempt('failed')]), ['retry', 'record', 'withdraw']],
  ['is to be given back by hand', refund('executing', [attempt('by_hand')]), ['record', 'withdraw']],
  ['is under way', refund('executing', [attempt('pending_at_provider')]), []],
  ['is granted and not begun', refund('granted', [attempt('requested')]), []],
  [
    'has failed in one part and arrived in the other',
    refund('failed', [attempt('succeeded'), attempt('failed', 1, 'pay_2')]),
    ['retry', 'record'],
  ],
  [
    'has failed in one part while the other is under way',
    refund('failed', [attempt('unknown'), attempt('failed', 1, 'pay_2')]),
    ['retry'],
  ],
  ['is tried again', refund('executing', [attempt('failed'), attempt('requested', 2)]), []],
  ['is done', refund('settled', [attempt('succeeded')]), []],
  ['was declined', refund('declined', [attempt('failed')]), []],
  ['was withdrawn', refund('withdrawn', [attempt('failed')]), []],
])('one that %s', (_what, given, expected) => {
  expect(acts(given)).toEqual(expected);
});

test('who asked for it can withdraw it, and neither approve nor decline it', () => {
  const offered = offeredActs(refund('awaiting_approval', [], ALL.actor), ALL);
  expect(offered.map(({ act, why }) => [act, why === undefined])).toEqual([
    ['approve', false],
    ['decline', false],
    ['withdraw', true],
  ]);
});

test('a missing right is said by its name', () => {
  const [approve, , withdraw] = offeredActs(refund('awaiting_approval'), {
    actor: 'key:k',
    scopes: ['refunds:write'],
  });
  expect(approve?.why).toContain('refunds:approve');
  expect(withdraw?.why).toBeUndefined();
});

test('every act has words of its own', () => {
  expect(new Set(REFUND_ACTS.map((act) => ACT_WORDS[act].verb)).size).toBe(REFUND_ACTS.length);
});
