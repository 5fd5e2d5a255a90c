/** 200 keys, each posted 20 times at once: one order a key, and 20 equal answers. */
import { randomUUID } from 'node:crypto';
import type { Target } from '../../import/patience.ts';
import type { Figures } from '../figures.ts';
import { listOrders } from '../orders.ts';
import { plainOrder } from '../shopOrder.ts';
import type { Stage } from '../stage.ts';

const KEYS = 200;
const TWINS = 20;
/** Keys whose twins are under way at the same time. */
const KEYS_AT_ONCE = 4;

interface Posted {
  status: number;
  text: string;
  replayed: boolean;
}

/** Posts, compares the answers, counts the orders. */
export async function proveKeys(stage: Stage, figures: Figures): Promise<void> {
  const before = (await listOrders(stage.shop)).length;
  const answers: Posted[][] = [];
  for (let at = 0; at < KEYS; at += KEYS_AT_ONCE) {
    const some = Array.from({ length: Math.min(KEYS_AT_ONCE, KEYS - at) }, () => postTwins(stage.shop));
    answers.push(...(await Promise.all(some)));
  }
  const all = answers.flat();
  const equal = answers.flatMap((twins) =>
    twins.filter((one) => one.status === 201 && one.text === twins[0]?.text),
  );
  figures.equal('orders made', (await listOrders(stage.shop)).length - before, KEYS);
  figures.equal('equal answers (201, same body)', equal.length, KEYS * TWINS);
  figures.equal('answers marked as replays', all.filter((one) => one.replayed).length, KEYS * (TWINS - 1));
}

function postTwins(target: Target): Promise<Posted[]> {
  const key = randomUUID();
  const body = JSON.stringify(plainOrder());
  return Promise.all(Array.from({ length: TWINS }, () => post(target, key, body)));
}

async function post(target: Target, key: string, body: string): Promise<Posted> {
  const response = await fetch(`${target.url}/v1/orders`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${target.apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body,
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  return { status: response.status, text, replayed: response.headers.get('idempotency-replayed') === 'true' };
}
