/**
 * The reports of a real file: the Superstore orders of four years, imported as history, against a count in Python straight
 * from the rows, to the cent. The file is none of ours and is only read: `--samples DIR`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import type { Report } from '../../../api/schemas/reports.ts';
import { openApi, type Api } from '../../http.ts';
import { presetMapping } from '../../import/mapping.ts';
import { runImport } from '../../import/run.ts';
import { runStockImport } from '../../import/stock.ts';
import type { Figures } from '../figures.ts';
import { differences, runPython, type CountedTable } from '../recount.ts';
import { openStage, type Stage } from '../stage.ts';

const FILE = join('superstore', 'superstore.csv');
const TIME_ZONE = 'America/New_York';
const ORDERS = 5_009;
const YEARS = [2014, 2015, 2016, 2017] as const;
/** What the file calls a country, and its code. */
const COUNTRY = { name: 'United States', code: 'US' };

const NUMBERS = z.object({ orders: z.number(), units: z.number(), revenue: z.number() });
const COUNTED = z.object({
  orders: z.number(),
  cents: z.number(),
  tables: z.record(z.string(), z.record(z.string(), z.tuple([NUMBERS, NUMBERS]))),
});

/** Imports the file into a channel of its time zone and compares years, months and their periods before. */
export async function proveSuperstore(
  figures: Figures,
  options: { samples: string | undefined },
): Promise<void> {
  if (options.samples === undefined) {
    figures.note(`left out: needs ${FILE} in a folder given by --samples`);
    return;
  }
  const file = join(options.samples, FILE);
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const stage = await openStage({ quiet: true, temporalInMemory: true });
  try {
    const ops = openApi({ url: stage.ops.url, key: stage.ops.apiKey });
    await importFile(stage, { ops, file, figures });
    await compareYears(ops, file, figures);
    await compareMonths(ops, file, figures);
  } finally {
    await stage.close();
  }
}

async function importFile(stage: Stage, given: { ops: Api; file: string; figures: Figures }): Promise<void> {
  const { ops, file, figures } = given;
  await ops.call('/v1/channels', { body: { id: 'superstore', name: 'Superstore', timeZone: TIME_ZONE } });
  const key = { name: 'import', role: 'channel', channel: 'superstore' };
  const { key: apiKey } = await ops.call<{ key: string }>('/v1/api-keys', { body: key });
  const rows = parse(readFileSync(file), { columns: true, bom: true }) as Record<string, string>[];
  const names = new Map(rows.map((row) => [row['Product ID'] ?? '', row['Product Name'] ?? '']));
  const items = join(stage.folder, 'items.csv');
  const levels = [...names].map(([sku, name]) => ({ sku, location: 'wh-east', quantity: 0, name }));
  await writeFile(items, stringify(levels, { header: true }));
  const quiet = () => ({ add: () => undefined, end: () => undefined });
  await runStockImport({
    file: items,
    delimiter: ',',
    target: stage.ops,
    createItems: true,
    add: false,
    rejectsFile: join(stage.folder, 'items.rejects.csv'),
    startProgress: quiet,
  });
  const summary = await runImport({
    file,
    format: 'csv',
    mapping: presetMapping('superstore'),
    mode: 'history',
    target: { url: stage.stack.apiUrl, apiKey },
    rejectsFile: join(stage.folder, 'orders.rejects.csv'),
    progressFile: join(stage.folder, 'orders.import'),
    concurrency: 4,
    startProgress: quiet,
  });
  figures.equal('orders imported as history', summary.accepted, ORDERS);
}

function read(ops: Api, query: Record<string, string>): Promise<Report> {
  return ops.call<Report>('/v1/reports/sales', { query: { channel: 'superstore', ...query } });
}

async function count(file: string, period: { from: string; to: string }) {
  return COUNTED.parse(await runPython('superstore.py', [file, period.from, period.to]));
}

/** Python's table with the keys of the API; averages are compared where the report gives them. */
function asTable(counted: z.infer<typeof COUNTED>, groupBy: 'day' | 'product' | 'country'): CountedTable {
  const withAverage = groupBy !== 'product';
  const numbers = (one: z.infer<typeof NUMBERS>) => ({
    ...one,
    averageOrder:
      withAverage && one.orders > 0 ? Math.floor((2 * one.revenue + one.orders) / (2 * one.orders)) : null,
  });
  const codeOf = (key: string) => (key === COUNTRY.name ? COUNTRY.code : key);
  return Object.fromEntries(
    Object.entries(counted.tables[groupBy] ?? {}).map(([key, [now, before]]) => [
      `${codeOf(key)}|USD`,
      [numbers(now), numbers(before)],
    ]),
  );
}

async function compareYears(ops: Api, file: string, figures: Figures): Promise<void> {
  let [orders, cents, wrong, compared] = [0, 0, 0, 0];
  let whole = { orders: 0, cents: 0 };
  for (const year of YEARS) {
    const period = { from: `${year}-01-01`, to: `${year}-12-31` };
    const counted = await count(file, period);
    whole = counted;
    for (const groupBy of ['day', 'country'] as const) {
      const report = await read(ops, { ...period, groupBy });
      const table = asTable(counted, groupBy);
      const found = differences(report, table);
      for (const line of found.slice(0, 3)) figures.note(line);
      wrong += found.length;
      compared += Object.keys(table).length;
      if (groupBy === 'day') {
        orders += report.totals[0]?.values['orders'] ?? 0;
        cents += report.totals[0]?.values['revenue'] ?? 0;
      }
    }
  }
  figures.equal('orders in the reports of four years', orders, whole.orders);
  figures.equal('revenue of four years in cents: Holdfast against Python', cents, whole.cents);
  figures.equal(`numbers that differ by day and country, with the year before (${compared} rows)`, wrong, 0);
}

async function compareMonths(ops: Api, file: string, figures: Figures): Promise<void> {
  let [wrong, compared, cents] = [0, 0, 0];
  for (const year of YEARS)
    for (let month = 1; month <= 12; month += 1) {
      const two = (value: number) => String(value).padStart(2, '0');
      const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
      const period = { from: `${year}-${two(month)}-01`, to: `${year}-${two(month)}-${last}` };
      const report = await read(ops, { ...period, groupBy: 'product' });
      const table = asTable(await count(file, period), 'product');
      const found = differences(report, table);
      for (const line of found.slice(0, 3)) figures.note(line);
      wrong += found.length + (report.truncated ? 1 : 0);
      compared += Object.keys(table).length;
      cents += report.totals[0]?.values['revenue'] ?? 0;
    }
  figures.note(`revenue of 48 months by product: ${cents} cents`);
  figures.equal(
    `numbers that differ by product and month, with the days before (${compared} rows)`,
    wrong,
    0,
  );
}
