/**
 * The reports against a full recount. Orders are made from a seed, accepted by the API as live and as finished ones while
 * the fold runs beside, in several currencies and time zones and around the days on which clocks change; some are cancelled.
 * Then every report, by every grouping, must equal what SQL over the base tables says and what Python says of the file.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReportBody, type Report } from '../api/schemas/reports.ts';
import { differences, readHappenings, recount, type Happenings } from '../cli/prove/recount.ts';
import {
  makeReportOrders,
  PLENTY_SKUS,
  RARE_SKU,
  REPORT_CHANNEL_IDS,
  REPORT_CHANNELS,
  REPORT_PERIOD,
  type ReportChannel,
  type ReportOrder,
} from '../cli/prove/reportOrders.ts';
import { REPORTS } from '../db/reports/index.ts';
import { createApiKey } from '../db/writes/apiKeys.ts';
import { createChannel } from '../db/writes/channels.ts';
import { withOrder } from '../db/writes/order.ts';
import { foldReports } from '../db/writes/reportFold.ts';
import { seededRandom } from '../domain/random.ts';
import { addDays } from '../domain/report.ts';
import { startApi, type TestApi } from './api.ts';
import { chargeCards } from './given/cardStories.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';

const ORDERS = 260;

let postgres: TestPostgres;
let test: TestApi;
let keys: Record<ReportChannel, string>;
let happened: Happenings;

async function rows<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
  return (await test.db.pool.query<T>(sql, values)).rows;
}

async function openShop(): Promise<void> {
  const by = { actor: 'test' };
  const made: [ReportChannel, string][] = [];
  for (const id of REPORT_CHANNEL_IDS) {
    // A release in an hour leaves time to cancel.
    const channel = {
      id,
      name: `Shop ${id}`,
      timeZone: REPORT_CHANNELS[id],
      policy: { releaseDelaySeconds: 3_600 },
    };
    await createChannel(test.db, channel, { ...by, masterKey: randomBytes(32) });
    made.push([id, (await createApiKey(test.db, { name: id, role: 'channel', channel: id }, by)).key]);
  }
  keys = Object.fromEntries(made) as typeof keys;
  await rows(
    `with made as (insert into items (sku, name) select sku, 'Item ' || sku from unnest($1::text[]) sku returning sku)
     insert into stock (sku, location, on_hand) select sku, 'east', 1000000 from made where sku <> 'RARE'`,
    [[...PLENTY_SKUS, RARE_SKU]],
  );
}

async function accept(made: ReportOrder): Promise<void> {
  const { channel, kind, body } = made;
  const headers = { 'Idempotency-Key': body.externalId };
  const { placedAt, ...rest } = body;
  const answer =
    kind === 'live'
      ? await test.call('POST', '/v1/orders', { key: keys[channel], headers, body })
      : await test.call('POST', '/v1/order-imports', {
          key: keys[channel],
          body: { mode: 'history', orders: [{ ...rest, placedAt, completedAt: placedAt }] },
        });
  expect(answer.status, JSON.stringify(answer.body)).toBe(kind === 'live' ? 201 : 200);
}

/** Runs eight at once over a list. */
async function inLanes<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = list.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const one of rest) await work(one);
    }),
  );
}

/** Makes what happens from now on happen later: the state and the open cases of an order are so much older. */
async function age(orderId: string, random: ReturnType<typeof seededRandom>): Promise<void> {
  const seconds = 2 ** random.whole(0, 18) * random.whole(100, 199) * 0.01;
  await rows(`update orders set stage_since = stage_since - make_interval(secs => $2) where id = $1`, [
    orderId,
    seconds,
  ]);
  await rows(
    `update cases set opened_at = opened_at - make_interval(secs => $2) where order_id = $1 and resolved_at is null`,
    [orderId, seconds],
  );
}

async function live(orderId: string, random: ReturnType<typeof seededRandom>): Promise<void> {
  await age(orderId, random);
  await withOrder(test.db.pool, orderId);
  await age(orderId, random);
  if (!random.chance(0.5)) return;
  const reason = random.pick(['customer', 'fraud', 'staff', 'other'] as const);
  const answer = await test.call('POST', `/v1/orders/${orderId}/cancel`, {
    key: test.keys.support,
    headers: { 'Idempotency-Key': `c-${orderId}` },
    body: { reason },
  });
  expect(answer.status).toBe(202);
  await withOrder(test.db.pool, orderId);
}

