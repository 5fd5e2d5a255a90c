/**
 * The routes. Every filter and choice that a person may want to come back to or send to a colleague stands in the
 * address. Pages are loaded when they are first opened; charts only with the pages that draw them.
 */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery } from './api/queries.ts';
import { ApiProblem } from './api/client.ts';
import { part } from './parts/loading.ts';
import { safePath } from './shell/safePath.ts';
import { Shell } from './shell/Shell.tsx';
import { NotFound } from './shell/NotFound.tsx';
import { PagePending } from './shell/PagePending.tsx';
import { RouteError } from './shell/RouteError.tsx';

interface Context {
  queryClient: QueryClient;
}

/** Parameters of an address as text; empty ones are left out. */
export type Search = Record<string, string | undefined>;

/** Addresses hold text only: numbers and flags that look like JSON stay as they were written. */
function searchOf(raw: Record<string, unknown>): Search {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, String(value)]]
        : [],
    ),
  );
}

const root = createRootRouteWithContext<Context>()({ component: Outlet });

const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: searchOf,
  beforeLoad({ context, search }) {
    if (context.queryClient.getQueryData(sessionQuery.queryKey) !== undefined)
      // oxlint-disable-next-line typescript/only-throw-error -- how the router is told to go elsewhere
      throw redirect({ href: safePath(search['next']), replace: true });
  },
  component: lazyRouteComponent(() => part(() => import('./signIn/SignIn.tsx')), 'SignIn'),
});

const shellRoute = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  async beforeLoad({ context, location }) {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401)
        // oxlint-disable-next-line typescript/only-throw-error -- how the router is told to go elsewhere
        throw redirect({ to: '/sign-in', search: { next: location.href } });
      throw error;
    }
  },
});

const page = { getParentRoute: () => shellRoute, validateSearch: searchOf };

const homeRoute = createRoute({
  ...page,
  path: '/',
  component: lazyRouteComponent(() => part(() => import('./home/Home.tsx')), 'Home'),
});
const ordersRoute = createRoute({
  ...page,
  path: '/orders',
  component: lazyRouteComponent(() => part(() => import('./orders/Orders.tsx')), 'Orders'),
});
const orderRoute = createRoute({
  ...page,
  path: '/orders/$order',
  component: lazyRouteComponent(() => part(() => import('./order/Order.tsx')), 'Order'),
});
const attentionRoute = createRoute({
  ...page,
  path: '/attention',
  component: lazyRouteComponent(() => part(() => import('./attention/Attention.tsx')), 'Attention'),
});
const moneyRoute = createRoute({
  ...page,
  path: '/money',
  component: lazyRouteComponent(() => part(() => import('./money/MoneyPage.tsx')), 'MoneyPage'),
});
const inventoryRoute = createRoute({
  ...page,
  path: '/inventory',
  component: lazyRouteComponent(() => part(() => import('./inventory/Inventory.tsx')), 'Inventory'),
});
const reportsRoute = createRoute({
  ...page,
  path: '/reports',
  component: lazyRouteComponent(() => part(() => import('./reports/Reports.tsx')), 'Reports'),
});

/** The router over all pages. */
export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      signInRoute,
      shellRoute.addChildren([
        homeRoute,
        ordersRoute,
        orderRoute,
        attentionRoute,
        moneyRoute,
        inventoryRoute,
        reportsRoute,
      ]),
    ]),
    context: { queryClient },
    defaultPreload: 'intent',
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: NotFound,
    defaultPendingComponent: PagePending,
    scrollRestoration: true,
    // The address is plain text both ways: `?q=100042` is not a number to us.
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const entries = Object.entries(search).flatMap(([name, value]) =>
        typeof value === 'string' && value !== '' ? [[name, value] as [string, string]] : [],
      );
      const text = new URLSearchParams(entries).toString();
      return text === '' ? '' : `?${text}`;
    },
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
