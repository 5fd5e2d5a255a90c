/** Importing orders in batches: each order has its own result, and a broken one stops none of the others. */
import type { z } from 'zod';
import { isCardNumberAlone } from '../../domain/cardNumber.ts';
import { acceptOrder, openChannel } from '../accept.ts';
import { BODY_LIMITS } from '../body.ts';
import { cardNumbersIn, checked } from '../check.ts';
import type { OpenChannel, Services } from '../deps.ts';
import { fingerprint } from '../fingerprint.ts';
import { problemBody, Refusal } from '../problems.ts';
import { route, type Call, type Route } from '../route.ts';
import { noParams, noQuery } from '../schemas/fields.ts';
import { HistoryOrderBody, IDEMPOTENCY_KEY, NewOrderBody, OrderImportBody } from '../schemas/newOrder.ts';
import { OrderImportResults } from '../schemas/orders.ts';

/** Orders of one request that are stored side by side. */
const AT_ONCE = 8;

/** The import route. */
export function importRoutes(services: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/order-imports',
      summary: 'Import up to 100 orders',
      description:
        'Each order is accepted or refused on its own, in the order sent. Repeatable: an order that was accepted before is replayed. Live orders are started with less haste than placed ones.',
      tag: 'Orders',
      scope: 'orders:import',
      channelOnly: true,
      params: noParams,
      query: noQuery,
      body: OrderImportBody,
      bodyLimit: BODY_LIMITS.bulk,
      piecesAt: '/orders/',
      answers: { 200: OrderImportResults },
      problems: [],
      handler: (call) => importOrders(services, call),
    }),
  ];
}

type ImportBody = z.output<typeof OrderImportBody>;
type Result = z.output<typeof OrderImportResults>['results'][number];

async function importOrders(services: Services, { principal, body }: Call<unknown, unknown, ImportBody>) {
  const channel = await openChannel(services, principal.channel);
  const results: Result[] = Array.from(body.orders, () => ({
    idempotencyKey: null,
    outcome: 'refused',
    status: 503,
  }));
  const queue = body.orders.entries();
  const work = async () => {
    for (const [index, entry] of queue)
      results[index] = await importOne(services, {
        channel,
        actor: principal.actor,
        mode: body.mode,
        entry,
      });
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, body.orders.length) }, work));
  return { status: 200, body: { results } };
}

interface One {
  channel: OpenChannel;
  actor: string;
  mode: ImportBody['mode'];
  entry: ImportBody['orders'][number];
}

async function importOne(services: Services, one: One): Promise<Result> {
  const { key, order } = split(one.entry);
  const isCard = key !== undefined && isCardNumberAlone(key);
  try {
    if (isCard) throw new Refusal('card_number', { detail: 'in the idempotencyKey' });
    const cards = cardNumbersIn(order);
    if (cards.length > 0) throw new Refusal('card_number', { errors: cards });
    const { kind, answer } = await acceptOne(services, one, { key, order });
    return {
      idempotencyKey: keyOf(key, answer),
      outcome: kind,
      status: kind === 'accepted' ? 201 : 200,
      order: answer,
    };
  } catch (error) {
    // An outage is the whole batch's problem: the sender repeats it.
    if (!(error instanceof Refusal)) throw error;
    const problem = problemBody(error.code, error.parts);
    return {
      idempotencyKey: isCard ? null : (key ?? null),
      outcome: 'refused',
      status: problem.status,
      problem,
    };
  }
}

/** The key and the order out of either form of an entry. */
function split(entry: One['entry']): { key: string | undefined; order: unknown } {
  const { idempotencyKey, order, ...rest } = entry;
  return { key: idempotencyKey, order: order ?? rest };
}

function acceptOne(services: Services, one: One, given: { key: string | undefined; order: unknown }) {
  const { channel, actor } = one;
  if (one.mode === 'live') {
    const order = checked(NewOrderBody, given.order);
    const keys = { idempotencyKey: keyOf(given.key, order), fingerprint: fingerprint(given.order) };
    return acceptOrder(services, { ...keys, channel, actor, order, origin: 'import' });
  }
  const { shippedAt, completedAt, ...order } = checked(HistoryOrderBody, given.order);
  const keys = { idempotencyKey: keyOf(given.key, order), fingerprint: fingerprint(given.order) };
  const history = { shippedAt, completedAt };
  return acceptOrder(services, { ...keys, channel, actor, order, origin: 'history', history });
}

function keyOf(given: string | undefined, order: { externalId: string }): string {
  if (given !== undefined) return given;
  const key = encodeURIComponent(order.externalId);
  return IDEMPOTENCY_KEY.test(`import/${key}`) ? `import/${key}` : `import/${fingerprint(order.externalId)}`;
}
