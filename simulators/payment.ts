/**
 * The payment gateway: Stripe's wire format for authorizing, capturing, cancelling and refunding card payments, and
 * Stripe's idempotency as documented (parameters compared, answers kept 24 hours, errors included once execution
 * began, a key in use refused). Intents are confirmed at once and captured by hand; nothing else is simulated.
 */
import { createHash, createHmac } from 'node:crypto';
import express from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import type { Callback } from './callbacks.ts';
import { eventId, stripeId } from './ids.ts';
import type { Draft } from './ledger.ts';
import { PAYMENT_ENTRY, createBooks } from './payment.books.ts';
import type { Books, Move, PaymentEntry, Stored } from './payment.books.ts';
import { execute, expandOf, refundJson } from './payment.operations.ts';
import type { OperationName, Params } from './payment.operations.ts';
import { KEY_IN_USE, KEY_REUSED, apiError, intentJson, invalid, missing } from './payment.wire.ts';
import { Refusal } from './server.ts';
import type { Answer, Operation, Route } from './server.ts';
import { startSimulator } from './simulator.ts';
import type { Simulator, SimulatorOptions } from './simulator.ts';

const KEY_MAX_CHARS = 255;
const JSON_TYPE = { 'content-type': 'application/json' };
const EVENT_TYPES: Readonly<Partial<Record<PaymentEntry['kind'], string>>> = {
  authorized: 'payment_intent.amount_capturable_updated',
  declined: 'payment_intent.payment_failed',
  action_required: 'payment_intent.requires_action',
  captured: 'payment_intent.succeeded',
  voided: 'payment_intent.canceled',
};

interface Gateway {
  books: Books;
  append(draft: Draft<PaymentEntry>): void;
  apiKey: string;
}

/** Starts the gateway. `secret` signs its webhooks. */
export function startPayment(
  options: SimulatorOptions & { apiKey: string; secret: string },
): Promise<Simulator> {
  const books = createBooks();
  return startSimulator<PaymentEntry>(options, {
    name: 'payment',
    parse: (line) => PAYMENT_ENTRY.parse(line),
    apply: books.apply,
    bodies: express.urlencoded({ extended: false, limit: '100kb', parameterLimit: 200 }),
    summary: books.summary,
    show,
    broken: apiError,
    callbackOf: (entry) => ('intent' in entry ? webhook(entry, options.secret) : undefined),
    delivered: (callback) => ({ kind: 'callback_delivered', callback }),
    deliveredBy: (entry) => (entry.kind === 'callback_delivered' ? entry.callback : undefined),
    routes: ({ append }) => routes({ books, append, apiKey: options.apiKey }),
  });
}

/** An entry without the stored body, which says nothing new. */
function show(entry: PaymentEntry): unknown {
  if (!('stored' in entry) || entry.stored === undefined) return entry;
  const { stored, ...rest } = entry;
  return { ...rest, key: stored.key, status: stored.status };
}

function routes(gateway: Gateway): Route[] {
  const { books } = gateway;
  const write = (path: string, name: OperationName): Route => ({
    method: 'post',
    path,
    describe: (req) => writing(gateway, req, name),
  });
  const read = (path: string, name: string, answer: (id: string, query: Params) => Answer): Route => ({
    method: 'get',
    path,
    describe(req) {
      checkKey(gateway, req);
      const query = flat(req.query);
      const id = String(req.params['id']);
      return { name, subject: req.originalUrl, run: () => withRequestId(answer(id, query)) };
    },
  });
  return [
    write('/v1/payment_intents', 'authorize'),
    write('/v1/payment_intents/:id/capture', 'capture'),
    write('/v1/payment_intents/:id/cancel', 'void'),
    write('/v1/refunds', 'refund'),
    read('/v1/payment_intents', 'list', (_id, query) => list(books, query)),
    read('/v1/payment_intents/:id', 'retrieve', (id, query) => {
      const intent = books.intent(id);
      if (intent === undefined) return missing('payment_intent', id);
      return { status: 200, body: intentJson(intent, expandOf(query)) };
    }),
    read('/v1/refunds/:id', 'retrieve', (id) => {
      const found = books.refund(id);
      if (found === undefined) return missing('refund', id);
      return { status: 200, body: refundJson(found.id, found.intent, found.amountMinor) };
    }),
  ];
}

