/** What waits for people under Money: counted for the navigation and the home page, by those who may see it. */
import { useQuery } from '@tanstack/react-query';
import { useScopes } from '../actions/useRights.ts';
import { waitingReceiptsQuery, waitingRefundsQuery, type Page } from '../api/queries.ts';
import { formatCount } from '../format.ts';

/** How many there are; `isMore` when there are more than were counted. */
export interface Waiting {
  count: number;
  isMore: boolean;
}

/** What waits; undefined until it is known. */
export interface MoneyWaiting {
  refunds: Waiting | undefined;
  receipts: Waiting | undefined;
}

/** What waits now; goes on by itself. */
export function useMoneyWaiting(): MoneyWaiting {
  const enabled = useScopes().includes('orders:read');
  return {
    refunds: waitingOf(useQuery({ ...waitingRefundsQuery, enabled }).data),
    receipts: waitingOf(useQuery({ ...waitingReceiptsQuery, enabled }).data),
  };
}

function waitingOf(page: Page<unknown> | undefined): Waiting | undefined {
  return page && { count: page.data.length, isMore: page.hasMore };
}

/** Both together. What is not known counts as nothing. */
export function allWaiting({ refunds, receipts }: MoneyWaiting): Waiting {
  return {
    count: (refunds?.count ?? 0) + (receipts?.count ?? 0),
    isMore: (refunds?.isMore ?? false) || (receipts?.isMore ?? false),
  };
}

/** A count for people: "50+" when there are more than were counted. */
export function waitingText({ count, isMore }: Waiting): string {
  return `${formatCount(count)}${isMore ? '+' : ''}`;
}
