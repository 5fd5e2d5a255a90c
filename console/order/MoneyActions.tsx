/** What a person can do about how an order is paid, besides the actions at its head: record a receipt, make a payment link. */
import { Group } from '@mantine/core';
import { useState } from 'react';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { useScopes } from '../actions/useRights.ts';
import { lacksScope, whyNot } from '../actions/words.ts';
import { amountText } from '../parts/amount.ts';
import { RecordDialog, type ReceiptKnown } from '../receipts/RecordDialog.tsx';
import { PaymentLinkDialog } from './PaymentLinkDialog.tsx';
import { receiptWanted } from './tenderState.ts';

/** The buttons with their dialogs; nothing where neither makes sense. */
export function MoneyActions({ order }: { order: OrderDetail }) {
  const [known, setKnown] = useState<ReceiptKnown>();
  const [isLinking, setLinking] = useState(false);
  const scopes = useScopes();
  const wanted = receiptWanted(order);
  const change = order.allowedActions.find((one) => one.action === 'change_payment');
  const isWaiting = change?.enabled === true;
  if (!wanted && !isWaiting) return null;
  return (
    <>
      <Group gap="xs">
        {wanted && (
          <ReasonedButton
            why={lacksScope('payments:write', scopes)}
            variant="default"
            onClick={() =>
              setKnown({
                order: wanted.order,
                currency: wanted.currency,
                amount: wanted.openMinor === 0 ? '' : amountText(wanted.openMinor, wanted.currency),
              })
            }
          >
            Record a receipt…
          </ReasonedButton>
        )}
        {isWaiting && (
          <ReasonedButton why={whyNot(change, scopes)} variant="default" onClick={() => setLinking(true)}>
            Payment link…
          </ReasonedButton>
        )}
      </Group>
      <RecordDialog known={known} onClose={() => setKnown(undefined)} />
      <PaymentLinkDialog order={isLinking ? order : undefined} onClose={() => setLinking(false)} />
    </>
  );
}
