/** The load generator: POSTs over kept-alive connections, as many at a time as asked for, each timed. */
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** One POST: where to, with what headers, and the body. */
export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface Timed {
  status: number;
  millis: number;
  text: string;
}

/** What a round of load came to. */
export interface Load {
  answers: Timed[];
  /** Failures to get any answer. */
  errors: number;
  millis: number;
}

/** Sends `count` posts made by `make`, `callers` at a time. */
export async function runCallers(
  callers: number,
  count: number,
  make: (index: number) => Post,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers });
  const load: Load = { answers: [], errors: 0, millis: 0 };
  let next = 0;
  const caller = async () => {
    for (let index = next++; index < count; index = next++) await sendInto(load, agent, make(index));
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  load.millis = performance.now() - startedAt;
  agent.destroy();
  return load;
}

/** Sends `count` posts evenly over `seconds`, whether or not answers come (an open loop: a burst does not wait). */
export async function runBurst(seconds: number, count: number, make: (index: number) => Post): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const load: Load = { answers: [], errors: 0, millis: 0 };
  const startedAt = performance.now();
  const sent: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const early = (index / count) * seconds * 1_000 - (performance.now() - startedAt);
    if (early > 1) await pause(early);
    sent.push(sendInto(load, agent, make(index)));
  }
  await Promise.all(sent);
  load.millis = performance.now() - startedAt;
  agent.destroy();
  return load;
}

async function sendInto(load: Load, agent: Agent, post: Post): Promise<void> {
  try {
    load.answers.push(await send(agent, post));
  } catch {
    load.errors += 1;
  }
}

function send(agent: Agent, post: Post): Promise<Timed> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      post.url,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(post.body),
          ...post.headers,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            millis: performance.now() - startedAt,
            text: Buffer.concat(parts).toString('utf8'),
          }),
        );
      },
    );
    outgoing.setTimeout(30_000, () => outgoing.destroy(new Error('no answer within 30 s')));
    outgoing.on('error', reject);
    outgoing.end(post.body);
  });
}
