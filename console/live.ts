/**
 * Live: listens to `GET /v1/stream` and has whatever shows a changed thing read again, a few times a second at most. The
 * browser reconnects by itself with the last id it saw, so that the API sends what was missed; while it can't, the shell
 * says so, and when it is back everything on the screen is read again.
 */
import type { Query, QueryClient } from '@tanstack/react-query';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import type { Change } from '../api/schemas/stream.ts';
import { checkSession } from './shell/session.ts';
import { isTouched, pauseMillis } from './touched.ts';

/** How the stream stands: `lost` while the API can't be reached. */
export type Connection = 'connecting' | 'open' | 'lost';

const GATHER_MILLIS = 150;
const RECONNECT_MILLIS = 2_000;

let connection: Connection = 'connecting';
const watchers = new Set<() => void>();

function setConnection(next: Connection): void {
  if (next === connection) return;
  connection = next;
  for (const watcher of watchers) watcher();
}

/** The state of the stream, for the shell. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => connection,
  );
}

/** Keeps the stream open as long as the component is there. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => listen(client), [client]);
}

function listen(client: QueryClient): () => void {
  const gathered = gather(client);
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastId = '';

  function open(): void {
    clearTimeout(timer);
    source?.close();
    // EventSource sends Last-Event-ID itself only while it reconnects itself; a new one says it in the address.
    source = new EventSource(lastId === '' ? '/v1/stream' : `/v1/stream?after=${encodeURIComponent(lastId)}`);
    source.addEventListener('open', () => {
      if (connection === 'lost') void client.invalidateQueries();
      setConnection('open');
    });
    source.addEventListener('change', (event: MessageEvent<string>) => {
      lastId = event.lastEventId;
      gathered.add(JSON.parse(event.data) as Change);
    });
    source.addEventListener('reset', () => {
      void client.invalidateQueries();
    });
    source.addEventListener('error', (event) => {
      if (event.target !== source) return;
      setConnection('lost');
      // Closed for good: the answer was no stream (a session that ended, an API that restarts). Ask who we are, try again.
      if (source?.readyState !== EventSource.CLOSED) return;
      void checkSession(client);
      timer = setTimeout(open, RECONNECT_MILLIS);
    });
  }

  // A stream over a network that is gone hears of it minutes later; the browser often knows at once.
  function onOffline(): void {
    setConnection('lost');
  }

  open();
  window.addEventListener('offline', onOffline);
  window.addEventListener('online', open);
  return () => {
    window.removeEventListener('offline', onOffline);
    window.removeEventListener('online', open);
    clearTimeout(timer);
    source?.close();
    gathered.stop();
    setConnection('connecting');
  };
}

/** Gathers changes for a moment and has everything read again that one of them may have changed. */
function gather(client: QueryClient): { add(change: Change): void; stop(): void } {
  const reader = rereader(client);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let orders = new Set<string>();
  let kinds = new Set<string>();

  function flush(): void {
    timer = undefined;
    const touched = client
      .getQueryCache()
      .findAll({ predicate: ({ queryKey }) => isTouched(queryKey, kinds, orders) });
    orders = new Set();
    kinds = new Set();
    for (const query of touched) reader.read(query);
  }

  return {
    add(change) {
      if (change.orderId !== null) orders.add(change.orderId);
      if (change.orderNumber !== null) orders.add(String(change.orderNumber));
      kinds.add(change.type.split('.')[0] ?? '');
      timer ??= setTimeout(flush, GATHER_MILLIS);
    },
    stop() {
      clearTimeout(timer);
      reader.stop();
    },
  };
}

/**
 * Reads queries again, each one at a time. A read that is under way is never cancelled for a newer change but followed by
 * one more: otherwise changes that come faster than an answer would keep the screen from ever changing.
 */
function rereader(client: QueryClient): { read(query: Query): void; stop(): void } {
  const reading = new Set<string>();
  const again = new Set<Query>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  function read(query: Query): void {
    const { queryHash, queryKey } = query;
    if (reading.has(queryHash)) {
      again.add(query);
      return;
    }
    reading.add(queryHash);
    // Nobody looks at a hidden tab: it is read again when it is shown.
    const refetchType = document.hidden ? 'none' : 'active';
    void client
      .invalidateQueries({ queryKey, exact: true, refetchType })
      .catch(() => undefined)
      .then(() => timers.set(queryHash, setTimeout(rest, pauseMillis(queryKey), query)));
  }

  function rest(query: Query): void {
    timers.delete(query.queryHash);
    reading.delete(query.queryHash);
    if (again.delete(query)) read(query);
  }

  return {
    read,
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      again.clear();
    },
  };
}
