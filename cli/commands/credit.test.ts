/** `holdfast credit` over the real API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/api.ts';
import { holdfastOn } from '../../test/given/holdfast.ts';
import { startPostgres, type TestPostgres } from '../../test/postgres.ts';

let postgres: TestPostgres;
let test: TestApi;

beforeAll(async () => {
  postgres = await startPostgres();
  test = await startApi(postgres.url);
}, 60_000);

afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
});

function credit(...args: string[]) {
  return holdfastOn({ url: test.url, apiKey: test.keys.ops }, ['credit', ...args]);
}

const ISSUE = ['issue', 'gift_card', '50.00', 'EUR', '--reason', 'birthday'];

describe('holdfast credit', () => {
  it('issues a gift card and shows its code once', async () => {
    const issued = await credit(...ISSUE, '--key', 'one');
    expect([issued.code, issued.out]).toEqual([
      0,
      expect.stringMatching(/^gift_card crd_\w+: 50\.00 EUR\nCode: /),
    ]);
    const again = await credit(...ISSUE, '--key', 'one');
    expect(again.out).toContain('not shown again');
    expect(again.out).not.toContain('Code:');
    const id = /crd_\w+/.exec(issued.out)?.[0] ?? '';
    const last4 = /(\w{4})$/m.exec(issued.out.split('\n')[1] ?? '')?.[1] ?? '-';
    const listed = await credit('list', '--kind', 'gift_card');
    expect(listed.out).toContain(id);
    expect(listed.out).toContain(`…${last4}`);
    expect((await credit('list', '--holder', 'nobody')).said).toContain('No accounts.');
  });

  it('adjusts, disables, enables and shows what happened', async () => {
    const issued = await credit('issue', 'store_credit', '10', 'EUR', '--holder', 'cus_1', '--json');
    const { id }: { id: string } = JSON.parse(issued.out);
    const adjusted = await credit('adjust', id, '--by=-2.50', '--reason', 'mistake', '--yes');
    expect([adjusted.code, adjusted.out]).toEqual([0, expect.stringContaining('Balance 7.50 EUR')]);
    expect((await credit('disable', id, '--reason', 'lost')).out).toContain('disabled');
    const enabled = await credit('enable', id, '--expires', '2199-01-01T00:00:00Z');
    expect(enabled.out).toContain('expires 2199-01-01');
    expect((await credit('enable', id, '--expires', 'never')).out).toContain('expires -');
    const shown = await credit('show', id);
    expect(shown.out).toContain('Holder cus_1');
    expect(shown.out).toMatch(/adjusted {2}balance -2\.50 EUR, held 0\.00 EUR {2}\(key:\w+: mistake\)/);
  });

  it('says what is wrong, and sends nothing with --dry-run or unasked', async () => {
    const issued = await credit(...ISSUE, '--json');
    const { id }: { id: string } = JSON.parse(issued.out);
    const short = await credit('adjust', id, '--by=-50.01', '--reason', 'x', '--yes');
    expect([short.code, short.said]).toEqual([4, expect.stringContaining('credit_short')]);
    const wrong = await credit('issue', 'gift_card', '1.234', 'EUR');
    expect([wrong.code, wrong.said]).toEqual([2, expect.stringContaining('1.234 EUR is not an amount')]);
    expect((await credit('issue', 'gift_card', '1', 'NOPE')).code).toBe(2);
    expect((await credit('show', 'crd_1')).code).toBe(3);
    expect((await credit('adjust', id, '--by', '1', '--reason', 'x')).code).toBe(2);
    expect((await credit('disable', id, '--dry-run')).out).toContain(`/v1/credit-accounts/${id}/disable`);
    expect((await credit('show', id)).out).toContain('active');
  });
});
