/** Demo orders: places orders of a chosen story in the demo channel, by the same path as every order. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { findDemoChannel, isPlaced, readAvailable } from '../../db/reads/demo.ts';
import type { DemoStory } from '../../domain/demo.ts';
import { DEMO_SCARCE_SKU } from '../../domain/demoCatalogue.ts';
import { buildDemoOrder, promiseOf, STORY_KINDS } from '../../domain/demoOrders.ts';
import { seededRandom } from '../../domain/random.ts';
import { acceptOrder, openChannel, type Accepted } from '../accept.ts';
import type { Principal } from '../auth.ts';
import type { OpenChannel, Services } from '../deps.ts';
import { Refusal } from '../problems.ts';
import { route, type Answer, type Call, type Route } from '../route.ts';
import { DemoOrdersBody, DemoOrdersInputBody } from '../schemas/desk.ts';
import { noParams, noQuery } from '../schemas/fields.ts';

/** The route of demo orders. */
export function demoRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/demo/orders',
      summary: 'Place demo orders of a story',
      description:
        'In the demo channel, with invented customers: `all_well`, `two_parcels`, `declined_card`, `short_stock` or `lost_parcel`. The same request again places none twice and answers the same orders, with `Idempotency-Replayed: true`.',
      tag: 'Demo',
      scope: 'orders:write',
      idempotent: true,
      params: noParams,
      query: noQuery,
      body: DemoOrdersInputBody,
      answers: { 201: DemoOrdersBody },
      problems: ['demo_unavailable'],
      handler: (call) => place(services, call),
    }),
  ];
}

/** Each order is accepted by a key of its own, made of the caller's: a call that broke off goes on where it stood. */
async function place(
  services: Services,
  call: Call<unknown, unknown, z.output<typeof DemoOrdersInputBody>>,
): Promise<Answer> {
  const { principal, body, idempotencyKey, fingerprint } = call;
  const { story, count = 1 } = body;
  const channel = await demoChannel(services, principal);
  const batch = createHash('sha256')
    .update(JSON.stringify([principal.keyScope, idempotencyKey]))
    .digest();
  const placed: Accepted[] = [];
  for (let index = 0; index < count; index += 1) {
    const order = { channel, actor: principal.actor, fingerprint, story, batch, index };
    placed.push(await placeOne(services, order));
  }
  return {
    status: 201,
    body: { data: placed.map((one) => one.answer) },
    headers: placed.every((one) => one.kind === 'replayed') ? { 'Idempotency-Replayed': 'true' } : {},
  };
}

/** The demo channel; a channel's own key places demo orders only if its channel is that. */
async function demoChannel(services: Services, principal: Principal): Promise<OpenChannel> {
  const id = principal.channel ?? (await findDemoChannel(services.db));
  if (id === undefined) throw new Refusal('demo_unavailable');
  const channel = await openChannel(services, id);
  if (!channel.row.is_demo)
    throw new Refusal('forbidden', { detail: 'demo orders are placed in the demo channel only' });
  return channel;
}

/** The most units a line may ask for. */
const QUANTITY_MAX = 1_000_000;

interface DemoOrder {
  channel: OpenChannel;
  actor: string;
  /** Of what was asked for, not of the order: what is short depends on the stock. */
  fingerprint: string;
  story: DemoStory;
  /** Of the caller and its key. */
  batch: Buffer;
  index: number;
}

async function placeOne(services: Services, wanted: DemoOrder): Promise<Accepted> {
  const { channel, actor, fingerprint, story, batch, index } = wanted;
  const number = index + 1;
  const idempotencyKey = `demo-${batch.toString('hex')}-${number}`;
  const externalId = `demo-${story.replaceAll('_', '-')}-${batch.toString('hex', 0, 8)}-${number}`;
  const scarceUnits =
    story === 'short_stock'
      ? await tooMany(services, { channel: channel.row.id, idempotencyKey })
      : undefined;
  const body = buildDemoOrder(STORY_KINDS[story], {
    externalId,
    random: seededRandom((batch.readUInt32BE() + index) % 2 ** 32),
    ...(scarceUnits !== undefined && { scarceUnits }),
  });
  const order = { ...body, promisedBy: promiseOf(body, Date.now()) };
  try {
    return await acceptOrder(services, {
      ...{ channel, idempotencyKey, fingerprint, actor, order },
      origin: 'api',
    });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'unknown_sku') throw error;
    throw new Refusal('demo_unavailable', { detail: 'the catalogue of the demo is missing' });
  }
}

/** One unit more than there is, whatever people have done to the stock. An order that was placed is not judged again. */
async function tooMany(
  services: Services,
  order: { channel: string; idempotencyKey: string },
): Promise<number> {
  const units = (await readAvailable(services.db, DEMO_SCARCE_SKU)) + 1;
  if (units <= QUANTITY_MAX) return units;
  if (await isPlaced(services.db, order)) return QUANTITY_MAX;
  throw new Refusal('demo_unavailable', {
    detail: `too many of ${DEMO_SCARCE_SKU} lie in stock to be short`,
  });
}
