/** The dialog of a decision on a refund: how much, what for, what it does, and a note; a reference where one is needed. */
import { Alert, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Refund } from '../../api/schemas/refunds.ts';
import { REFUND_ROUTES, type RefundRoute } from '../../domain/method.ts';
import { sendByCtrlEnter } from '../actions/CommandDialog.tsx';
import { useDraft } from '../actions/useDraft.ts';
import { useGuard } from '../actions/useGuard.ts';
import { useIntention } from '../actions/useIntention.ts';
import { words } from '../format.ts';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { NoteField } from './NoteField.tsx';
import { ACT_WORDS, type RefundAct } from './acts.ts';
import { usePersonName } from './usePersonName.ts';
import { useRefundDecision } from './useRefundWrites.ts';
import { moneyText, refundParts, refundReasonWords } from './words.ts';

const REFERENCE_MAX = 100;
const PLACED = ['/note', '/reference', '/route'];
/** What is said when nothing is chosen, and each way in words. */
const ROUTES = [
  { value: '', label: 'The way it came, or not known' },
  ...REFUND_ROUTES.map((value) => ({ value, label: words(value) })),
];

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
  const [route, setRoute] = useState<RefundRoute | undefined>(undefined);
  const [isMissing, setMissing] = useState(false);
  const decision = useRefundDecision();
  const intention = useIntention();
  const guard = useGuard();

  function submit(event: FormEvent): void {
    event.preventDefault();
    const given = reference.trim();
    if (act === 'record' && given === '') return setMissing(true);
    if (!guard.begin()) return;
    const content = {
      note: note.text.trim(),
      ...(act === 'record' && { reference: given, ...(route && { route }) }),
    };
    decision.mutate(
      { refund, act, ...content, key: intention.keyFor(content) },
      {
        onSuccess() {
          note.change('');
          onClose();
        },
        onError: intention.failed,
        onSettled: guard.end,
      },
    );
  }

  function typeReference(text: string): void {
    setReference(text);
    setMissing(false);
  }
  function chooseRoute(text: string): void {
    setRoute(REFUND_ROUTES.find((one) => one === text));
  }
  return { note, reference, typeReference, isMissing, route, chooseRoute, decision, submit };
}

function DecisionForm({ asked, onClose }: Given) {
  const { refund, act } = asked;
  const form = useDecisionForm({ asked, onClose });
  const { note, decision, submit } = form;
  return (
    <form onSubmit={submit} onKeyDown={sendByCtrlEnter} noValidate>
      <Stack gap="sm">
        <Summary refund={refund} />
        <Alert color={act === 'approve' ? 'orange' : 'blue'} variant="light" title="What this does">
          <Text size="sm">{ACT_WORDS[act].effect}</Text>
        </Alert>
        {act === 'record' && <RouteFields form={form} />}
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

function RouteFields({ form }: { form: ReturnType<typeof useDecisionForm> }) {
  const { reference, typeReference, isMissing, route, chooseRoute, decision } = form;
  return (
    <>
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
      <NativeSelect
        label="Way"
        description="On which it went back: the books take it from there."
        data={ROUTES}
        value={route ?? ''}
        onChange={(event) => chooseRoute(event.currentTarget.value)}
        error={fieldError(decision.error, '/route')}
      />
    </>
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
