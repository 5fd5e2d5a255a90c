/** News for screen readers: one polite line, for what happened because of something the person did or must know. */
import { VisuallyHidden } from '@mantine/core';
import { useSyncExternalStore } from 'react';

let news = '';
let isOdd = false;
const watchers = new Set<() => void>();

/** Has a screen reader say the text when it is done with what it reads. The same text again is said again. */
export function announce(text: string): void {
  isOdd = !isOdd;
  news = isOdd ? text : `${text}\u00a0`;
  for (const watcher of watchers) watcher();
}

/** The place where news stands; once in the frame of pages. */
export function Announcements() {
  const text = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => news,
  );
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {text}
    </VisuallyHidden>
  );
}
