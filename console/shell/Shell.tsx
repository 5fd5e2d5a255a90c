/** The frame of every page: navigation, who is signed in, the state of the connection, the palette and the keys. */
import { AppShell, Badge, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconAlertTriangle,
  IconCash,
  IconChartBar,
  IconHome,
  IconPackages,
  IconShoppingCart,
} from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { orderViewsQuery } from '../api/queries.ts';
import { formatCount } from '../format.ts';
import { useLive } from '../live.ts';
import { allWaiting, useMoneyWaiting, waitingText } from '../money/waiting.ts';
import { lazyDialog } from '../parts/lazyDialog.tsx';
import { Announcements } from './announce.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { PAGES } from './pages.ts';
import { watchSession } from './session.ts';
import { EVERYWHERE, useKeys, type Keys } from './useKeys.ts';
import { MAIN_ID, usePageFocus } from './usePageFocus.ts';
import { UserMenu } from './UserMenu.tsx';

const Palette = lazyDialog(async () => (await import('./Palette.tsx')).Palette);
const KeyHelp = lazyDialog(async () => (await import('./KeyHelp.tsx')).KeyHelp);

const ICONS = {
  '/': IconHome,
  '/orders': IconShoppingCart,
  '/attention': IconAlertTriangle,
  '/money': IconCash,
  '/inventory': IconPackages,
  '/reports': IconChartBar,
} as const;

type Overlay = 'none' | 'palette' | 'help';

/** The frame. */
export function Shell() {
  const client = useQueryClient();
  useEffect(() => watchSession(client), [client]);
  useLive();
  usePageFocus();
  const [opened, { toggle, close }] = useDisclosure();
  const [overlay, setOverlay] = useState<Overlay>('none');
  useShellKeys(setOverlay);
  const closeOverlay = () => setOverlay('none');
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a className="skipLink" href={`#${MAIN_ID}`}>
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? 'Close the navigation' : 'Open the navigation'}
            />
            <Text fw={700}>Holdfast</Text>
          </Group>
          <UserMenu onHelp={() => setOverlay('help')} onPalette={() => setOverlay('palette')} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Main">
        <Navigation onGo={close} />
      </AppShell.Navbar>
      <AppShell.Main id={MAIN_ID} tabIndex={-1}>
        <ConnectionBanner />
        <Outlet />
      </AppShell.Main>
      <Announcements />
      <Palette opened={overlay === 'palette'} onClose={closeOverlay} />
      <KeyHelp opened={overlay === 'help'} onClose={closeOverlay} />
    </AppShell>
  );
}

function useShellKeys(setOverlay: (next: Overlay) => void): void {
  const navigate = useNavigate();
  const jumps: Keys = Object.fromEntries(
    PAGES.map(({ to, label, key }) => [
      `g ${key}`,
      { does: `Go to ${label}`, run: () => void navigate({ to }) },
    ]),
  );
  useKeys(
    {
      'mod+k': { does: 'Find and jump', run: () => setOverlay('palette') },
      '?': { does: 'This help', run: () => setOverlay('help') },
      ...jumps,
    },
    EVERYWHERE,
  );
}

function Navigation({ onGo }: { onGo: () => void }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return PAGES.map(({ to, label }) => {
    const Icon = ICONS[to];
    const isActive = to === '/' ? path === '/' : path.startsWith(to);
    return (
      <NavLink
        key={to}
        component={Link}
        to={to}
        label={label}
        leftSection={<Icon size={18} aria-hidden />}
        rightSection={<Count of={to} />}
        active={isActive}
        aria-current={isActive ? 'page' : undefined}
        onClick={onGo}
      />
    );
  });
}

function Count({ of }: { of: (typeof PAGES)[number]['to'] }) {
  if (of === '/attention') return <AttentionCount />;
  return of === '/money' ? <MoneyCount /> : null;
}

/** How many refunds and receipts need a person; nothing when none does. */
function MoneyCount() {
  const all = allWaiting(useMoneyWaiting());
  if (all.count === 0) return null;
  return (
    <Badge
      variant="default"
      size="sm"
      aria-label={`${waitingText(all)} refunds and receipts that need a person`}
    >
      {waitingText(all)}
    </Badge>
  );
}

/** How many orders need a person; nothing when none does. */
function AttentionCount() {
  const view = useQuery(orderViewsQuery).data?.data.find((one) => one.view === 'needs_attention');
  if (!view || view.count === 0) return null;
  return (
    <Badge variant="default" size="sm" aria-label={`${view.count} orders`}>
      {formatCount(view.count)}
      {view.isMore ? '+' : ''}
    </Badge>
  );
}
