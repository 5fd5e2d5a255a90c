/**
 * The judge of reports: test/recount.py counts them a second time, in another language, and this file compares what it
 * found with what the API answers. Needs `python3`; without it nothing is judged and an error says so.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import type { Report } from '../../api/schemas/reports.ts';
import { BUCKET_ERROR } from '../../domain/histogram.ts';
import { REPORT_CHANNELS, REPORT_PERIOD, type ReportOrder } from './reportOrders.ts';

/** What happened, as test/recount.py takes it; amounts are minor units. */
export interface Happenings {
  /** Time zones of the channels. */
  channels: Record<string, string>;
  period: { from: string; to: string };
  orders: {
    channel: string;
    country: string;
    currency: string;
    placedAt: string;
    total: number;
    lines: { sku: string; quantity: number; total: number }[];
  }[];
  cancellations: {
    channel: string;
    currency: string;
    total: number;
    reason: string;
    at: string;
  }[];
  cases: {
    channel: string | null;
    code: string;
    owner: string;
    openedAt: string;
    resolvedAt: string | null;
  }[];
  intervals: { channel: string; stage: string; since: string; until: string }[];
  /** Events of payments, oldest first; the parcel is null where a payment is for the whole order. */
  payments: {
    channel: string;
    currency: string;
    method: string;
    parcel: string | null;
    attempt: number;
    type: string;
    source: string;
    code: string | null;
    amount: number;
    at: string;
  }[];
}

/** Asks the database for rows. */
export type ReadRows = <T extends object>(sql: string) => Promise<T[]>;

/** What happened to the orders of a file: they themselves from the file, what became of them from the tables that hold it. */
export async function readHappenings(file: readonly ReportOrder[], read: ReadRows): Promise<Happenings> {
  return {
    channels: { ...REPORT_CHANNELS },
    period: REPORT_PERIOD,
    orders: file.map(({ channel, body }) => ({
      channel,
      country: body.shippingAddress.country,
      currency: body.currency,
      placedAt: body.placedAt,
      total: body.totals.total.amount,
      lines: body.lines.map(({ sku, quantity, total }) => ({ sku, quantity, total: total.amount })),
    })),
    cancellations: await read(
      `select channel, currency, total_minor as total, undo_cause as reason, to_json(cancelled_at) #>> '{}' as at
       from orders where cancelled_at is not null`,
    ),
    cases: await read(
      `select o.channel, c.code, c.owner, to_json(c.opened_at) #>> '{}' as "openedAt", to_json(c.resolved_at) #>> '{}' as "resolvedAt"
       from cases c join orders o on o.id = c.order_id`,
    ),
    intervals: await read(
      `select channel, stage, to_json(since) #>> '{}' as since, to_json(until) #>> '{}' as until from order_stages`,
    ),
    payments: await read(
      `select o.channel, e.currency, p.method, p.fulfillment_id as parcel, p.attempt, e.type, e.source, e.code, e.amount_minor as amount,
         to_json(e.at) #>> '{}' as at
       from payment_events e join payments p on p.id = e.payment_id join orders o on o.id = e.order_id order by e.id`,
    ),
  };
}

/** Numbers by column. */
export type Numbers = Record<string, number | null>;
/** Numbers of the period and of the one before, by `key|currency`; `*` stands for all keys. */
export type CountedTable = Record<string, [Numbers, Numbers]>;

/** Runs a Python script of the tests; `input` goes to its standard input. Throws when there is no python3 or it fails. */
export async function runPython(script: string, args: readonly string[], input = ''): Promise<unknown> {
  const path = fileURLToPath(new URL(`../../test/${script}`, import.meta.url));
  const child = spawn('python3', [path, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) =>
      reject(new Error(`python3 is needed to count the reports a second time: ${error.message}`)),
    );
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  // A script that ends early closes the pipe; its own words say why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [out, said, code] = await Promise.race([
    Promise.all([text(child.stdout), text(child.stderr), ended]),
    failed,
  ]);
  if (code !== 0) throw new Error(`${script} failed: ${said.trim().slice(-500)}`);
  return JSON.parse(out);
}

/** All reports by all groupings, counted by test/recount.py. */
export async function recount(happened: Happenings): Promise<Record<string, Record<string, CountedTable>>> {
  return (await runPython('recount.py', [], JSON.stringify(happened))) as Record<
    string,
    Record<string, CountedTable>
  >;
}

/** A report of the API as a table of the same form. */
export function tableOfReport(report: Pick<Report, 'rows' | 'totals'>): CountedTable {
  const rows = report.rows.map(
    (row) => [`${row.key}|${row.currency ?? ''}`, [row.values, row.before]] as const,
  );
  const totals = report.totals.map((row) => [`*|${row.currency ?? ''}`, [row.values, row.before]] as const);
  return Object.fromEntries([...rows, ...totals]) as CountedTable;
}

/**
 * Every number that differs, in words; none when the two agree. Times in states may be off by what their buckets allow.
 * Rows that only one of the two has must hold nothing but zeros.
 */
export function differences(report: Report, expected: CountedTable): string[] {
  const found = tableOfReport(report);
  const withinBuckets = report.id === 'stages';
  const places = new Set([...Object.keys(found), ...Object.keys(expected)]);
  return [...places].flatMap((place) =>
    [0, 1].flatMap((which) =>
      report.columns.flatMap(({ id, kind }) => {
        const shown = found[place]?.[which === 0 ? 0 : 1][id] ?? null;
        const wanted = expected[place]?.[which === 0 ? 0 : 1][id] ?? null;
        const isEqual =
          withinBuckets && kind === 'seconds' ? isNear(shown, wanted) : (shown ?? 0) === (wanted ?? 0);
        const period = which === 0 ? 'period' : 'period before';
        return isEqual
          ? []
          : [`${report.id} by ${report.groupBy}, ${place}, ${id}, ${period}: ${shown}, not ${wanted}`];
      }),
    ),
  );
}

/** Half a millisecond is what rounding may add. */
function isNear(shown: number | null, wanted: number | null): boolean {
  if (shown === null || wanted === null) return shown === wanted;
  // Whatever is shorter than a millisecond stands in one bucket.
  return Math.abs(shown - wanted) <= wanted * BUCKET_ERROR * 1.000001 + 0.0015;
}
