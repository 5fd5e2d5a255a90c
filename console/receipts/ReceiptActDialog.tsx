/** The dialog for a receipt that belongs to no order: the order it is for, or how its money was given back. */
import { Modal, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { Receipt } from '../../api/schemas/receipts.ts';
import { useSend } from '../actions/useSend.ts';
import { DialogForm } from '../parts/DialogForm.tsx';
import { fieldError } from '../parts/ProblemNotice.tsx';
import { moneyText } from '../refund/words.ts';
import { actOnReceipt, type ReceiptAct } from './calls.ts';
import { receiptProblemWords } from './words.ts';

type Act = ReceiptAct['act'];

const WORDS = {
  assign: {
    title: 'Assign the receipt to an order',
    label: 'Order',
    description: 'Its number, its id, or the number it has in the shop.',
    missing: 'Say which order.',
    confirm: 'Assign the receipt',
    max: 200,
  },
  return: {
    title: 'Mark the receipt as returned',
    label: 'Note',
    description: 'How it was given back and under which reference. For colleagues.',
    missing: 'Say how it was given back.',
    confirm: 'Mark as returned',
    max: 500,
  },
} as const;

/** What is to be done with which receipt. */
export interface ActAsked {
  receipt: Receipt;
  act: Act;
}

/** Asks before it is done; closed while nothing is asked. */
export function ReceiptActDialog({ asked, onClose }: { asked: ActAsked | undefined; onClose: () => void }) {
  return (
    <Modal
      opened={asked !== undefined}
      onClose={onClose}
      title={asked && WORDS[asked.act].title}
      transitionProps={{ duration: 0 }}
    >
      {asked && <ActForm key={`${asked.receipt.id} ${asked.act}`} asked={asked} onClose={onClose} />}
    </Modal>
  );
}

function doneWords({ state, orderNumber }: Receipt): string {
  if (state === 'returned') return 'The receipt is marked as returned.';
  return `The receipt ${state === 'booked' ? 'is booked on' : 'is on its way to'} order ${orderNumber ?? ''}.`;
}

function ActForm({ asked: { receipt, act }, onClose }: { asked: ActAsked; onClose: () => void }) {
  const [text, setText] = useState('');
  const [isAsked, setAsked] = useState(false);
  const { title: _title, label, description, missing, confirm, max } = WORDS[act];
  const pointer = act === 'assign' ? '/order' : '/note';
  const sender = useSend<ReceiptAct, Receipt>({
    send: (content, key) => actOnReceipt(receipt.id, content, key),
    done(changed) {
      notifications.show({ color: 'green', message: doneWords(changed) });
      onClose();
    },
  });
  const given = text.trim();
  function submit(): void {
    setAsked(true);
    if (given !== '') sender.send(act === 'assign' ? { act, order: given } : { act, note: given });
  }
  return (
    <DialogForm {...sender} onSubmit={submit} onClose={onClose} placed={[pointer]} confirm={confirm}>
      <Text size="sm">
        {moneyText(receipt.amount)}, number {receipt.number}, paid for “{receipt.orderRef}”.{' '}
        {receiptProblemWords(receipt)}
      </Text>
      <TextInput
        label={label}
        description={description}
        required
        data-autofocus
        maxLength={max}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={isAsked && given === '' ? missing : fieldError(sender.error, pointer)}
      />
    </DialogForm>
  );
}
