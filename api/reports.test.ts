/** The reports' door: what may be asked for, who sees what, and CSV that a spreadsheet can open without harm. */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORTS } from '../db/reports/index.ts';
import { createChannel } from '../db/writes/channels.ts';
import { upsertItems } from '../db/writes/inventory.ts';
import { orderBody, startApi, type TestApi } from '../test/api.ts';
import { startPostgres, type TestPostgres } from '../test/postgres.ts';
import { ReportBody, ReportListBody } from './schemas/reports.ts';

let postgres: TestPostgres;
let test: TestApi;

/** Never the same day in both. */
const FAR_APART = { east: 'Pacific/Kiritimati', west: 'Etc/GMT+12' } as const;

const PERIOD = 'from=2026-03-10&to=2026-03-12';

async function place(externalId: string, key: string, changes: Record<string, unknown> = {}): Promise<void> {
  const answer = await test.call('POST', '/v1/orders', {
    key,
    headers: { 'Idempotency-Key': externalId },
    body: orderBody(externalId, changes),
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

beforeAll(async () => {
  postgres = await startPostgres();
  test = await startApi(postgres.url);
  const { channel, other } = test.keys;
  await upsertItems(test.db, [{ sku: '=1+1', name: '=HYPERLINK("http://x.example","MUG")' }], {
    actor: 'test',
  });
  await place('A', channel, { placedAt: '2026-03-10T12:00:00Z' });
  await place('B', channel, { placedAt: '2026-03-12T12:00:00Z' });
  await place('C', other, { placedAt: '2026-03-12T13:00:00Z' });
  await place('D', channel, { placedAt: '2026-03-07T12:00:00Z' });
  const money = (amount: number) => ({ amount, currency: 'KWD' });
  await place('E', channel, {
    placedAt: '2026-03-12T14:00:00Z',
    currency: 'KWD',
    lines: [{ sku: '=1+1', quantity: 1, unitPrice: money(1_230), total: money(1_230) }],
    shipping: undefined,
    totals: { total: money(1_230) },
  });
}, 60_000);

afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
});

const get = (path: string, key = test.keys.viewer) => test.call('GET', path, { key });

describe('the list', () => {
  it('announces every report with its groupings, columns and definitions', async () => {
    const { status, body } = await get('/v1/reports');
    expect(status).toBe(200);
    const { data } = ReportListBody.parse(body);
    expect(data.map((form) => form.id)).toEqual([
      'sales',
      'stages',
      'attention',
      'cancellations',
      'payments',
    ]);
    expect(data.map((form) => form.filters)).toEqual([
      ['channel', 'country', 'currency'],
      ['channel'],
      ['channel', 'country'],
      ['channel', 'country', 'currency'],
      ['channel', 'country', 'currency'],
    ]);
    for (const form of data) {
      expect(form.columns.map((column) => column.id)).toContain(form.chart.column);
      for (const { definition } of [form, ...form.columns]) expect(definition).toMatch(/^[A-Z].{20,}\.$/s);
    }
  });
});

describe('a report', () => {
  it('has a row for every day, zeros included, beside the day as far from the start of the period before', async () => {
    const { body } = await get(`/v1/reports/sales?${PERIOD}&currency=USD`);
    const report = ReportBody.parse(body);
    expect(report.period).toEqual({ from: '2026-03-10', to: '2026-03-12' });
    expect(report.periodBefore).toEqual({ from: '2026-03-07', to: '2026-03-09' });
    expect(report.groupBy).toBe('day');
    expect(report.rows.map((row) => [row.key, row.values['orders'], row.before['orders']])).toEqual([
      ['2026-03-10', 1, 1],
      ['2026-03-11', 0, 0],
      ['2026-03-12', 2, 0],
    ]);
    expect(report.rows[1]?.values).toEqual({ orders: 0, units: 0, revenue: 0, averageOrder: null });
    expect(report.totals).toEqual([
      {
        currency: 'USD',
        values: { orders: 3, units: 9, revenue: 9_000, averageOrder: 3_000 },
        before: { orders: 1, units: 3, revenue: 3_000, averageOrder: 3_000 },
      },
    ]);
  });

  it('never adds up two currencies', async () => {
    const { body } = await get(`/v1/reports/sales?${PERIOD}&groupBy=channel`);
    const report = ReportBody.parse(body);
    expect(report.rows.map((row) => [row.label, row.currency, row.values['revenue']])).toEqual([
      ['Web', 'USD', 6_000],
      ['Other', 'USD', 3_000],
      ['Web', 'KWD', 1_230],
    ]);
    expect(report.totals.map((total) => total.currency)).toEqual(['USD', 'KWD']);
  });

  it('counts an order once in the totals by product, however many products it holds', async () => {
    const { body } = await get(`/v1/reports/sales?${PERIOD}&groupBy=product&currency=USD`);
    const report = ReportBody.parse(body);
    expect(
      report.rows.map((row) => [row.key, row.label, row.values['orders'], row.values['revenue']]),
    ).toEqual([
      ['MUG', 'Mug, blue', 3, 6_000],
      ['TEA', 'Tea', 3, 1_500],
    ]);
    expect(report.totals[0]?.values).toEqual({ orders: 3, units: 9, revenue: 7_500, averageOrder: null });
  });

  it('shows a channel its own orders only', async () => {
    const own = ReportBody.parse(
      (await get(`/v1/reports/sales?${PERIOD}&groupBy=channel`, test.keys.other)).body,
    );
    expect(own.rows.map((row) => row.key)).toEqual(['other']);
    const refused = await get('/v1/reports/sales?channel=web', test.keys.other);
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
  });

  it('looks at the thirty days until today when it is asked for none', async () => {
    const report = ReportBody.parse((await get('/v1/reports/sales')).body);
    const today = new Date().toISOString().slice(0, 10);
    // Midnight may pass between the two.
    expect(Math.abs(Date.parse(report.period.to) - Date.parse(today))).toBeLessThanOrEqual(86_400_000);
    expect((Date.parse(report.period.to) - Date.parse(report.period.from)) / 86_400_000).toBe(29);
    expect(report.rows).toHaveLength(30);
  });

  it('ends with the latest day that any of the channels has by now, or with that of the one asked for', async () => {
    for (const [id, timeZone] of Object.entries(FAR_APART))
      await createChannel(test.db, { id, name: id, timeZone }, { actor: 'test', masterKey: Buffer.alloc(0) });
    const dayIn = (timeZone: string) => new Date().toLocaleDateString('sv-SE', { timeZone });
    const seen = async (query: string) => {
      const before = dayIn(FAR_APART[query === '?channel=west' ? 'west' : 'east']);
      const report = ReportBody.parse((await get(`/v1/reports/sales${query}`)).body);
      const after = dayIn(FAR_APART[query === '?channel=west' ? 'west' : 'east']);
      // Midnight may pass between the two.
      expect([before, after], query).toContain(report.period.to);
    };
    for (const query of ['', '?channel=east', '?channel=west']) await seen(query);
  });

  it.each(REPORTS.flatMap(({ form }) => form.groupings.map((one) => [form.id, one.id])))(
    '%s by %s is empty without being wrong when nothing happened',
    async (id, groupBy) => {
      const { status, body } = await get(
        `/v1/reports/${id}?from=2001-01-01&to=2001-01-03&groupBy=${groupBy}`,
      );
      expect(status).toBe(200);
      const { rows } = ReportBody.parse(body);
      expect(rows).toHaveLength(groupBy === 'day' ? 3 : 0);
    },
  );
});

describe('more rows than a report shows', () => {
  const many = (day: string, given: { currency: string; count: number }) =>
    test.db.pool.query(
      `insert into report_days (report, day, channel, country, currency, key, n, units, amount_minor)
       select 'product', $1, 'web', 'DE', $2, 'P' || number, 1, 1, number from generate_series(1, $3::int) as number`,
      [day, given.currency, given.count],
    );
  const asked = (day: string, more = '') => `/v1/reports/sales?from=${day}&to=${day}&groupBy=product${more}`;

  it('takes no currency out altogether: each keeps its largest rows', async () => {
    await many('2020-01-01', { currency: 'USD', count: 1_100 });
    await many('2020-01-01', { currency: 'EUR', count: 700 });
    await many('2020-01-01', { currency: 'GBP', count: 3 });
    const { rows, truncated } = ReportBody.parse((await get(asked('2020-01-01'))).body);
    const of = (currency: string) => rows.filter((row) => row.currency === currency);
    expect(truncated).toBe(true);
    expect([of('USD').length, of('EUR').length, of('GBP').length]).toEqual([499, 498, 3]);
    expect([of('USD')[0]?.key, of('USD').at(-1)?.key]).toEqual(['P1100', 'P602']);
  });

  it('shows the latest days, as many of each currency', async () => {
    for (const currency of ['USD', 'EUR'])
      await test.db.pool.query(
        `insert into report_days (report, day, channel, country, currency, key, n, units, amount_minor)
         values ('sales', '2018-12-31', 'web', 'DE', $1, '', 1, 1, 1)`,
        [currency],
      );
    const { rows, truncated } = ReportBody.parse(
      (await get('/v1/reports/sales?from=2017-01-01&to=2018-12-31')).body,
    );
    expect([rows.length, truncated]).toEqual([1_000, true]);
    for (const currency of ['USD', 'EUR']) {
      const days = rows.filter((row) => row.currency === currency).map((row) => row.key);
      expect([days.length, days.at(-1)]).toEqual([500, '2018-12-31']);
    }
  });

  it('comes whole as CSV', async () => {
    await many('2020-02-01', { currency: 'USD', count: 2_500 });
    const { status, body } = await get(asked('2020-02-01', '&format=csv'));
    expect(status).toBe(200);
    const lines = parse(body, { columns: true }) as Record<string, string>[];
    expect(lines).toHaveLength(2_500);
    expect(new Set(lines.map((line) => line['product'])).size).toBe(2_500);
  });

  it('is refused as CSV beyond 100,000 rows instead of cut off', async () => {
    await many('2020-03-01', { currency: 'USD', count: 60_000 });
    await many('2020-03-01', { currency: 'EUR', count: 40_001 });
    const { status, body } = await get(asked('2020-03-01', '&format=csv'));
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'invalid', '?format']);
    expect(body.errors[0].detail).toContain('100,000');
    const narrower = await get(asked('2020-03-01', '&format=csv&currency=USD'));
    expect([narrower.status, narrower.body.split('\r\n').length]).toEqual([200, 60_002]);
  });
});

