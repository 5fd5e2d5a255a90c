/** What the refund would be: each line with its tax, fees, rounding, which payment gets what, and who must say yes. */
import { Alert, List, Table, Text } from '@mantine/core';
import { Money } from '../parts/Money.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import type { RefundPreview } from '../../api/schemas/refunds.ts';
import type { RefundableLine } from './request.ts';
import type { LivePreview } from './usePreview.ts';
import { approvalWords, FEE_WORDS, moneyText, movementWords, problemWords, type Amount } from './words.ts';

type Plan = NonNullable<RefundPreview['plan']>;

/** The preview; its sum is said to screen readers when it changes. */
export function RefundPreviewBox({
  live: { preview, isCurrent, error },
  lines,
}: {
  live: LivePreview;
  lines: readonly RefundableLine[];
}) {
  const plan = preview?.plan;
  return (
    <section aria-label="Preview" aria-busy={preview !== undefined && !isCurrent}>
      {plan && <PlanTable plan={plan} lines={lines} />}
      <div aria-live="polite">
        {plan && (
          <Alert
            color={preview.needsApproval ? 'orange' : 'blue'}
            mt="xs"
            title={`Gives back ${moneyText(plan.amount)}`}
          >
            <List size="sm">
              {plan.movements.map((one) => (
                <List.Item key={one.paymentId}>{movementWords(one)}</List.Item>
              ))}
              <List.Item>{approvalWords(preview)}</List.Item>
            </List>
          </Alert>
        )}
        {preview?.problem && (
          <Alert color="orange" title="It can not be refunded so">
            <Text size="sm">{problemWords(preview.problem)}</Text>
          </Alert>
        )}
      </div>
      {preview === undefined && error === null && (
        <Text size="sm">What is typed is calculated here before anything is sent.</Text>
      )}
      <ProblemNotice error={error} />
    </section>
  );
}

function PlanTable({ plan, lines }: { plan: Plan; lines: readonly RefundableLine[] }) {
  const nameOf = (lineNo: number) => lines.find((line) => line.lineNo === lineNo)?.name ?? `Line ${lineNo}`;
  const { currency } = plan.amount;
  const less = (money: Amount) => (money.amount === 0 ? null : { amount: -money.amount, currency });
  return (
    <Table withTableBorder captionSide="top">
      <Table.Caption>What it comes to</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">What</Table.Th>
          {['Net', 'Tax', 'Total'].map((title) => (
            <Table.Th key={title} scope="col" ta="right">
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {plan.lines.map(({ lineNo, units, net, tax, total }) => (
          <Row key={lineNo} what={`${units} × ${nameOf(lineNo)}`} amounts={[net, tax, total]} />
        ))}
        {plan.shipping.amount > 0 && <Row what="Shipping" amounts={[null, null, plan.shipping]} />}
        {plan.goodwill.amount > 0 && <Row what="Goodwill" amounts={[null, null, plan.goodwill]} />}
        {plan.fees.map(({ kind, amount, tax }) => (
          <Row
            key={kind}
            what={`Less ${FEE_WORDS[kind].toLowerCase()}`}
            amounts={[less(amount), less(tax), { amount: -(amount.amount + tax.amount), currency }]}
          />
        ))}
        {plan.rounding.amount !== 0 && (
          <Row what="Rounding, carried to the next refund" amounts={[null, null, plan.rounding]} />
        )}
        <Row what="Given back" amounts={[null, null, plan.amount]} isSum />
      </Table.Tbody>
    </Table>
  );
}

function Row({
  what,
  amounts: [net, tax, total],
  isSum = false,
}: {
  what: string;
  amounts: readonly [Amount | null, Amount | null, Amount];
  isSum?: boolean;
}) {
  const weight = isSum ? 700 : 400;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={weight}>
        {what}
      </Table.Th>
      <Table.Td className="figures">{net && <Money money={net} />}</Table.Td>
      <Table.Td className="figures">{tax && <Money money={tax} />}</Table.Td>
      <Table.Td className="figures">
        <Money money={total} fw={weight} />
      </Table.Td>
    </Table.Tr>
  );
}
