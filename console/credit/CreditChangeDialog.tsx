/** The dialog that changes an account: more or less on it and why, no new payments with it, or payments again. */
import { Modal, Radio, Group, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { CreditAccount } from '../../api/schemas/credit.ts';
import { useSend } from '../actions/useSend.ts';
import { DialogForm } from '../parts/DialogForm.tsx';
import { MoneyFields } from '../parts/MoneyFields.tsx';
import { fieldError } from '../parts/ProblemNotice.tsx';
import { readMoney } from '../parts/typedMoney.ts';
import { moneyText } from '../refund/words.ts';
import { changeCredit, type CreditChange } from './calls.ts';
import { endOfDay } from './issue.ts';
import { accountName } from './words.ts';

const POINTERS = { amount: '/amount/amount', currency: '/amount/currency' };
const PLACED = [...Object.values(POINTERS), '/amount', '/reason', '/expiresAt'];

/** What each change is called and does. */
export const CHANGE_WORDS: Readonly<
  Record<CreditChange['act'], { verb: string; effect: string; done: string }>
> = Object.freeze({
  adjust: {
    verb: 'Adjust',
    effect: 'The balance changes at once. The movement stands below with your key’s name and the reason.',
    done: 'was adjusted',
  },
  disable: {
    verb: 'Disable',
    effect:
      'Nothing more can be paid with it. What orders have set aside can still be taken, and money can still come back to it.',
    done: 'is disabled',
  },
  enable: { verb: 'Enable', effect: 'It can be paid with again, until it expires.', done: 'is enabled' },
});

interface Given {
  account: CreditAccount;
  act: CreditChange['act'];
  onClose: () => void;
}

/** Asks before an account is changed; closed while nothing is asked. */
export function CreditChangeDialog({
  act,
  account,
  onClose,
}: Omit<Given, 'act'> & { act: CreditChange['act'] | undefined }) {
  return (
    <Modal
      opened={act !== undefined}
      onClose={onClose}
      title={act && `${CHANGE_WORDS[act].verb}: ${accountName(account)}`}
      transitionProps={{ duration: 0 }}
    >
      {act && <ChangeForm act={act} account={account} onClose={onClose} />}
    </Modal>
  );
}

function useChangeForm({ account, act, onClose }: Given) {
  const { currency } = account;
  const [values, setValues] = useState({ amount: '', currency, sign: 'add', validThrough: '', reason: '' });
  const [isAsked, setAsked] = useState(false);
  const sender = useSend<CreditChange, CreditAccount>({
    send: (change, key) => changeCredit(account.id, change, key),
    done() {
      notifications.show({ color: 'green', message: `${accountName(account)} ${CHANGE_WORDS[act].done}.` });
      onClose();
    },
  });
  const read = readMoney(values);
  const reason = values.reason.trim();
  function submit(): void {
    setAsked(true);
    if (act === 'disable') return sender.send({ act, reason });
    if (act === 'enable') {
      const expiresAt = endOfDay(values.validThrough);
      return sender.send({ act, reason, ...(expiresAt !== undefined && { expiresAt }) });
    }
    if (!read.ok || reason === '') return;
    const amount = values.sign === 'add' ? read.money.amount : -read.money.amount;
    sender.send({ act, amount: { amount, currency }, reason });
  }
  return {
    values,
    isAsked,
    sender,
    read,
    submit,
    set: (patch: Partial<typeof values>) => setValues((before) => ({ ...before, ...patch })),
  };
}

function ChangeForm(given: Given) {
  const { account, act, onClose } = given;
  const { values, set, isAsked, sender, read, submit } = useChangeForm(given);
  const isMissing = isAsked && act === 'adjust' && values.reason.trim() === '';
  return (
    <DialogForm
      {...sender}
      onSubmit={submit}
      onClose={onClose}
      placed={PLACED}
      confirm={CHANGE_WORDS[act].verb}
    >
      <Text size="sm">
        {moneyText(account.balance)} on it, {moneyText(account.held)} of that set aside for orders.{' '}
        {CHANGE_WORDS[act].effect}
      </Text>
      {act === 'adjust' && (
        <>
          <Radio.Group label="What to do" value={values.sign} onChange={(sign) => set({ sign })}>
            <Group gap="md" mt={6}>
              <Radio value="add" label="Add" data-autofocus />
              <Radio value="take" label="Take away" />
            </Group>
          </Radio.Group>
          <MoneyFields
            label="Amount"
            values={values}
            onChange={set}
            read={isAsked ? read : undefined}
            error={sender.error}
            pointers={POINTERS}
            canChooseCurrency={false}
          />
        </>
      )}
      {act === 'enable' && (
        <TextInput
          type="date"
          label="Valid through"
          description="A new last day. Without one its end stays as it is."
          value={values.validThrough}
          onChange={(event) => set({ validThrough: event.currentTarget.value })}
          error={fieldError(sender.error, '/expiresAt')}
        />
      )}
      <TextInput
        label="Reason"
        description="Stands beside the movement, for colleagues. No personal data."
        required={act === 'adjust'}
        data-autofocus={act === 'adjust' ? undefined : true}
        maxLength={200}
        value={values.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
        error={isMissing ? 'Say why.' : fieldError(sender.error, '/reason')}
      />
    </DialogForm>
  );
}
