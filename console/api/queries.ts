/**
 * Everything the console reads, as queries of TanStack Query: one function each, with its key. What came before stays on
 * the screen while something newer is fetched, so nothing flickers; live.ts says when to fetch again.
 */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Channel } from '../../api/schemas/administration.ts';
import type { Location, Movement, Stock } from '../../api/schemas/catalogue.ts';
import type { CreditAccount, CreditAccountDetail } from '../../api/schemas/credit.ts';
import type { OrderViews, SavedView } from '../../api/schemas/desk.ts';
import type { Case, CaseCause, TimelineEntry } from '../../api/schemas/feeds.ts';
import type { OrderDetail, OrderListItem } from '../../api/schemas/orders.ts';
import type { Receipt } from '../../api/schemas/receipts.ts';
import type { Dispute, Finding, Payout, Reconciliation } from '../../api/schemas/reconciliation.ts';
import type { Refund } from '../../api/schemas/refunds.ts';
import type { Report, ReportDescription } from '../../api/schemas/reports.ts';
import type { Session } from '../../api/schemas/session.ts';
import { WAITING } from '../touched.ts';
import { call, queryOf } from './client.ts';

/** A page of a list. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
  hasMore: boolean;
}

/** Parameters of a list as they stand in the address. */
export type ListParams = Readonly<Record<string, string | undefined>>;

