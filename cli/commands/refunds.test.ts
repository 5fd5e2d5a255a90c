/** `holdfast refunds` over the real API, with a lane that applies commands at once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/api.ts';
import { captured } from '../../test/given/captured.ts';
import { laneAtOnce } from '../../test/given/lane.ts';
import { holdfastOn } from '../../test/given/holdfast.ts';
import { startPostgres, type TestPostgres } from '../../test/postgres.ts';

let postgres: TestPostgres;
let test: TestApi;

beforeAll(async () => {
  postgres = await startPostgres();
  test = await startApi(postgres.url, { lane: laneAtOnce(() => test.db) });
}, 60_000);

afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
});

function holdfast(apiKey: string, ...args: string[]) {
  return holdfastOn({ url: test.url, apiKey }, args);
}

/** Two mugs at 10.00 EUR, all delivered. */
async function delivered(): Promise<string> {
  const { number } = await captured(test.db, { lines: [{ sku: 'MUG', quantity: 2, unitMinor: 1_000 }] });
  return String(number);
}

const CREATE = ['refunds', 'create'];

describe('holdfast refunds', () => {
  it('shows with --dry-run what a refund would be, and sends nothing', async () => {
    const order = await delivered();
    const { support } = test.keys;
    const shown = await holdfast(
      support,
      ...CREATE,
      order,
      '--reason',
      'defective',
      '--line',
      '1:1',
      '--dry-run',
    );
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('It would give back 10.00 EUR')]);
    expect(shown.out).toContain('1 of line 1: 10.00 EUR');
    const refused = await holdfast(
      support,
      ...CREATE,
      order,
      '--reason',
      'other',
      '--amount',
      '99',
      '--dry-run',
    );
    expect(refused.out).toContain('refund_too_large');
    expect((await holdfast(support, 'refunds', 'list', order)).said).toContain('No refunds.');
  });

  it('asks for one, has another person approve it, and shows it with the order', async () => {
    const order = await delivered();
    const { channel, ops } = test.keys;
    const asked = await holdfast(channel, ...CREATE, order, '--reason', 'late', '--amount', '2.50', '--yes');
    expect([asked.code, asked.out]).toEqual([0, expect.stringMatching(/: 2\.50 EUR, awaiting_approval$/)]);
    const id = /rfd_\w+/.exec(asked.out)?.[0] ?? '';
    expect(asked.said).toContain(`holdfast refunds approve ${order} ${id}`);
    const approved = await holdfast(ops, 'refunds', 'approve', order, id);
    expect(approved.out).toContain('granted');
    expect((await holdfast(ops, 'refunds', 'list', '--state', 'granted')).out).toContain(id);
    const page = await holdfast(ops, 'orders', 'show', order);
    expect(page.out).toContain('on its way back 2.50 EUR');
    expect(page.out).toContain(id);
    const late = await holdfast(ops, 'refunds', 'withdraw', order, id);
    expect([late.code, late.said]).toEqual([4, expect.stringContaining('refused_by_state')]);
  });

  it('says that it would be too much before it asks whether it is meant', async () => {
    const order = await delivered();
    const { code, said } = await holdfast(
      test.keys.support,
      ...CREATE,
      order,
      '--reason',
      'late',
      '--amount',
      '99',
    );
    expect([code, said]).toEqual([2, expect.stringContaining('refund_too_large')]);
    expect(said).toContain('20.00 EUR can be given back');
    expect(said).not.toContain('--yes');
  });

  it('says of one that was decided what became of it, and names the command of a refund', async () => {
    const order = await delivered();
    const { support, channel, ops } = test.keys;
    const shown = await holdfast(support, 'orders', 'show', order);
    expect(shown.said).toContain(`holdfast refunds create ${order} --reason`);
    const asked = await holdfast(channel, ...CREATE, order, '--reason', 'late', '--amount', '2.50', '--yes');
    expect(asked.said).toContain('someone other than key:');
    const id = /rfd_\w+/.exec(asked.out)?.[0] ?? '';
    await holdfast(ops, 'refunds', 'approve', order, id);
    const again = await holdfast(ops, 'refunds', 'approve', order, id);
    expect([again.code, again.said]).toEqual([4, expect.stringContaining('the refund is granted')]);
  });

  it('says what is wrong with an amount or a line', async () => {
    const order = await delivered();
    const wrong = await holdfast(
      test.keys.support,
      ...CREATE,
      order,
      '--reason',
      'other',
      '--amount',
      '1.234',
      '--yes',
    );
    expect([wrong.code, wrong.said]).toEqual([2, expect.stringContaining('1.234 is not an amount in EUR')]);
    const line = await holdfast(
      test.keys.support,
      ...CREATE,
      order,
      '--reason',
      'other',
      '--line',
      'one',
      '--yes',
    );
    expect([line.code, line.said]).toEqual([2, expect.stringContaining('e.g. 1:2')]);
  });
});
