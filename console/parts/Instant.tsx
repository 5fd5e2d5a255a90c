/** An instant as people read it: how long ago, and exactly on hover, focus or for a screen reader. */
import { Text, Tooltip, type TextProps } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { formatInstant } from '../format.ts';
import { deadlineWords, pastWords } from './relative.ts';

const TICK_MILLIS = 10_000;

let nowMillis = Date.now();
const watchers = new Set<() => void>();
setInterval(() => {
  nowMillis = Date.now();
  for (const watcher of watchers) watcher();
}, TICK_MILLIS);

/** The present, to within ten seconds; one clock for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => nowMillis,
  );
}

/** The present for a text that is drawn now: the clock that ticks has it drawn anew, this one says what to draw. */
export function usePresent(): number {
  return Math.max(useNow(), Date.now());
}

/**
 * Shows an instant; a dash for none. `isDeadline` when something happens by itself then; any other instant has been, and
 * never reads as if it were still to come only because two clocks differ.
 */
export function Instant({
  iso,
  exact = false,
  isDeadline = false,
  ...text
}: { iso: string | null; exact?: boolean; isDeadline?: boolean } & TextProps) {
  const now = usePresent();
  if (iso === null)
    return (
      <Text span inherit {...text}>
        {'–'}
      </Text>
    );
  const full = formatInstant(iso);
  const relative = isDeadline ? deadlineWords(iso, now) : pastWords(iso, now);
  return (
    <Tooltip label={full}>
      <Text span inherit {...text}>
        <time dateTime={iso}>{exact ? full : relative}</time>
      </Text>
    </Tooltip>
  );
}
