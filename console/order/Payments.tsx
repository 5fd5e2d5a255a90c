/** Each payment of an order: time, number, which way to pay it belongs to, card, amounts, state, and the provider's reference. */
import { Table, Text } from '@mantine/core';
import { Fragment } from 'react';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { isOffline } from '../../domain/method.ts';
import { failureWords } from '../actions/words.ts';
import { words } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { Head, Identifier } from './ledgerParts.tsx';
import { Sideways } from './Section.tsx';

type Payment = OrderDetail['payment']['payments'][number];

/** The payments, or that there is none. */
export function Payments({ order }: { order: OrderDetail }) {
  const { payments, method, number, time, paid, tenders } = order.payment;
  if (payments.length === 0)
    return (
      <Text size="sm">
        {method === 'prepaid'
          ? `Paid at the channel${paid ? '' : ': not reported yet'}${number === null ? '' : `, number ${number}`}.`
          : isOffline(method)
            ? 'No money has been recorded yet.'
            : 'No payment has been asked for yet.'}{' '}
        {time !== null && <Instant iso={time} />}
      </Text>
    );
  return (
    <Sideways label="Payments">
      <Table horizontalSpacing={6}>
        <Head titles={['Time', 'Payment', 'State']} amounts={['Amounts']} />
        <Table.Tbody>
          {payments.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Instant iso={one.time} />
              </Table.Td>
              <Table.Td>
                {tenders.length > 1 && `${one.tender}. `}
                {words(one.method)} {one.card && `${one.card.brand ?? ''} •••• ${one.card.last4 ?? ''}`}
                <Identifier text={one.number} what="the number of the payment" />
                {one.reference !== null && (
                  <Identifier text={one.reference} what="the provider’s reference" />
                )}
              </Table.Td>
              <Table.Td>
                <StatusBadge status={one.settledAt === null ? one.state : 'settled'} />
                {one.settledAt !== null && (
                  <Text size="xs">
                    paid out <Instant iso={one.settledAt} />
                  </Text>
                )}
                {one.failureCode !== null && <Text size="xs">{failureWords(one.failureCode)}</Text>}
              </Table.Td>
              <Table.Td className="figures">
                <Amounts payment={one} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Sideways>
  );
}

/** What there is of the four amounts, one below the other: four columns of them would not fit beside the rest. */
function Amounts({ payment }: { payment: Payment }) {
  const amounts = [
    ['Authorized', payment.authorized],
    ['Captured', payment.captured],
    ['Refunded', payment.refunded],
    ['Voided', payment.voided],
  ] as const;
  const some = amounts.filter(([, money]) => money.amount !== 0);
  if (some.length === 0) return <Money money={null} />;
  return (
    <dl className="amounts">
      {some.map(([title, money]) => (
        <Fragment key={title}>
          <dt>{title}</dt>
          <dd>
            <Money money={money} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
