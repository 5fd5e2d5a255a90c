/**
 * The second door: Shopify's order webhooks exactly as Shopify sends them. Such an order was paid at the shop. Whatever is
 * rightly signed is never dropped: what can't become an order is kept, sealed, with a case for a person.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { unseal } from '../../db/seal.ts';
import { channelSecretContext } from '../../db/writes/channels.ts';
import { keepUnusable, markUsed } from '../../db/writes/inbound.ts';
import { storeFacts } from '../../db/writes/messages.ts';
import { findExternal, type ExternalOrder } from '../../db/reads/external.ts';
import { maskCardNumbers, mayHoldCardNumber } from '../../domain/cardNumber.ts';
import { paymentOf } from '../../domain/givenTenders.ts';
import type { NewOrder } from '../../domain/newOrder.ts';
import { acceptOrder } from '../accept.ts';
import { BODY_LIMITS, parseSigned } from '../body.ts';
import { cardNumbersIn, checked, isUnstorable, maskCardNumbersIn } from '../check.ts';
import type { OpenChannel, Services } from '../deps.ts';
import { fingerprint } from '../fingerprint.ts';
import { problemBody, Refusal } from '../problems.ts';
import { signedRoute, type Route, type SignedCall } from '../route.ts';
import { noQuery, slug } from '../schemas/fields.ts';
import { ShopifyReceivedBody } from '../schemas/feeds.ts';
import { NewOrderBody } from '../schemas/newOrder.ts';

/** The Shopify route. */
export function shopifyRoutes(services: Services): Route[] {
  return [
    signedRoute({
      method: 'post',
      path: '/v1/channels/{channel}/shopify/orders',
      summary: "Shopify's orders/create and orders/paid webhooks",
      description:
        'The body is the bare order object; X-Shopify-Hmac-Sha256 is over its bytes with the channel’s webhook secret. A body that can not become an order is kept and raises a case: 200 all the same.',
      tag: 'Webhooks',
      params: z.strictObject({ channel: slug }),
      query: noQuery,
      body: z.record(z.string(), z.unknown()),
      bodyLimit: BODY_LIMITS.standard,
      answers: { 200: ShopifyReceivedBody },
      problems: [],
      async handler(call) {
        const channel = await verified(services, call);
        return { status: 200, body: await receive(services, channel, call) };
      },
    }),
  ];
}

type Received = z.output<typeof ShopifyReceivedBody>;
type ShopifyCall = SignedCall<{ channel: string }>;

/** The channel whose secret signed the body. An unknown channel answers as a wrong signature does. */
async function verified(services: Services, { params, raw, headers }: ShopifyCall): Promise<OpenChannel> {
  const channel = await services.channels.get(params.channel);
  const sealed = channel?.row.secret_sealed;
  if (!channel || !sealed) throw new Refusal('bad_signature');
  const secret = unseal(services.masterKey, sealed, channelSecretContext(channel.row.id));
  const wanted = createHmac('sha256', secret).update(raw).digest();
  const given = Buffer.from(headerOf(headers, 'x-shopify-hmac-sha256') ?? '', 'base64');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new Refusal('bad_signature');
  return channel;
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  const text = Array.isArray(value) ? value[0] : value;
  return text !== undefined && text.length <= 200 && !isUnstorable(text) ? text : undefined;
}

/** Topics that carry an order to take; without the header the body speaks for itself. */
const TOPICS: readonly string[] = ['orders/create', 'orders/paid'];

