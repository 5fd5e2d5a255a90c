/** The dialog that has an order paid with another card: the token that the payment provider gave for it, never a number. */
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ApiProblem } from '../api/client.ts';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { EffectPreview } from './CommandDialog.tsx';
import { useCardChange } from './useCommand.ts';
import { useGuard } from './useGuard.ts';
import { useIntention } from './useIntention.ts';
import { ACTION_WORDS, type AllowedAction } from './words.ts';

/** What the dialog is opened with. */
export interface CardAsked {
  order: { id: string; number: number };
  effects: AllowedAction['effects'];
}

interface Given {
  asked: CardAsked;
  onClose: () => void;
  onDone: () => void;
}

const PLACED = ['/token'];

/** Asks for the card. */
export function CardDialog({ asked, ...on }: Omit<Given, 'asked'> & { asked: CardAsked | undefined }) {
  return (
    <Modal
      opened={asked !== undefined}
      onClose={on.onClose}
      title={asked && `Another card for order ${asked.order.number}`}
      transitionProps={{ duration: 0 }}
    >
      {asked && <CardForm key={asked.order.id} asked={asked} {...on} />}
    </Modal>
  );
}

function CardForm({ asked: { order, effects }, onClose, onDone }: Given) {
  const [token, setToken] = useState('');
  const [isMissing, setMissing] = useState(false);
  const change = useCardChange();
  const intention = useIntention();
  const guard = useGuard();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const given = token.trim();
    if (given === '') return setMissing(true);
    if (!guard.begin()) return;
    change.mutate(
      {
        order: order.id,
        orderNumber: order.number,
        action: 'change_payment',
        token: given,
        key: intention.keyFor(given),
      },
      {
        onSuccess() {
          onDone();
          onClose();
        },
        onError(error) {
          if (error instanceof ApiProblem && error.status < 500) intention.answered();
        },
        onSettled: guard.end,
      },
    );
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <EffectPreview effects={effects} />
        <TextInput
          label="Token of the card"
          description="The payment provider’s own page or form gives it to the customer’s new card. Never type a card number here: it is refused."
          required
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={token}
          onChange={(event) => {
            setToken(event.currentTarget.value);
            setMissing(false);
          }}
          error={isMissing ? 'Give the token.' : fieldError(change.error, '/token')}
        />
        <ProblemNotice error={change.error} placed={PLACED} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
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
