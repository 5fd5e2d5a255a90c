/** After going to another page: its title in the tab, and the focus on its heading, so that a screen reader starts there. */
import { useDocumentTitle } from '@mantine/hooks';
import { useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { titleOf } from './pages.ts';

/** The id of the place where pages stand. */
export const MAIN_ID = 'main';

/** Names the tab and moves the focus as long as the frame is there. */
export function usePageFocus(): void {
  const router = useRouter();
  const title = useRouterState({
    select: ({ location: { pathname, search } }) =>
      titleOf(pathname, 'view' in search && typeof search.view === 'string' ? search.view : undefined),
  });
  useDocumentTitle(title);
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        // The first page keeps the browser's own start; a filter that changed is no new page.
        if (pathChanged && fromLocation) focusPage();
      }),
    [router],
  );
}

/** Puts the focus on the page's heading, unless the page has put it somewhere itself. */
function focusPage(): void {
  const main = document.getElementById(MAIN_ID);
  if (!main || main.contains(document.activeElement)) return;
  const target = main.querySelector<HTMLElement>('h1') ?? main;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