beforeAll(async () => {
  postgres = await startPostgres();
  test = await startApi(postgres.url);
  await openShop();
  const file = makeReportOrders({ seed: 20_260_329, orders: ORDERS });
  let isAccepting = true;
  const folding = (async () => {
    let folded = 0;
    while (isAccepting) folded += await foldReports(test.db.pool, { rowsMax: 25, roundsMax: 3 });
    return folded;
  })();
  await inLanes(file, accept);
  const random = seededRandom(4);
  const open = await rows<{ id: string }>(
    `select id from orders where lifecycle = 'received' order by external_id`,
  );
  for (const { id } of open.slice(0, 60)) await live(id, random);
  isAccepting = false;
  expect(await folding).toBeGreaterThan(100);
  for (const { id } of open.slice(60)) await live(id, random);
  for (const { id } of open) await chargeCards(test.db, id, random);
  happened = await readHappenings(file, rows);
}, 120_000);

afterAll(async () => {
  await test?.stop();
  await postgres?.stop();
});

async function read(report: string, query: Record<string, string>): Promise<Report> {
  const search = new URLSearchParams(query).toString();
  const answer = await test.call('GET', `/v1/reports/${report}?${search}`, { key: test.keys.viewer });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return ReportBody.parse(answer.body);
}

/** What happens now is reported for days around now. */
function periodOf(report: string): { from: string; to: string } {
  if (report === 'sales') return REPORT_PERIOD;
  return { from: daysFromNow(-1), to: daysFromNow(1) };
}

function daysFromNow(days: number): string {
  return addDays(new Date().toISOString().slice(0, 10), days);
}

const groupings = REPORTS.flatMap((report) =>
  report.form.groupings.map((grouping) => ({ report: report.form.id, groupBy: grouping.id })),
);

describe('reports', () => {
  it('read folded days and a tail that is not folded yet', async () => {
    const [state] = await rows<{ tail: number; folded: number }>(
      'select (select count(*) from report_deltas) as tail, (select count(*) from report_days) as folded',
    );
    expect(state?.tail).toBeGreaterThan(20);
    expect(state?.folded).toBeGreaterThan(20);
  });

  it.each(groupings)('$report by $groupBy equals what Python counts', async ({ report, groupBy }) => {
    const period = periodOf(report);
    const counted = await recount({ ...happened, period });
    const expected = counted[report]?.[groupBy];
    if (!expected) throw new Error(`recount.py knows no ${report} by ${groupBy}`);
    expect(Object.keys(expected).length).toBeGreaterThan(1);
    const shown = await read(report, { ...period, groupBy });
    expect(shown.truncated).toBe(false);
    expect(differences(shown, expected)).toEqual([]);
  });

  it.each(['channel', 'country', 'currency'] as const)('count the part of one %s', async (filter) => {
    const value = { channel: 'berlin', country: 'FR', currency: 'JPY' }[filter];
    const part = { ...happened, orders: happened.orders.filter((order) => order[filter] === value) };
    const expected = (await recount(part))['sales']?.['day'] ?? {};
    expect(Object.keys(expected).length).toBeGreaterThan(3);
    expect(
      differences(await read('sales', { ...REPORT_PERIOD, groupBy: 'day', [filter]: value }), expected),
    ).toEqual([]);
  });

  it('equal the base tables, folded to the last row or not', async () => {
    const sql = {
      day: `to_char((o.placed_at at time zone c.time_zone)::date, 'YYYY-MM-DD')`,
      channel: 'o.channel',
      country: 'o.ship_country',
    };
    const compare = async () => {
      for (const [groupBy, key] of Object.entries(sql)) {
        const found = await rows<{ place: string; n: number; units: number; amount: number }>(
          `select ${key} || '|' || o.currency as place, count(*) as n, sum(unit_count)::bigint as units, sum(total_minor)::bigint as amount
           from orders o join channels c on c.id = o.channel
           where (o.placed_at at time zone c.time_zone)::date between $1 and $2 group by 1 order by 1`,
          [REPORT_PERIOD.from, REPORT_PERIOD.to],
        );
        const shown = (await read('sales', { ...REPORT_PERIOD, groupBy })).rows
          .map(({ key, currency, values }) => ({
            place: `${key}|${currency}`,
            n: values['orders'],
            units: values['units'],
            amount: values['revenue'],
          }))
          .filter((row) => row.n !== 0);
        expect(
          shown.toSorted((a, b) => (a.place < b.place ? -1 : 1)),
          groupBy,
        ).toEqual(found.toSorted((a, b) => (a.place < b.place ? -1 : 1)));
      }
    };
    await compare();
    await foldReports(test.db.pool);
    expect(await rows('select from report_deltas')).toEqual([]);
    await compare();
  });

  it('say of money what the books say', async () => {
    const booked = await rows<{ currency: string; net: number }>(
      `select currency, sum(amount_minor)::bigint as net from ledger where account <> 'customer' and at > now() - interval '10 days' group by 1`,
    );
    // What stood there before has its postings already, so its events get none.
    const before = await rows<{ currency: string; net: number }>(
      `select currency, sum(amount_minor * case when type in ('charge_success', 'refund_reverse', 'charge_back_reverse') then 1 else -1 end)::bigint as net
       from payment_events where source = 'before' and type ~ '^(charge_success|refund_(success|reverse)|charge_back)' group by 1`,
    );
    const expected = new Map(booked.map(({ currency, net }) => [currency, net]));
    for (const { currency, net } of before) expected.set(currency, (expected.get(currency) ?? 0) + net);
    const { totals } = await read('payments', { from: daysFromNow(-10), to: daysFromNow(3) });
    expect(new Map(totals.map(({ currency, values }) => [currency, values['net']]))).toEqual(expected);
  });

  it('measure each state within the error of its buckets', async () => {
    const exact = await rows<{ stage: string; n: number; p50: number; p95: number }>(
      `select stage, count(*) as n, percentile_disc(0.5) within group (order by extract(epoch from until - since))::float8 as p50,
         percentile_disc(0.95) within group (order by extract(epoch from until - since))::float8 as p95 from order_stages group by 1`,
    );
    expect(exact.length).toBeGreaterThan(1);
    const shown = await read('stages', { ...periodOf('stages'), groupBy: 'state' });
    for (const { stage, n, p50, p95 } of exact) {
      const values = shown.rows.find((row) => row.key === stage)?.values;
      expect(values?.['count'], stage).toBe(n);
      expect(Math.abs((values?.['p50'] ?? 0) / p50 - 1), stage).toBeLessThan(0.045);
      expect(Math.abs((values?.['p95'] ?? 0) / p95 - 1), stage).toBeLessThan(0.045);
    }
  });
});

