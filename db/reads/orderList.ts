/**
 * The list of orders: views, filters, search, sort and keyset paging, built from the parts that were asked for. Every
 * value is a parameter; column names come from tables in this file only.
 */
import type { OrderViewName } from '../../domain/orderViews.ts';
import type { Origin, PaymentMethod } from '../../domain/order.ts';
import type { Stage } from '../../domain/stage.ts';
import type { Db } from '../connect.ts';
import { Conditions } from './conditions.ts';
import { addMatches, addTests, measure, skuSearch, textSearch, type Search } from './orderSearch.ts';
import { VIEW_CONDITIONS } from './orderViews.ts';
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
  view?: OrderViewName | undefined;
  stage?: Stage | undefined;
  country?: string | undefined;
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
  placedAfter?: Date | undefined;
  placedBefore?: Date | undefined;
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

/** A row of the list: the summary and what people choose columns from. */
export interface OrderListRow extends OrderSummary {
  stage: Stage;
  origin: Origin;
  /** Personal data. */
  recipientName: string | null;
  shipCountry: string | null;
  paymentMethod: PaymentMethod;
  unitCount: number;
  tags: string[];
  updatedAt: string;
}

/** The page and whether more follows; `last` is what the next page starts after. */
export interface OrderRows {
  rows: OrderListRow[];
  hasMore: boolean;
  last: { value: string | number; id: string } | null;
}

interface ListRow extends SummaryRow {
  origin: Origin;
  recipient_name: string | null;
  ship_country: string | null;
  payment_method: PaymentMethod;
  unit_count: number;
  tags: string[];
  updated_at: Date;
}

const EQUALS: readonly [keyof OrderFilter, string][] = [
  ['country', 'o.ship_country = ?'],
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
  ['placedAfter', 'o.placed_at >= ?'],
  ['placedBefore', 'o.placed_at < ?'],
  ['tag', `o.tags @> array[?::text] and o.tags <> '{}'`],
];

/** Conditions on the order's own row, as far as they were asked for. */
function ownConditions(filter: OrderFilter, page: OrderPage): Conditions {
  const where = new Conditions();
  const view = filter.view && VIEW_CONDITIONS[filter.view];
  if (view) where.addFixed(view);
  // Nearly all orders have ended: those that have not stand in an index of their own.
  if (filter.stage !== undefined && filter.stage !== 'ended') where.addFixed(`o.stage <> 'ended'`);
  if (filter.stage !== undefined) where.add('o.stage = ?', filter.stage);
  for (const [name, text] of EQUALS) if (filter[name] !== undefined) where.add(text, filter[name]);
  if (page.after) {
    const { column, type, descending } = SORTS[page.sort];
    const at = `(${where.value(page.after.value)}::${type}, ${where.value(page.after.id)})`;
    where.addFixed(`(${column}, o.id) ${descending ? '<' : '>'} ${at}`);
  }
  return where;
}

/** Sets of orders that stay small however many orders have ended, or stand in an index of their own. */
const NARROW_VIEWS: readonly OrderViewName[] = ['needs_attention', 'to_ship', 'late'];

function isNarrow(filter: OrderFilter): boolean {
  const { view, stage, lifecycle, attention } = filter;
  const isOpen = lifecycle === 'received' || lifecycle === 'processing';
  const isOpenStage = stage !== undefined && stage !== 'ended';
  return (
    attention !== undefined || isOpen || isOpenStage || (view !== undefined && NARROW_VIEWS.includes(view))
  );
}

/**
 * The orders that fit, all of them, to be sorted afterwards. "offset 0" keeps the planner from walking the sort order
 * instead: it takes what fits to lie evenly among all orders, but open orders are the newest. Of 1,000,000 orders the
 * oldest 50 to ship took 690 ms without it and take 35 ms with it.
 */
function allThatFit(where: Conditions): string {
  return `(select o.* from orders o ${where.where()} offset 0) o`;
}

/** Where the page is read from when no search decides it. By createdAt the small sets have an index in this order. */
function source(where: Conditions, filter: OrderFilter, page: OrderPage): string {
  const isInOrder = page.sort === 'createdAt' || page.sort === '-createdAt';
  return isNarrow(filter) && !isInOrder ? allThatFit(where) : `orders o ${where.where()}`;
}

