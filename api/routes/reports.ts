/** Reports: which there are, and the numbers of one as JSON or CSV. Everything here follows from db/reports/index.ts. */
import { z } from 'zod';
import { readToday, REPORTS, type Report } from '../../db/reports/index.ts';
import {
  addDays,
  CSV_ROWS_MAX,
  dayCount,
  periodBefore,
  REPORT_DAYS_MAX,
  REPORT_FILTERS,
  REPORT_ROWS_MAX,
  type ReportQuery,
} from '../../domain/report.ts';
import type { Principal } from '../auth.ts';
import type { Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import { noBody, noParams, noQuery } from '../schemas/fields.ts';
import { ReportBody, ReportListBody, ReportQueryParams } from '../schemas/reports.ts';
import { reportCsv } from '../show/reportCsv.ts';

/** The days a report shows when it is asked for none. */
const DAYS_USUAL = 30;
/** No order is older; PostgreSQL has no year 0 either. */
const FIRST_DAY = '1970-01-01';
const LAST_DAY = '2200-01-01';
const TOO_LONG_A_FILE = `more than ${CSV_ROWS_MAX.toLocaleString('en')} rows: take a shorter period, a channel, a country or a currency`;

const ReportParams = z.strictObject({
  report: z.string().min(1).max(40).meta({ description: 'One of the list.', example: 'sales' }),
});

/** Routes of reports. */
export function reportRoutes(services: Services): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/reports',
      summary: 'List the reports',
      description: 'Each with its groupings, its columns and a sentence that defines every number.',
      tag: 'Reports',
      scope: 'orders:read',
      params: noParams,
      query: noQuery,
      body: noBody,
      answers: { 200: ReportListBody },
      problems: [],
      handler: () => ({ status: 200, body: { data: REPORTS.map((report) => report.form) } }),
    }),
    route({
      method: 'get',
      path: '/v1/reports/{report}',
      summary: 'Read a report',
      description:
        "Numbers of a period beside those of the period before, of equal length. Days are those of each channel's time zone. A channel's key sees its own channel only. With `format=csv` all rows come as text/csv, amounts as decimals.",
      tag: 'Reports',
      scope: 'orders:read',
      params: ReportParams,
      query: ReportQueryParams,
      body: noBody,
      answers: { 200: ReportBody },
      mediaTypes: { 200: ['application/json', 'text/csv'] },
      problems: [],
      handler: (call) => answerReport(services, call),
    }),
  ];
}

type ReportCall = Call<z.output<typeof ReportParams>, z.output<typeof ReportQueryParams>, undefined>;

async function answerReport(services: Services, { params, query, principal }: ReportCall): Promise<Answer> {
  const report = REPORTS.find((one) => one.form.id === params.report);
  if (!report) throw new Refusal('not_found');
  const wanted = await checkedQuery(services, { report, query, principal });
  const { rows, totals, truncated } = await report.read(services.db, wanted);
  const { from, to, groupBy } = wanted;
  if (query.format === 'csv') {
    if (truncated) throw invalid('?format', TOO_LONG_A_FILE);
    const name = `${report.form.id}-by-${groupBy}-${from}-${to}.csv`;
    return {
      status: 200,
      text: await reportCsv(report.form, groupBy, rows),
      contentType: 'text/csv; charset=utf-8',
      headers: { 'Content-Disposition': `attachment; filename="${name}"` },
    };
  }
  const period = { from, to };
  const generatedAt = new Date().toISOString();
  const numbers = {
    generatedAt,
    groupBy,
    period,
    periodBefore: periodBefore(period),
    rows,
    totals,
    truncated,
  };
  return { status: 200, body: { ...report.form, ...numbers } };
}

async function checkedQuery(
  services: Services,
  given: { report: Report; query: z.output<typeof ReportQueryParams>; principal: Principal },
): Promise<ReportQuery> {
  const { report, query, principal } = given;
  if (principal.channel !== null && query.channel !== undefined && query.channel !== principal.channel)
    throw new Refusal('forbidden', { detail: 'the key sees its own channel only' });
  const channel = principal.channel ?? query.channel ?? null;
  const to = query.to ?? (await readToday(services.db, channel));
  const from = query.from ?? addDays(to, 1 - DAYS_USUAL);
  const wrong = wrongPeriod({ from, to });
  if (wrong) throw invalid(wrong.pointer, wrong.detail);
  const { groupings } = report.form;
  const groupBy = query.groupBy ?? groupings[0]?.id ?? '';
  if (!groupings.some((one) => one.id === groupBy))
    throw invalid('?groupBy', `must be one of ${groupings.map((one) => one.id).join(', ')}`);
  for (const name of REPORT_FILTERS)
    if (query[name] !== undefined && !report.form.filters.includes(name))
      throw invalid(`?${name}`, `the report ${report.form.id} does not go by it`);
  const { country = null, currency = null } = query;
  const rowsMax = query.format === 'csv' ? CSV_ROWS_MAX : REPORT_ROWS_MAX;
  return { from, to, groupBy, channel, country, currency, rowsMax };
}

function wrongPeriod(period: { from: string; to: string }): { pointer: string; detail: string } | undefined {
  if (period.to >= LAST_DAY) return { pointer: '?to', detail: `must be before ${LAST_DAY}` };
  if (period.from < FIRST_DAY) return { pointer: '?from', detail: `must not be before ${FIRST_DAY}` };
  const days = dayCount(period);
  if (days < 1) return { pointer: '?from', detail: `is after ${period.to}, the last day` };
  if (days > REPORT_DAYS_MAX)
    return { pointer: '?from', detail: `a report looks at ${REPORT_DAYS_MAX} days at most, not ${days}` };
  return undefined;
}

function invalid(pointer: string, detail: string): Refusal {
  return new Refusal('invalid', { errors: [{ pointer, detail }] });
}
