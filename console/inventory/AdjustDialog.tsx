/** The dialog that adjusts the stock of one SKU at one location: by how much or to what, why, and what it will be. */
import { Button, Group, Modal, NativeSelect, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { Stock } from '../../api/schemas/catalogue.ts';
import { sendByCtrlEnter } from '../actions/CommandDialog.tsx';
import { useIntention } from '../actions/useIntention.ts';
import { stockQuery } from '../api/queries.ts';
import { boundText, described } from '../parts/bound.ts';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { AdjustPreview } from './AdjustPreview.tsx';
import { amountOf, type AdjustMode } from './level.ts';
import { useAdjust } from './useAdjust.ts';
import { useLocationNames } from './useStock.ts';
import { OTHER_REASON, REASON_CHOICES } from './words.ts';

const REASON_MAX = 100;
const NOTE_MAX = 500;
const NUMBER_POINTERS = ['/adjustments/0', '/adjustments/0/delta', '/adjustments/0/setTo'];
const PLACED_BESIDE = [...NUMBER_POINTERS, '/reason', '/note'];

/** Asks how to adjust the row; closed while there is none. */
export function AdjustDialog({ row, onClose }: { row: Stock | undefined; onClose: () => void }) {
  const names = useLocationNames();
  return (
    <Modal
      opened={row !== undefined}
      onClose={onClose}
      title={row && `Adjust ${row.sku} in ${names.get(row.location) ?? row.location}`}
      closeButtonProps={{ 'aria-label': 'Close this dialog' }}
    >
      {row && <AdjustForm row={row} onClose={onClose} />}
    </Modal>
  );
}

function AdjustForm({ row, onClose }: { row: Stock; onClose: () => void }) {
  const { sku, location } = row;
  // The level as it is now: others sell and count while somebody types.
  const { data } = useQuery(stockQuery({ sku, location }));
  const level = data?.data.find((one) => one.sku === sku && one.location === location) ?? row;
  const form = useAdjustForm();
  const adjust = useAdjust();
  const intention = useIntention();
  const { mode, typed, reason, own, note } = form.values;
  const amount = amountOf(mode, typed);
  const why = reason === OTHER_REASON ? own.trim() : reason;

  function submit(event: FormEvent): void {
    event.preventDefault();
    form.setAsked(true);
    if (typeof amount === 'string' || why === '' || adjust.isPending) return;
    const content = {
      sku,
      location,
      amount,
      reason: why,
      note: note.trim() === '' ? undefined : note.trim(),
    };
    adjust.mutate(
      { ...content, key: intention.keyFor(content) },
      {
        onSuccess: onClose,
        onError: intention.failed,
      },
    );
  }

  const refused = NUMBER_POINTERS.map((pointer) => fieldError(adjust.error, pointer)).find(Boolean);
  return (
    <form onSubmit={submit} onKeyDown={sendByCtrlEnter} noValidate>
      <Stack gap="sm">
        <NumberFields form={form} wrong={typeof amount === 'string' ? amount : undefined} refused={refused} />
        <AdjustPreview level={level} amount={typeof amount === 'string' ? undefined : amount} />
        <ReasonFields form={form} error={adjust.error} />
        <ProblemNotice error={adjust.error} placed={PLACED_BESIDE} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep as it is
          </Button>
          <Button type="submit" loading={adjust.isPending}>
            Adjust stock
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface Values {
  mode: AdjustMode;
  typed: string;
  reason: string;
  own: string;
  note: string;
}

const EMPTY: Values = { mode: 'difference', typed: '', reason: '', own: '', note: '' };

type AdjustFormState = ReturnType<typeof useAdjustForm>;

/** What was typed; it stays whatever the API says. What is missing is said once it was to be sent. */
function useAdjustForm() {
  const [values, setValues] = useState(EMPTY);
  const [isAsked, setAsked] = useState(false);
  return {
    values,
    isAsked,
    setAsked,
    set(patch: Partial<Values>) {
      setValues((before) => ({ ...before, ...patch }));
    },
  };
}

function NumberFields({
  form: { values, isAsked, set },
  wrong,
  refused,
}: {
  form: AdjustFormState;
  wrong: string | undefined;
  refused: string | undefined;
}) {
  const isCount = values.mode === 'counted';
  return (
    <>
      <Radio.Group
        label="What do you know?"
        value={values.mode}
        onChange={(mode) => set({ mode: mode === 'counted' ? 'counted' : 'difference' })}
      >
        <Group gap="md" mt={6}>
          <Radio value="difference" label="The difference" />
          <Radio value="counted" label="The counted number" />
        </Group>
      </Radio.Group>
      <TextInput
        label={isCount ? 'Counted on hand' : 'More or fewer'}
        description={
          isCount ? 'All units that lie there, those for orders too.' : '5 for more, -5 for fewer.'
        }
        // A numeric keypad of a phone has no minus.
        inputMode={isCount ? 'numeric' : 'text'}
        autoComplete="off"
        required
        data-autofocus
        value={values.typed}
        onChange={(event) => set({ typed: event.currentTarget.value })}
        error={(isAsked ? wrong : undefined) ?? refused}
      />
    </>
  );
}

function ReasonFields({ form: { values, isAsked, set }, error }: { form: AdjustFormState; error: unknown }) {
  const { reason, own, note } = values;
  return (
    <>
      <NativeSelect
        label="Reason"
        required
        data={[{ value: '', label: 'Choose a reason' }, ...REASON_CHOICES]}
        value={reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
        error={
          isAsked && reason === ''
            ? 'Choose why.'
            : reason === OTHER_REASON
              ? undefined
              : fieldError(error, '/reason')
        }
      />
      {reason === OTHER_REASON && (
        <TextInput
          label="Reason in your words"
          required
          maxLength={REASON_MAX}
          description={boundText(own, REASON_MAX)}
          value={own}
          onChange={(event) => set({ own: event.currentTarget.value })}
          error={isAsked && own.trim() === '' ? 'Say why.' : fieldError(error, '/reason')}
        />
      )}
      <Textarea
        label="Note"
        description={described('Stands beside the movement. No personal data.', note, NOTE_MAX)}
        maxLength={NOTE_MAX}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => set({ note: event.currentTarget.value })}
        error={fieldError(error, '/note')}
      />
      <Text size="xs">Every adjustment is kept with its reason and your key’s name.</Text>
    </>
  );
}
