/** The money of an order: how it stands, each payment, refunds, disputes, and everything that happened with its number and reference. */
import { Group, Stack } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { isTerminal } from '../../domain/order.ts';
import { formatMoney } from '../format.ts';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { balanceOf, balanceWords } from './balance.ts';
import { Disputes } from './Disputes.tsx';
import { Figure } from './ledgerParts.tsx';
import { MoneyHistory, OtherCalls } from './MoneyHistory.tsx';
import { MoneyActions } from './MoneyActions.tsx';
import { Payments } from './Payments.tsx';
import { Refunds } from './Refunds.tsx';
import { Section } from './Section.tsx';
import { Tenders } from './Tenders.tsx';

/** The section. */
export function MoneyLedger({ order }: { order: OrderDetail }) {
  return (
    <Section title="Money" aside={<PaymentBadge order={order} />}>
      <Stack gap="sm">
        <Standing order={order} />
        <Disputes disputes={order.money.disputes} />
        <Tenders order={order} />
        <MoneyActions order={order} />
        <Payments order={order} />
        <Refunds refunds={order.money.refunds} />
        <MoneyHistory order={order} />
        <OtherCalls order={order} />
      </Stack>
    </Section>
  );
}

/** "None" would say nothing: nobody has paid, yet or for good. */
function PaymentBadge({ order }: { order: Pick<OrderDetail, 'paymentStatus' | 'lifecycle'> }) {
  const { paymentStatus: status, lifecycle } = order;
  if (status !== 'none') return <StatusBadge status={status} />;
  return <StatusBadge status={status} label={isTerminal(lifecycle) ? 'Not paid' : 'Not paid yet'} />;
}

function Standing({ order }: { order: OrderDetail }) {
  const { money } = order;
  const { currency } = order.total;
  const sums = balanceOf(order);
  const parts = [
    // Some are worth a word only when they are there.
    ['Authorized', money.authorized, true],
    ['Captured', money.captured, true],
    ['Paid out', money.settled, money.settled.amount > 0],
    ['Refunded', money.refunded, true],
    ['Refund pending', money.refundPending, money.refundPending.amount > 0],
    ['Charged back', money.chargedBack, money.chargedBack.amount > 0],
    ['Refundable', money.refundable, true],
  ] as const;
  const open = Math.abs(sums.balanceMinor);
  return (
    <Group gap="xl" component="dl" m={0}>
      {parts.map(
        ([title, { amount }, isShown]) =>
          isShown && <Figure key={title} title={title} value={formatMoney(amount, currency)} />,
      )}
      <Figure
        title="Balance"
        value={`${open === 0 ? '' : `${formatMoney(open, currency)} `}${balanceWords(sums)}`}
      />
    </Group>
  );
}