async function receive(services: Services, channel: OpenChannel, call: ShopifyCall): Promise<Received> {
  const topic = headerOf(call.headers, 'x-shopify-topic');
  if (topic !== undefined && !TOPICS.includes(topic)) return { outcome: 'ignored', orderId: null };
  const source = `shopify:${channel.row.id}` as const;
  const sourceId =
    headerOf(call.headers, 'x-shopify-webhook-id') ?? createHash('sha256').update(call.raw).digest('hex');
  let externalId: string | null = null;
  try {
    const translated = services.shopify(parseSigned(call.raw));
    externalId = translated.externalId;
    if (!translated.ok) throw new Refusal('invalid', { errors: translated.errors });
    const order: NewOrder = checked(NewOrderBody, translated.order);
    const known = await findExternal(services.db, channel.row.id, order.externalId);
    if (known) return await again(services, { source, sourceId, order, known });
    return await first(services, { channel, source, sourceId, order });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await keepUnusable(services.db, {
      source,
      sourceId,
      channel: channel.row.id,
      body: maskedBytes(call.raw),
      masterKey: services.masterKey,
      detail: whyUnusable(error, externalId),
      problem: { ...problemBody(error.code, error.parts), externalId },
    });
    return { outcome: 'kept', orderId: null };
  }
}

/**
 * An order that nobody has seen yet. Shopify sends "create" and "paid" side by side: the twin that comes second finds
 * the order there after all, and what it knows of the payment must not get lost.
 */
async function first(
  services: Services,
  given: { channel: OpenChannel; source: `shopify:${string}`; sourceId: string; order: NewOrder },
): Promise<Received> {
  const { channel, source, sourceId, order } = given;
  try {
    const { kind, answer } = await acceptOrder(services, {
      channel,
      idempotencyKey: `shopify/${order.externalId}`,
      fingerprint: fingerprint(order),
      origin: 'shopify',
      actor: source,
      order,
    });
    await markUsed(services.db, { source, sourceId }, answer.id);
    return { outcome: kind === 'accepted' ? 'accepted' : 'known', orderId: answer.id };
  } catch (error) {
    if (!(error instanceof Refusal) || !TWIN_CODES.includes(error.code)) throw error;
    const known = await findExternal(services.db, channel.row.id, order.externalId);
    // No such order: someone else used its key, and a person has to look.
    if (!known) throw error;
    return again(services, { source, sourceId, order, known });
  }
}

/** How accepting is refused when a twin was faster. */
const TWIN_CODES: readonly string[] = ['external_id_taken', 'idempotency_key_reused'];

/** An order that is here already: the only news can be that it was paid. */
async function again(
  services: Services,
  given: { source: `shopify:${string}`; sourceId: string; order: NewOrder; known: ExternalOrder },
): Promise<Received> {
  const { source, sourceId, order, known } = given;
  const payment = paymentOf(order);
  if (payment.method !== 'prepaid' || payment.paid === false || known.paid)
    return { outcome: 'known', orderId: known.id };
  const [stored] = await storeFacts(services.db, source, [
    {
      kind: 'channel_paid',
      sourceId,
      match: `${known.channel}/${order.externalId}`,
      number: payment.number,
      time: payment.time,
      amountMinor: order.totals.total.amount,
    },
  ]);
  if (stored?.ref) services.doorbell.ring(stored.ref);
  return { outcome: 'paid', orderId: known.id };
}

/** The body as it may be kept: with card numbers masked; bytes that are no text are kept as they are, sealed. */
function maskedBytes(raw: Buffer): Buffer {
  const text = raw.toString();
  try {
    const body: unknown = JSON.parse(text);
    const isHeld = cardNumbersIn(body, text).length > 0;
    return isHeld ? Buffer.from(JSON.stringify(maskCardNumbersIn(text, body))) : raw;
  } catch {
    return mayHoldCardNumber(text) ? Buffer.from(maskCardNumbers(text)) : raw;
  }
}

function whyUnusable(refusal: Refusal, externalId: string | null): string {
  const places = (refusal.parts.errors ?? [])
    .slice(0, 5)
    .map(({ pointer, detail }) => `${pointer} ${detail}`);
  const what = externalId === null ? 'a Shopify body' : `Shopify order ${externalId}`;
  const why = [refusal.parts.detail ?? refusal.message, ...places].join('; ');
  return `${what}: ${why}`.slice(0, 1000);
}
