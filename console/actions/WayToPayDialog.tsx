/** The dialog that has an order paid in another way: a card's token, a gift card, store credit, or money that comes by itself. */
import { Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { EffectPreview } from './CommandDialog.tsx';
import { usePaymentChange } from './useCommand.ts';
import { useGuard } from './useGuard.ts';
import { useIntention } from './useIntention.ts';
import { EMPTY_WAY, readWay, tenderChoices, WAY_CHOICES, type WayValues } from './wayToPay.ts';
import { ACTION_WORDS, type AllowedAction } from './words.ts';

/** What the dialog is opened with. */
export interface WayAsked {
  order: Pick<OrderDetail, 'id' | 'number' | 'payment'>;
  effects: AllowedAction['effects'];
}

interface Given {
  asked: WayAsked;
  onClose: () => void;
  onDone: () => void;
}

const PLACED = ['/token', '/code', '/account', '/termsDays'];

/** Asks for the way. */
export function WayToPayDialog({ asked, ...on }: Omit<Given, 'asked'> & { asked: WayAsked | undefined }) {
  return (
    <Modal
      opened={asked !== undefined}
      onClose={on.onClose}
      title={asked && `Other way to pay for order ${asked.order.number}`}
      transitionProps={{ duration: 0 }}
    >
      {asked && <WayForm key={asked.order.id} asked={asked} {...on} />}
    </Modal>
  );
}

function useWayForm({ asked: { order }, onClose, onDone }: Given) {
  const [values, setValues] = useState(EMPTY_WAY);
  const [isAsked, setAsked] = useState(false);
  const change = usePaymentChange();
  const intention = useIntention();
  const guard = useGuard();
  const read = readWay(values);

  function submit(event: FormEvent): void {
    event.preventDefault();
    setAsked(true);
    if (!read.ok || !guard.begin()) return;
    change.mutate(
      {
        order: order.id,
        orderNumber: order.number,
        action: 'change_payment',
        body: read.body,
        key: intention.keyFor(read.body),
      },
      {
        onSuccess() {
          onDone();
          onClose();
        },
        onError: intention.failed,
        onSettled: guard.end,
      },
    );
  }
  return {
    values,
    change,
    submit,
    set: (patch: Partial<WayValues>) => setValues((before) => ({ ...before, ...patch })),
    errorOf: (field: 'token' | 'code' | 'account' | 'termsDays') =>
      isAsked && !read.ok && read.field === field ? read.words : fieldError(change.error, `/${field}`),
  };
}

type WayFormState = ReturnType<typeof useWayForm>;

function WayForm(given: Given) {
  const { order, effects } = given.asked;
  const form = useWayForm(given);
  const { values, set, change } = form;
  const tenders = tenderChoices(order.payment.tenders);
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack gap="sm">
        {values.method === 'card' && <EffectPreview effects={effects} />}
        {tenders.length > 0 && (
          <NativeSelect
            label="Instead of"
            data={tenders}
            value={values.tender}
            onChange={(event) => set({ tender: event.currentTarget.value })}
          />
        )}
        <NativeSelect
          label="Way to pay"
          data-autofocus
          data={[...WAY_CHOICES]}
          value={values.method}
          onChange={(event) =>
            set({
              method: WAY_CHOICES.find((one) => one.value === event.currentTarget.value)?.value ?? 'card',
            })
          }
        />
        <WayFields form={form} />
        <ProblemNotice error={change.error} placed={PLACED} />
        <Group justify="flex-end">
          <Button variant="default" onClick={given.onClose}>
            Keep as it is
          </Button>
          <Button type="submit" loading={change.isPending}>
            {`${ACTION_WORDS.change_payment.confirm} ${order.number}`}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const FIELDS = {
  card: {
    field: 'token',
    label: 'Token of the card',
    description:
      'The payment provider’s own page or form gives it to the customer’s new card. Never type a card number here: it is refused.',
    max: 200,
  },
  gift_card: {
    field: 'code',
    label: 'Code of the gift card',
    description: 'As the customer reads it out; it is not kept. The amount is set aside on it at once.',
    max: 60,
  },
  store_credit: {
    field: 'account',
    label: 'Store credit account',
    description: 'Its id, which stands on its page under Money. The amount is set aside on it at once.',
    max: 64,
  },
  invoice: {
    field: 'termsDays',
    label: 'Due after days',
    description: 'Counted from the day the goods left. Without a number the channel’s own term counts.',
    max: 3,
  },
} as const;

function WayFields({ form: { values, set, errorOf } }: { form: WayFormState }) {
  const { method } = values;
  if (method === 'bank_transfer' || method === 'cash_on_delivery')
    return (
      <Text size="sm">
        {method === 'bank_transfer'
          ? 'The order waits until the transfer is recorded as a receipt, and then goes on by itself.'
          : 'The goods go first. The order is completed when the money of the carrier is recorded as a receipt.'}
      </Text>
    );
  const { field, label, description, max } = FIELDS[method];
  return (
    <TextInput
      key={method}
      label={label}
      description={description}
      required={method !== 'invoice'}
      autoComplete="off"
      spellCheck={false}
      maxLength={max}
      value={values[field]}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
      error={errorOf(field)}
    />
  );
}
