/**
 * Pages by cursor. The API only knows the way forward; the way back is what was walked, kept for as long as the console
 * is open. Whoever comes by a link to a later page can go to the first one.
 */
import type { Search } from './filters.ts';
import type { ChangeSearch } from './useOrderSearch.ts';

/** For each page's cursor, the cursor of the page before it; the first page has none. */
const cameFrom = new Map<string, string | undefined>();
const KEPT_MAX = 1_000;

/** Where one is, and the ways on; undefined where there is none. */
export interface Pager {
  /** 1 for the first page; undefined when the way to this page is not known. */
  page: number | undefined;
  next: (() => void) | undefined;
  previous: (() => void) | undefined;
  first: (() => void) | undefined;
}

/** The pages around the one shown. */
export function pagerOf(search: Search, nextCursor: string | null | undefined, change: ChangeSearch): Pager {
  const cursor = search['cursor'];
  const isFirst = cursor === undefined;
  return {
    page: pageOf(cursor),
    next:
      typeof nextCursor === 'string'
        ? () => {
            if (cameFrom.size >= KEPT_MAX) cameFrom.clear();
            cameFrom.set(nextCursor, cursor);
            change({ cursor: nextCursor });
          }
        : undefined,
    previous: isFirst || !cameFrom.has(cursor) ? undefined : () => change({ cursor: cameFrom.get(cursor) }),
    first: isFirst ? undefined : () => change({ cursor: undefined }),
  };
}

function pageOf(cursor: string | undefined): number | undefined {
  let page = 1;
  for (let at = cursor; at !== undefined; at = cameFrom.get(at)) {
    if (!cameFrom.has(at) || page > KEPT_MAX) return undefined;
    page += 1;
  }
  return page;
}
