/** What the address of the reports page chooses, and what the API is asked for it. Pure. */
import type { ReportDescription } from '../../api/schemas/reports.ts';
import { PRESETS, presetPeriod, type Period, type Preset } from './period.ts';

/** The choices in an address; every one is text and may be missing or nonsense. */
export type ReportSearch = Readonly<Record<string, string | undefined>>;

/** The period that is chosen: a usual one, or days of one's own. */
export type PeriodChoice = Preset | 'custom';

const PRESET_USUAL: Preset = '30d';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The report that is chosen; the first when the address names none that exists. */
export function reportIn(
  search: ReportSearch,
  reports: readonly ReportDescription[],
): ReportDescription | undefined {
  return reports.find((one) => one.id === search['report']) ?? reports[0];
}

/** Which kind of period is chosen: days in the address go before a name. */
export function periodChoiceIn(search: ReportSearch): PeriodChoice {
  if (search['from'] !== undefined || search['to'] !== undefined) return 'custom';
  return PRESETS.find((one) => one === search['period']) ?? PRESET_USUAL;
}

/** The days that are chosen. Half of a period of one's own ends or begins today. */
export function periodIn(search: ReportSearch, today: string): Period {
  const choice = periodChoiceIn(search);
  if (choice !== 'custom') return presetPeriod(choice, today);
  const { from = today, to = today } = search;
  return { from, to };
}

/** The grouping that is chosen; the report's first when the address names none of its own. */
export function groupingIn(search: ReportSearch, report: ReportDescription): string | undefined {
  const known = report.groupings.find((one) => one.id === search['groupBy']);
  return (known ?? report.groupings[0])?.id;
}

/** The query for the API. Filters that the report does not go by are left out: they may stand there for another. */
export function queryIn(
  search: ReportSearch,
  report: ReportDescription,
  today: string,
): Record<string, string | undefined> {
  const { from, to } = periodIn(search, today);
  return {
    from,
    to,
    groupBy: groupingIn(search, report),
    ...Object.fromEntries(report.filters.map((name) => [name, search[name]])),
  };
}

/** The address after another choice of period; days of one's own begin as those that are shown. */
export function withPeriod(search: ReportSearch, choice: string, shown: Period): ReportSearch {
  const { from: _from, to: _to, period: _period, ...rest } = search;
  if (choice === 'custom') return { ...rest, ...shown };
  return choice === PRESET_USUAL ? rest : { ...rest, period: choice };
}

/** True for a day as the API reads it. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const millis = Date.parse(`${text}T00:00:00Z`);
  // The 31st of February parses, as a day in March.
  return !Number.isNaN(millis) && new Date(millis).toISOString().startsWith(text);
}