/**
 * Orders that are looked at in the sort order for a search that finds very many, before all matches are read after all.
 * Testing so many takes some 50 ms; of a SKU that is on every hundredth order, they hold a page twice.
 */
const WINDOW = 10_000;

/** Reads one page. Bounded by `limit` (+1 to know whether more follows). */
export async function listOrders(
  db: Pick<Db, 'pool'>,
  filter: OrderFilter,
  page: OrderPage,
): Promise<OrderRows> {
  const asked: Search[] = [];
  if (filter.sku !== undefined) asked.push(skuSearch(filter.sku));
  if (filter.q !== undefined) asked.push(textSearch(filter.q, filter.searchesPeople));
  if (asked.length === 0) {
    const where = ownConditions(filter, page);
    return pageOf(await read(db, { from: source(where, filter, page), where, page }), page);
  }
  const measured = await Promise.all(asked.map((search) => measure(db, search)));
  if (measured.some(({ extent }) => extent === 'none')) return { rows: [], hasMore: false, last: null };
  const isCommon = measured.every(({ extent }) => extent === 'many');
  if (isCommon) {
    const rows = await readWindow(db, { filter, page, searches: measured.map(({ search }) => search) });
    // The window is the beginning of the sort order: a page that is full is the right one.
    if (rows.length > page.limit) return pageOf(rows, page);
  }
  const where = ownConditions(filter, page);
  for (const { search, extent } of measured) {
    if (extent === 'few' || isCommon) addMatches(where, search);
    else addTests(where, search);
  }
  return pageOf(await read(db, { from: allThatFit(where), where, page }), page);
}

async function readWindow(
  db: Pick<Db, 'pool'>,
  of: { filter: OrderFilter; page: OrderPage; searches: readonly Search[] },
): Promise<ListRow[]> {
  const { filter, page } = of;
  const where = ownConditions(filter, page);
  const from = source(where, filter, page);
  const tests = new Conditions(where.values);
  for (const search of of.searches) addTests(tests, search);
  const window = `(select o.* from ${from} order by ${orderOf(page.sort)} limit ${WINDOW}) o`;
  return read(db, { from: `${window} ${tests.where()}`, where, page });
}

function orderOf(sort: OrderSort): string {
  const { column, descending } = SORTS[sort];
  const direction = descending ? 'desc' : 'asc';
  return `${column} ${direction}, o.id ${direction}`;
}

/** Names are looked up for the rows of the page alone: joined before, they would be read for every row that is sorted. */
async function read(
  db: Pick<Db, 'pool'>,
  given: { from: string; where: Conditions; page: OrderPage },
): Promise<ListRow[]> {
  const { from, where, page } = given;
  const order = orderOf(page.sort);
  const { rows } = await db.pool.query<ListRow>(
    `select o.*, (select name from contacts where id = o.recipient_contact) as recipient_name from (
       select ${SUMMARY_COLUMNS}, o.origin, o.recipient_contact, o.ship_country, o.payment_method, o.unit_count, o.tags, o.updated_at
       from ${from} order by ${order} limit ${where.value(page.limit + 1)}) o
     order by ${order}`,
    where.values,
  );
  return rows;
}

function pageOf(rows: readonly ListRow[], page: OrderPage): OrderRows {
  const hasMore = rows.length > page.limit;
  const shown = hasMore ? rows.slice(0, page.limit) : rows;
  const final = shown.at(-1);
  return {
    rows: shown.map(listRow),
    hasMore,
    last: final ? { value: sortValue(final, page.sort), id: final.id } : null,
  };
}

function listRow(row: ListRow): OrderListRow {
  return {
    ...summaryOf(row),
    stage: row.stage,
    origin: row.origin,
    recipientName: row.recipient_name,
    shipCountry: row.ship_country,
    paymentMethod: row.payment_method,
    unitCount: row.unit_count,
    tags: row.tags,
    updatedAt: row.updated_at.toISOString(),
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
