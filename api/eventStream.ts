/**
 * One stream of server-sent events on the wire. better-sse writes the form of the events; the connection is looked after
 * here, because its session writes to answers that have ended (which ends the process), never stops its timer when the
 * caller is gone before the head is sent, and keeps without bound what a caller does not read.
 */
import type { ServerResponse } from 'node:http';
import { createEventBuffer } from 'better-sse';

/** A stream that was begun. What is sent after its end is dropped. */
export interface EventStream {
  send(event: string, id: string, data: unknown): void;
  /** Ends it for good, whatever the caller has not read yet. */
  end(): void;
}

const RETRY_MILLIS = 1_000;
/** Shorter than the time after which usual proxies cut a silent connection. */
const KEEP_ALIVE_MILLIS = 15_000;
/** A caller that leaves more unread than this is cut off: it comes back and gets what it missed, or a reset. */
const UNREAD_BYTES_MAX = 1024 * 1024;
/** So long an ended answer may wait for its caller to read the rest. */
const LINGER_MILLIS = 2_000;

/** Sends the head with these names and values in turn, and begins; `onEnd` is called once, when either side has ended it. The answer must still be open. */
export function beginEventStream(
  response: ServerResponse,
  headers: readonly string[],
  onEnd: () => void,
): EventStream {
  let isOpen = true;
  const keepingAlive = setInterval(
    () => write(createEventBuffer().comment().dispatch().read()),
    KEEP_ALIVE_MILLIS,
  );
  const over = () => {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(keepingAlive);
    onEnd();
  };
  const write = (text: string) => {
    if (!isOpen) return;
    response.write(text);
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
  };
  response.once('close', over).on('error', over);
  response.writeHead(200, [...headers]);
  write(createEventBuffer().retry(RETRY_MILLIS).dispatch().read());
  return {
    send: (event, id, data) => write(createEventBuffer().push(data, event, id).read()),
    end() {
      if (!isOpen) return;
      over();
      response.end();
      const lingering = setTimeout(() => response.destroy(), LINGER_MILLIS);
      response.once('close', () => clearTimeout(lingering));
    },
  };
}
