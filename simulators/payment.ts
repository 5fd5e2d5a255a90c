/**
 * The payment gateway: Stripe's wire format for authorizing, capturing, cancelling and refunding card payments, for
 * disputes and payouts, and Stripe's idempotency as documented (parameters compared, answers kept 24 hours, errors
 * included once execution began, a key in use refused). What happens there without the shop stands in
 * payment.dashboard.ts and payment.clock.ts.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import express from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import { stripeId } from './ids.ts';
import type { Draft } from './ledger.ts';
import { PAYMENT_ENTRY, createBooks } from './payment.books.ts';
import type { Books, PaymentEntry, Shelf, Stored } from './payment.books.ts';
import { movementJson } from './payment.balance.ts';
import { testCards } from './payment.cards.ts';
import { expandOf } from './payment.calls.ts';
import type { Params } from './payment.calls.ts';
import { createClock } from './payment.clock.ts';
import { dashboard } from './payment.dashboard.ts';
import { KEY_IN_USE, KEY_REUSED, apiError, invalid, missing } from './payment.errors.ts';
import { showMethod } from './payment.methods.ts';
import { execute } from './payment.operations.ts';
import type { OperationName } from './payment.operations.ts';
import { webhooksOf } from './payment.webhooks.ts';
import { disputeJson, intentJson, payoutJson, refundJson } from './payment.wire.ts';
import { Refusal } from './server.ts';
import type { Answer, Operation, Route } from './server.ts';
import { startSimulator } from './simulator.ts';
import type { Simulator, SimulatorOptions, Tools } from './simulator.ts';

const KEY_MAX_CHARS = 255;
const JSON_TYPE = { 'content-type': 'application/json' };

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
  const clockOf = (tools: Tools<PaymentEntry>) => createClock(books, tools.steps, tools.append);
  const gatewayOf = (tools: Tools<PaymentEntry>): Gateway => ({
    books,
    apiKey: options.apiKey,
    append(draft) {
      tools.append(draft);
      clockOf(tools).after(draft);
    },
  });
  return startSimulator<PaymentEntry>(options, {
    name: 'payment',
    parse: (line) => PAYMENT_ENTRY.parse(line),
    apply: books.apply,
    bodies: express.urlencoded({ extended: false, limit: '100kb', parameterLimit: 200 }),
    summary: books.summary,
    show,
    broken: apiError,
    callbacksOf: (entry) => webhooksOf(entry, options.secret),
    delivered: (callback) => ({ kind: 'callback_delivered', callback }),
    deliveredBy: (entry) => (entry.kind === 'callback_delivered' ? entry.callback : undefined),
    routes: (tools) => routes(gatewayOf(tools)),
    controls: (tools) => dashboard(gatewayOf(tools)),
    resume: (tools) => clockOf(tools).resume(),
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
    write('/v1/customers', 'customer'),
    read('/v1/payment_methods/:id', 'retrieve', (id, query) =>
      showMethod(books.methods, id, expandOf(query)),
    ),
    read('/v1/payment_intents', 'list', (_id, query) => {
      const expand = expandOf(query).map((name) => name.replace(/^data\./, ''));
      return list(books, { query, shelf: books.intents, show: (one) => intentJson(one, expand) });
    }),
    read('/v1/payment_intents/:id', 'retrieve', (id, query) => {
      const intent = books.intents.get(id);
      if (intent === undefined) return missing('payment_intent', id);
      return { status: 200, body: intentJson(intent, expandOf(query)) };
    }),
    read('/v1/refunds', 'list', (_id, query) =>
      list(books, { query, shelf: books.refunds, show: refundJson }),
    ),
    read('/v1/refunds/:id', 'retrieve', (id) => {
      const found = books.refunds.get(id);
      return found === undefined ? missing('refund', id) : { status: 200, body: refundJson(found) };
    }),
    read('/v1/disputes', 'list', (_id, query) =>
      list(books, { query, shelf: books.disputes, show: disputeJson }),
    ),
    read('/v1/payouts', 'list', (_id, query) =>
      list(books, { query, shelf: books.payouts, show: payoutJson }),
    ),
    read('/v1/balance_transactions', 'list', (_id, query) => movements(books, query)),
    {
      method: 'get',
      path: '/v3/',
      // What a page loads where it would load Stripe.js.
      describe: () => ({ name: 'script', subject: '', run: () => SCRIPT_ANSWER }),
    },
  ];
}

const SCRIPT_ANSWER: Answer = {
  status: 200,
  body: readFileSync(new URL('script/stripe.js', import.meta.url), 'utf8').replace(
    '__TEST_CARDS__',
    JSON.stringify(testCards()),
  ),
  headers: { 'content-type': 'text/javascript; charset=utf-8' },
};

/** A call that changes something: the key is looked up first, then it is executed and its answer kept under the key. */
function writing(gateway: Gateway, req: Request, name: OperationName): Operation {
  checkKey(gateway, req);
  const key = req.get('idempotency-key');
  if (key !== undefined && key.length > KEY_MAX_CHARS)
    throw new Refusal(invalid('idempotency_key_too_long', `Keys have up to ${KEY_MAX_CHARS} characters`));
  const params = flat(req.body);
  const id = String(req.params['id'] ?? params['payment_intent']);
  const metadata = gateway.books.intents.get(id)?.metadata ?? {};
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
      const done = execute(name, {
        params,
        id,
        intent: gateway.books.intents.get(id),
        fault,
        settings: gateway.books.settings(),
        methods: gateway.books.methods,
      });
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

/** A list as Stripe gives it: newest first, pages by the id of the last one, and only those of one payment where asked. */
function list<T>(
  books: Books,
  { query, shelf, show: shown }: { query: Params; shelf: Shelf<T>; show(one: T): Record<string, unknown> },
): Answer {
  const limit = Number(query['limit'] ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    return invalid('parameter_invalid_integer', 'limit is 1 to 100', 'limit');
  const { payment_intent: intentId, starting_after: startingAfter } = query;
  if (intentId !== undefined && books.intents.get(intentId) === undefined)
    return missing('payment_intent', intentId, 'payment_intent');
  if (startingAfter !== undefined && shelf.get(startingAfter) === undefined)
    return missing('object', startingAfter, 'starting_after');
  const since = Number(query['created[gte]'] ?? 0);
  const { page, hasMore } = shelf.list({ since, limit, startingAfter }, intentId);
  return { status: 200, body: { object: 'list', has_more: hasMore, data: page.map(shown) } };
}

/** What a payout has paid out. Other lists of the balance are not served. */
function movements(books: Books, query: Params): Answer {
  const { payout = '', starting_after: startingAfter } = query;
  const limit = Number(query['limit'] ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    return invalid('parameter_invalid_integer', 'limit is 1 to 100', 'limit');
  if (books.payouts.get(payout) === undefined) return missing('payout', payout, 'payout');
  const found = books.balance.list(payout, { limit, startingAfter });
  if (found === undefined) return missing('balance_transaction', startingAfter ?? '', 'starting_after');
  const isExpanded = expandOf(query).includes('data.source');
  const data = found.page.map((one) => movementJson(one, isExpanded));
  return { status: 200, body: { object: 'list', has_more: found.hasMore, data } };
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
