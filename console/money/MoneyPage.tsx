/** Money: refunds that need a person, receipts, gift cards and store credit, disputes, reconciliation, and payouts. */
import { Stack, Tabs, Title } from '@mantine/core';
import { CreditTab } from '../credit/CreditTab.tsx';
import { ReceiptList } from '../receipts/ReceiptList.tsx';
import { useKeys, type Keys } from '../shell/useKeys.ts';
import { DisputeList } from './DisputeList.tsx';
import { PayoutList } from './PayoutList.tsx';
import { Reconciliations } from './Reconciliations.tsx';
import { RefundQueue } from './RefundQueue.tsx';
import { MONEY_TABS, type MoneyTab } from './tabs.ts';
import { useMoneySearch } from './useMoneySearch.ts';

/** The page. */
export function MoneyPage() {
  const { tab, show } = useMoneySearch();
  const keys: Keys = Object.fromEntries(
    MONEY_TABS.map((one, index) => [
      String(index + 1),
      { does: `Show ${one.label.toLowerCase()}`, run: () => show(one.tab) },
    ]),
  );
  useKeys(keys, 'Money');
  return (
    <Stack gap="sm">
      <Title order={1} size="h2">
        Money
      </Title>
      <Tabs value={tab} onChange={show} activateTabWithKeyboard={false}>
        <Tabs.List aria-label="Money">
          {MONEY_TABS.map((one) => (
            <Tabs.Tab key={one.tab} value={one.tab}>
              {one.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {MONEY_TABS.map((one) => (
          <Tabs.Panel key={one.tab} value={one.tab} pt="sm">
            {one.tab === tab && <Part tab={tab} />}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  );
}

function Part({ tab }: { tab: MoneyTab }) {
  switch (tab) {
    case 'refunds':
      return <RefundQueue />;
    case 'receipts':
      return <ReceiptList />;
    case 'credit':
      return <CreditTab />;
    case 'disputes':
      return <DisputeList />;
    case 'reconciliation':
      return <Reconciliations />;
    case 'payouts':
      return <PayoutList />;
  }
}
