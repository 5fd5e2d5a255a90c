/**
 * The README's own commands, taken from its text and run: the first order and the cancel by curl (as the same HTTP
 * requests, so that no curl is needed), and the signals by Temporal's command line.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { saySilently } from '../../cli/stack/say.ts';
import { findTemporal } from '../../cli/stack/temporal.ts';
import { machineWays } from '../../cli/stack/temporalWays.ts';
import { read } from '../compose.ts';
import { environment, waitFor, type Environment } from '../environment.ts';

const run = promisify(execFile);
const commands = [...read('README.md').matchAll(/^```sh\n([\s\S]*?)^```/gm)]
  .flatMap(([, block = '']) => block.replaceAll('\\\n', ' ').split(/\n(?=curl|temporal|export)/))
  .map((command) => command.trim());

let env: Environment;
let key: string;
let temporal: string;

beforeAll(async () => {
  env = await environment();
  // As the demo channel of `npm start`: time enough between authorization and release.
  key = (await env.channel({ releaseDelaySeconds: 600 })).key;
  const found = await findTemporal(machineWays(process.env), saySilently());
  temporal = found.kind === 'cluster' ? 'temporal' : found.path;
});

/** The words of a shell command as the shell would hand them on; $KEY is the channel's key. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) =>
    single === undefined ? (double ?? bare ?? '').replace('$KEY', key) : single,
  );
}

/** The one command of the README that begins so (and names `about`), with `swap` put in. */
function fromReadme(beginning: string, swap: Record<string, string> = {}, about = ''): string[] {
  const found = commands.filter((command) => command.startsWith(beginning) && command.includes(about));
  expect(found, `the README shows exactly one "${beginning}" ${about}`).toHaveLength(1);
  return words(Object.entries(swap).reduce((text, [from, to]) => text.replaceAll(from, to), found[0] ?? ''));
}

interface Said {
  status: number;
  body: Record<string, unknown>;
}

/** Does what this curl command does. */
async function curl(args: readonly string[]): Promise<Said> {
  const after = (flag: string) => args.flatMap((word, index) => (args[index - 1] === flag ? [word] : []));
  const url = args.find((word) => word.startsWith('http')) ?? '';
  const body = after('-d')[0];
  const response = await fetch(url.replace('http://127.0.0.1:3000', env.stack.apiUrl), {
    method: after('-X')[0] ?? (body === undefined ? 'GET' : 'POST'),
    headers: after('-H').map((header) => header.split(/: (.*)/).slice(0, 2) as [string, string]),
    ...(body !== undefined && { body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Places the README's order under another external id. */
async function placeAs(externalId: string): Promise<{ id: string; number: string }> {
  const placed = await curl(
    fromReadme('curl -sS http://127.0.0.1:3000/v1/orders ', {
      'WEB-1': externalId,
      'first-order': externalId,
    }),
  );
  expect(placed.status, JSON.stringify(placed.body)).toBe(201);
  return { id: String(placed.body['id']), number: String(placed.body['number']) };
}

const signal = (name: string, swap: Record<string, string>, about = 'cancelOrder') => {
  const [, ...args] = fromReadme(`temporal workflow ${name} `, swap, about);
  return run(temporal, [...args, '--address', env.stack.temporalAddress]);
};

describe('the README', () => {
  it('places an order, once, and shows it', async () => {
    const order = await placeAs('README-1');
    expect(await placeAs('README-1')).toEqual(order);
    const shown = await curl(
      fromReadme('curl -sS http://127.0.0.1:3000/v1/orders/100001 ', { 100001: order.number }),
    );
    expect(shown.body).toMatchObject({ id: order.id, total: { amount: 2580, currency: 'USD' } });
    const timeline = await curl(
      fromReadme('curl -sS http://127.0.0.1:3000/v1/orders/100001/timeline', { 100001: order.number }),
    );
    expect(JSON.stringify(timeline.body)).toContain('order.placed');
  });

  it('cancels by curl', async () => {
    const { id, number } = await placeAs('README-2');
    const cancelled = await curl(
      fromReadme('curl -sS -X POST http://127.0.0.1:3000/v1/orders/100001/cancel', { 100001: number }),
    );
    expect([200, 202]).toContain(cancelled.status);
    await env.until(id, 'cancelled', (order) => order.lifecycle === 'cancelled');
  });

  it('cancels by the temporal command line', async () => {
    const { id, number } = await placeAs('README-3');
    await signal('signal', { 100001: number });
    const order = await env.until(id, 'cancelled', (one) => one.lifecycle === 'cancelled');
    expect(order.undo).toMatchObject({ cause: 'customer', actor: 'temporal-web, unverified' });
  });

  it('reaches an order that has ended by signal-with-start, which answers and ends again', async () => {
    const { id, number } = await placeAs('README-4');
    await signal('signal', { 100001: number });
    await env.until(id, 'cancelled', (one) => one.lifecycle === 'cancelled');
    const handle = env.temporal.workflow.getHandle(`order/${number}`);
    await handle.result();
    await signal('signal-with-start', { 100001: number, 'ord_…': id });
    await waitFor(() => env.call('GET', `/v1/orders/${id}/timeline`), {
      what: 'refused and written down',
      is: ({ body }) => JSON.stringify(body).includes('already_ended'),
      seconds: 60,
    });
    await expect(handle.result()).resolves.toMatchObject({ lifecycle: 'cancelled' });
  });

  it('asks for a refund of an order that has ended; where nothing was taken, it is refused and written down', async () => {
    const { id, number } = await placeAs('README-5');
    await signal('signal', { 100001: number });
    await env.until(id, 'cancelled', (one) => one.lifecycle === 'cancelled');
    await env.temporal.workflow.getHandle(`order/${number}`).result();
    await signal('signal-with-start', { 100001: number, 'ord_…': id }, 'refundOrder');
    await waitFor(() => env.call('GET', `/v1/orders/${id}/timeline`), {
      what: 'refused and written down',
      is: ({ body }) => JSON.stringify(body).includes('nothing_to_refund'),
      seconds: 60,
    });
  });
});
