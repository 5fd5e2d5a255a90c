/** The dialog that issues a gift card or a customer's store credit, and shows a gift card's code: once, here and nowhere else. */
import { Alert, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CreditIssued } from '../../api/schemas/credit.ts';
import { CREDIT_METHODS } from '../../domain/method.ts';
import { useSend } from '../actions/useSend.ts';
import { words } from '../format.ts';
import { CopyField } from '../parts/CopyField.tsx';
import { DialogForm } from '../parts/DialogForm.tsx';
import { MoneyFields } from '../parts/MoneyFields.tsx';
import { fieldError } from '../parts/ProblemNotice.tsx';
import { readMoney } from '../parts/typedMoney.ts';
import { moneyText } from '../refund/words.ts';
import { issueCredit, type IssueAsked } from './calls.ts';
import { EMPTY_ISSUE, issueOf, type IssueValues } from './issue.ts';

const POINTERS = { amount: '/amount/amount', currency: '/amount/currency' };
const PLACED = [...Object.values(POINTERS), '/holder', '/expiresAt', '/reason'];

interface Given {
  opened: boolean;
  onClose: () => void;
  /** Opens the account that was made. */
  onOpen: (id: string) => void;
}

/** Asks what to issue; says what was made. */
export function IssueDialog({ opened, onClose, onOpen }: Given) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Issue a gift card or store credit"
      // A code that was made is gone with the dialog: a click beside it must not close it.
      closeOnClickOutside={false}
      transitionProps={{ duration: 0 }}
    >
      {opened && <Content onClose={onClose} onOpen={onOpen} />}
    </Modal>
  );
}

function Content({ onClose, onOpen }: Omit<Given, 'opened'>) {
  const [issued, setIssued] = useState<CreditIssued>();
  if (issued) return <Issued issued={issued} onClose={onClose} onOpen={onOpen} />;
  return <IssueForm onClose={onClose} onIssued={setIssued} />;
}

function Issued({ issued, onClose, onOpen }: Omit<Given, 'opened'> & { issued: CreditIssued }) {
  const { code, kind, balance, id } = issued;
  return (
    <Stack gap="sm">
      <Text size="sm">
        {words(kind)} over {moneyText(balance)} was issued.
      </Text>
      {code !== null && (
        <Alert color="orange" role="alert" title="Take the code now: nobody can read it again">
          <CopyField label="Code of the gift card" text={code} what="the code" />
        </Alert>
      )}
      {code === null && kind === 'gift_card' && (
        <Alert color="red" role="alert" title="Its code can not be shown any more">
          The first answer got lost on its way. Disable this card and issue another one.
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => onOpen(id)}>
          Open the account
        </Button>
        <Button data-autofocus onClick={onClose}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}

function IssueForm({ onClose, onIssued }: { onClose: () => void; onIssued: (issued: CreditIssued) => void }) {
  const [values, setValues] = useState<IssueValues>(EMPTY_ISSUE);
  const [isAsked, setAsked] = useState(false);
  const sender = useSend<IssueAsked, CreditIssued>({ send: issueCredit, done: onIssued });
  const set = (patch: Partial<IssueValues>) => setValues((before) => ({ ...before, ...patch }));
  const read = readMoney(values);
  function submit(): void {
    setAsked(true);
    if (read.ok) sender.send(issueOf(values, read.money));
  }
  return (
    <DialogForm
      {...sender}
      onSubmit={submit}
      onClose={onClose}
      placed={PLACED}
      confirm={`Issue ${words(values.kind).toLowerCase()}`}
    >
      <NativeSelect
        label="Kind"
        data-autofocus
        data={CREDIT_METHODS.map((value) => ({ value, label: words(value) }))}
        value={values.kind}
        onChange={(event) =>
          set({ kind: CREDIT_METHODS.find((one) => one === event.currentTarget.value) ?? 'gift_card' })
        }
      />
      <MoneyFields
        label="Amount"
        values={values}
        onChange={set}
        read={isAsked ? read : undefined}
        error={sender.error}
        pointers={POINTERS}
      />
      <TextInput
        label="Holder"
        description="The customer’s id in your system, not a name."
        maxLength={100}
        autoComplete="off"
        value={values.holder}
        onChange={(event) => set({ holder: event.currentTarget.value })}
        error={fieldError(sender.error, '/holder')}
      />
      <TextInput
        type="date"
        label="Valid through"
        description="Until the end of that day. Without a date it stays valid."
        value={values.validThrough}
        onChange={(event) => set({ validThrough: event.currentTarget.value })}
        error={fieldError(sender.error, '/expiresAt')}
      />
      <TextInput
        label="Reason"
        description="For colleagues. No personal data."
        maxLength={200}
        value={values.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
        error={fieldError(sender.error, '/reason')}
      />
    </DialogForm>
  );
}
