/** The dialog that gives money back: what of which line, why, and what exactly that comes to before anything is sent. */
import { Alert, Button, Group, Modal, NativeSelect, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { sendByCtrlEnter } from '../actions/CommandDialog.tsx';
import { orderQuery } from '../api/queries.ts';
import { fieldError, ProblemNotice } from '../parts/ProblemNotice.tsx';
import { NoteField } from './NoteField.tsx';
import { AmountFields, UnitFields } from './RefundFields.tsx';
import { RefundPreviewBox } from './RefundPreviewBox.tsx';
import { useRefundForm, type RefundFormState } from './useRefundForm.ts';
import { moneyText, REFUND_REASON_CHOICES } from './words.ts';

const PLACED = ['/reason', '/note'];

interface Given {
  order: OrderDetail;
  onClose: () => void;
  onDone: () => void;
}

/** Asks what is given back; closed while there is no order. */
export function RefundDialog({ order, ...on }: Omit<Given, 'order'> & { order: OrderDetail | undefined }) {
  return (
    <Modal
      opened={order !== undefined}
      onClose={on.onClose}
      size="lg"
      title={order && `Refund order ${order.number}`}
      transitionProps={{ duration: 0 }}
    >
      {order && <RefundForm key={order.id} order={order} {...on} />}
    </Modal>
  );
}

function RefundForm({ order: shown, onClose, onDone }: Given) {
  // The order as it is now: colleagues refund and warehouses send while somebody types.
  const { data: order = shown } = useQuery(orderQuery(shown.id));
  const form = useRefundForm({ order, onClose, onDone });
  return (
    <form onSubmit={form.submit} onKeyDown={sendByCtrlEnter} noValidate>
      <Stack gap="sm">
        <Left order={order} />
        <UnitFields form={form} />
        <AmountFields form={form} />
        <WhyFields form={form} />
        <RefundPreviewBox live={form.live} lines={form.lines} />
        <ProblemNotice error={form.refund.error} placed={PLACED} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep as it is
          </Button>
          <SubmitButton form={form} />
        </Group>
      </Stack>
    </form>
  );
}

function Left({ order: { money } }: { order: OrderDetail }) {
  return (
    <>
      <Text size="sm">
        {moneyText(money.refundable)} of {moneyText(money.captured)} can be given back
        {money.refundPending.amount > 0 && `; ${moneyText(money.refundPending)} is on its way already`}.
      </Text>
      {money.isDisputed && (
        <Alert color="orange" title="The customer disputes the charge at their bank">
          Do not pay twice: what the bank takes back can not be refunded.
        </Alert>
      )}
    </>
  );
}

function WhyFields({ form: { values, set, note, isReasonMissing, refund } }: { form: RefundFormState }) {
  return (
    <>
      <NativeSelect
        label="Reason"
        required
        data={[{ value: '', label: 'Choose a reason' }, ...REFUND_REASON_CHOICES]}
        value={values.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
        error={isReasonMissing ? 'Choose why.' : fieldError(refund.error, '/reason')}
      />
      <NoteField note={note} error={refund.error} />
    </>
  );
}

/** Named by the amount that was seen; says why it does nothing while there is none. */
function SubmitButton({ form: { live, why, isAsked, refund } }: { form: RefundFormState }) {
  const id = useId();
  const { preview } = live;
  const plan = live.isCurrent ? preview?.plan : undefined;
  const verb = preview?.needsApproval ? 'Ask to refund' : 'Refund';
  const isBlocked = why !== undefined;
  return (
    <>
      <Button
        type="submit"
        loading={refund.isPending}
        {...(isBlocked && { 'data-disabled': true, 'aria-disabled': true, 'aria-describedby': id })}
      >
        {plan ? `${verb} ${moneyText(plan.amount)}` : 'Refund'}
      </Button>
      {isBlocked && isAsked && (
        <Text size="sm" role="alert" id={id}>
          {why}
        </Text>
      )}
      {isBlocked && !isAsked && <VisuallyHidden id={id}>{why}</VisuallyHidden>}
    </>
  );
}