describe('the fold', () => {
  async function total(): Promise<unknown> {
    return rows(
      `select report, sum(n)::bigint as n, sum(units)::bigint as units, sum(amount_minor)::bigint as amount from (
         select report, n, units, amount_minor from report_days union all select report, n, units, amount_minor from report_deltas) a
       group by 1 order by 1`,
    );
  }

  async function addTail(): Promise<void> {
    await rows(
      `insert into report_deltas (report, day, channel, country, currency, key, n, units, amount_minor)
       select 'sales', date '2026-03-20' + i % 3, 'berlin', 'DE', 'EUR', '', 1, 2, i from generate_series(1, 500) i`,
    );
  }

  it('changes nothing when it dies on the way', async () => {
    await addTail();
    await foldReports(test.db.pool);
    await addTail();
    const before = await total();
    const blocker = await test.db.pool.connect();
    await blocker.query('begin');
    // The fold waits for this row, in the middle of its statement, and is killed there.
    await blocker.query(`select from report_days where report = 'sales' and channel = 'berlin' for update`);
    const folding = foldReports(test.db.pool);
    const died = expect(folding).rejects.toThrow();
    await expect
      .poll(async () => {
        const killed = await rows(
          `select pg_terminate_backend(pid) from pg_stat_activity where query like '%report_deltas%' and wait_event_type = 'Lock'`,
        );
        return killed.length;
      })
      .toBe(1);
    await died;
    await blocker.query('rollback');
    blocker.release();
    expect(await total()).toEqual(before);
    expect((await rows('select from report_deltas')).length).toBe(500);
  });

  it('adds every row once when several fold at the same time', async () => {
    await addTail();
    const before = await total();
    const waiting = (await rows('select from report_deltas')).length;
    const folded = await Promise.all(
      Array.from({ length: 4 }, () => foldReports(test.db.pool, { rowsMax: 40, roundsMax: 50 })),
    );
    const rest = await foldReports(test.db.pool);
    expect(folded.reduce((sum, one) => sum + one, 0) + rest).toBe(waiting);
    expect(await total()).toEqual(before);
  });

  it('stops at its bound', async () => {
    await addTail();
    expect(await foldReports(test.db.pool, { rowsMax: 10, roundsMax: 3 })).toBe(30);
  });
});
