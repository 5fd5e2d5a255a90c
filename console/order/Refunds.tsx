/** The refunds of an order: the decision, what was moved for it, and what a person can do. */
import { Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import type { Refund } from '../../api/schemas/refunds.ts';
import { failureWords } from '../actions/words.ts';
import { words } from '../format.ts';
import { Instant } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { RefundButtons } from '../refund/RefundButtons.tsx';
import { usePersonName } from '../refund/usePersonName.ts';
import { moneyText, refundParts, refundReasonWords, refundStateWords } from '../refund/words.ts';
import { Head, Identifier } from './ledgerParts.tsx';
import { Sideways } from './Section.tsx';

/** The refunds, newest first; nothing when there is none. */
export function Refunds({ refunds }: { refunds: readonly Refund[] }) {
  if (refunds.length === 0) return null;
  return (
    <div>
      <Title order={3} size="h6">
        Refunds
      </Title>
      <Stack gap="xs" component="ul" className="refunds">
        {refunds
          .toSorted((a, b) => b.seq - a.seq)
          .map((refund) => (
            <Paper key={refund.id} component="li" withBorder p="sm" aria-label={`Refund ${refund.seq}`}>
              <OneRefund refund={refund} />
            </Paper>
          ))}
      </Stack>
    </div>
  );
}

function OneRefund({ refund }: { refund: Refund }) {
  const nameOf = usePersonName();
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          Refund {refund.seq}: {moneyText(refund.amount)}
        </Text>
        <StatusBadge status={refund.state} label={refundStateWords(refund.state)} />
      </Group>
      <Text size="sm">
        {refundReasonWords(refund.reason)}: {refundParts(refund).join('; ')}.
      </Text>
      {refund.note !== null && (
        <Text size="sm" className="breaks">
          “{refund.note}”
        </Text>
      )}
      <Text size="xs">
        Asked for <Instant iso={refund.createdAt} /> by {nameOf(refund.requestedBy, refund.requestedByName)}
        {refund.decidedBy !== null && (
          <>
            ; decided <Instant iso={refund.decidedAt} /> by {nameOf(refund.decidedBy, refund.decidedByName)}
          </>
        )}
      </Text>
      <Movements refund={refund} />
      <RefundButtons refund={refund} />
    </Stack>
  );
}

function Movements({ refund: { seq, attempts } }: { refund: Refund }) {
  return (
    <Sideways label={`Movements of refund ${seq}`}>
      <Table horizontalSpacing={6}>
        <Head titles={['Time', 'Number and reference', 'To', 'State']} amounts={['Amount']} />
        <Table.Tbody>
          {attempts.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Instant iso={one.createdAt} />
              </Table.Td>
              <Table.Td>
                <Identifier text={one.number} what="the number of the movement" width={190} />
                {one.reference !== null && (
                  <Identifier text={one.reference} what="the reference" width={190} />
                )}
              </Table.Td>
              <Table.Td>{words(one.method)}</Table.Td>
              <Table.Td>
                <StatusBadge status={one.state} />
                {one.failureCode !== null && <Text size="xs">{failureWords(one.failureCode)}</Text>}
              </Table.Td>
              <Table.Td className="figures">
                <Money money={one.amount} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Sideways>
  );
}
