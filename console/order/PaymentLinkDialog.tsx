/** The dialog that makes a link to a page where the customer pays the order, and lets it be copied: it is shown here only. */
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import type { PaymentLinkShown } from '../../api/schemas/paymentLinks.ts';
import { useSend } from '../actions/useSend.ts';
import { call } from '../api/client.ts';
import { Instant } from '../parts/Instant.tsx';
import { DialogForm } from '../parts/DialogForm.tsx';
import { CopyField } from '../parts/CopyField.tsx';

type Order = Pick<OrderDetail, 'id' | 'number'>;

function makeLink(order: Order, idempotencyKey: string): Promise<PaymentLinkShown> {
  return call(`/v1/orders/${encodeURIComponent(order.id)}/payment-links`, { body: {}, idempotencyKey });
}

/** Asks, and shows the link; closed while there is no order. */
export function PaymentLinkDialog({ order, onClose }: { order: Order | undefined; onClose: () => void }) {
  return (
    <Modal
      opened={order !== undefined}
      onClose={onClose}
      title={order && `Payment link for order ${order.number}`}
      transitionProps={{ duration: 0 }}
    >
      {order && <Content key={order.id} order={order} onClose={onClose} />}
    </Modal>
  );
}

function Content({ order, onClose }: { order: Order; onClose: () => void }) {
  const [link, setLink] = useState<PaymentLinkShown>();
  const sender = useSend<Order, PaymentLinkShown>({ send: makeLink, done: setLink });
  if (link) return <Made link={link} onClose={onClose} />;
  return (
    <DialogForm
      {...sender}
      onSubmit={() => sender.send({ id: order.id, number: order.number })}
      onClose={onClose}
      placed={[]}
      confirm="Make a payment link"
    >
      <Text size="sm">
        The link leads to a page where the customer gives a card to the payment provider, or the code of a
        gift card. Whoever has the link can pay this order and nothing else; it ends by itself.
      </Text>
    </DialogForm>
  );
}

function Made({ link, onClose }: { link: PaymentLinkShown; onClose: () => void }) {
  return (
    <Stack gap="sm">
      <Alert color="blue" variant="light" role="alert" title="Copy the link and send it to the customer">
        <CopyField label="Payment link" text={link.url} what="the payment link" />
      </Alert>
      <Text size="sm">
        It ends <Instant iso={link.expiresAt} isDeadline />. It is not shown again; another one can be made.
      </Text>
      <Group justify="flex-end">
        <Button data-autofocus onClick={onClose}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
