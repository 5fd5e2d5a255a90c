/**
 * The list of orders: filters, search, sort and keyset paging in one statement built from the parts that were asked
 * for. Every value is a parameter; column names come from tables in this file only.
 */
import { canonicalSku } from '../../domain/order.ts';
import type { Db } from '../connect.ts';
import { SUMMARY_COLUMNS, summaryOf, type OrderSummary, type SummaryRow } from './summary.ts';

const SORTS = {
  createdAt: { column: 'o.created_at', type: 'timestamptz', descending: false },
  '-createdAt': { column: 'o.created_at', type: 'timestamptz', descending: true },
  placedAt: { column: 'o.placed_at', type: 'timestamptz', descending: false },
  '-placedAt': { column: 'o.placed_at', type: 'timestamptz', descending: true },
  number: { column: 'o.number', type: 'bigint', descending: false },
  '-number': { column: 'o.number', type: 'bigint', descending: true },
  total: { column: 'o.total_minor', type: 'bigint', descending: false },
  '-total': { column: 'o.total_minor', type: 'bigint', descending: true },
} as const;

/** What a list can be sorted by; a leading minus is descending. Ties are broken by id. */
export type OrderSort = keyof typeof SORTS;
/** The names of OrderSort. */
export const ORDER_SORTS = Object.keys(SORTS) as [OrderSort, ...OrderSort[]];

/** Filters of a list; all that are given must hold. */
export interface OrderFilter {
  channel?: string | undefined;
  /** The caller's own channel, when it may see no other. */
  ownChannel?: string | undefined;
  externalId?: string | undefined;
  lifecycle?: string | undefined;
  paymentStatus?: string | undefined;
  fulfillmentStatus?: string | undefined;
  returnStatus?: string | undefined;
  attention?: string | undefined;
  createdAfter?: Date | undefined;
  createdBefore?: Date | undefined;
  sku?: string | undefined;
  tag?: string | undefined;
  /** Number, external id, SKU or tracking code; names and e-mails too when `searchesPeople`. */
  q?: string | undefined;
  searchesPeople: boolean;
}

/** One page to read: after the given sort value and id. */
export interface OrderPage {
  sort: OrderSort;
  limit: number;
  after?: { value: string | number; id: string } | undefined;
}

/** The page and whether more follows; `last` is what the next page starts after. */
export interface OrderRows {
  rows: OrderSummary[];
  hasMore: boolean;
  last: { value: string | number; id: string } | null;
}

class Conditions {
  readonly parts: string[] = [];
  readonly values: unknown[] = [];
  /** Adds a condition; `?` stands for the value, `??` in it is never user input. */
  add(text: string, value: unknown): void {
    this.values.push(value);
    this.parts.push(text.replaceAll('?', `$${this.values.length}`));
  }
}

const EQUALS: readonly [keyof OrderFilter, string][] = [
  ['channel', 'o.channel = ?'],
  ['ownChannel', 'o.channel = ?'],
  ['externalId', 'o.external_id = ?'],
  ['lifecycle', 'o.lifecycle = ?'],
  ['paymentStatus', 'o.payment_status = ?'],
  ['fulfillmentStatus', 'o.fulfillment_status = ?'],
  ['returnStatus', 'o.return_status = ?'],
  ['attention', `o.attention @> array[?::text] and o.attention <> '{}'`],
  ['createdAfter', 'o.created_at >= ?'],
  ['createdBefore', 'o.created_at < ?'],
  ['tag', 'o.tags @> array[?::text]'],
];

/** Reads one page. Bounded by `limit` (+1 to know whether more follows). */
export async function listOrders(
  db: Pick<Db, 'pool'>,
  filter: OrderFilter,
  page: OrderPage,
): Promise<OrderRows> {
  const where = new Conditions();
  for (const [name, text] of EQUALS) if (filter[name] !== undefined) where.add(text, filter[name]);
  if (filter.sku !== undefined)
    where.add(
      'exists (select from order_lines l where l.order_id = o.id and l.sku = ?)',
      canonicalSku(filter.sku),
    );
  if (filter.q !== undefined) addSearch(where, filter.q, filter.searchesPeople);
  const sort = SORTS[page.sort];
  const compare = sort.descending ? '<' : '>';
  if (page.after) {
    where.values.push(page.after.value, page.after.id);
    const at = where.values.length;
    where.parts.push(`(${sort.column}, o.id) ${compare} ($${at - 1}::${sort.type}, $${at})`);
  }
  where.values.push(page.limit + 1);
  const direction = sort.descending ? 'desc' : 'asc';
  const { rows } = await db.pool.query<SummaryRow>(
    `select ${SUMMARY_COLUMNS} from orders o ${where.parts.length > 0 ? `where ${where.parts.join(' and ')}` : ''}
     order by ${sort.column} ${direction}, o.id ${direction} limit $${where.values.length}`,
    where.values,
  );
  const hasMore = rows.length > page.limit;
  const shown = hasMore ? rows.slice(0, page.limit) : rows;
  const final = shown.at(-1);
  return {
    rows: shown.map(summaryOf),
    hasMore,
    last: final ? { value: sortValue(final, page.sort), id: final.id } : null,
  };
}

function sortValue(row: SummaryRow, sort: OrderSort): string | number {
  switch (sort) {
    case 'createdAt':
    case '-createdAt':
      return row.created_at.toISOString();
    case 'placedAt':
    case '-placedAt':
      return row.placed_at.toISOString();
    case 'number':
    case '-number':
      return row.number;
    case 'total':
    case '-total':
      return row.total_minor;
  }
}

/** Search: each way of finding is its own index look-up, so the union stays cheap however many orders there are. */
function addSearch(where: Conditions, q: string, searchesPeople: boolean): void {
  const text = q.trim();
  const ways = [
    'select id from orders where external_id = ?::text',
    `select order_id from order_lines where sku = upper(?::text)`,
    'select order_id from shipments where tracking_code = ?::text',
  ];
  if (/^\d{1,15}$/.test(text)) ways.push('select id from orders where number = ?::text::bigint');
  if (searchesPeople) {
    ways.push('select order_id from contacts where lower(email) = lower(?::text)');
    ways.push(
      `select order_id from contacts where lower(name) like replace(replace(replace(lower(?::text), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`,
    );
  }
  where.add(`o.id in (${ways.join(' union all ')})`, text);
}
