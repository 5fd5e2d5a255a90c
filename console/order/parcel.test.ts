import { expect, test } from 'vitest';
import { LIFECYCLES } from '../../domain/order.ts';
import { noParcelWords } from './parcel.ts';

test('an order that has ended promises no parcel', () => {
  expect(noParcelWords({ lifecycle: 'cancelled', direction: 'undo' })).toBe(
    'Cancelled before a parcel was made.',
  );
  for (const lifecycle of LIFECYCLES)
    expect(noParcelWords({ lifecycle, direction: 'undo' }), lifecycle).not.toContain('yet');
  expect(noParcelWords({ lifecycle: 'processing', direction: 'forward' })).toContain('yet');
});
