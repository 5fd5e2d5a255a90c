/** What needs a person now: each open case of the order, what to do about it, when it is tried by itself, who has it. */
import { Alert, Stack, Text } from '@mantine/core';
import type { OrderDetail } from '../../api/schemas/orders.ts';
import { whatToDo } from '../../domain/cases.ts';
import { CaseButtons, CaseFacts } from '../actions/CaseWork.tsx';
import type { CaseToClose } from '../actions/CloseCaseDialog.tsx';
import { detailWords, failureWords } from '../actions/words.ts';

type OpenCase = OrderDetail['cases'][number];

/** The open cases of an order. */
export function openCases(order: Pick<OrderDetail, 'cases'>): OpenCase[] {
  return order.cases.filter((one) => one.resolvedAt === null);
}

/** One alert for each open case; nothing when none is open. */
export function Trouble({
  order,
  onCloseCase,
}: {
  order: Pick<OrderDetail, 'cases' | 'standing'>;
  onCloseCase: (asked: CaseToClose) => void;
}) {
  return openCases(order).map((one) => (
    <Alert
      key={one.id}
      color={one.nextRetryAt === null ? 'red' : 'orange'}
      title={`Needs attention: ${failureWords(one.code)}`}
    >
      <Stack gap="xs">
        <Text size="sm">{detailWords(one.detail)}</Text>
        <Text size="sm">{whatToDo(one.code)}</Text>
        <CaseFacts one={one} standing={order.standing} />
        <CaseButtons one={one} onCloseCase={onCloseCase} />
      </Stack>
    </Alert>
  ));
}
