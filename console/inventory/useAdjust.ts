/** Sends adjustments of stock. */
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Adjusted } from '../../api/schemas/catalogue.ts';
import { call } from '../api/client.ts';
import { formatCount } from '../format.ts';
import type { Amount } from './level.ts';
import { useLocationNames } from './useStock.ts';

/** One adjustment with its reason and the key of its intention. */
export interface AdjustRequest {
  sku: string;
  location: string;
  amount: Amount;
  reason: string;
  note: string | undefined;
  key: string;
}

/** Adjusts the level of a SKU at a location; the new one is said in a toast and read again everywhere. */
export function useAdjust() {
  const client = useQueryClient();
  const names = useLocationNames();
  return useMutation<Adjusted, Error, AdjustRequest>({
    mutationFn: ({ sku, location, amount, reason, note, key }) =>
      call<Adjusted>('/v1/inventory/adjustments', {
        body: { reason, ...(note !== undefined && { note }), adjustments: [{ sku, location, ...amount }] },
        idempotencyKey: key,
      }),
    onSuccess({ levels }) {
      const [level] = levels;
      if (!level) return;
      notifications.show({
        color: 'green',
        message: `${level.sku} in ${names.get(level.location) ?? level.location}: ${formatCount(level.onHand)} on hand, ${formatCount(level.available)} available.`,
      });
    },
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey: [name] }) => name === 'inventory' || name === 'movements',
      }),
  });
}
