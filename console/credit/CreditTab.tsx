/** Gift cards and store credit: the list, issuing one, finding one by its code; or the account that was chosen. */
import { Anchor, Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { CreditAccount } from '../../api/schemas/credit.ts';
import { ReasonedButton } from '../actions/ReasonedButton.tsx';
import { useScopes } from '../actions/useRights.ts';
import { lacksScope } from '../actions/words.ts';
import { creditAccountsQuery } from '../api/queries.ts';
import { MoneyTable, type MoneyColumn } from '../money/MoneyTable.tsx';
import { choiceOf } from '../money/tabs.ts';
import { useMoneySearch } from '../money/useMoneySearch.ts';
import { EmptyState } from '../parts/EmptyState.tsx';
import { Instant, usePresent } from '../parts/Instant.tsx';
import { Money } from '../parts/Money.tsx';
import { ProblemNotice } from '../parts/ProblemNotice.tsx';
import { StatusBadge } from '../parts/StatusBadge.tsx';
import { lookUpCode } from './calls.ts';
import { CreditAccountPage } from './CreditAccountPage.tsx';
import { IssueDialog } from './IssueDialog.tsx';
import { accountName, accountState, ANY, KIND_CHOICES, STATE_CHOICES } from './words.ts';

/** The list, or the account that the address names. */
export function CreditTab() {
  const { search, change } = useMoneySearch();
  const id = search['account'];
  const open = (account: string | undefined) => change({ account });
  if (id !== undefined) return <CreditAccountPage id={id} onBack={() => open(undefined)} />;
  return <CreditList onOpen={open} />;
}

function CreditList({ onOpen }: { onOpen: (id: string) => void }) {
  const [isIssuing, setIssuing] = useState(false);
  const why = lacksScope('credit:write', useScopes());
  return (
    <Stack gap="sm">
      <Group gap="sm" justify="space-between" align="flex-end">
        <Filters />
        <ReasonedButton why={why} onClick={() => setIssuing(true)}>
          Issue…
        </ReasonedButton>
      </Group>
      <CodeLookUp onOpen={onOpen} />
      <Accounts onOpen={onOpen} />
      <IssueDialog opened={isIssuing} onClose={() => setIssuing(false)} onOpen={onOpen} />
    </Stack>
  );
}

function Filters() {
  const { search, change } = useMoneySearch();
  const [holder, setHolder] = useState(search['holder'] ?? '');
  const given = (value: string) => (value === ANY || value === '' ? undefined : value);
  function submit(event: FormEvent): void {
    event.preventDefault();
    change({ holder: given(holder.trim()) });
  }
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        label="Kind"
        data={[...KIND_CHOICES]}
        value={choiceOf(KIND_CHOICES, search['kind'])}
        onChange={(event) => change({ kind: given(event.currentTarget.value) })}
      />
      <NativeSelect
        label="State"
        data={[...STATE_CHOICES]}
        value={choiceOf(STATE_CHOICES, search['state'])}
        onChange={(event) => change({ state: given(event.currentTarget.value) })}
      />
      <form onSubmit={submit} role="search" aria-label="Holder">
        <Group gap="xs" align="flex-end">
          <TextInput
            label="Holder"
            maxLength={100}
            autoComplete="off"
            value={holder}
            onChange={(event) => setHolder(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" h={36}>
            Search
          </Button>
        </Group>
      </form>
    </Group>
  );
}

/** Finds an account by the code a customer reads out. It is sent in a body and never stands in the address. */
function CodeLookUp({ onOpen }: { onOpen: (id: string) => void }) {
  const [code, setCode] = useState('');
  const find = useMutation<CreditAccount, Error, string>({
    networkMode: 'always',
    mutationFn: lookUpCode,
    onSuccess: ({ id }) => onOpen(id),
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (code.trim() !== '' && !find.isPending) find.mutate(code.trim());
  }
  return (
    <form onSubmit={submit} noValidate>
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Code of a gift card"
          maxLength={60}
          autoComplete="off"
          spellCheck={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" h={36} loading={find.isPending}>
          Look it up
        </Button>
      </Group>
      <ProblemNotice error={find.error} />
    </form>
  );
}

function Accounts({ onOpen }: { onOpen: (id: string) => void }) {
  const { search } = useMoneySearch();
  const now = usePresent();
  const wanted = (value: string) => (value === ANY ? undefined : value);
  const query = useQuery(
    creditAccountsQuery({
      kind: wanted(choiceOf(KIND_CHOICES, search['kind'])),
      state: wanted(choiceOf(STATE_CHOICES, search['state'])),
      holder: search['holder'],
      cursor: search['cursor'],
    }),
  );
  const columns: readonly MoneyColumn<CreditAccount>[] = [
    {
      title: 'Account',
      cell: (one) => (
        <Anchor component="button" size="sm" underline="always" mih={24} onClick={() => onOpen(one.id)}>
          {accountName(one)}
        </Anchor>
      ),
    },
    { title: 'Holder', cell: (one) => one.holder ?? '–' },
    { title: 'State', cell: (one) => <StatusBadge status={accountState(one, now)} /> },
    { title: 'Expires', cell: (one) => <Instant iso={one.expiresAt} exact /> },
    { title: 'Issued', cell: (one) => <Instant iso={one.createdAt} /> },
    { title: 'Set aside', isFigure: true, cell: (one) => <Money money={one.held} /> },
    { title: 'Available', isFigure: true, cell: (one) => <Money money={one.available} /> },
  ];
  return (
    <MoneyTable
      label="Gift cards and store credit"
      query={query}
      columns={columns}
      keyOf={(one) => one.id}
      names={['account', 'accounts']}
      empty={
        <EmptyState title="No such gift card or store credit.">
          Issue one here, by the API, or by <code>holdfast credit issue</code>.
        </EmptyState>
      }
    />
  );
}
