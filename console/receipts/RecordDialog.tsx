/** The dialog that records a receipt: money that arrived at the bank or by hand, for an order by the number its payer wrote. */
import { Modal, NativeSelect, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { NewReceiptInput } from '../../api/schemas/receipts.ts';
import { useSend } from '../actions/useSend.ts';
import { DialogForm } from '../parts/DialogForm.tsx';
import { MoneyFields } from '../parts/MoneyFields.tsx';
import { readMoney } from '../parts/typedMoney.ts';
import { recordReceipt, type ReceiptResult } from './calls.ts';
import { METHOD_CHOICES, receiptOf, type ReceiptValues } from './receipt.ts';
import { receiptOutcome } from './words.ts';

const POINTERS = { amount: '/receipts/0/amount', currency: '/receipts/0/currency' };

/** What is known of the receipt already; its order can't be changed when `order` is given. */
export type ReceiptKnown = Partial<Pick<ReceiptValues, 'order' | 'currency' | 'amount'>>;

interface Given {
  known: ReceiptKnown;
  onClose: () => void;
}

/** Asks for the receipt; closed while nothing is known of one. */
export function RecordDialog({ known, onClose }: { known: ReceiptKnown | undefined; onClose: () => void }) {
  return (
    <Modal
      opened={known !== undefined}
      onClose={onClose}
      title={known?.order === undefined ? 'Record a receipt' : `Record a receipt for order ${known.order}`}
      transitionProps={{ duration: 0 }}
    >
      {known && <RecordForm known={known} onClose={onClose} />}
    </Modal>
  );
}

function useRecordForm({ known, onClose }: Given) {
  const [values, setValues] = useState<ReceiptValues>({
    order: '',
    number: '',
    amount: '',
    currency: '',
    method: '',
    receivedOn: '',
    note: '',
    ...known,
  });
  const [isAsked, setAsked] = useState(false);
  const sender = useSend<NewReceiptInput, ReceiptResult>({
    send: recordReceipt,
    done(result) {
      notifications.show(receiptOutcome(result));
      onClose();
    },
  });
  const read = readMoney(values);
  function submit(): void {
    setAsked(true);
    if (read.ok && values.order.trim() !== '' && values.number.trim() !== '')
      sender.send(receiptOf(values, read.money));
  }
  return {
    values,
    sender,
    submit,
    read: isAsked ? read : undefined,
    missing: (text: string, words: string) => (isAsked && text.trim() === '' ? words : undefined),
    set: (patch: Partial<ReceiptValues>) => setValues((before) => ({ ...before, ...patch })),
  };
}

function RecordForm({ known, onClose }: Given) {
  const { values, sender, submit, read, missing, set } = useRecordForm({ known, onClose });
  return (
    <DialogForm {...sender} onSubmit={submit} onClose={onClose} placed={[]} confirm="Record the receipt">
      <Text size="sm">
        Money that you see on the bank’s statement or that the carrier has handed over. It can’t be taken back
        here: compare the number and the amount first.
      </Text>
      {known.order === undefined && (
        <TextInput
          label="Order"
          description="As the payer wrote it: its number, or the number it has in the shop."
          required
          data-autofocus
          maxLength={200}
          autoComplete="off"
          value={values.order}
          onChange={(event) => set({ order: event.currentTarget.value })}
          error={missing(values.order, 'Say which order.')}
        />
      )}
      <TextInput
        label="Number of the receipt"
        description="The bank’s or the carrier’s own. The same number is never booked twice."
        required
        data-autofocus={known.order === undefined ? undefined : true}
        maxLength={100}
        autoComplete="off"
        value={values.number}
        onChange={(event) => set({ number: event.currentTarget.value })}
        error={missing(values.number, 'Give the number.')}
      />
      <MoneyFields
        label="Amount"
        values={values}
        onChange={set}
        read={read}
        error={sender.error}
        pointers={POINTERS}
      />
      <MoreFields values={values} set={set} />
    </DialogForm>
  );
}

function MoreFields({ values, set }: Pick<ReturnType<typeof useRecordForm>, 'values' | 'set'>) {
  return (
    <>
      <NativeSelect
        label="How it came"
        data={METHOD_CHOICES}
        value={values.method}
        onChange={(event) => set({ method: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label="Came on"
        description="Today when it is left out."
        value={values.receivedOn}
        onChange={(event) => set({ receivedOn: event.currentTarget.value })}
      />
      <TextInput
        label="Note"
        description="For colleagues."
        maxLength={500}
        value={values.note}
        onChange={(event) => set({ note: event.currentTarget.value })}
      />
    </>
  );
}