/** Who is signed in; 401 when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call<Session>('/v1/session', { signal }),
  staleTime: Infinity,
  retry: false,
});

/** A page of orders. */
export function ordersQuery(params: ListParams) {
  return queryOptions({
    queryKey: ['orders', params],
    queryFn: ({ signal }) => call<Page<OrderListItem>>(`/v1/orders${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** The views everybody has, with their counts. */
export const orderViewsQuery = queryOptions({
  queryKey: ['orderViews'],
  queryFn: ({ signal }) => call<OrderViews>('/v1/orders/views', { signal }),
  placeholderData: keepPreviousData,
});

/** The signed-in person's own views. */
export const savedViewsQuery = queryOptions({
  queryKey: ['savedViews'],
  queryFn: ({ signal }) => call<{ data: SavedView[] }>('/v1/views', { signal }),
});

/** One order by id or number. */
export function orderQuery(order: string) {
  return queryOptions({
    queryKey: ['order', order],
    queryFn: ({ signal }) => call<OrderDetail>(`/v1/orders/${encodeURIComponent(order)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

const TIMELINE_PAGE = 100;
const TIMELINE_PAGES_MAX = 20;

/** The whole timeline of an order, oldest first; 2,000 entries at most. */
export function timelineQuery(order: string) {
  return queryOptions({
    queryKey: ['timeline', order],
    queryFn: async ({ signal }) => {
      const entries: TimelineEntry[] = [];
      let cursor: string | null = null;
      for (let pages = 0; pages < TIMELINE_PAGES_MAX; pages += 1) {
        const query = queryOf({ limit: TIMELINE_PAGE, cursor });
        const page: Page<TimelineEntry> = await call(
          `/v1/orders/${encodeURIComponent(order)}/timeline${query}`,
          { signal },
        );
        entries.push(...page.data);
        cursor = page.nextCursor;
        if (cursor === null) break;
      }
      return entries;
    },
    placeholderData: keepPreviousData,
  });
}

/** A page of cases. */
export function casesQuery(params: ListParams) {
  return queryOptions({
    queryKey: ['cases', params],
    queryFn: ({ signal }) => call<Page<Case>>(`/v1/cases${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Open cases by cause. */
export function causesQuery(params: ListParams = {}) {
  return queryOptions({
    queryKey: ['causes', params],
    queryFn: ({ signal }) => call<{ data: CaseCause[] }>(`/v1/cases/causes${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** A page of stock. */
export function stockQuery(params: ListParams) {
  return queryOptions({
    queryKey: ['inventory', params],
    queryFn: ({ signal }) => call<Page<Stock>>(`/v1/inventory${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** The locations: a shop has a handful, the first hundred are shown. */
export const locationsQuery = queryOptions({
  queryKey: ['locations'],
  queryFn: ({ signal }) => call<Page<Location>>('/v1/locations?limit=100', { signal }),
  staleTime: 60_000,
});

/** A page of stock movements, newest first. */
export function movementsQuery(params: ListParams) {
  return queryOptions({
    queryKey: ['movements', params],
    queryFn: ({ signal }) => call<Page<Movement>>(`/v1/inventory/movements${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** All channels: a shop has a handful, the first hundred are shown. */
export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: ({ signal }) => call<Page<Channel>>('/v1/channels?limit=100', { signal }),
  staleTime: 60_000,
});

/** The reports there are. */
export const reportListQuery = queryOptions({
  queryKey: ['reportList'],
  queryFn: ({ signal }) => call<{ data: ReportDescription[] }>('/v1/reports', { signal }),
  staleTime: Infinity,
});

/** The numbers of one report. */
export function reportQuery(report: string, params: ListParams) {
  return queryOptions({
    queryKey: ['report', report, params],
    queryFn: ({ signal }) =>
      call<Report>(`/v1/reports/${encodeURIComponent(report)}${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** A page of refunds of all orders, newest first. */
export function refundsQuery(params: ListParams) {
  return queryOptions({
    queryKey: ['refunds', params],
    queryFn: ({ signal }) => call<Page<Refund>>(`/v1/refunds${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** A page of disputes. */
export function disputesQuery(params: ListParams) {
  return queryOptions({
    queryKey: ['disputes', params],
    queryFn: ({ signal }) => call<Page<Dispute>>(`/v1/disputes${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** A page of what the provider transferred to the merchant's bank. */
export function payoutsQuery(params: ListParams) {
  return queryOptions({
    queryKey: ['payouts', params],
    queryFn: ({ signal }) => call<Page<Payout>>(`/v1/payouts${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

const RUNNING_LOOK_MILLIS = 2_000;

/** A page of runs of the reconciliation, newest first; looked at again while one is under way. */
export function reconciliationsQuery(params: ListParams) {
  return queryOptions({
    queryKey: ['reconciliations', params],
    queryFn: ({ signal }) => call<Page<Reconciliation>>(`/v1/reconciliations${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.data.some((run) => run.endedAt === null) ? RUNNING_LOOK_MILLIS : false,
  });
}

/** A page of what one run has found. */
export function findingsQuery(run: string, params: ListParams) {
  return queryOptions({
    queryKey: ['findings', run, params],
    queryFn: ({ signal }) =>
      call<Page<Finding>>(`/v1/reconciliations/${encodeURIComponent(run)}/findings${queryOf(params)}`, {
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

/** A page of gift cards and store credit, newest first. */
export function creditAccountsQuery(params: ListParams) {
  return queryOptions({
    queryKey: ['creditAccounts', params],
    queryFn: ({ signal }) => call<Page<CreditAccount>>(`/v1/credit-accounts${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** One account with its newest movements. */
export function creditAccountQuery(id: string) {
  return queryOptions({
    queryKey: ['creditAccount', id],
    queryFn: ({ signal }) =>
      call<CreditAccountDetail>(`/v1/credit-accounts/${encodeURIComponent(id)}`, { signal }),
  });
}

/** Of what waits under Money so many are counted. */
export const WAITING_MAX = 50;

/** The refunds that need a person, to be counted. */
export const waitingRefundsQuery = queryOptions({
  queryKey: ['refunds', WAITING],
  queryFn: ({ signal }) =>
    call<Page<Refund>>(`/v1/refunds${queryOf({ needsPerson: 'true', limit: WAITING_MAX })}`, { signal }),
});

const UNTOLD_LOOK_MILLIS = 30_000;

/** The receipts that fit no order, to be counted. One that comes in touches no order, so nothing tells of it: it is looked for. */
export const waitingReceiptsQuery = queryOptions({
  queryKey: ['receipts', WAITING],
  queryFn: ({ signal }) =>
    call<Page<Receipt>>(`/v1/receipts${queryOf({ state: 'unmatched', limit: WAITING_MAX })}`, { signal }),
  refetchInterval: UNTOLD_LOOK_MILLIS,
});

/** A page of receipts, newest first. */
export function receiptsQuery(params: ListParams) {
  return queryOptions({
    queryKey: ['receipts', params],
    queryFn: ({ signal }) => call<Page<Receipt>>(`/v1/receipts${queryOf(params)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}
