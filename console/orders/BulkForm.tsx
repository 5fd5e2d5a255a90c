/** What is asked before a job runs. */
import { Button, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { CANCEL_REASON_CHOICES, reasonOf } from '../actions/reasons.ts';
import { described } from '../parts/bound.ts';
import { ordersText, type BulkJob } from './bulk.ts';
import { tagNames, tagsFault } from './tagNames.ts';
import type { Deed } from './useBulk.ts';

const NOTE_MAX = 500;

interface FormProps {
  count: number;
  onRun: (deed: Deed) => void;
}

/** The form of the job's kind. */
export function BulkForm({ job, onRun }: { job: BulkJob; onRun: (deed: Deed) => void }) {
  const given = { count: job.orders.length, onRun };
  switch (job.kind) {
    case 'cancel':
      return <CancelForm {...given} />;
    case 'retry':
      return <RetryForm {...given} />;
    case 'tag':
      return <TagForm {...given} />;
  }
}

function CancelForm({ count, onRun }: FormProps) {
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const [isMissing, setMissing] = useState(false);

  function submit(): void {
    const chosen = reasonOf(reason);
    if (chosen === undefined) setMissing(true);
    else onRun({ kind: 'cancel', reason: chosen, note: note.trim() });
  }

  return (
    <Frame submit={submit} label={`Cancel ${ordersText(count)}`} color="red">
      <Text size="sm">
        What was done for each order is undone: authorized money is given back, stock becomes free. Orders
        that were released to the warehouse already refuse, and say so.
      </Text>
      <NativeSelect
        label="Reason"
        data-autofocus
        required
        value={reason}
        onChange={(event) => {
          setMissing(false);
          setReason(event.currentTarget.value);
        }}
        data={[{ value: '', label: 'Choose a reason' }, ...CANCEL_REASON_CHOICES]}
        error={isMissing ? 'Choose why they are cancelled.' : undefined}
      />
      <Note note={note} setNote={setNote} />
    </Frame>
  );
}

function RetryForm({ count, onRun }: FormProps) {
  const [note, setNote] = useState('');
  return (
    <Frame submit={() => onRun({ kind: 'retry', note: note.trim() })} label={`Retry ${ordersText(count)}`}>
      <Text size="sm">
        The step that each order waits with is tried again now: a declined payment, a step that failed, a
        search for stock. Orders that wait for nothing of the kind refuse, and say so.
      </Text>
      <Note note={note} setNote={setNote} />
    </Frame>
  );
}

function TagForm({ count, onRun }: FormProps) {
  const [added, setAdded] = useState('');
  const [removed, setRemoved] = useState('');
  const [fault, setFault] = useState<string>();

  function submit(): void {
    const [add, remove] = [tagNames(added), tagNames(removed)];
    const found = tagsFault(add, remove);
    setFault(found);
    if (found === undefined) onRun({ kind: 'tag', add, remove });
  }

  return (
    <Frame submit={submit} label={`Change tags of ${ordersText(count)}`}>
      <TextInput
        label="Tags to add"
        description="Several with commas between"
        data-autofocus
        value={added}
        onChange={(event) => setAdded(event.currentTarget.value)}
        error={fault}
      />
      <TextInput
        label="Tags to remove"
        value={removed}
        onChange={(event) => setRemoved(event.currentTarget.value)}
      />
    </Frame>
  );
}

function Note({ note, setNote }: { note: string; setNote: (note: string) => void }) {
  return (
    <Textarea
      label="Note"
      description={described('For colleagues; it stands in the history of each order.', note, NOTE_MAX)}
      value={note}
      onChange={(event) => setNote(event.currentTarget.value)}
      maxLength={NOTE_MAX}
      autosize
      minRows={2}
    />
  );
}

function Frame({
  submit,
  label,
  color,
  children,
}: {
  submit: () => void;
  label: string;
  color?: string;
  children: ReactNode;
}) {
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    submit();
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="sm">
        {children}
        <Group justify="flex-end">
          <Button type="submit" {...(color !== undefined && { color })}>
            {label}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
