/** Each payment of an order: time, number, method, card, amounts, state, and the provider's reference. */
import { Table, Text } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { failureWords } from '../actions/words.ts';
import { words } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { Head, Identifier } from './ledgerParts.tsx';
import { Sideways } from './Section.tsx';

const AMOUNTS = ['Authorized', 'Captured', 'Refunded', 'Voided'];

/** The payments, or that there is none. */
export function Payments({ order }: { order: OrderDetail }) {
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
