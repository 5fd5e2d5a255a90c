/** Orders that were called off, by the day that was done, with the reason. */
import { CANCEL_REASONS, type CancelReason } from '../../domain/order.ts';
import {
  REPORT_FILTERS,
  type ReportForm,
  type ReportQuery,
  type ReportRow,
  type ReportValues,
} from '../../domain/report.ts';
import { currenciesOf, NONE, readGroups, type CountedKey, type Group, type Sums } from './counted.ts';
import { bounded, BY_DAY, everyDay, type Report } from './report.ts';

const FORM: ReportForm = {
  id: 'cancellations',
  title: 'Cancellations',
  definition:
    "Counts every order that was cancelled or expired on the day its cancellation was complete, in its channel's time zone.",
  groupings: [{ id: 'reason', title: 'Reason' }, { id: 'channel', title: 'Channel' }, BY_DAY],
  columns: [
    {
      id: 'orders',
      title: 'Orders',
      kind: 'count',
      definition: 'Orders whose cancellation was complete in the period, whenever they were placed.',
      higherIsBetter: false,
    },
    {
      id: 'amount',
      title: 'Amount',
      kind: 'money',
      definition: 'What customers would have owed for these orders, tax and shipping included.',
      higherIsBetter: false,
    },
    {
      id: 'share',
      title: 'Share',
      kind: 'percent',
      definition:
        'Orders cancelled in the period as a share of the orders placed in it, in the same currency; by channel or day: of those placed there or then.',
      higherIsBetter: false,
    },
  ],
  chart: { column: 'orders', kind: 'bar' },
  hasCurrency: true,
  filters: REPORT_FILTERS,
};

/** Why an order is undone, in words. */
const REASON_WORDS: Readonly<Record<CancelReason, string>> = {
  customer: 'The customer asked for it',
  declined: 'The payment was declined',
  fraud: 'Suspicion of fraud',
  inventory: 'No stock came in time',
  staff: 'Decided by staff',
  expired: 'Not paid in time',
  other: 'Another reason',
};

const KEYS: Readonly<Record<string, CountedKey>> = { reason: 'reason', channel: 'channel', day: 'day' };

/** The report `cancellations`. */
export const CANCELLATIONS: Report = {
  form: FORM,
  async read(db, query) {
    const groups = await readGroups(db, query, {
      reports: ['cancelled', 'sales'],
      groupBy: KEYS[query.groupBy] ?? 'reason',
    });
    const currencies = currenciesOf(groups);
    const counted = rowsOf(groups, query).toSorted(
      (a, b) =>
        currencies.indexOf(a.currency ?? '') - currencies.indexOf(b.currency ?? '') ||
        (b.values['orders'] ?? 0) - (a.values['orders'] ?? 0),
    );
    const shown =
      query.groupBy === BY_DAY.id
        ? everyDay(counted, query, {
            currencies: currencies.length > 0 ? currencies : [query.currency],
            nothing: valuesOf(NONE, 0),
          })
        : counted;
    const find = (report: string, currency: string) =>
      groups.find((group) => group.report === report && group.key === null && group.currency === currency);
    const totals = currencies.map((currency) => {
      const [cancelled, placed] = [find('cancelled', currency), find('sales', currency)];
      const of = (period: 'now' | 'before') => valuesOf(cancelled?.[period] ?? NONE, placed?.[period].n ?? 0);
      return { currency, values: of('now'), before: of('before') };
    });
    return { ...bounded(shown, query), totals };
  },
};

/** One row a key and currency that has either; by reason the share is of all orders placed in the currency. */
function rowsOf(groups: readonly Group[], query: ReportQuery): ReportRow[] {
  const byReason = query.groupBy === 'reason';
  const placed = new Map(
    groups
      .filter((group) => group.report === 'sales' && (group.key === null) === byReason)
      .map((group) => [placeOf(group, byReason), group]),
  );
  const cancelled = new Map(
    groups
      .filter((group) => group.report === 'cancelled' && group.key !== null)
      .map((group) => [`${group.key} ${group.currency}`, group]),
  );
  const shown = new Map([...(byReason ? [] : placed), ...cancelled]);
  return [...shown].map(([place, group]) => {
    const of = (period: 'now' | 'before') =>
      valuesOf(cancelled.get(place)?.[period] ?? NONE, placed.get(placeOf(group, byReason))?.[period].n ?? 0);
    return {
      key: group.key ?? '',
      label: byReason ? reasonWords(group.key) : group.label,
      currency: group.currency,
      values: of('now'),
      before: of('before'),
    };
  });
}

function placeOf(group: Group, byReason: boolean): string {
  return byReason ? group.currency : `${group.key} ${group.currency}`;
}

function reasonWords(key: string | null): string {
  const reason = CANCEL_REASONS.find((one) => one === key);
  return reason ? REASON_WORDS[reason] : (key ?? '');
}

function valuesOf(cancelled: Sums, placed: number): ReportValues {
  return {
    orders: cancelled.n,
    amount: cancelled.amountMinor,
    share: placed === 0 ? null : Math.round((cancelled.n / placed) * 10_000) / 100,
  };
}
