/** The dialog of a decision on a refund: how much, what for, what it does, and a note; a reference where one is needed. */
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Refund } from '../../api/schemas/refunds.ts';
import { sendByCtrlEnter } from '../actions/CommandDialog.tsx';
import { useDraft } from '../actions/useDraft.ts';
import { useGuard } from '../actions/useGuard.ts';
import { useIntention } from '../actions/useIntention.ts';
import { ApiProblem } from '../api/client.ts';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { NoteField } from './NoteField.tsx';
import { ACT_WORDS, type RefundAct } from './acts.ts';
import { usePersonName } from './usePersonName.ts';
import { useRefundDecision } from './useRefundWrites.ts';
import { moneyText, refundParts, refundReasonWords } from './words.ts';

const REFERENCE_MAX = 100;
const PLACED = ['/note', '/reference'];

/** What is decided on which refund. */
export interface DecisionAsked {
  refund: Refund;
  act: RefundAct;
}

/** Asks before anything is decided; closed while nothing is asked. */
export function DecisionDialog({
  asked,
  onClose,
}: {
  asked: DecisionAsked | undefined;
  onClose: () => void;
}) {
  return (
    <Modal
      opened={asked !== undefined}
      onClose={onClose}
      title={asked && `${ACT_WORDS[asked.act].confirm} of order ${asked.refund.orderNumber}?`}
      transitionProps={{ duration: 0 }}
    >
      {asked && <DecisionForm key={`${asked.refund.id} ${asked.act}`} asked={asked} onClose={onClose} />}
    </Modal>
  );
}

interface Given {
  asked: DecisionAsked;
  onClose: () => void;
}

function useDecisionForm({ asked: { refund, act }, onClose }: Given) {
  const note = useDraft(`${act} ${refund.id}`);
  const [reference, setReference] = useState('');
  const [isMissing, setMissing] = useState(false);
  const decision = useRefundDecision();
  const intention = useIntention();
  const guard = useGuard();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const given = reference.trim();
    if (act === 'record' && given === '') return setMissing(true);
    if (!guard.begin()) return;
    const content = { note: note.text.trim(), ...(act === 'record' && { reference: given }) };
    decision.mutate(
      { refund, act, ...content, key: intention.keyFor(content) },
      {
        onSuccess() {
          note.change('');
          onClose();
        },
        onError(error) {
          if (error instanceof ApiProblem && error.status < 500) intention.answered();
        },
        onSettled: guard.end,
      },
    );
  }

  function typeReference(text: string): void {
    setReference(text);
    setMissing(false);
  }
  return { note, reference, typeReference, isMissing, decision, submit };
}

function DecisionForm({ asked, onClose }: Given) {
  const { refund, act } = asked;
  const { note, reference, typeReference, isMissing, decision, submit } = useDecisionForm({ asked, onClose });
  return (
    <form onSubmit={submit} onKeyDown={sendByCtrlEnter} noValidate>
      <Stack gap="sm">
        <Summary refund={refund} />
        <Alert color={act === 'approve' ? 'orange' : 'blue'} variant="light" title="What this does">
          <Text size="sm">{ACT_WORDS[act].effect}</Text>
        </Alert>
        {act === 'record' && (
          <TextInput
            label="Reference"
            description="Under which the other route knows it: a transfer, a refund at the channel."
            required
            data-autofocus
            maxLength={REFERENCE_MAX}
            autoComplete="off"
            value={reference}
            onChange={(event) => typeReference(event.currentTarget.value)}
            error={isMissing ? 'Give the reference.' : fieldError(decision.error, '/reference')}
          />
        )}
        <NoteField note={note} error={decision.error} />
        <ProblemNotice error={decision.error} placed={PLACED} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button
            type="submit"
            loading={decision.isPending}
            data-autofocus={act === 'record' ? undefined : true}
          >
            {ACT_WORDS[act].confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Summary({ refund }: { refund: Refund }) {
  const nameOf = usePersonName();
  return (
    <Text size="sm">
      <strong>{moneyText(refund.amount)}</strong> of order {refund.orderNumber}, asked for by{' '}
      {nameOf(refund.requestedBy, refund.requestedByName)}: {refundReasonWords(refund.reason)} (
      {refundParts(refund).join('; ')}).
    </Text>
  );
}
