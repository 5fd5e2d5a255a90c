/** The reports on the command line, over the real API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderBody, startApi, type TestApi } from '../../test/api.ts';
import { holdfastOn } from '../../test/given/holdfast.ts';
import { startPostgres, type TestPostgres } from '../../test/postgres.ts';

let postgres: TestPostgres;
let test: TestApi;

beforeAll(async () => {
  postgres = await startPostgres();
  test = await startApi(postgres.url);
  for (const [externalId, placedAt] of [
    ['A', '2026-03-10T12:00:00Z'],
    ['B', '2026-03-12T12:00:00Z'],
  ] as const)
    await test.call('POST', '/v1/orders', {
      key: test.keys.channel,
      headers: { 'Idempotency-Key': externalId },
      body: orderBody(externalId, { placedAt }),
    });
}, 60_000);

afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
});

function holdfast(...args: string[]) {
  return holdfastOn({ url: test.url, apiKey: test.keys.viewer }, args);
}

const PERIOD = ['--from', '2026-03-12', '--to', '2026-03-13'];

describe('holdfast reports', () => {
  it('lists them', async () => {
    const { code, out, said } = await holdfast('reports', 'list');
    expect(code).toBe(0);
    expect(out).toMatch(/sales.*day, channel, country, product.*revenue/);
    expect(said).toContain('holdfast reports show sales');
  });

  it('shows one with the period before, its definition and totals', async () => {
    const { code, out, said } = await holdfast(
      'reports',
      'show',
      'sales',
      ...PERIOD,
      '--group-by',
      'product',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/Mug, blue +1 +1 +2 +2 +20\.00 USD +20\.00 USD/);
    expect(said).toContain('2026-03-12 to 2026-03-13; before: 2026-03-10 to 2026-03-11');
    expect(said).toContain('Total: Orders 1 · Units 3 · Revenue 25.00 USD');
  });

  it('leaves out rows and columns of nothing but zeros, and says so', async () => {
    const period = ['--from', '2026-03-11', '--to', '2026-03-20'];
    const { out, said } = await holdfast('reports', 'show', 'sales', ...period);
    expect(out.split('\n').map((line) => line.split(/\s{2,}/)[0])).toEqual([
      expect.anything(),
      '2026-03-12',
      expect.stringContaining('2026-03-20'),
    ]);
    expect(said).toContain('Rows of zeros that are left out: 8; --csv and --json have all rows');
    const payments = await holdfast('reports', 'show', 'payments', ...period);
    expect([payments.out, payments.said]).toEqual(['', expect.stringContaining('Nothing was counted.')]);
    const all = await holdfast('reports', 'show', 'sales', ...period, '--csv');
    expect(all.out.split('\r\n')).toHaveLength(11);
  });

  it('gives CSV and JSON', async () => {
    const csv = await holdfast('reports', 'show', 'sales', ...PERIOD, '--group-by', 'channel', '--csv');
    expect(csv.out.split('\r\n')[1]).toBe('web,Web,USD,1,3,30.00,30.00,1,3,30.00,30.00');
    const json = await holdfast('reports', 'show', 'sales', ...PERIOD, '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      groupBy: 'day',
      rows: [{ key: '2026-03-12' }, { key: '2026-03-13' }],
    });
  });

  it('says what is wrong: exit code 2 for a wrong grouping, 3 for no such report', async () => {
    const wrong = await holdfast('reports', 'show', 'sales', '--group-by', 'moon');
    expect([wrong.code, wrong.said]).toEqual([2, expect.stringContaining('must be one of day, channel')]);
    expect((await holdfast('reports', 'show', 'horoscope')).code).toBe(3);
  });
});
