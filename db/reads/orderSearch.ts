/**
 * Finding orders by what does not stand in their own row: a SKU, or the text of a search box, which is looked up as
 * whatever it may be. Each way of finding is an index look-up, so the question is only what to do when it finds very many.
 *
 * Measured with 1,000,000 orders, 51 rows a page: a list that joins every match takes 2 ms for one match but a second for a
 * SKU that is on half of the orders; a list that walks its sort order and tests each order takes 2 ms for that SKU but
 * seconds for a rare one. So the matches are counted first, up to a bound, and the count decides.
 */
import { canonicalSku } from '../../domain/order.ts';
import type { Db } from '../connect.ts';
import type { Conditions } from './conditions.ts';

/** One way of finding. `?` stands for the value in both. */
interface Way {
  /** Selects the ids of all orders that match. */
  ids: string;
  /** True of `orders o` when it matches. */
  test: string;
  value: string | number;
}

/** Ways of which any may match. */
export type Search = readonly Way[];

/** Matches up to which all of them are read and sorted; more are found faster in the sort order. */
const FEW = 5_000;

/** Orders with this SKU on a line. */
export function skuSearch(sku: string): Search {
  const ids = 'select order_id from order_lines where sku = ?';
  // A scalar subquery is never turned into a hash of all its matches, which "exists" may be.
  const test = '(select 1 from order_lines l where l.order_id = o.id and l.sku = ? limit 1) is not null';
  return [{ ids, test, value: canonicalSku(sku) }];
}

/** The expression that migration 003 indexes: the last word of a name. */
const SURNAME = `lower(regexp_replace(name, '^.*\\s', ''))`;

/** Orders by what a person types into a search box; names and e-mails only for those who may see them. */
export function textSearch(q: string, searchesPeople: boolean): Search {
  const text = q.trim();
  const ways: Way[] = [
    { ids: 'select id from orders where external_id = ?', test: 'o.external_id = ?', value: text },
    ...skuSearch(text),
    ...trackingWays(text),
  ];
  if (text.startsWith('ord_'))
    ways.push({ ids: 'select id from orders where id = ?', test: 'o.id = ?', value: text });
  const number = /^#?(\d{1,15})$/.exec(text)?.[1];
  if (number !== undefined)
    ways.push({
      ids: 'select id from orders where number = ?::bigint',
      test: 'o.number = ?::bigint',
      value: number,
    });
  return searchesPeople ? [...ways, ...peopleWays(text)] : ways;
}

/** As it was typed and without blanks: carriers print their numbers in groups. */
function trackingWays(text: string): Way[] {
  return [...new Set([text, text.replaceAll(/\s/g, '')])].map((value) => ({
    ids: 'select order_id from shipments where tracking_code = ?',
    test: '(select 1 from shipments s where s.order_id = o.id and s.tracking_code = ? limit 1) is not null',
    value,
  }));
}

/** The text may begin an e-mail address, a name or the last word of one. */
function peopleWays(text: string): Way[] {
  const lower = text.toLowerCase();
  const contact = (condition: string, value: string): Way => ({
    ids: `select order_id from contacts where ${condition}`,
    test: `(select 1 from contacts where order_id = o.id and ${condition} limit 1) is not null`,
    value,
  });
  const beginning = `${lower.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const byEmail = contact('lower(email) like ?', beginning);
  if (lower.includes('@')) return [byEmail];
  return [byEmail, contact('lower(name) like ?', beginning), contact(`${SURNAME} like ?`, beginning)];
}

/** What a search found: nothing, few (read them all), or many (look for them in the sort order first). */
export type Extent = 'none' | 'few' | 'many';

/** Counts what each way finds, up to the bound; ways that find nothing are left out of the search that comes back. */
export async function measure(
  db: Pick<Db, 'pool'>,
  search: Search,
): Promise<{ search: Search; extent: Extent }> {
  const counts = search.map(
    ({ ids }, index) =>
      `(select count(*)::int from (${ids.replaceAll('?', `$${index + 1}`)} limit ${FEW + 1}) w) as n${index}`,
  );
  const { rows } = await db.pool.query<Record<string, number>>(
    `select ${counts.join(', ')}`,
    search.map((way) => way.value),
  );
  const found = search.map((_, index) => rows[0]?.[`n${index}`] ?? 0);
  const total = found.reduce((sum, count) => sum + count, 0);
  return {
    search: search.filter((_, index) => (found[index] ?? 0) > 0),
    extent: total === 0 ? 'none' : total > FEW ? 'many' : 'few',
  };
}

/** Adds "is among the matches": all of them are read. */
export function addMatches(where: Conditions, search: Search): void {
  const ids = search.map((way) => way.ids.replaceAll('?', where.value(way.value)));
  where.addFixed(`o.id in (${ids.join(' union all ')})`);
}

/** Adds "matches": each order that is looked at is tested. */
export function addTests(where: Conditions, search: Search): void {
  const tests = search.map((way) => way.test.replaceAll('?', where.value(way.value)));
  where.addFixed(`(${tests.join(' or ')})`);
}
