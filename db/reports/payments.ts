/**
 * What became of payments, by the day it happened: authorizations granted and declined, money taken, given back and taken
 * back, and authorizations that ended unused. Counted where events of money are written (migration 005).
 */
import {
  CSV_ROWS_MAX,
  REPORT_FILTERS,
  type ReportForm,
  type ReportRow,
  type ReportValues,
} from '../../domain/report.ts';
import { currenciesOf, NONE, readGroups, type CountedKey, type Group, type Sums } from './counted.ts';
import { bounded, BY_DAY, everyDay, type Report } from './report.ts';

const FORM: ReportForm = {
  id: 'payments',
  title: 'Payments',
  definition:
    "Counts everything that became of a payment on the day it happened, in its channel's time zone, whenever the order was placed.",
  groupings: [
    BY_DAY,
    { id: 'channel', title: 'Channel' },
    { id: 'method', title: 'Method' },
    { id: 'reason', title: 'Reason of decline' },
  ],
  columns: [
    {
      id: 'attempts',
      title: 'Attempts',
      kind: 'count',
      definition:
        'Authorizations that were granted or declined, new tries included; by reason only declines are told apart.',
      higherIsBetter: null,
    },
    {
      id: 'accepted',
      title: 'Accepted',
      kind: 'percent',
      definition: 'Of all attempts, the share that was granted.',
      higherIsBetter: true,
    },
    {
      id: 'firstAccepted',
      title: 'Accepted at once',
      kind: 'percent',
      definition: 'Of the first attempts for a parcel, the share that was granted.',
      higherIsBetter: true,
    },
    {
      id: 'declined',
      title: 'Declined',
      kind: 'count',
      definition: 'Attempts that were declined, by reason those with the reason that the gateway gave.',
      higherIsBetter: false,
    },
    {
      id: 'captured',
      title: 'Captured',
      kind: 'money',
      definition: 'Money taken, by the gateway as well as by channels.',
      higherIsBetter: true,
    },
    {
      id: 'refunded',
      title: 'Refunded',
      kind: 'money',
      definition: 'Money that was given back, less what of it came back because the bank could not book it.',
      higherIsBetter: false,
    },
    {
      id: 'chargedBack',
      title: 'Charged back',
      kind: 'money',
      definition: 'Money that banks took back in disputes, less what was won back.',
      higherIsBetter: false,
    },
    {
      id: 'net',
      title: 'Net',
      kind: 'money',
      definition: 'Captured less refunded less charged back.',
      higherIsBetter: true,
    },
    {
      id: 'lost',
      title: 'Authorized, not captured',
      kind: 'money',
      definition: 'Authorizations that were given back or ran out without the money being taken.',
      higherIsBetter: false,
    },
    {
      id: 'reauthorized',
      title: 'Authorized again',
      kind: 'money',
      definition: 'Authorizations that took the place of an earlier one for the same parcel.',
      higherIsBetter: null,
    },
  ],
  chart: { column: 'captured', kind: 'line' },
  hasCurrency: true,
  filters: REPORT_FILTERS,
};

/** How migration 005 names what it counts; `units` are first attempts. The key is the method. */
const COUNTS = [
  'granted',
  'declined',
  'reauthorized',
  'captured',
  'refunded',
  'charged_back',
  'released',
] as const;
type Count = (typeof COUNTS)[number];
/** Declines once more, with the reason as their key. */
const REASONS = 'decline_reason';

const KEYS: Readonly<Record<string, CountedKey>> = {
  day: 'day',
  channel: 'channel',
  method: 'method',
  reason: 'reason',
};

/** The report `payments`. */
export const PAYMENTS: Report = {
  form: FORM,
  async read(db, query) {
    const byReason = query.groupBy === 'reason';
    // Each kind of count keeps its largest keys, and those of two kinds are not the same: all are read, and then cut off.
    const groups = await readGroups(
      db,
      { ...query, rowsMax: CSV_ROWS_MAX },
      { reports: byReason ? [...COUNTS, REASONS] : COUNTS, groupBy: KEYS[query.groupBy] ?? 'day' },
    );
    const currencies = currenciesOf(groups.filter((group) => group.report !== REASONS));
    const rows = (byReason ? reasonRows(groups) : rowsOf(groups)).toSorted(
      (a, b) =>
        currencies.indexOf(a.currency ?? '') - currencies.indexOf(b.currency ?? '') ||
        weight(b, 'captured') - weight(a, 'captured') ||
        weight(b, 'declined') - weight(a, 'declined'),
    );
    const words = query.groupBy === 'method' || byReason;
    const named = words ? rows.map((row) => ({ ...row, label: inWords(row.key) })) : rows;
    const shown =
      query.groupBy === BY_DAY.id
        ? everyDay(named, query, {
            currencies: currencies.length > 0 ? currencies : [query.currency],
            nothing: valuesOf(() => NONE),
          })
        : named;
    const totals = currencies.map((currency) => {
      const found = groups.filter((group) => group.key === null && group.currency === currency);
      return { currency, ...bothPeriods(found) };
    });
    return { ...bounded(shown, query), totals };
  },
};

function weight(row: ReportRow, column: string): number {
  return row.values[column] ?? 0;
}

/** One row a key and currency, from all that was counted of it. */
function rowsOf(groups: readonly Group[]): ReportRow[] {
  const places = new Map<string, Group[]>();
  for (const group of groups) {
    if (group.key === null) continue;
    const place = `${group.key} ${group.currency}`;
    places.set(place, [...(places.get(place) ?? []), group]);
  }
  return [...places.values()].flatMap((found) => {
    const [first] = found;
    if (!first) return [];
    const { key, label, currency } = first;
    return [{ key: key ?? '', label, currency, ...bothPeriods(found) }];
  });
}

/** By reason there are declines and nothing else. */
function reasonRows(groups: readonly Group[]): ReportRow[] {
  const nothing = Object.fromEntries(FORM.columns.map(({ id }) => [id, null]));
  return groups
    .filter((group) => group.report === REASONS && group.key !== null)
    .map(({ key, label, currency, now, before }) => ({
      ...{ key: key ?? '', label, currency },
      values: { ...nothing, declined: now.n },
      before: { ...nothing, declined: before.n },
    }));
}

function bothPeriods(found: readonly Group[]): Pick<ReportRow, 'values' | 'before'> {
  const of = (period: 'now' | 'before') =>
    valuesOf((count) => found.find((group) => group.report === count)?.[period] ?? NONE);
  return { values: of('now'), before: of('before') };
}

function valuesOf(sumsOf: (count: Count) => Sums): ReportValues {
  const [granted, declined] = [sumsOf('granted'), sumsOf('declined')];
  const moved = (count: Count) => sumsOf(count).amountMinor;
  const [captured, refunded, chargedBack] = [moved('captured'), moved('refunded'), moved('charged_back')];
  return {
    attempts: granted.n + declined.n,
    accepted: percent(granted.n, granted.n + declined.n),
    firstAccepted: percent(granted.units, granted.units + declined.units),
    declined: declined.n,
    captured,
    refunded,
    chargedBack,
    net: captured - refunded - chargedBack,
    lost: moved('released'),
    reauthorized: moved('reauthorized'),
  };
}

function percent(part: number, all: number): number | null {
  return all === 0 ? null : Math.round((part / all) * 10_000) / 100;
}

/** `insufficient_funds` as "Insufficient funds". */
function inWords(key: string): string {
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
