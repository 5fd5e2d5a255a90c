/** The body of the signal refundOrder: what it may say, and that nothing in it can do harm. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeSignalRefund } from './refundSignal.ts';

const WHO = { commandId: 'cmd-1', actor: 'ada', reason: 'late' };

function problemsOf(body: unknown): string[] {
  const read = normalizeSignalRefund(body);
  return read.ok ? [] : read.problems;
}

describe('a sound signal', () => {
  it('asks for a plain amount', () => {
    expect(normalizeSignalRefund({ ...WHO, amount: 500, note: ' sorry ' })).toEqual({
      ok: true,
      refund: {
        commandId: 'cmd-1',
        actor: 'ada',
        note: 'sorry',
        request: { reason: 'late', amountMinor: 500 },
      },
    });
  });

  it('asks for units, shipping and goodwill', () => {
    const lines = [{ lineNo: 1, units: 2 }];
    expect(normalizeSignalRefund({ ...WHO, lines, shipping: 399, goodwill: 100, amount: null })).toEqual({
      ok: true,
      refund: {
        commandId: 'cmd-1',
        actor: 'ada',
        request: { reason: 'late', lines, shippingMinor: 399, goodwillMinor: 100 },
      },
    });
  });
});

describe('what is wrong is said', () => {
  it.each(['commandId', 'actor', 'reason'] as const)('%s is needed', (field) => {
    expect(problemsOf({ ...WHO, amount: 500, [field]: undefined })).toEqual([
      expect.stringMatching(new RegExp(`^${field} is`)),
    ]);
  });

  it.each([
    ['no amount and no lines', {}],
    ['an amount beside lines', { amount: 1, lines: [{ lineNo: 1, units: 1 }] }],
    ['an amount of 0', { amount: 0 }],
    ['decimals', { amount: 5.5 }],
    ['an amount as text', { amount: '500' }],
    ['too much', { amount: 1e15 }],
    ['lines that are no list', { lines: { lineNo: 1 } }],
    ['a line without units', { lines: [{ lineNo: 1 }] }],
    ['an unknown field', { amount: 500, currency: 'EUR' }],
    ['a long note', { amount: 500, note: 'x'.repeat(501) }],
  ])('%s', (_, part) => {
    expect(problemsOf({ ...WHO, ...part })).toHaveLength(1);
  });

  it.each([undefined, null, 7, 'refund', [], [WHO]])('%j is no body', (body) => {
    expect(problemsOf(body)).toEqual(['the body is a JSON object']);
  });

  it('rubbish never throws, and what it says is not repeated', () => {
    fc.assert(
      fc.property(fc.anything(), fc.dictionary(fc.string(), fc.anything()), (body, part) => {
        const said = [...problemsOf(body), ...problemsOf({ ...WHO, amount: 'Kim Doe', ...part })];
        expect(said.join(' ')).not.toContain('Kim Doe');
      }),
      { numRuns: 1_000 },
    );
  });
});
