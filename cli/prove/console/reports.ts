/**
 * The reports of a whole stack against a second count in Python: orders made from a seed come in as live and as finished
 * ones while the schedule folds, some are cancelled, some need a person; then every report, by every grouping, is compared.
 */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Report, ReportDescription } from '../../../api/schemas/reports.ts';
import { addDays, dayCount } from '../../../domain/report.ts';
import { seededRandom } from '../../../domain/random.ts';
import { openApi, type Api } from '../../http.ts';
import type { Figures } from '../figures.ts';
import { differences, readHappenings, recount, type ReadRows } from '../recount.ts';
import {
  makeReportOrders,
  PLENTY_SKUS,
  RARE_SKU,
  REPORT_CHANNEL_IDS,
  REPORT_CHANNELS,
  REPORT_PERIOD,
  type ReportChannel,
  type ReportOrder,
} from '../reportOrders.ts';
import { openStage, type Stage } from '../stage.ts';

const ORDERS = 400;
const SEED = 20_260_329;
const AT_ONCE = 6;
const REASONS = ['customer', 'fraud', 'staff', 'other'] as const;
const PATIENCE_MILLIS = 60_000;

/** Places, cancels, waits for the fold, compares. */
export async function proveReports(figures: Figures): Promise<void> {
  const stage = await openStage({ quiet: true, temporalInMemory: true });
  const database = new pg.Client({ connectionString: stage.stack.databaseUrl });
  try {
    await database.connect();
    const rows: ReadRows = async <T extends object>(sql: string) => (await database.query<T>(sql)).rows;
    const ops = openApi({ url: stage.ops.url, key: stage.ops.apiKey });
    const file = makeReportOrders({ seed: SEED, orders: ORDERS });
    figures.note(`file: ${ORDERS} orders generated from seed ${SEED}`);
    await acceptAll(await openChannels(stage, ops), file);
    await cancelSome(ops, rows);
    const tail = () => countOf(rows, 'select count(*)::int as n from report_deltas');
    await until('the schedule to fold what was counted', async () => (await tail()) === 0);
    figures.judge({
      name: 'rows folded into days by the schedule',
      value: String(await countOf(rows, 'select count(*)::int as n from report_days')),
      goal: 'more than 0',
      ok: (await tail()) === 0,
    });
    await compareAll({ figures, ops, rows, file });
  } finally {
    await database.end();
    await stage.close();
  }
}

async function countOf(rows: ReadRows, sql: string): Promise<number> {
  return (await rows<{ n: number }>(sql))[0]?.n ?? 0;
}

async function openChannels(stage: Stage, ops: Api): Promise<Record<ReportChannel, Api>> {
  const made: [ReportChannel, Api][] = [];
  for (const id of REPORT_CHANNEL_IDS) {
    // A release in an hour leaves time to cancel.
    const policy = { releaseDelaySeconds: 3_600 };
    await ops.call('/v1/channels', {
      body: { id, name: `Shop ${id}`, timeZone: REPORT_CHANNELS[id], policy },
    });
    const { key } = await ops.call<{ key: string }>('/v1/api-keys', {
      body: { name: id, role: 'channel', channel: id },
    });
    made.push([id, openApi({ url: stage.ops.url, key })]);
  }
  for (const sku of [...PLENTY_SKUS, RARE_SKU])
    await ops.call('/v1/items', { body: { sku, name: `Item ${sku}` } });
  await ops.call('/v1/inventory/adjustments', {
    body: {
      reason: 'count',
      adjustments: PLENTY_SKUS.map((sku) => ({ sku, location: 'wh-east', setTo: 1_000_000 })),
    },
  });
  return Object.fromEntries(made) as Record<ReportChannel, Api>;
}

async function acceptAll(shops: Record<ReportChannel, Api>, file: readonly ReportOrder[]): Promise<void> {
  await inLanes(file, async ({ channel, kind, body }) => {
    const { placedAt, externalId } = body;
    if (kind === 'live') await shops[channel].call('/v1/orders', { body, idempotencyKey: externalId });
    else
      await shops[channel].call('/v1/order-imports', {
        body: { mode: 'history', orders: [{ ...body, completedAt: placedAt }] },
      });
  });
}

/** Cancels every third live order, once all of them stand still: released in an hour, or short of stock. */
async function cancelSome(ops: Api, rows: ReadRows): Promise<void> {
  const moving = `select count(*)::int as n from orders where lifecycle = 'received' and attention = '{}'`;
  await until('every order to be reserved', async () => (await countOf(rows, moving)) === 0);
  const open = await rows<{ id: string }>(
    `select id from orders where completed_at is null order by channel, external_id`,
  );
  const random = seededRandom(SEED);
  const chosen = open
    .filter((_, index) => index % 3 === 0)
    .map(({ id }) => ({ id, reason: random.pick(REASONS) }));
  await inLanes(chosen, ({ id, reason }) =>
    ops.call<void>(`/v1/orders/${id}/cancel`, { body: { reason }, idempotencyKey: `cancel-${id}` }),
  );
  const undone = `select count(*)::int as n from orders where cancelled_at is not null`;
  await until('every cancellation to end', async () => (await countOf(rows, undone)) === chosen.length);
}

async function inLanes<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const rest = list.values();
  const lane = async () => {
    for (const one of rest) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MILLIS;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`waited ${PATIENCE_MILLIS / 1000} s in vain for ${what}`);
    await pause(200);
  }
}

async function compareAll(given: {
  figures: Figures;
  ops: Api;
  rows: ReadRows;
  file: readonly ReportOrder[];
}): Promise<void> {
  const { figures, ops } = given;
  const happened = await readHappenings(given.file, given.rows);
  const today = new Date().toISOString().slice(0, 10);
  // What happens now is reported for days around now, in whatever time zone.
  const now = { from: addDays(today, -1), to: addDays(today, 1) };
  const expected = { sales: await recount(happened), others: await recount({ ...happened, period: now }) };
  const { data } = await ops.call<{ data: ReportDescription[] }>('/v1/reports');
  for (const form of data) {
    const isSales = form.id === 'sales';
    const counted = (isSales ? expected.sales : expected.others)[form.id];
    if (!counted) throw new Error(`recount.py does not know the report ${form.id}`);
    for (const { id: groupBy } of form.groupings) {
      const table = counted[groupBy];
      if (!table) throw new Error(`recount.py does not know ${form.id} by ${groupBy}`);
      const query = { ...(isSales ? REPORT_PERIOD : now), groupBy };
      const shown = await ops.call<Report>(`/v1/reports/${form.id}`, { query });
      const wrong = differences(shown, table);
      for (const line of wrong.slice(0, 5)) figures.note(line);
      const keys = Object.keys(table).filter((key) => !key.startsWith('*')).length;
      figures.equal(
        `${form.id} by ${groupBy}: numbers that differ from Python’s (${keys} rows, ${dayCount(query)} days)`,
        wrong.length,
        0,
      );
    }
  }
}
