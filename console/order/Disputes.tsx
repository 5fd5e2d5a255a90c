/** Charges that the customer disputes at their bank: how much, why, and until when an answer is taken. */
import { Alert, Stack, Text } from '@mantine/core';
import type { Dispute } from '../../api/schemas/reconciliation.ts';
import { formatMoney, words } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';

/** One box a dispute; nothing when there is none. */
export function Disputes({ disputes }: { disputes: readonly Dispute[] }) {
  if (disputes.length === 0) return null;
  return (
    <Stack gap="xs">
      {disputes.map((one) => (
        <Alert key={one.id} color={COLORS[one.state]} title={`${TITLES[one.state]} ${amountOf(one)}`}>
          <Text size="sm">
            {one.reason !== null && `${words(one.reason)}. `}
            Opened <Instant iso={one.openedAt} />
            {one.state === 'open' && one.respondBy !== null && (
              <>
                ; to be answered at the payment provider <Instant iso={one.respondBy} isDeadline />
              </>
            )}
            {one.closedAt !== null && (
              <>
                , closed <Instant iso={one.closedAt} />
              </>
            )}
            . <span className="mono">{one.id}</span>
          </Text>
        </Alert>
      ))}
    </Stack>
  );
}

const TITLES: Readonly<Record<Dispute['state'], string>> = {
  open: 'Disputed at the bank:',
  won: 'Dispute won:',
  lost: 'Dispute lost:',
};
const COLORS: Readonly<Record<Dispute['state'], string>> = { open: 'orange', won: 'green', lost: 'red' };

function amountOf({ amount: { amount, currency } }: Dispute): string {
  return formatMoney(amount, currency);
}
