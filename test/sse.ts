/** A reader of `GET /v1/stream` for tests: what has come so far, and waiting, with a bound, for what is to come. */

/** One event as it came. */
export interface SeenEvent {
  event: string;
  id: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into events of every shape
  data: any;
}

/** A stream that a test reads. */
export interface TestStream {
  status: number;
  headers: Headers;
  /** Everything that came, in order. */
  seen: SeenEvent[];
  /** The answer as text, for what is no event. */
  text(): string;
  /** Only the events `change`. */
  changes(): SeenEvent[];
  /** Resolves when `holds` is true of what came; rejects after 10 s or when the stream has ended before, saying `what` was awaited. */
  until(what: string, holds: (stream: TestStream) => boolean): Promise<void>;
  /** Resolves when the other side has ended the stream; rejects after 10 s. */
  untilEnded(): Promise<void>;
  /** Goes away, as a browser does that closes its page. */
  leave(): void;
}

const BOUND_MILLIS = 10_000;

/** Opens a stream and reads it until somebody ends it. */
export async function openStream(url: string, headers: Record<string, string>): Promise<TestStream> {
  const leaving = new AbortController();
  const response = await fetch(url, { headers, signal: leaving.signal });
  const seen: SeenEvent[] = [];
  const watchers = new Set<() => void>();
  let text = '';
  let rest = '';
  let isOver = false;
  const tell = () => watchers.forEach((watcher) => watcher());
  void read(response, (chunk) => {
    text += chunk;
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    seen.push(...blocks.flatMap((block) => toEvent(block)));
    tell();
  }).finally(() => {
    isOver = true;
    tell();
  });
  const wait = (what: string, holds: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const finish = (error?: Error) => {
        clearTimeout(timer);
        watchers.delete(check);
        if (error) reject(error);
        else resolve();
      };
      const check = () => {
        if (holds()) finish();
        else if (isOver) finish(new Error(`the stream ended before: ${what}; it brought ${text}`));
      };
      const timer = setTimeout(
        () => finish(new Error(`10 s without: ${what}; the stream brought ${text}`)),
        BOUND_MILLIS,
      );
      watchers.add(check);
      check();
    });
  const stream: TestStream = {
    status: response.status,
    headers: response.headers,
    seen,
    text: () => text,
    changes: () => seen.filter(({ event }) => event === 'change'),
    until: (what, holds) => wait(what, () => holds(stream)),
    untilEnded: () => wait('its end', () => isOver),
    leave: () => leaving.abort(),
  };
  return stream;
}

async function read(response: Response, take: (chunk: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) take(decoder.decode(chunk, { stream: true }));
  } catch {
    // Left by the test, or cut off by the other side: either way it is over.
  }
}

function toEvent(block: string): SeenEvent[] {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
    }),
  );
  const event = fields.get('event');
  if (event === undefined) return [];
  return [{ event, id: fields.get('id') ?? '', data: JSON.parse(fields.get('data') ?? 'null') }];
}
