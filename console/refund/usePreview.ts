/** The live preview of a refund: calculated by the server a moment after the last key, by the very rules that will move the money. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, queryOptions, skipToken, useQuery } from '@tanstack/react-query';
import type { RefundPreview, RefundRequestBody } from '../../api/schemas/refunds.ts';
import { previewRefund } from './calls.ts';

const PAUSE_MILLIS = 250;

/** `typed`: the body as text, the same for the same fields; undefined while nothing is asked for. */
function previewQuery(order: string, typed: string | undefined) {
  return queryOptions({
    queryKey: ['refundPreview', order, typed],
    queryFn:
      typed === undefined ? skipToken : ({ signal }) => previewRefund(order, JSON.parse(typed), signal),
    // What can be given back changes with every refund of a colleague.
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}

/** A preview, and whether it is of what stands in the fields now. */
export interface LivePreview {
  preview: RefundPreview | undefined;
  isCurrent: boolean;
  error: Error | null;
}

/** The preview of what is asked for. */
export function usePreview(order: string, body: RefundRequestBody | undefined): LivePreview {
  const typed = body && JSON.stringify(body);
  const [asked] = useDebouncedValue(typed, PAUSE_MILLIS);
  const { data, error, isPlaceholderData } = useQuery(previewQuery(order, asked));
  if (typed === undefined) return { preview: undefined, isCurrent: false, error: null };
  const isAsked = asked === typed;
  return {
    preview: data,
    isCurrent: isAsked && data !== undefined && !isPlaceholderData && error === null,
    error: isAsked ? error : null,
  };
}
