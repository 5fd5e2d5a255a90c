/** The money of an order: how it stands, each payment, and each call to an outside system with its number and reference. */
import { Group, Stack, Table, Text, Title } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { isTerminal } from '../../domain/order.ts';
import { failureWords } from '../actions/words.ts';
import { formatMoney, words } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { balanceOf, balanceWords } from './balance.ts';
import { Copy } from './Copy.tsx';
import { Section, Sideways } from './Section.tsx';

/** The section. */
export function MoneyLedger({ order }: { order: OrderDetail }) {
  return (
    <Section title="Money" aside={<PaymentBadge order={order} />}>
      <Stack gap="sm">
        <Standing order={order} />
        <Payments order={order} />
        <Operations order={order} />
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
  const sums = balanceOf(order);
  const { currency } = order.total;
  const parts = [
    ['Held', sums.heldMinor],
    ['Authorized', sums.authorizedMinor],
    ['Captured', sums.capturedMinor],
    ['Refunded', sums.refundedMinor],
    ['Voided', sums.voidedMinor],
  ] as const;
  const open = Math.abs(sums.balanceMinor);
  return (
    <Group gap="xl" component="dl" m={0}>
      {parts.map(([title, minor]) => (
        <Figure key={title} title={title} value={formatMoney(minor, currency)} />
      ))}
      <Figure
        title="Balance"
        value={`${open === 0 ? '' : `${formatMoney(open, currency)} `}${balanceWords(sums)}`}
      />
    </Group>
  );
}

function Figure({ title, value }: { title: string; value: string }) {
  return (
    <div>
      <Text size="xs" component="dt">
        {title}
      </Text>
      <Text size="sm" fw={600} component="dd" m={0}>
        {value}
      </Text>
    </div>
  );
}

function Payments({ order }: { order: OrderDetail }) {
  const { payments, method, number, time, paid } = order.payment;
  if (payments.length === 0)
    return (
      <Text size="sm">
        {method === 'prepaid'
          ? `Paid at the channel${paid ? '' : ': not reported yet'}${number === null ? '' : `, number ${number}`}.`
          : 'No payment has been asked for yet.'}{' '}
        {time !== null && <Instant iso={time} />}
      </Text>
    );
  return (
    <Sideways label="Payments">
      <Table horizontalSpacing={6}>
        <Head titles={['Time', 'Payment', 'State']} amounts={AMOUNTS} />
        <Table.Tbody>
          {payments.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Instant iso={one.time} />
              </Table.Td>
              <Table.Td>
                {words(one.method)} {one.card && `${one.card.brand ?? ''} •••• ${one.card.last4 ?? ''}`}
                <Identifier text={one.number} what="the number of the payment" />
                {one.reference !== null && (
                  <Identifier text={one.reference} what="the provider’s reference" />
                )}
              </Table.Td>
              <Table.Td>
                <StatusBadge status={one.state} />
                {one.failureCode !== null && <Text size="xs">{failureWords(one.failureCode)}</Text>}
              </Table.Td>
              {[one.authorized, one.captured, one.refunded, one.voided].map((money, index) => (
                <Table.Td key={AMOUNTS[index]} className="figures">
                  <Money money={money.amount === 0 ? null : money} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Sideways>
  );
}

const AMOUNTS = ['Authorized', 'Captured', 'Refunded', 'Voided'];

function Operations({ order }: { order: OrderDetail }) {
  const { operations } = order.payment;
  if (operations.length === 0) return null;
  return (
    <div>
      <Title order={3} size="h6">
        Calls to outside systems
      </Title>
      <Sideways label="Calls to outside systems">
        <Table horizontalSpacing={6}>
          <Head titles={['Time', 'Number', 'Kind', 'State']} amounts={['Amount']} last="Reference" />
          <Table.Tbody>
            {operations.map((one) => (
              <Table.Tr key={one.number}>
                <Table.Td>
                  <Instant iso={one.time} />
                </Table.Td>
                <Table.Td>
                  <Identifier text={one.number} what="the number of the call" width={190} />
                </Table.Td>
                <Table.Td>{words(one.kind)}</Table.Td>
                <Table.Td>
                  <StatusBadge status={one.state} />
                  {one.failureCode !== null && <Text size="xs">{failureWords(one.failureCode)}</Text>}
                </Table.Td>
                <Table.Td className="figures">
                  <Money money={one.amount} />
                </Table.Td>
                <Table.Td>
                  <Identifier text={one.reference} what="the reference" />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Sideways>
    </div>
  );
}

function Head({
  titles,
  amounts,
  last,
}: {
  titles: readonly string[];
  amounts: readonly string[];
  last?: string;
}) {
  return (
    <Table.Thead>
      <Table.Tr>
        {titles.map((title) => (
          <Table.Th key={title} scope="col">
            {title}
          </Table.Th>
        ))}
        {amounts.map((title) => (
          <Table.Th key={title} scope="col" ta="right">
            {title}
          </Table.Th>
        ))}
        {last !== undefined && <Table.Th scope="col">{last}</Table.Th>}
      </Table.Tr>
    </Table.Thead>
  );
}

/** A long id: shortened in the middle of a table, whole on hover and in the clipboard. */
function Identifier({ text, what, width = 130 }: { text: string | null; what: string; width?: number }) {
  if (text === null) return <>{'–'}</>;
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="xs" ff="monospace" title={text} maw={width} truncate>
        {text}
      </Text>
      <Copy text={text} what={what} />
    </Group>
  );
}