/** A call that changes something: the key is looked up first, then it is executed and its answer kept under the key. */
function writing(gateway: Gateway, req: Request, name: OperationName): Operation {
  checkKey(gateway, req);
  const key = req.get('idempotency-key');
  if (key !== undefined && key.length > KEY_MAX_CHARS)
    throw new Refusal(invalid('idempotency_key_too_long', `Keys have up to ${KEY_MAX_CHARS} characters`));
  const params = flat(req.body);
  const id = String(req.params['id'] ?? params['payment_intent']);
  const metadata = gateway.books.intent(id)?.metadata ?? {};
  const fingerprint = createHash('sha256')
    .update(
      JSON.stringify([
        req.path,
        Object.keys(params)
          .toSorted(byText)
          .map((name) => [name, params[name]]),
      ]),
    )
    .digest('hex');
  return {
    name,
    subject: [key, id, ...Object.values(metadata), ...Object.values(params)].join(' '),
    ...(key === undefined ? {} : { exclusive: key, busy: withRequestId(KEY_IN_USE) }),
    run(fault) {
      const kept = key === undefined ? undefined : gateway.books.stored(key);
      if (kept !== undefined) return replay(kept, fingerprint);
      const done = execute(name, { params, id, intent: gateway.books.intent(id), fault });
      const body = JSON.stringify(done.answer.body);
      const { status } = done.answer;
      const stored = key === undefined ? undefined : { key, fingerprint, status, body };
      if (done.effect !== undefined)
        gateway.append(stored === undefined ? done.effect : { ...done.effect, stored });
      else if (done.kept && stored !== undefined) gateway.append({ kind: 'refused', stored });
      return withRequestId({ status, body, headers: JSON_TYPE });
    },
  };
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function replay(kept: Stored, fingerprint: string): Answer {
  if (kept.fingerprint !== fingerprint) return withRequestId(KEY_REUSED);
  const headers = { ...JSON_TYPE, 'idempotent-replayed': 'true' };
  return withRequestId({ status: kept.status, body: kept.body, headers });
}

function list(books: Books, query: Params): Answer {
  const limit = Number(query['limit'] ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    return invalid('parameter_invalid_integer', 'limit is 1 to 100', 'limit');
  const { page, hasMore } = books.list({
    since: Number(query['created[gte]'] ?? 0),
    limit,
    startingAfter: query['starting_after'],
  });
  const expand = expandOf(query).map((name) => name.replace(/^data\./, ''));
  const data = page.map((intent) => intentJson(intent, expand));
  return { status: 200, body: { object: 'list', url: '/v1/payment_intents', has_more: hasMore, data } };
}

function checkKey(gateway: Gateway, req: Request): void {
  if (req.get('authorization') === `Bearer ${gateway.apiKey}`) return;
  throw new Refusal({
    status: 401,
    body: { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } },
  });
}

const FORM = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** Form fields with flat names; a repeated field ("expand[]") is joined by commas. */
function flat(body: unknown): Params {
  const fields = FORM.safeParse(body ?? {});
  if (!fields.success) throw new Refusal(invalid('parameter_unknown', 'The parameters are not a form'));
  return Object.fromEntries(
    Object.entries(fields.data).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );
}

function withRequestId(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, 'request-id': stripeId('req') } };
}

function webhook(entry: Move, secret: string): Callback | undefined {
  const type = EVENT_TYPES[entry.kind];
  if (type === undefined) return undefined;
  const id = eventId('evt', entry.intent.id, entry.seq);
  const key = entry.stored?.key ?? null;
  const body = JSON.stringify({
    id,
    object: 'event',
    api_version: '2024-06-20',
    created: Math.floor(Date.parse(entry.at) / 1000),
    data: { object: intentJson(entry.intent, []) },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: key },
    type,
  });
  return {
    id,
    path: '/v1/webhooks/stripe',
    subject: [type, entry.intent.id, key, ...Object.values(entry.intent.metadata)].join(' '),
    body,
    sign(at) {
      const seconds = Math.floor(at.getTime() / 1000);
      const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
      return { 'stripe-signature': `t=${seconds},v1=${signature}` };
    },
  };
}
