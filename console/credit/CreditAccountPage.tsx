/** One gift card or store credit: what is on it, what can be done with it, and everything that changed it. */
import { Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CreditAccountDetail, CreditMovement } from '../../api/schemas/credit.ts';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { useScopes } from '../actions/useRights.ts';
import { lacksScope } from '../actions/words.ts';
import { creditAccountQuery } from '../api/queries.ts';
import { OrderLink } from '../money/MoneyTable.tsx';
import { Copy } from '../order/Copy.tsx';
import { Figure } from '../order/ledgerParts.tsx';
import { Instant, usePresent } from '../parts/Instant.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { usePersonName } from '../refund/usePersonName.ts';
import { moneyText } from '../refund/words.ts';
import type { CreditChange } from './calls.ts';
import { CHANGE_WORDS, CreditChangeDialog } from './CreditChangeDialog.tsx';
import { accountName, accountState, movementTitle, signedMoney } from './words.ts';

/** A phone shows the first. */
const MOVEMENT_COLUMNS = [
  ['Time', 'left'],
  ['What', 'left'],
  ['Balance', 'right'],
  ['Set aside', 'right'],
  ['Order', 'left'],
  ['Who', 'left'],
  ['Reason', 'left'],
] as const;

/** The account; `onBack` goes back to the list. */
export function CreditAccountPage({ id, onBack }: { id: string; onBack: () => void }) {
  const { data, error } = useQuery(creditAccountQuery(id));
  return (
    <Stack gap="sm">
      <Group>
        <Button variant="default" onClick={onBack}>
          All gift cards and credit
        </Button>
      </Group>
      <ProblemNotice error={error} />
      {!data && error === null && <Skeleton h={240} role="status" aria-label="Loading the account" />}
      {data && <Account account={data} />}
    </Stack>
  );
}

function Account({ account }: { account: CreditAccountDetail }) {
  const nameOf = usePersonName();
  const now = usePresent();
  return (
    <section aria-labelledby="account">
      <Stack gap="sm">
        <Group gap="sm">
          <Title order={2} size="h4" id="account">
            {accountName(account)}
          </Title>
          <StatusBadge status={accountState(account, now)} />
        </Group>
        <Group gap="xl" component="dl" m={0}>
          <Figure title="Balance" value={moneyText(account.balance)} />
          <Figure title="Set aside for orders" value={moneyText(account.held)} />
          <Figure title="Available" value={moneyText(account.available)} />
        </Group>
        <Group gap={4}>
          <Text size="sm">
            Issued <Instant iso={account.createdAt} /> by {nameOf(account.createdBy, null)}
            {account.holder !== null && ` for ${account.holder}`}
            {account.expiresAt !== null && (
              <>
                , expires <Instant iso={account.expiresAt} exact />
              </>
            )}
            . <code>{account.id}</code>
          </Text>
          <Copy text={account.id} what="the id of the account" />
        </Group>
        <Changes account={account} />
        <Movements account={account} />
      </Stack>
    </section>
  );
}

function Changes({ account }: { account: CreditAccountDetail }) {
  const [act, setAct] = useState<CreditChange['act']>();
  const why = lacksScope('credit:write', useScopes());
  const isUsable = accountState(account, usePresent()) === 'active';
  const acts = ['adjust', isUsable ? 'disable' : 'enable'] as const;
  return (
    <>
      <Group gap="xs">
        {acts.map((one) => (
          <ReasonedButton key={one} why={why} variant="default" onClick={() => setAct(one)}>
            {CHANGE_WORDS[one].verb}…
          </ReasonedButton>
        ))}
      </Group>
      <CreditChangeDialog act={act} account={account} onClose={() => setAct(undefined)} />
    </>
  );
}

function Movements({ account: { movements, hasMoreMovements } }: { account: CreditAccountDetail }) {
  return (
    <div className="moneyScroll" role="region" aria-label="Movements" tabIndex={0}>
      <Table aria-label="Movements" horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {MOVEMENT_COLUMNS.map(([title, align]) => (
              <Table.Th key={title} scope="col" ta={align}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {movements.map((one) => (
            <Movement key={one.id} one={one} />
          ))}
        </Table.Tbody>
      </Table>
      {hasMoreMovements && <Text size="sm">Only the newest {movements.length} are shown.</Text>}
    </div>
  );
}

function Movement({ one }: { one: CreditMovement }) {
  const nameOf = usePersonName();
  return (
    <Table.Tr>
      <Table.Td>
        <Instant iso={one.at} />
      </Table.Td>
      <Table.Td>{movementTitle(one.kind)}</Table.Td>
      <Table.Td className="figures">{signedMoney(one.balance)}</Table.Td>
      <Table.Td className="figures">{signedMoney(one.held)}</Table.Td>
      <Table.Td>
        <OrderLink number={one.orderNumber} />
      </Table.Td>
      <Table.Td>{nameOf(one.actor, null)}</Table.Td>
      <Table.Td className="breaks">{one.reason ?? '–'}</Table.Td>
    </Table.Tr>
  );
}
