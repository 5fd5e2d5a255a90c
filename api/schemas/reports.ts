/** Reports: what there is, and the numbers of one with the period before. */
import { z } from 'zod';
import { REPORT_FILTERS, type ReportForm, type ReportRow } from '../../domain/report.ts';
import { at, currency, text } from './fields.ts';

const column = z.strictObject({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['count', 'money', 'seconds', 'percent']),
  definition: z.string(),
  higherIsBetter: z.boolean().nullable(),
});

const form = {
  id: z.string(),
  title: z.string(),
  definition: z.string(),
  groupings: z.array(z.strictObject({ id: z.string(), title: z.string() })),
  columns: z.array(column),
  chart: z.strictObject({ column: z.string(), kind: z.enum(['line', 'bar']) }),
  hasCurrency: z.boolean(),
  filters: z.array(z.enum(REPORT_FILTERS)),
};

/** A report that can be asked for. */
export const ReportFormBody = z.strictObject(form).meta({ id: 'ReportForm' });

/** All reports. */
export const ReportListBody = z.strictObject({ data: z.array(ReportFormBody) }).meta({ id: 'ReportList' });

const day = z.iso.date().meta({ example: '2026-03-14' });

/** The query of a report. */
export const ReportQueryParams = z.strictObject({
  from: day.optional().meta({ description: 'First day; 29 days before `to` when left out.' }),
  to: day.optional().meta({
    description:
      "Last day, included; today in the channel's time zone when left out, of several channels the latest of their days.",
  }),
  groupBy: text(40).optional().meta({ description: 'One of the groupings; the first when left out.' }),
  channel: text(40).optional(),
  country: z.string().length(2).optional(),
  currency: currency.optional(),
  format: z.enum(['json', 'csv']).optional().meta({
    description:
      'json when left out. As csv all rows come, or none with `invalid` if they are more than 100,000.',
  }),
});

const values = z.record(z.string(), z.number().nullable());
const period = z.strictObject({ from: day, to: day });

/** The numbers of a report: money in minor units of the row's currency, durations in seconds. */
export const ReportBody = z
  .strictObject({
    ...form,
    generatedAt: at,
    groupBy: z.string(),
    period,
    periodBefore: period,
    rows: z.array(
      z.strictObject({
        key: z.string(),
        label: z.string(),
        currency: z.string().nullable(),
        values,
        before: values,
      }),
    ),
    totals: z.array(z.strictObject({ currency: z.string().nullable(), values, before: values })),
    truncated: z.boolean(),
  })
  .meta({ id: 'Report' });

/** The domain's form is the wire's: these lines fail to compile when they differ. */
const _isForm: (one: ReportForm) => z.input<typeof ReportFormBody> = (one) => ({
  ...one,
  groupings: [...one.groupings],
  columns: [...one.columns],
  filters: [...one.filters],
});
const _isRow: (one: ReportRow) => z.output<typeof ReportBody>['rows'][number] = (one) => one;

/** Types for clients. */
export type Report = z.output<typeof ReportBody>;
export type ReportDescription = z.output<typeof ReportFormBody>;
