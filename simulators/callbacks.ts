/**
 * Webhooks of the simulators: at least once, unordered, with growing pauses between tries, as the real services send
 * them. What waits is known from the ledger, so a restart sends what had not been delivered.
 */
import type { Faults } from './faults.ts';
import { postJson } from './outgoing.ts';

/** One message to Holdfast. The id stays the same over all tries; the signature is made anew for each. */
export interface Callback {
  id: string;
  /** Path below Holdfast's URL. */
  path: string;
  /** What faults are matched against: keys, references, order numbers. */
  subject: string;
  body: string;
  sign(at: Date): Record<string, string>;
}

/** Sends callbacks until they are taken. */
export interface Callbacks {
  /** Sends it now or later; does nothing while no URL is known, then sends it when one is set. */
  send(callback: Callback): void;
  setUrl(url: string | undefined): void;
  close(): void;
}

const PARALLEL_MAX = 16;
const TRIES_MAX = 200;
const FIRST_PAUSE_MILLIS = 250;
const PAUSE_MAX_MILLIS = 30_000;
const TIMEOUT_MILLIS = 10_000;

interface Attempt {
  callback: Callback;
  tries: number;
}

/** An idle sender. `onDelivered` is called once Holdfast answered with a 2xx. */
export function createCallbacks(options: {
  url: string | undefined;
  faults: Faults;
  onDelivered(id: string): void;
}): Callbacks {
  let url = options.url;
  let closed = false;
  let active = 0;
  const queue: Attempt[] = [];
  const timers = new Set<NodeJS.Timeout>();

  function later(millis: number, attempt: Attempt): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      queue.push(attempt);
      pump();
    }, millis);
    timers.add(timer);
  }

  async function deliver(base: string, attempt: Attempt): Promise<void> {
    const delivered = !closed && (await post(base, attempt.callback));
    active -= 1;
    if (closed) return;
    if (delivered) options.onDelivered(attempt.callback.id);
    else if (attempt.tries + 1 < TRIES_MAX) {
      const pause = Math.min(PAUSE_MAX_MILLIS, FIRST_PAUSE_MILLIS * 2 ** attempt.tries);
      later(pause, { ...attempt, tries: attempt.tries + 1 });
    }
    pump();
  }

  function pump(): void {
    while (!closed && url !== undefined && active < PARALLEL_MAX) {
      const attempt = queue.shift();
      if (attempt === undefined) return;
      active += 1;
      void deliver(url, attempt);
    }
  }

  return {
    send(callback) {
      const attempt = { callback, tries: 0 };
      const fault = options.faults.take('callback', callback.subject);
      if (fault?.kind === 'late' || fault?.kind === 'arrive_late' || fault?.kind === 'down')
        return later(fault.seconds * 1000, attempt);
      // A sender that missed our answer sends again, which is the same as sending twice.
      if (fault?.kind === 'twice' || fault?.kind === 'lose_reply') queue.push(attempt);
      queue.push(attempt);
      pump();
    },
    setUrl(next) {
      url = next;
      pump();
    },
    close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

async function post(base: string, callback: Callback): Promise<boolean> {
  try {
    const status = await postJson(new URL(callback.path, base), {
      body: callback.body,
      headers: callback.sign(new Date()),
      timeoutMillis: TIMEOUT_MILLIS,
    });
    return status >= 200 && status < 300;
  } catch {
    return false;
  }
}
