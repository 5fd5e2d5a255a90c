/** The console's start: theme, queries, dialogs, notices, routes. */
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './console.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem, isRefusal } from './api/client.ts';
import { sessionQuery } from './api/queries.ts';
import { createConsoleRouter } from './router.tsx';
import { forgetPerson } from './shell/session.ts';
import { theme } from './theme.ts';

const RETRIES_MAX = 2;

const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // While the connection is lost the browser may believe to be offline; asking the API is what tells.
      networkMode: 'always',
      retry: (count, error) => !isRefusal(error) && count < RETRIES_MAX,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

const router = createConsoleRouter(queryClient);

/** A session that ended while somebody worked: to the sign-in, and from there back to where they were. */
function noticeEnd(error: unknown): void {
  if (!(error instanceof ApiProblem) || error.status !== 401) return;
  // Nobody was signed in: that is for the page's guard, or for the sign-in itself.
  if (queryClient.getQueryData(sessionQuery.queryKey) === undefined) return;
  queryClient.removeQueries({ queryKey: sessionQuery.queryKey });
  const next = router.state.location.href;
  void router
    .navigate({ to: '/sign-in', search: { next, ended: 'yes' } })
    .then(() => forgetPerson(queryClient));
}

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
// Open dialogs hold the page still by a style element; the package that makes it looks for the nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce });
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <QueryClientProvider client={queryClient}>
          <Notifications position="bottom-right" />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
