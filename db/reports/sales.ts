/** Orders and revenue by the day an order was placed: over time, by channel, by country of delivery, by product. */
import { REPORT_FILTERS, type ReportForm, type ReportRow, type ReportValues } from '../../domain/report.ts';
import { currenciesOf, NONE, readGroups, type CountedKey, type Group, type Sums } from './counted.ts';
import { bounded, BY_DAY, everyDay, type Report } from './report.ts';

const FORM: ReportForm = {
  id: 'sales',
  title: 'Orders and revenue',
  definition:
    "Counts every order on the day it was placed, in its channel's time zone, whatever became of it afterwards.",
  groupings: [
    BY_DAY,
    { id: 'channel', title: 'Channel' },
    { id: 'country', title: 'Country' },
    { id: 'product', title: 'Product' },
  ],
  columns: [
    {
      id: 'orders',
      title: 'Orders',
      kind: 'count',
      definition: 'Orders placed; by product: orders that hold the product.',
      higherIsBetter: true,
    },
    {
      id: 'units',
      title: 'Units',
      kind: 'count',
      definition: 'Units of all lines of these orders; by product: units of the product.',
      higherIsBetter: true,
    },
    {
      id: 'revenue',
      title: 'Revenue',
      kind: 'money',
      definition:
        'What customers owe for the orders placed: tax and shipping included, cancelled orders included; by product: the totals of its lines, without shipping.',
      higherIsBetter: true,
    },
    {
      id: 'averageOrder',
      title: 'Average order',
      kind: 'money',
      definition: 'Revenue divided by orders, rounded to the minor unit; not given by product.',
      higherIsBetter: true,
    },
  ],
  chart: { column: 'revenue', kind: 'line' },
  hasCurrency: true,
  filters: REPORT_FILTERS,
};

const KEYS: Readonly<Record<string, CountedKey>> = {
  day: 'day',
  channel: 'channel',
  country: 'country',
  product: 'product',
};

/** The report `sales`. */
export const SALES: Report = {
  form: FORM,
  async read(db, query) {
    const byProduct = query.groupBy === 'product';
    const counted = byProduct ? 'product' : 'sales';
    const groups = await readGroups(db, query, {
      // An order with three products counts once in the totals: orders are counted as such.
      reports: byProduct ? ['product', 'sales'] : ['sales'],
      groupBy: KEYS[query.groupBy] ?? 'day',
    });
    const currencies = currenciesOf(groups);
    const valuesOf = byProduct ? productValues : orderValues;
    const rows = groups
      .filter((group) => group.report === counted && group.key !== null)
      .map((group) => rowOf(group, valuesOf))
      .toSorted((a, b) => currencies.indexOf(a.currency ?? '') - currencies.indexOf(b.currency ?? ''));
    const shown =
      query.groupBy === BY_DAY.id
        ? everyDay(rows, query, {
            currencies: currencies.length > 0 ? currencies : [query.currency],
            nothing: orderValues(NONE),
          })
        : rows;
    const totals = currencies.map((currency) => {
      const find = (report: string) =>
        groups.find((group) => group.report === report && group.key === null && group.currency === currency);
      return totalOf(currency, { counted: find(counted), orders: find('sales'), valuesOf });
    });
    return { ...bounded(shown, query), totals };
  },
};

type ValuesOf = (sums: Sums) => ReportValues;

const orderValues: ValuesOf = ({ n, units, amountMinor }) => ({
  orders: n,
  units,
  revenue: amountMinor,
  averageOrder: n === 0 ? null : Math.round(amountMinor / n),
});

const productValues: ValuesOf = (sums) => ({ ...orderValues(sums), averageOrder: null });

function rowOf(group: Group, valuesOf: ValuesOf): ReportRow {
  const { label, currency, now, before } = group;
  return { key: group.key ?? '', label, currency, values: valuesOf(now), before: valuesOf(before) };
}

function totalOf(
  currency: string,
  given: { counted: Group | undefined; orders: Group | undefined; valuesOf: ValuesOf },
) {
  const of = (period: 'now' | 'before') =>
    given.valuesOf({ ...(given.counted?.[period] ?? NONE), n: given.orders?.[period].n ?? 0 });
  return { currency, values: of('now'), before: of('before') };
}
