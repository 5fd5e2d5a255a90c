import { expect, it } from 'vitest';
import { moneyHistory, type HistoryEvent } from './moneyHistory.ts';

function event(given: Partial<HistoryEvent>): HistoryEvent {
  return {
    ...{
      paymentId: 'pay_1',
      type: 'charge_success',
      reference: 'k/c',
      amountMinor: 500,
      source: 'operation',
    },
    ...{ providerRef: null, code: null, at: '2026-03-01T00:00:00Z' },
    ...given,
  };
}

it('a charge that was paid out is settled; other rows and other payments are not', () => {
  const rows = moneyHistory(
    [
      event({ type: 'authorization_success', reference: 'k/a' }),
      event({ type: 'charge_request' }),
      event({}),
      event({ type: 'charge_failure', reference: 'k/c2' }),
      event({ type: 'refund_success', reference: 'k/r' }),
      event({ paymentId: 'pay_2' }),
    ],
    new Map(),
    new Set(['pay_1']),
  );
  expect(rows.map((row) => [row.paymentId, row.number, row.state])).toEqual([
    ['pay_1', 'k/a', 'succeeded'],
    ['pay_1', 'k/c', 'settled'],
    ['pay_1', 'k/c2', 'failed'],
    ['pay_1', 'k/r', 'succeeded'],
    ['pay_2', 'k/c', 'succeeded'],
  ]);
});

it('a refund that was asked for says where its movement is', () => {
  const asked = [event({ type: 'refund_request', reference: 'k/r' })];
  expect(moneyHistory(asked, new Map([['k/r', 'by_hand']]))).toMatchObject([{ state: 'by_hand' }]);
  expect(moneyHistory(asked)).toMatchObject([{ state: 'requested' }]);
});