describe('what can not be asked for', () => {
  it.each([
    ['sales?groupBy=moon', '?groupBy'],
    ['sales?from=2026-03-02&to=2026-03-01', '?from'],
    ['sales?from=2024-01-01&to=2026-01-01', '?from'],
    ['sales?from=0001-01-01&to=0001-01-02', '?from'],
    ['sales?to=9999-12-31', '?to'],
    ['sales?from=yesterday', '?from'],
    ['sales?from=2026-02-30', '?from'],
    ['sales?currency=XXY', '?currency'],
    ['sales?format=xml', '?format'],
    ['sales?colour=red', '?colour'],
    ['stages?country=DE', '?country'],
    ['stages?currency=EUR', '?currency'],
    ['attention?currency=EUR', '?currency'],
  ])('%s is refused and points at %s', async (path, pointer) => {
    const { status, body } = await get(`/v1/reports/${path}`);
    expect([status, body.code]).toEqual([422, 'invalid']);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  it('an unknown report, or one for a key without the scope', async () => {
    expect((await get('/v1/reports/horoscope')).status).toBe(404);
    expect((await get('/v1/reports/sales', test.keys.warehouse)).status).toBe(403);
    expect((await test.call('GET', '/v1/reports/sales')).status).toBe(401);
  });
});

describe('CSV', () => {
  it('has a line a row with decimals of the currency, and the period before beside', async () => {
    const answer = await get(`/v1/reports/sales?${PERIOD}&groupBy=channel&format=csv`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="sales-by-channel-2026-03-10-2026-03-12.csv"',
    );
    const [first, , third] = parse(answer.body, { columns: true }) as Record<string, string>[];
    expect(first).toMatchObject({
      channel: 'web',
      label: 'Web',
      currency: 'USD',
      orders: '2',
      revenue: '60.00',
    });
    expect(first).toMatchObject({ averageOrder: '30.00', revenue_before: '30.00' });
    expect(third).toMatchObject({ currency: 'KWD', revenue: '1.230', averageOrder_before: '' });
  });

  it('keeps a spreadsheet from running what an item is called', async () => {
    const answer = await get(`/v1/reports/sales?${PERIOD}&groupBy=product&currency=KWD&format=csv`);
    const [row] = parse(answer.body, { columns: true }) as Record<string, string>[];
    expect(row).toMatchObject({ product: "'=1+1", label: `'=HYPERLINK("http://x.example","MUG")` });
  });

  it.each(REPORTS.map(({ form }) => form.id))('%s has one', async (id) => {
    const { status, body } = await get(`/v1/reports/${id}?${PERIOD}&format=csv`);
    expect(status).toBe(200);
    const form = REPORTS.find((report) => report.form.id === id)?.form;
    const [header] = parse(body);
    const ids = form?.columns.map((column) => column.id) ?? [];
    expect(header).toEqual([
      form?.groupings[0]?.id,
      'label',
      ...(form?.hasCurrency ? ['currency'] : []),
      ...ids,
      ...ids.map((column) => `${column}_before`),
    ]);
  });
});
