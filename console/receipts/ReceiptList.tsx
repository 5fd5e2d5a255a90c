/** Receipts of all orders: begins with those that belong to none, which a person assigns or marks as returned. */
import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Receipt } from '../../api/schemas/receipts.ts';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { useScopes } from '../actions/useRights.ts';
import { lacksScope } from '../actions/words.ts';
import { receiptsQuery } from '../api/queries.ts';
import { words } from '../format.ts';
import { MoneyTable, OrderLink, type MoneyColumn } from '../money/MoneyTable.tsx';
import { choiceOf, paramsOf, RECEIPT_CHOICES } from '../money/tabs.ts';
import { useMoneySearch } from '../money/useMoneySearch.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { Instant } from '../parts/Instant.tsx';
import { lazyDialog } from '../parts/lazyDialog.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { usePersonName } from '../refund/usePersonName.ts';
import { ReceiptActDialog, type ActAsked } from './ReceiptActDialog.tsx';
import { RecordDialog, type ReceiptKnown } from './RecordDialog.tsx';
import { receiptProblemWords, receiptStateWords } from './words.ts';

/** Reading CSV is loaded with the dialog only. */
const UploadDialog = lazyDialog(async () => (await import('./UploadDialog.tsx')).UploadDialog);

const NOTHING: ReceiptKnown = Object.freeze({});

/** The list. */
export function ReceiptList() {
  const { search, change } = useMoneySearch();
  const [asked, setAsked] = useState<ActAsked>();
  const choice = choiceOf(RECEIPT_CHOICES, search['state']);
  const query = useQuery(receiptsQuery({ ...paramsOf(choice), cursor: search['cursor'] }));
  return (
    <Stack gap="sm">
      <Group gap="sm" justify="space-between" align="flex-end">
        <NativeSelect
          label="State"
          w={240}
          data={[...RECEIPT_CHOICES]}
          value={choice}
          onChange={(event) => change({ state: event.currentTarget.value })}
        />
        <RecordButtons />
      </Group>
      <MoneyTable
        label="Receipts"
        query={query}
        columns={columnsOf(setAsked)}
        keyOf={(one) => one.id}
        names={['receipt', 'receipts']}
        empty={
          <EmptyState
            title={choice === 'unmatched' ? 'Every receipt belongs to an order.' : 'No such receipt.'}
          >
            Bank transfers, paid invoices and cash on delivery are recorded here, from a file, or by{' '}
            <code>holdfast receipts</code>.
          </EmptyState>
        }
      />
      <ReceiptActDialog asked={asked} onClose={() => setAsked(undefined)} />
    </Stack>
  );
}

function RecordButtons() {
  const [known, setKnown] = useState<ReceiptKnown>();
  const [isUploading, setUploading] = useState(false);
  const why = lacksScope('payments:write', useScopes());
  return (
    <>
      <Group gap="xs">
        <ReasonedButton why={why} onClick={() => setKnown(NOTHING)}>
          Record a receipt…
        </ReasonedButton>
        <ReasonedButton why={why} variant="default" onClick={() => setUploading(true)}>
          Upload a file…
        </ReasonedButton>
      </Group>
      <RecordDialog known={known} onClose={() => setKnown(undefined)} />
      <UploadDialog opened={isUploading} onClose={() => setUploading(false)} />
    </>
  );
}

function columnsOf(onAsk: (asked: ActAsked) => void): readonly MoneyColumn<Receipt>[] {
  return [
    {
      title: 'Order',
      cell: (one) =>
        one.orderNumber === null ? `“${one.orderRef}”` : <OrderLink number={one.orderNumber} />,
    },
    { title: 'Number', cell: (one) => <code>{one.number}</code> },
    { title: 'How', cell: (one) => words(one.method) },
    { title: 'Came', cell: (one) => <Instant iso={one.receivedAt} /> },
    { title: 'Recorded', cell: (one) => <Recorded receipt={one} /> },
    { title: 'State', cell: (one) => <ReceiptState receipt={one} /> },
    { title: 'Amount', isFigure: true, cell: (one) => <Money money={one.amount} /> },
    { title: 'What to do', cell: (one) => <ReceiptButtons receipt={one} onAsk={onAsk} /> },
  ];
}

function Recorded({ receipt: { actor, actorName, source, note, createdAt } }: { receipt: Receipt }) {
  const nameOf = usePersonName();
  return (
    <>
      <Instant iso={createdAt} />
      <Text size="xs">
        by {nameOf(actor, actorName)}
        {source === 'file' && ', from a file'}
      </Text>
      {note !== null && (
        <Text size="xs" className="breaks">
          “{note}”
        </Text>
      )}
    </>
  );
}

function ReceiptState({ receipt }: { receipt: Receipt }) {
  const problem = receiptProblemWords(receipt);
  return (
    <>
      <StatusBadge status={receipt.state} label={receiptStateWords(receipt.state)} />
      {problem !== undefined && <Text size="xs">{problem}</Text>}
    </>
  );
}

function ReceiptButtons({ receipt, onAsk }: { receipt: Receipt; onAsk: (asked: ActAsked) => void }) {
  const why = lacksScope('payments:write', useScopes());
  if (receipt.state !== 'unmatched') return '–';
  return (
    <Group gap="xs">
      <ReasonedButton
        why={why}
        variant="default"
        aria-label={`Assign receipt ${receipt.number}`}
        onClick={() => onAsk({ receipt, act: 'assign' })}
      >
        Assign…
      </ReasonedButton>
      <ReasonedButton
        why={why}
        variant="default"
        aria-label={`Returned: receipt ${receipt.number}`}
        onClick={() => onAsk({ receipt, act: 'return' })}
      >
        Returned…
      </ReasonedButton>
    </Group>
  );
}
